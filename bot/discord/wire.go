package discord

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// wire is the connection of one gateway session. It reads the frames before the library does, because some of them would hang the
// library, make it act by itself, or end the process in one of its goroutines (wire_packet.go says which). It notices a dead connection by
// its silence, and ends one by cutting it, never with a close frame, so that the session can be resumed.
type wire struct {
	net.Conn
	in       *bufio.Reader
	timing   *timing
	began    time.Time
	identify func() // called when HELLO goes through
	seq      *atomic.Int64

	inbound

	mu     sync.Mutex
	end    ending
	closed bool
	done   chan struct{}
}

// inbound is the state of the reading goroutine, which alone uses it.
type inbound struct {
	upgraded bool
	pending  []byte // what the library gets next
	message  []byte // fragments of a message that is not whole yet
}

// ending is how a connection ended.
type ending struct {
	why   string
	code  int  // the close code that Discord sent
	ready bool // it had come so far as READY or RESUMED
	lost  bool // the session cannot be resumed
}

var errCut = errors.New("the connection was cut")

// maxFrame bounds one message of the gateway; the largest real ones (a server with all its members) are a few MiB.
const maxFrame = 64 << 20

func newWire(conn net.Conn, t *timing, seq *atomic.Int64, identify func()) *wire {
	w := &wire{Conn: conn, timing: t, began: time.Now(), identify: identify, seq: seq, done: make(chan struct{})}
	w.in = bufio.NewReaderSize(deadlineReader{w}, 16<<10)
	return w
}

// deadlineReader sets the deadline before each read: until READY a fixed one, then one that moves on with each packet.
type deadlineReader struct{ w *wire }

func (r deadlineReader) Read(p []byte) (int, error) {
	deadline := r.w.began.Add(r.w.timing.open)
	if r.w.isReady() {
		deadline = time.Now().Add(r.w.timing.idle)
	}
	if err := r.w.Conn.SetReadDeadline(deadline); err != nil {
		return 0, err
	}
	return r.w.Conn.Read(p)
}

// Read implements [net.Conn] for the library.
func (w *wire) Read(p []byte) (int, error) {
	for len(w.pending) == 0 {
		if err := w.next(); err != nil {
			w.cut(why(err))
			return 0, err
		}
	}
	n := copy(p, w.pending)
	w.pending = w.pending[n:]
	return n, nil
}

func why(err error) string {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "silence"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side closed it"
	}
	return err.Error()
}

// Write implements [net.Conn]; after a cut nothing goes out, so no close frame either.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	closed := w.closed
	w.mu.Unlock()
	if closed {
		return 0, errCut
	}
	if err := w.Conn.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// Close implements [net.Conn].
func (w *wire) Close() error {
	w.cut("closed")
	return nil
}

// SetReadDeadline implements [net.Conn]: deadlines are the wire's own.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements [net.Conn].
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline implements [net.Conn].
func (w *wire) SetDeadline(time.Time) error { return nil }

// cut ends the connection without a word; the first reason is kept.
func (w *wire) cut(reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.closed = true
	if w.end.why == "" {
		w.end.why = reason
	}
	_ = w.Conn.Close()
	close(w.done)
}

func (w *wire) ending() ending {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.end
}

func (w *wire) isReady() bool { return w.ending().ready }

func (w *wire) mark(change func(*ending)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.end)
}

// next makes more bytes for the library: first the answer to the upgrade, then frame after frame.
func (w *wire) next() error {
	if !w.upgraded {
		line, err := w.in.ReadBytes('\n')
		if err != nil {
			return err
		}
		if bytes.HasPrefix(line, []byte("HTTP/")) && !bytes.Contains(line, []byte(" 101 ")) {
			return fmt.Errorf("the gateway answers %q", bytes.TrimSpace(line))
		}
		w.pending = line
		w.upgraded = len(bytes.TrimSpace(line)) == 0
		return nil
	}
	return w.frame()
}

const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opClose        = 8
)

// frame reads one frame. Whole text messages are looked into, a close code is noted, all else goes through.
func (w *wire) frame() error {
	head := make([]byte, 2, 10)
	if _, err := io.ReadFull(w.in, head); err != nil {
		return err
	}
	size := uint64(head[1] & 0x7f)
	for marker, more := range map[uint64]int{126: 2, 127: 8} {
		if uint64(head[1]&0x7f) != marker {
			continue
		}
		head = head[:2+more]
		if _, err := io.ReadFull(w.in, head[2:]); err != nil {
			return err
		}
		size = 0
		for _, b := range head[2:] {
			size = size<<8 | uint64(b)
		}
	}
	if size > maxFrame || uint64(len(w.message))+size > maxFrame || head[1]&0x80 != 0 || head[0]&0x70 != 0 {
		return errors.New("a frame that no gateway sends")
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(w.in, payload); err != nil {
		return err
	}
	final, opcode := head[0]&0x80 != 0, head[0]&0x0f
	switch opcode {
	case opText, opContinuation:
		w.message = append(w.message, payload...)
		if !final {
			return nil
		}
		whole := w.message
		w.message = nil
		return w.packet(whole)
	case opBinary:
		return errors.New("a compressed packet, which was not asked for")
	case opClose:
		if len(payload) >= 2 {
			code := int(binary.BigEndian.Uint16(payload))
			w.mark(func(e *ending) { e.code = code })
		}
		return errors.New("closed by Discord") // not passed on: the library would answer with 1000, which ends the session
	}
	w.pending = append(head, payload...)
	return nil
}

// pass gives the library a text message.
func (w *wire) pass(payload []byte) {
	head := []byte{0x80 | opText}
	switch n := len(payload); {
	case n < 126:
		head = append(head, byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(n))
	}
	w.pending = append(head, payload...)
}

func refuseDial(context.Context, string, string) (net.Conn, error) { return nil, errCut }

func answer(r *http.Request, body []byte) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}
