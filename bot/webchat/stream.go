package webchat

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"faqbot/bot/channel"
)

const (
	historyPage = 200
	// heartbeat keeps proxies from closing a quiet stream, and tells a page that the connection lives.
	heartbeat = 15 * time.Second
	// writePatience is how long a page may take to accept what is written to it.
	writePatience = 15 * time.Second
)

// hub knows the streams that are open at this process.
type hub struct {
	bounds Bounds

	mu      sync.Mutex
	streams map[channel.ChatID][]*stream // oldest first
	total   int
}

// stream is one open page. Its channels hold one notice each: more of the same say nothing new.
type stream struct{ wake, dots, evicted chan struct{} }

func newHub(b Bounds) *hub { return &hub{bounds: b, streams: map[channel.ChatID][]*stream{}} }

// open adds a stream, or returns nil where there are too many in all.
func (h *hub) open(visitor channel.ChatID) *stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.total >= h.bounds.Streams {
		return nil
	}
	s := &stream{wake: make(chan struct{}, 1), dots: make(chan struct{}, 1), evicted: make(chan struct{}, 1)}
	h.streams[visitor] = append(h.streams[visitor], s)
	h.total++
	mine := h.streams[visitor]
	for _, old := range mine[:max(0, len(mine)-h.bounds.StreamsPerVisitor)] {
		notify(old.evicted)
	}
	return s
}

func (h *hub) close(visitor channel.ChatID, s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.total--
	rest := slices.DeleteFunc(h.streams[visitor], func(o *stream) bool { return o == s })
	if len(rest) == 0 {
		delete(h.streams, visitor)
	} else {
		h.streams[visitor] = rest
	}
}

// wake makes the pages of a visitor look for lines; "" those of all.
func (h *hub) wake(visitor channel.ChatID) {
	h.each(visitor, func(s *stream) { notify(s.wake) })
}

func (h *hub) typing(visitor channel.ChatID) {
	h.each(visitor, func(s *stream) { notify(s.dots) })
}

func (h *hub) each(visitor channel.ChatID, do func(*stream)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if visitor != "" {
		for _, s := range h.streams[visitor] {
			do(s)
		}
		return
	}
	for _, list := range h.streams {
		for _, s := range list {
			do(s)
		}
	}
}

func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (c *Channel) serveHistory(w http.ResponseWriter, r *http.Request) error {
	visitor, err := c.visitor(r.Context(), r)
	if err != nil {
		return err
	}
	after, _ := parseLineNumber(r.URL.Query().Get("after"))
	lines, err := c.store.Lines(r.Context(), visitor, after, historyPage)
	if err != nil {
		return fmt.Errorf("list lines: %w", err)
	}
	answer := struct {
		Lines []wireLine `json:"lines"`
		// Last is the number to go on after.
		Last LineNumber `json:"last"`
		More bool       `json:"more"`
	}{Lines: []wireLine{}, Last: after, More: len(lines) == historyPage}
	for _, line := range lines {
		answer.Last = line.Number
		if one, err := wire(line); err == nil {
			answer.Lines = append(answer.Lines, one)
		} else {
			c.log.ErrorContext(r.Context(), "web chat: a line cannot be read", "visitor", visitor, "line", line.Number)
		}
	}
	c.reply(w, http.StatusOK, answer)
	return nil
}

// serveStream sends the lines after Last-Event-ID, and each new one as it comes, until the page goes or Run ends.
func (c *Channel) serveStream(w http.ResponseWriter, r *http.Request) error {
	visitor, err := c.visitor(r.Context(), r)
	if err != nil {
		return err
	}
	run := c.running()
	if run == nil {
		return away()
	}
	s := c.hub.open(visitor)
	if s == nil {
		return slow(10 * time.Second)
	}
	defer c.hub.close(visitor, s)
	after, _ := parseLineNumber(r.Header.Get("Last-Event-ID"))
	o := &outlet{channel: c, visitor: visitor, stream: s, after: after, w: w, control: http.NewResponseController(w)}
	o.run(r.Context(), run.ended)
	return nil
}

// outlet writes one stream.
type outlet struct {
	channel *Channel
	visitor channel.ChatID
	stream  *stream
	after   LineNumber
	notice  string
	failing bool // the store failed at the last look
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o *outlet) run(ctx context.Context, ended <-chan struct{}) {
	h := o.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	_ = o.control.SetReadDeadline(time.Time{}) // a server's ReadTimeout would end the stream
	o.notice = o.channel.notice(ctx)
	if !o.hello() {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	poll := time.NewTicker(o.channel.options.Poll)
	defer poll.Stop()
	for o.lines(ctx) {
		alive := true
		select {
		case <-o.stream.wake:
		case <-poll.C:
		case <-o.stream.dots:
			alive = o.event("typing", "", struct{}{})
		case <-beat.C:
			alive = o.beat(ctx)
		case <-o.stream.evicted:
			o.event("elsewhere", "", struct{}{})
			return
		case <-ended:
			return
		case <-ctx.Done():
			return
		}
		if !alive {
			return
		}
	}
}

// lines writes what is new. A store that fails is asked again at the next look; the page need not know.
func (o *outlet) lines(ctx context.Context) bool {
	for {
		lines, err := o.channel.store.Lines(ctx, o.visitor, o.after, historyPage)
		if err != nil {
			if !o.failing && ctx.Err() == nil {
				o.channel.log.WarnContext(ctx, "web chat: lines cannot be read", "visitor", o.visitor, "error", err)
			}
			o.failing = true
			return ctx.Err() == nil
		}
		o.failing = false
		for _, line := range lines {
			if !o.line(ctx, line) {
				return false
			}
		}
		if len(lines) < historyPage {
			return true
		}
	}
}

func (o *outlet) line(ctx context.Context, line Line) bool {
	o.after = line.Number
	one, err := wire(line)
	if err != nil {
		o.channel.log.ErrorContext(ctx, "web chat: a line cannot be read", "visitor", o.visitor, "line", line.Number)
		return true
	}
	return o.event("line", string(messageID(line.Number)), one)
}

func (o *outlet) hello() bool {
	return o.event("hello", "", struct {
		Notice string `json:"notice"`
	}{o.notice})
}

// beat writes something, so that both sides notice a connection that is gone; the notice above the conversation may have changed.
func (o *outlet) beat(ctx context.Context) bool {
	if notice := o.channel.notice(ctx); notice != o.notice {
		o.notice = notice
		return o.hello()
	}
	return o.write(": still here\n\n")
}

func (o *outlet) event(name, id string, v any) bool {
	data, err := encode(v)
	if err != nil {
		o.channel.log.Error("web chat: encode event", "event", name, "error", err)
		return true
	}
	frame := "event: " + name + "\ndata: " + string(data) + "\n\n"
	if id != "" {
		frame = "id: " + id + "\n" + frame
	}
	return o.write(frame)
}

func (o *outlet) write(frame string) bool {
	_ = o.control.SetWriteDeadline(time.Now().Add(writePatience)) // where it is not supported, the server's own holds
	if _, err := o.w.Write([]byte(frame)); err != nil {
		return false
	}
	return o.control.Flush() == nil
}
