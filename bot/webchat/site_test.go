package webchat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"

	"go.uber.org/goleak"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestMain(m *testing.M) {
	code := m.Run()
	err := closeChromium()
	if err == nil && code == 0 {
		err = goleak.Find()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// plenty is for tests that are not about rates.
var plenty = webchat.Rates{
	Events: 100_000, EventsBurst: 10_000, Requests: 100_000, RequestsBurst: 10_000, Sessions: 100_000, SessionsBurst: 10_000,
}

// core is a scripted stand-in for the engine: it stores events by ID and answers what the script says.
type core struct {
	script func(e channel.Event) []channel.Message
	send   func(ctx context.Context, m channel.Message) (channel.MessageID, error)

	mu     sync.Mutex
	events []channel.Event
	typed  []channel.Address
	seen   map[channel.EventID]bool
	fail   int // so many calls fail
	active int
	most   int // calls at once
	delay  time.Duration
}

// Handle implements [channel.Handler].
func (c *core) Handle(ctx context.Context, e channel.Event) error {
	c.mu.Lock()
	c.active++
	c.most = max(c.most, c.active)
	delay, fail := c.delay, c.fail > 0
	if fail {
		c.fail--
	}
	c.mu.Unlock()
	time.Sleep(delay)
	c.mu.Lock()
	c.active--
	again := c.seen[e.ID]
	if !fail && !again {
		if c.seen == nil {
			c.seen = map[channel.EventID]bool{}
		}
		c.seen[e.ID] = true
		c.events = append(c.events, e)
	}
	c.mu.Unlock()
	if fail {
		return errors.New("the disk is full")
	}
	if again || c.script == nil {
		return nil
	}
	for i, m := range c.script(e) {
		m.ID, m.To = fmt.Sprintf("%s/%d", e.ID, i), e.Address
		if _, err := c.send(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// Complete implements [channel.Handler].
func (c *core) Complete(context.Context, channel.Completion) ([]channel.Choice, error) {
	return nil, nil
}

func (c *core) handled() []channel.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]channel.Event(nil), c.events...)
}

// bodies are what the core was told, as "kind body".
func (c *core) bodies() []string {
	out := []string{}
	for _, e := range c.handled() {
		out = append(out, strings.TrimSpace(fmt.Sprint(e.Kind, " ", e.Command+" "+e.Body)))
	}
	return out
}

// site is a connector that runs, with a core behind it and a server in front.
type site struct {
	*webchat.Channel
	core   *core
	store  webchat.Store
	server *httptest.Server
	stop   func() // ends Run, then the server
}

type siteOptions struct {
	settings webchat.Settings
	options  webchat.Options
	script   func(channel.Event) []channel.Message
	addr     string // to come back at
}

func open(t *testing.T, o siteOptions) *site {
	t.Helper()
	if o.options.Store == nil {
		o.options.Store = &webchattest.MemoryStore{}
	}
	if o.options.Rates == (webchat.Rates{}) {
		o.options.Rates = plenty
	}
	c, err := webchat.New(o.settings, o.options)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Channel: c, store: o.options.Store, core: &core{script: o.script, send: c.Send}}
	s.server = httptest.NewUnstartedServer(c.Handler())
	if o.addr != "" {
		s.server.Listener = listen(t, s.server.Listener, o.addr)
	}
	s.server.Start()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, s.core) }()
	var once sync.Once
	s.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run ended with %v", err)
			}
			s.server.CloseClientConnections()
			s.server.Close()
		})
	}
	t.Cleanup(s.stop)
	return s
}

// page is the browser's side of the protocol.
type page struct {
	t      *testing.T
	base   string
	origin string
	token  string
	client *http.Client
	nextID int
}

func (s *site) page(t *testing.T) *page {
	t.Helper()
	p := &page{t: t, base: s.server.URL, client: s.server.Client()}
	var got struct{ Token string }
	p.must(http.StatusCreated, p.call("POST", "/chat/session", map[string]any{}), &got)
	p.token = got.Token
	return p
}

// call makes a request and repeats it while it is told to come back.
func (p *page) call(method, path string, body any) *http.Response {
	for start := time.Now(); ; {
		response := p.try(method, path, body)
		later := response.StatusCode == http.StatusServiceUnavailable || response.StatusCode == http.StatusTooManyRequests
		if !later || time.Since(start) > 20*time.Second {
			return response
		}
		if response.Header.Get("Retry-After") == "" {
			p.t.Errorf("%s %s: %d without Retry-After", method, path, response.StatusCode)
		}
		drain(response)
		time.Sleep(20 * time.Millisecond)
	}
}

func (p *page) try(method, path string, body any) *http.Response {
	p.t.Helper()
	response, err := p.client.Do(p.request(method, path, body))
	if err != nil {
		p.t.Fatal(err)
	}
	return response
}

func (p *page) request(method, path string, body any) *http.Request {
	p.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			p.t.Fatal(err)
		}
		reader = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, p.base+path, reader)
	if err != nil {
		p.t.Fatal(err)
	}
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if p.origin != "" {
		r.Header.Set("Origin", p.origin)
	}
	return r
}

func drain(r *http.Response) string {
	defer r.Body.Close()
	data, _ := io.ReadAll(r.Body)
	return string(data)
}

func (p *page) must(status int, r *http.Response, into any) {
	p.t.Helper()
	body := drain(r)
	if r.StatusCode != status {
		p.t.Fatalf("%s: %d %s, want %d", r.Request.URL.Path, r.StatusCode, body, status)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(body), into); err != nil {
			p.t.Fatalf("%s: %v in %s", r.Request.URL.Path, err, body)
		}
	}
}

func (p *page) id() string {
	p.nextID++
	return fmt.Sprintf("page-%08d", p.nextID)
}

func (p *page) say(text string) int64 {
	p.t.Helper()
	return p.event(map[string]any{"id": p.id(), "kind": "text", "text": text})
}

func (p *page) event(e map[string]any) int64 {
	p.t.Helper()
	var got struct{ N int64 }
	p.must(http.StatusOK, p.call("POST", "/chat/events", e), &got)
	return got.N
}

// line is what a page is shown.
type line struct {
	N        int64
	ID       string
	Text     string
	HTML     string
	Buttons  []struct{ Label, Action, URL string }
	Replaces int64
	Pressed  *struct {
		Line   int64
		Action string
	}
	Cleared bool
}

func (l line) shown() string {
	if l.ID != "" {
		return "me: " + l.Text
	}
	return "bot: " + textOf(l.HTML)
}

func (p *page) history() []line {
	p.t.Helper()
	var out []line
	for after := int64(0); ; {
		var got struct {
			Lines []line
			Last  int64
			More  bool
		}
		p.must(http.StatusOK, p.call("GET", "/chat/history?after="+strconv.FormatInt(after, 10), nil), &got)
		out = append(out, got.Lines...)
		after = got.Last
		if !got.More {
			return out
		}
	}
}

func texts(lines []line) []string {
	out := []string{}
	for _, l := range lines {
		out = append(out, l.shown())
	}
	return out
}

// press presses the button with a label under the newest message that has it.
func (p *page) press(label string) error {
	lines := p.history()
	for i := len(lines) - 1; i >= 0; i-- {
		for _, b := range lines[i].Buttons {
			if b.Label == label && b.Action != "" {
				p.event(map[string]any{"id": p.id(), "kind": "press", "line": lines[i].N, "action": b.Action})
				return nil
			}
		}
	}
	return errors.New("there is no button " + label)
}

// textOf is what a person reads of HTML: a line for each block.
func textOf(markup string) string {
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Data == "br" {
			b.WriteString("\n")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for i, n := range nodes {
		if i > 0 {
			b.WriteString("\n\n")
		}
		walk(n)
	}
	return b.String()
}

// frame is one server-sent event.
type frame struct {
	Event, ID string
	Line      line
	Data      string
}

// watch opens a stream after a line and hands its frames over until stop is called or the server ends it.
func (p *page) watch(after int64) (frames <-chan frame, stop func()) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := p.request("GET", "/chat/stream", nil).WithContext(ctx)
	r.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	var response *http.Response
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		var err error
		if response, err = p.client.Do(r); err != nil {
			p.t.Fatal(err)
		}
		if response.StatusCode == http.StatusOK {
			break
		}
		if text := drain(response); response.StatusCode < 429 || time.Since(start) > 10*time.Second {
			p.t.Fatalf("stream: %d %s", response.StatusCode, text)
		}
	}
	out := make(chan frame, 1000)
	go func() {
		defer close(out)
		defer response.Body.Close()
		var rest string
		buffer := make([]byte, 4096)
		for {
			n, err := response.Body.Read(buffer)
			rest += string(buffer[:n])
			for {
				one, after, found := strings.Cut(rest, "\n\n")
				if !found {
					break
				}
				rest = after
				out <- parseFrame(one)
			}
			if err != nil {
				return
			}
		}
	}()
	p.t.Cleanup(cancel)
	return out, cancel
}

func parseFrame(s string) frame {
	var f frame
	for l := range strings.SplitSeq(s, "\n") {
		name, value, _ := strings.Cut(l, ": ")
		switch name {
		case "event":
			f.Event = value
		case "id":
			f.ID = value
		case "data":
			f.Data = value
		}
	}
	if f.Event == "line" {
		_ = json.Unmarshal([]byte(f.Data), &f.Line)
	}
	return f
}

// next waits for the next frame of a kind.
func next(t *testing.T, frames <-chan frame, event string) frame {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case f, open := <-frames:
			if !open {
				t.Fatalf("the stream ended; a %s was to come", event)
			}
			if f.Event == event {
				return f
			}
		case <-deadline:
			t.Fatalf("no %s came", event)
		}
	}
}

// serve puts a handler on an address and gives a page that talks to it with the token of another.
func serve(t *testing.T, h http.Handler, with *page) *page {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &page{t: t, base: server.URL, client: server.Client(), token: with.token}
}
