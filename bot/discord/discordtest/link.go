package discordtest

import (
	"encoding/json"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// packet is what goes over the gateway.
type packet struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int64 `json:"s"`
	Type string `json:"t,omitempty"`
}

// link is one connection. Its writer is a goroutine of its own, so that a slow bot holds nobody up.
type link struct {
	conn      *websocket.Conn
	session   *session // gate.mu
	resumeURL bool

	mu     sync.Mutex
	queue  [][]byte
	wake   chan struct{}
	silent bool
	done   chan struct{}
	once   sync.Once
}

func newLink(conn *websocket.Conn) *link {
	l := &link{conn: conn, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go l.write()
	return l
}

func (l *link) write() {
	for {
		l.mu.Lock()
		queue := l.queue
		l.queue = nil
		l.mu.Unlock()
		for _, raw := range queue {
			_ = l.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if l.conn.WriteMessage(websocket.TextMessage, raw) != nil {
				l.cut()
				return
			}
		}
		select {
		case <-l.wake:
		case <-l.done:
			return
		}
	}
}

func (l *link) send(p packet) {
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err) // the fake's own value
	}
	l.sendRaw(raw)
}

func (l *link) sendRaw(raw []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.silent {
		return
	}
	l.queue = append(l.queue, raw)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// mute makes the connection dead without closing it.
func (l *link) mute() {
	l.mu.Lock()
	l.silent = true
	l.mu.Unlock()
}

// cut ends the connection without a close frame.
func (l *link) cut() {
	l.once.Do(func() {
		close(l.done)
		if tcp, ok := l.conn.NetConn().(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = l.conn.Close()
	})
}

// closeWith sends a close frame after what is queued.
func (l *link) closeWith(code int, text string) {
	for range 200 {
		l.mu.Lock()
		empty := len(l.queue) == 0
		l.mu.Unlock()
		if empty {
			break
		}
		time.Sleep(time.Millisecond)
	}
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
	l.once.Do(func() {
		close(l.done)
		time.AfterFunc(100*time.Millisecond, func() { _ = l.conn.Close() })
	})
}

// Gateway is the test's hand on the gateway.
type Gateway struct{ server *Server }

// Gateway returns the gateway.
func (s *Server) Gateway() Gateway { return Gateway{s} }

// Stats are the counts so far.
func (g Gateway) Stats() GatewayStats { return g.server.gate.snapshot() }

// Next scripts how the next connections open.
func (g Gateway) Next(openings ...Opening) {
	g.server.gate.mu.Lock()
	defer g.server.gate.mu.Unlock()
	g.server.gate.openings = append(g.server.gate.openings, openings...)
}

// RefuseIdentify closes the next IDENTIFY with a code.
func (g Gateway) RefuseIdentify(code int) {
	g.server.gate.mu.Lock()
	defer g.server.gate.mu.Unlock()
	g.server.gate.closing = code
}

// Connected counts the live sessions.
func (g Gateway) Connected() int { return len(g.server.gate.live()) }

// CloseAll closes every connection with a code, as Discord does.
func (g Gateway) CloseAll(code int) {
	for _, l := range g.server.gate.live() {
		l.closeWith(code, closeTexts[code])
	}
}

// Drop cuts every connection without a word.
func (g Gateway) Drop() {
	for _, l := range g.server.gate.live() {
		l.cut()
	}
}

// Silence makes every connection dead: nothing comes any more, heartbeats are not answered, nothing is closed.
func (g Gateway) Silence() {
	for _, l := range g.server.gate.live() {
		l.mute()
	}
}

// Reconnect asks every connection to come again (op 7).
func (g Gateway) Reconnect() {
	for _, l := range g.server.gate.live() {
		l.send(packet{Op: 7})
	}
}

// Invalidate ends every session (op 9).
func (g Gateway) Invalidate(resumable bool) {
	for _, l := range g.server.gate.live() {
		if !resumable {
			g.server.gate.mu.Lock()
			l.session.dead = true
			g.server.gate.mu.Unlock()
		}
		l.send(packet{Op: 9, Data: resumable})
	}
}

// Forget makes every session impossible to resume, as after a long absence.
func (g Gateway) Forget() {
	g.server.gate.mu.Lock()
	defer g.server.gate.mu.Unlock()
	for _, s := range g.server.gate.sessions {
		s.dead = true
	}
}

// Inject sends an event of the test's own making to every session; data need not be JSON.
func (g Gateway) Inject(kind, data string) {
	g.server.gate.mu.Lock()
	defer g.server.gate.mu.Unlock()
	for _, s := range g.server.gate.sessions {
		if !s.dead {
			s.push(kind, json.RawMessage(data))
		}
	}
}

// InjectFrame sends a raw text frame on every connection.
func (g Gateway) InjectFrame(frame string) {
	for _, l := range g.server.gate.live() {
		l.sendRaw([]byte(frame))
	}
}
