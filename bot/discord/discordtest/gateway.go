package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Opening is how the next gateway connection behaves, once.
type Opening string

const (
	// Usual greets, identifies or resumes.
	Usual Opening = ""
	// NoHello says nothing at all.
	NoHello Opening = "no hello"
	// ReconnectFirst sends op 7 as the first packet.
	ReconnectFirst Opening = "op 7 first"
	// SilentReady greets and never answers the IDENTIFY or RESUME.
	SilentReady Opening = "no ready"
	// RefuseResume answers a RESUME with op 9, not resumable.
	RefuseResume Opening = "op 9"
	// RetryResume answers a RESUME with op 9, resumable.
	RetryResume Opening = "op 9, resumable"
	// Unreachable refuses the connection with 503.
	Unreachable Opening = "503"
)

// gate is the gateway; its own lock is taken after Server.mu where both are held.
type gate struct {
	server   *Server
	upgrader websocket.Upgrader

	mu         sync.Mutex
	sessions   map[string]*session
	links      map[*link]bool
	openings   []Opening
	closing    int // code for the next IDENTIFY, 0 none
	identified []time.Time
	stats      GatewayStats
	closed     bool
}

// GatewayStats count what the bot did at the gateway.
type GatewayStats struct {
	Connections, Identifies, Resumes, Resumed, Heartbeats int
	// AtResumeURL counts RESUMEs on the address that READY told.
	AtResumeURL int
	// Codes are the close codes that the bot sent.
	Codes []int
}

type session struct {
	id      string
	shard   [2]int
	intents int
	seq     int64
	log     [][]byte // the packet with sequence i+1
	link    *link
	dead    bool
	ready   bool
}

func newGate(s *Server) *gate {
	return &gate{server: s, sessions: map[string]*session{}, links: map[*link]bool{}}
}

func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	links := g.links
	g.links = map[*link]bool{}
	g.mu.Unlock()
	for l := range links {
		l.cut()
	}
}

func (g *gate) serve(w http.ResponseWriter, r *http.Request) {
	opening := g.nextOpening()
	if opening == Unreachable {
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
		return
	}
	conn, err := g.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	l := newLink(conn)
	l.resumeURL = strings.HasPrefix(r.URL.Path, "/gateway/resume")
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		l.cut()
		return
	}
	g.links[l] = true
	g.stats.Connections++
	g.mu.Unlock()
	if v := r.URL.Query().Get("v"); v != "9" && v != "10" || r.URL.Query().Get("encoding") != "json" {
		l.closeWith(4012, "Invalid API version")
	}
	g.converse(l, opening)
	g.mu.Lock()
	delete(g.links, l)
	if l.session != nil && l.session.link == l {
		l.session.link = nil
	}
	g.mu.Unlock()
	l.cut()
}

func (g *gate) nextOpening() Opening {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.openings) == 0 {
		return Usual
	}
	o := g.openings[0]
	g.openings = g.openings[1:]
	return o
}

// converse reads until the connection ends.
func (g *gate) converse(l *link, opening Opening) {
	switch opening {
	case NoHello:
		l.mute()
	case ReconnectFirst:
		l.send(packet{Op: 7})
	default:
		l.send(packet{Op: 10, Data: object{"heartbeat_interval": g.server.options.Heartbeat.Milliseconds(), "_trace": []string{"fake"}}})
	}
	for {
		_ = l.conn.SetReadDeadline(time.Now().Add(g.server.options.Heartbeat * 3 / 2))
		_, raw, err := l.conn.ReadMessage()
		if err != nil {
			g.ended(l, err)
			return
		}
		var p incoming
		if json.Unmarshal(raw, &p) != nil {
			l.closeWith(4002, "Error while decoding payload.")
			return
		}
		if !g.take(l, p, opening) {
			return
		}
	}
}

func (g *gate) ended(l *link, err error) {
	code, ok := err.(*websocket.CloseError)
	if !ok || code.Code == websocket.CloseAbnormalClosure {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stats.Codes = append(g.stats.Codes, code.Code)
	if l.session != nil && (code.Code == 1000 || code.Code == 1001) {
		l.session.dead = true
	}
}

type incoming struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

func (g *gate) take(l *link, p incoming, opening Opening) bool {
	switch p.Op {
	case 1:
		g.mu.Lock()
		g.stats.Heartbeats++
		g.mu.Unlock()
		l.send(packet{Op: 11})
		return true
	case 2:
		return g.identify(l, p.Data, opening)
	case 6:
		return g.resume(l, p.Data, opening)
	case 3, 8:
		return true
	}
	l.closeWith(4001, "Unknown opcode.")
	return false
}

func (g *gate) identify(l *link, raw json.RawMessage, opening Opening) bool {
	var id identify
	token := g.server.checkIdentify(raw, &id)
	g.mu.Lock()
	g.stats.Identifies++
	now := time.Now()
	hasty := len(g.identified) > 0 && now.Sub(g.identified[len(g.identified)-1]) < 5*time.Second
	g.identified = append(g.identified, now)
	spent, code := len(g.identified), g.closing
	g.closing = 0
	g.mu.Unlock()
	switch {
	case code != 0:
	case l.session != nil:
		code = 4005
	case spent > g.server.options.IdentifyBudget:
		g.server.SetToken("reset-by-discord")
		code = 4004
	case bareToken(id.Token) != token:
		code = 4004
	default:
		code = id.refusal(g.server.options)
	}
	if code != 0 {
		l.closeWith(code, closeTexts[code])
		return false
	}
	if opening == SilentReady {
		return true
	}
	if hasty && g.server.options.StrictIdentify {
		l.send(packet{Op: 9, Data: false})
		return true
	}
	g.server.greet(l, id)
	return true
}

// resume replays what was missed, then says RESUMED.
func (g *gate) resume(l *link, raw json.RawMessage, opening Opening) bool {
	var r struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	token := g.server.currentToken()
	bad := json.Unmarshal(raw, &r) != nil
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stats.Resumes++
	if l.resumeURL {
		g.stats.AtResumeURL++
	}
	s := g.sessions[r.Session]
	switch {
	case bad:
		l.closeWith(4002, "Error while decoding payload.")
		return false
	case bareToken(r.Token) != token:
		l.closeWith(4004, closeTexts[4004])
		return false
	case opening == SilentReady:
		return true
	case opening == RefuseResume || s == nil || s.dead:
		if s != nil {
			s.dead = true
		}
		l.send(packet{Op: 9, Data: false})
		return true
	case opening == RetryResume:
		l.send(packet{Op: 9, Data: true})
		return true
	case r.Seq < 0 || r.Seq > s.seq:
		l.closeWith(4007, "Invalid seq")
		return false
	}
	if s.link != nil {
		s.link.cut()
	}
	l.session, s.link = s, l
	g.stats.Resumed++
	for _, missed := range s.log[r.Seq:] {
		l.sendRaw(missed)
	}
	s.push("RESUMED", json.RawMessage(`{"_trace":["fake"]}`))
	return true
}

// push needs gate.mu: it numbers, keeps and sends one event.
func (s *session) push(kind string, data json.RawMessage) {
	s.seq++
	raw, err := json.Marshal(packet{Op: 0, Seq: &s.seq, Type: kind, Data: data})
	if err != nil {
		raw = []byte(fmt.Sprintf(`{"op":0,"s":%d,"t":%q,"d":%s}`, s.seq, kind, data)) // an injected body that is no JSON
	}
	s.log = append(s.log, raw)
	if s.link != nil {
		s.link.sendRaw(raw)
	}
}

// dispatch sends an event to the session of the right shard; body is asked once for a session with the content intent and
// once without.
func (g *gate) dispatch(guildID, kind string, intent int, body func(content bool) any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if s.dead || !s.ready || s.intents&intent != intent || s.shard[0] != shardOf(guildID, s.shard[1]) {
			continue
		}
		raw, err := json.Marshal(body(s.intents&intentContent != 0))
		if err != nil {
			panic(err) // the fake's own value
		}
		s.push(kind, raw)
	}
}

func shardOf(guildID string, count int) int {
	if guildID == "" || count < 2 {
		return 0
	}
	n, _ := strconv.ParseUint(guildID, 10, 64)
	return int(n >> 22 % uint64(count))
}

// live lists the links with a session.
func (g *gate) live() []*link {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []*link
	for l := range g.links {
		if l.session != nil {
			out = append(out, l)
		}
	}
	return out
}

func (g *gate) snapshot() GatewayStats {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := g.stats
	out.Codes = slices.Clone(g.stats.Codes)
	return out
}
