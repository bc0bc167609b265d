package discordtest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// Fault is what goes wrong with one REST call.
type Fault struct {
	// Status and Code make a JSON error; with HTML, a page of that status.
	Status, Code int
	HTML         bool
	// After makes a 429 with retry_after; Global and Shared are its scope.
	After          time.Duration
	Global, Shared bool
	// Deliver acts on the call before its answer is spoiled.
	Deliver bool
	// Hang answers never, Reset cuts the connection, Close closes it in order, Cut breaks the answer off, Garble answers 200 with broken JSON.
	Hang, Reset, Close, Cut, Garble bool
}

type scripted struct {
	route string
	fault Fault
}

// Fail spoils the next calls of a route ("POST /channels/{}/messages"; "" is any), one call for each fault.
func (s *Server) Fail(route string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.faults = append(s.faults, &scripted{route, f})
	}
}

// Mend forgets the faults that did not happen yet.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *Server) nextFault(route string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.route == "" || f.route == route {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return &f.fault
		}
	}
	return nil
}

func (c *call) fail(f *Fault) {
	var good []byte
	if f.Deliver {
		w := httptest.NewRecorder()
		real := c.w
		c.w = w
		c.answer(c.run())
		c.w, good = real, w.Body.Bytes()
	}
	switch {
	case f.Hang:
		<-c.http.Context().Done()
	case f.Reset, f.Close:
		c.hijack(nil, f.Reset)
	case f.Cut:
		head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(good)+100)
		c.hijack(append([]byte(head), good[:len(good)/2]...), false)
	case f.Garble:
		c.w.Header().Set("Content-Type", "application/json")
		c.w.WriteHeader(http.StatusOK)
		_, _ = c.w.Write(append(bytes.TrimSuffix(good, []byte("}")), `,"x":`...))
	case f.HTML:
		c.answerHTML(f.Status, "<html><head><title>"+http.StatusText(f.Status)+"</title></head><body>cloudflare</body></html>")
	case f.After > 0:
		c.answerTooMany(f)
	default:
		c.answer(reply{f.Status, object{"message": http.StatusText(f.Status), "code": f.Code}})
	}
}

func (c *call) answerTooMany(f *Fault) {
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Retry-After", fmt.Sprint(int(f.After.Seconds()+0.999)))
	h.Set("X-RateLimit-Reset-After", seconds(f.After))
	scope := "user"
	switch {
	case f.Global:
		scope = "global"
		h.Set("X-RateLimit-Global", "true")
	case f.Shared:
		scope = "shared"
	}
	h.Set("X-RateLimit-Scope", scope)
	c.server.limits.count(http.StatusTooManyRequests, scope)
	c.w.WriteHeader(http.StatusTooManyRequests)
	_, _ = c.w.Write(encode(object{"message": "You are being rate limited.", "retry_after": f.After.Seconds(), "global": f.Global}))
}

// hijack writes raw bytes and ends the connection, hard or in order.
func (c *call) hijack(raw []byte, hard bool) {
	h, ok := c.w.(http.Hijacker)
	if !ok {
		return
	}
	conn, _, err := h.Hijack()
	if err != nil {
		return
	}
	_, _ = io.Copy(conn, bytes.NewReader(raw))
	if tcp, ok := conn.(*net.TCPConn); ok && hard {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
