package webchat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"

	"github.com/google/go-cmp/cmp"
)

// echo answers each text with the same text.
func echo(e channel.Event) []channel.Message {
	if e.Kind != channel.Text {
		return nil
	}
	return []channel.Message{{Content: channel.PlainDocument("you said " + e.Body)}}
}

func wantSame(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not what was expected (-want +got):\n%s", diff)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	for _, e := range []map[string]any{
		{"kind": "arrived", "locale": "pt-BR", "name": "  Ada\n\tLovelace\u0000 "},
		{"kind": "text", "text": "how do I\r\nreset \u0000it? 👩‍💻", "locale": "nonsense!!"},
		{"kind": "text", "text": "/Ask  where is\nmy order "},
		{"kind": "text", "text": "/help"},
		{"kind": "text", "text": "/etc/passwd is a path"},
	} {
		e["id"] = p.id()
		p.event(e)
	}
	got := s.core.handled()
	wantSame(t, s.core.bodies(), []string{
		"arrived", "text  how do I\nreset it? 👩‍💻", "command ask where is\nmy order", "command help", "text  /etc/passwd is a path",
	})
	first := got[0]
	visitor := first.From.ID
	if len(visitor) != 32 || first.Address != (channel.Address{Network: "webchat", Chat: channel.ChatID(visitor), Private: true}) || !first.Addressed {
		t.Errorf("it came from %+v at %+v", first.From, first.Address)
	}
	wantSame(t, first.From, channel.Person{ID: visitor, Name: "Ada Lovelace", Locale: "pt-BR"})
	wantSame(t, got[1].From, channel.Person{ID: visitor})
	wantSame(t, got[1].ID, channel.EventID(fmt.Sprintf("webchat:%s:page-00000002", visitor)))
	wantSame(t, got[1].Message, channel.MessageID("1"))
	wantSame(t, texts(p.history()), []string{
		"me: how do I\nreset it? 👩‍💻", "me: /Ask  where is\nmy order ", "me: /help", "me: /etc/passwd is a path",
	})
}

func TestEvents_LocaleOfTheBrowser(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	r := p.request("POST", "/chat/events", map[string]any{"id": p.id(), "kind": "text", "text": "hola"})
	r.Header.Set("Accept-Language", "fr;q=0.5, es-MX, en;q=0.1")
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	p.must(http.StatusOK, response, nil)
	wantSame(t, s.core.handled()[0].From.Locale, "es-MX")
}

func TestEvents_Refused(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	long := strings.Repeat("é", 4001)
	for name, c := range map[string]struct {
		body   any
		status int
	}{
		"empty text":            {map[string]any{"id": "12345678", "kind": "text", "text": " \n\t\u0000"}, 400},
		"text too long":         {map[string]any{"id": "12345678", "kind": "text", "text": long}, 400},
		"no ID":                 {map[string]any{"kind": "text", "text": "x"}, 400},
		"an ID with a colon":    {map[string]any{"id": "out:0000000", "kind": "text", "text": "x"}, 400},
		"a kind of the core's":  {map[string]any{"id": "12345678", "kind": "due", "text": "x"}, 400},
		"a press of nothing":    {map[string]any{"id": "12345678", "kind": "press", "line": 1, "action": "a"}, 404},
		"a press of no line":    {map[string]any{"id": "12345678", "kind": "press", "line": -5, "action": "a"}, 404},
		"no JSON":               {"{", 400},
		"two values":            {"{}{}", 400},
		"the wrong types":       {`{"id":[],"kind":{}}`, 400},
		"nested without end":    {strings.Repeat(`{"a":`, 10_000), 400},
		"more than 64 KiB":      {map[string]any{"id": "12345678", "kind": "text", "text": strings.Repeat("x", 70<<10)}, 413},
		"null":                  {"null", 400},
		"a number out of range": {`{"id":"12345678","kind":"press","line":99999999999999999999}`, 400},
	} {
		response := p.try("POST", "/chat/events", c.body)
		text := drain(response)
		if response.StatusCode != c.status || !strings.Contains(text, `"error"`) {
			t.Errorf("%s: %d %s, want %d", name, response.StatusCode, text, c.status)
		}
	}
	r := p.request("POST", "/chat/events", map[string]any{"id": "12345678", "kind": "text", "text": "x"})
	r.Header.Set("Content-Type", "text/plain")
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	p.must(http.StatusUnsupportedMediaType, response, nil)
	wantSame(t, s.core.bodies(), []string{})
	wantSame(t, texts(p.history()), []string{})
}

func TestEvents_LongestText(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	text := strings.Repeat("👩‍💻é", 1000)
	p.say(text)
	wantSame(t, s.core.handled()[0].Body, text)
}

func TestEvents_SameIDIsOneEvent(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo})
	p := s.page(t)
	e := map[string]any{"id": "again-again", "kind": "text", "text": "hello"}
	numbers := make([]int64, 8)
	var wg sync.WaitGroup
	for i := range numbers {
		wg.Go(func() { numbers[i] = p.event(e) })
	}
	wg.Wait()
	for _, n := range numbers {
		wantSame(t, n, int64(1))
	}
	wantSame(t, texts(p.history()), []string{"me: hello", "bot: you said hello"})
	// Another visitor may use the same ID.
	other := s.page(t)
	other.event(e)
	wantSame(t, len(s.core.handled()), 2)
}

func TestEvents_NotAcknowledgedUntilHandled(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo})
	p := s.page(t)
	s.core.mu.Lock()
	s.core.fail = 2
	s.core.mu.Unlock()
	e := map[string]any{"id": "fragile-1", "kind": "text", "text": "hello"}
	response := p.try("POST", "/chat/events", e)
	if text := drain(response); response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || strings.Contains(text, "disk") {
		t.Errorf("%d %s", response.StatusCode, text)
	}
	p.event(e)
	wantSame(t, texts(p.history()), []string{"me: hello", "bot: you said hello"})
}

func TestEvents_OneVisitorInOrderManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{options: webchat.Options{Bounds: webchat.Bounds{Handling: 4}}})
	s.core.mu.Lock()
	s.core.delay = 3 * time.Millisecond
	s.core.mu.Unlock()
	var wg sync.WaitGroup
	for range 12 {
		p := s.page(t)
		wg.Go(func() {
			for i := range 5 {
				p.say(fmt.Sprint(i))
			}
		})
	}
	wg.Wait()
	next := map[channel.PersonID]int{}
	for _, e := range s.core.handled() {
		if e.Body != fmt.Sprint(next[e.From.ID]) {
			t.Fatalf("%s: %q came as number %d", e.From.ID, e.Body, next[e.From.ID])
		}
		next[e.From.ID]++
	}
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if s.core.most > 4 || s.core.most < 2 {
		t.Errorf("%d events were handled at once, want 2 to 4", s.core.most)
	}
}

func TestPress(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: func(e channel.Event) []channel.Message {
		return []channel.Message{{Content: channel.Parse("Choose"), Buttons: []channel.Button{{Label: "<b>One</b>", Action: "a:1"}, {Label: "Page", URL: "javascript:alert(1)"}}}}
	}})
	p := s.page(t)
	p.say("hi")
	if err := p.press("<b>One</b>"); err != nil {
		t.Fatal(err)
	}
	lines := p.history()
	wantSame(t, lines[1].Buttons, []struct{ Label, Action, URL string }{{"<b>One</b>", "a:1", ""}, {"Page", "", ""}})
	wantSame(t, lines[2].shown(), "me: <b>One</b>")
	wantSame(t, *lines[2].Pressed, struct {
		Line   int64
		Action string
	}{2, "a:1"})
	e := s.core.handled()[1]
	wantSame(t, [3]string{string(e.Kind), e.Body, string(e.Message)}, [3]string{"press", "a:1", "2"})
	// A token that was never offered here is refused, and so is one of another visitor's.
	for _, c := range []map[string]any{{"line": 2, "action": "a:2"}, {"line": 2, "action": ""}, {"line": 1, "action": "a:1"}, {"line": 99, "action": "a:1"}} {
		c["id"], c["kind"] = p.id(), "press"
		p.must(http.StatusNotFound, p.try("POST", "/chat/events", c), nil)
	}
	stranger := s.page(t)
	stranger.must(http.StatusNotFound, stranger.try("POST", "/chat/events", map[string]any{"id": stranger.id(), "kind": "press", "line": 2, "action": "a:1"}), nil)
	wantSame(t, len(s.core.handled()), 2)
}

func TestSend(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	p.say("hi")
	to := s.core.handled()[0].Address
	send := func(m channel.Message) channel.MessageID {
		t.Helper()
		m.To = to
		id, err := s.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := send(channel.Message{ID: "m1", Content: channel.Parse("*one*")})
	wantSame(t, send(channel.Message{ID: "m1", Content: channel.Parse("*one*")}), first)
	edit := channel.Message{ID: "m2", Content: channel.Parse("two"), Replaces: first, Buttons: []channel.Button{{Label: "New", Action: "n"}}}
	wantSame(t, send(edit), first)
	wantSame(t, send(edit), first)
	lines := p.history()
	wantSame(t, texts(lines), []string{"me: hi", "bot: one", "bot: two"})
	wantSame(t, fmt.Sprint(lines[2].Replaces), string(first))
	// A button that an edit brought belongs to the message that was edited.
	if err := p.press("New"); err != nil {
		t.Fatal(err)
	}
	wantSame(t, s.core.handled()[1].Message, first)
}

func TestSend_Fates(t *testing.T) {
	t.Parallel()
	store := &breaking{Store: &webchattest.MemoryStore{}}
	s := open(t, siteOptions{options: webchat.Options{Store: store}})
	p := s.page(t)
	p.say("hi")
	to := s.core.handled()[0].Address
	many := make([]channel.Button, 13)
	for name, c := range map[string]struct {
		message channel.Message
		fate    channel.Fate
	}{
		"nobody":            {channel.Message{To: channel.Address{Chat: "nobody"}, Content: channel.PlainDocument("x")}, channel.Gone},
		"too long":          {channel.Message{To: to, Content: channel.PlainDocument(strings.Repeat("x", 8001))}, channel.TooLong},
		"too many buttons":  {channel.Message{To: to, Content: channel.PlainDocument("x"), Buttons: many}, channel.Refused},
		"a file":            {channel.Message{To: to, Attachments: []channel.Attachment{{Media: channel.Photo, Ref: "x"}}}, channel.Refused},
		"an edit of what":   {channel.Message{To: to, Content: channel.PlainDocument("x"), Replaces: "x1"}, channel.Refused},
		"a place with text": {channel.Message{To: to, Attachments: []channel.Attachment{{Media: channel.Place, Text: "52.1, 4.3"}}}, ""},
	} {
		c.message.ID = name
		_, err := s.Send(t.Context(), c.message)
		if fate, _ := channel.FateOf(err); fate != c.fate {
			t.Errorf("%s: %q (%v), want %q", name, fate, err, c.fate)
		}
	}
	wantSame(t, texts(p.history()), []string{"me: hi", "bot: 52.1, 4.3"})
	store.fail(true)
	if _, err := s.Send(t.Context(), channel.Message{ID: "x", To: to, Content: channel.PlainDocument("x")}); err == nil {
		t.Error("a message that was not stored counts as sent")
	} else if fate, _ := channel.FateOf(err); fate != "" {
		t.Errorf("a store that fails is %q; it is to be tried again", fate)
	}
}

// breaking is a store that fails when it is told to.
type breaking struct {
	webchat.Store

	mu     sync.Mutex
	broken bool
}

func (b *breaking) fail(yes bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = yes
}

func (b *breaking) err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken {
		return errors.New("the disk is full")
	}
	return nil
}

func (b *breaking) Append(ctx context.Context, v channel.ChatID, l webchat.Line) (webchat.LineNumber, error) {
	if err := b.err(); err != nil {
		return 0, err
	}
	return b.Store.Append(ctx, v, l)
}

func (b *breaking) Lines(ctx context.Context, v channel.ChatID, after webchat.LineNumber, limit int) ([]webchat.Line, error) {
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.Store.Lines(ctx, v, after, limit)
}

func TestStore_Failing(t *testing.T) {
	t.Parallel()
	store := &breaking{Store: &webchattest.MemoryStore{}}
	s := open(t, siteOptions{script: echo, options: webchat.Options{Store: store, Poll: 20 * time.Millisecond}})
	p := s.page(t)
	frames, _ := p.watch(0)
	next(t, frames, "hello")
	store.fail(true)
	response := p.try("POST", "/chat/events", map[string]any{"id": "fragile-2", "kind": "text", "text": "hello"})
	if drain(response); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d", response.StatusCode)
	}
	wantSame(t, len(s.core.handled()), 0)
	time.Sleep(60 * time.Millisecond)
	store.fail(false)
	p.event(map[string]any{"id": "fragile-2", "kind": "text", "text": "hello"})
	wantSame(t, next(t, frames, "line").Line.shown(), "me: hello")
	wantSame(t, next(t, frames, "line").Line.shown(), "bot: you said hello")
}

func TestSession_Needed(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	for _, token := range []string{"", "x", strings.Repeat("A", 43), p.token + "A", p.token[:42]} {
		stranger := &page{t: t, base: p.base, client: p.client, token: token}
		for _, path := range []string{"/chat/history", "/chat/stream"} {
			r := stranger.try("GET", path, nil)
			if text := drain(r); r.StatusCode != http.StatusUnauthorized || strings.Contains(text, "lines") {
				t.Errorf("%s with token %q: %d %s", path, token, r.StatusCode, text)
			}
		}
		stranger.must(http.StatusUnauthorized, stranger.try("POST", "/chat/events", map[string]any{"id": "12345678", "kind": "text", "text": "x"}), nil)
	}
	// What is stored does not hold the token.
	if _, err := s.store.Session(t.Context(), p.token); err == nil {
		t.Error("the token itself is stored")
	}
	if a, b := s.page(t), s.page(t); a.token == b.token || len(a.token) != 43 {
		t.Errorf("tokens %q and %q", a.token, b.token)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo})
	p := s.page(t)
	p.say("my secret")
	frames, _ := p.watch(0)
	wantSame(t, next(t, frames, "line").Line.shown(), "me: my secret")
	next(t, frames, "line")
	person := s.core.handled()[0].From.ID
	if err := s.Forget(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	if f := next(t, frames, "line"); !f.Line.Cleared {
		t.Errorf("the open page was told %+v", f)
	}
	p.say("again")
	lines := p.history()
	if len(lines) != 3 || !lines[0].Cleared {
		t.Errorf("after forgetting there are %+v", lines)
	}
	if err := s.Forget(t.Context(), "nobody"); err != nil {
		t.Errorf("forget nobody: %v", err)
	}
}

func TestNew_Refuses(t *testing.T) {
	t.Parallel()
	store := &webchattest.MemoryStore{}
	for name, c := range map[string]struct {
		settings webchat.Settings
		options  webchat.Options
	}{
		"no store":            {webchat.Settings{}, webchat.Options{}},
		"a public path":       {webchat.Settings{PublicURL: "faq.example"}, webchat.Options{Store: store}},
		"any site":            {webchat.Settings{AllowedSites: []string{"*"}}, webchat.Options{Store: store}},
		"any subdomain":       {webchat.Settings{AllowedSites: []string{"https://*.example"}}, webchat.Options{Store: store}},
		"a page of a site":    {webchat.Settings{AllowedSites: []string{"https://a.example/shop"}}, webchat.Options{Store: store}},
		"a policy in a site":  {webchat.Settings{AllowedSites: []string{"https://a.example;script-src"}}, webchat.Options{Store: store}},
		"the origin null":     {webchat.Settings{AllowedSites: []string{"null"}}, webchat.Options{Store: store}},
		"a proxy without /":   {webchat.Settings{TrustedProxies: []string{"10.0.0.1"}}, webchat.Options{Store: store}},
		"a language unheard":  {webchat.Settings{Language: "!!"}, webchat.Options{Store: store}},
		"another file scheme": {webchat.Settings{AllowedSites: []string{"file:///x"}}, webchat.Options{Store: store}},
	} {
		if _, err := webchat.New(c.settings, c.options); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestHandler_KnowsItsPathsAlone(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := &page{t: t, base: s.server.URL, client: s.server.Client()}
	for path, status := range map[string]int{
		"/": 200, "/?lang=de": 200, "/widget.js": 200, "/chat/page.js": 200, "/chat/style.css": 200, "/chat/icon.svg": 200, "/chat/settings": 200,
		"/other": 404, "/chat/": 404, "/chat/../etc": 404, "/assets/page.html": 404, "/chat/session": 405, "/chat/events": 405,
	} {
		r := p.try("GET", path, nil)
		if drain(r); r.StatusCode != status {
			t.Errorf("GET %s: %d, want %d", path, r.StatusCode, status)
		}
	}
}

func TestRun_IsNeeded(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	if err := s.Run(t.Context(), s.core); err == nil {
		t.Error("it ran twice at once")
	}
	e := map[string]any{"id": "12345678", "kind": "text", "text": "x"}
	p.event(e)
	stopped, err := webchat.New(webchat.Settings{}, webchat.Options{Store: s.store})
	if err != nil {
		t.Fatal(err)
	}
	late := serve(t, stopped.Handler(), p)
	for method, path := range map[string]string{"POST": "/chat/events", "GET": "/chat/stream"} {
		r := late.try(method, path, e)
		if drain(r); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s %s without Run: %d", method, path, r.StatusCode)
		}
	}
}
