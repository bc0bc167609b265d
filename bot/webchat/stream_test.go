package webchat_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"
)

func TestStream(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo, settings: webchat.Settings{Notice: func(context.Context) string { return "sample <b>" }}})
	p := s.page(t)
	first, _ := p.watch(0)
	second, _ := p.watch(0)
	if f := next(t, first, "hello"); f.Data != `{"notice":"sample <b>"}` || f.ID != "" {
		t.Errorf("hello is %+v", f)
	}
	p.say("one")
	for _, frames := range []<-chan frame{first, second} { // both tabs see both sides
		mine := next(t, frames, "line")
		wantSame(t, mine.Line.shown()+" "+mine.ID+" "+mine.Line.ID, "me: one 1 page-00000001")
		wantSame(t, next(t, frames, "line").Line.shown(), "bot: you said one")
	}
	if err := s.Typing(t.Context(), s.core.handled()[0].Address); err != nil {
		t.Fatal(err)
	}
	next(t, first, "typing")
	next(t, second, "typing")
}

func TestStream_ResumesWhereItWas(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo})
	p := s.page(t)
	frames, cut := p.watch(0)
	p.say("one")
	next(t, frames, "line")
	last := next(t, frames, "line")
	cut()
	for i := range 150 { // more than one page of the store, while nobody looks
		p.say(fmt.Sprint("lost ", i))
	}
	var n int64
	_, _ = fmt.Sscan(last.ID, &n)
	frames, _ = p.watch(n)
	for i := range 150 {
		wantSame(t, next(t, frames, "line").Line.shown(), fmt.Sprint("me: lost ", i))
		wantSame(t, next(t, frames, "line").Line.shown(), fmt.Sprint("bot: you said lost ", i))
	}
	p.say("now")
	wantSame(t, next(t, frames, "line").Line.shown(), "me: now")
	wantSame(t, len(p.history()), 304)
	// A place that makes no sense is the beginning.
	r := p.request("GET", "/chat/stream", nil)
	r.Header.Set("Last-Event-ID", "-7 or '1'='1'")
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 200)
	_, _ = response.Body.Read(buffer)
	response.Body.Close()
	wantSame(t, response.StatusCode, http.StatusOK)
}

func TestStream_NobodyConnectedAndARestart(t *testing.T) {
	t.Parallel()
	store := &webchattest.MemoryStore{}
	s := open(t, siteOptions{options: webchat.Options{Store: store}})
	p := s.page(t)
	p.say("hi")
	frames, _ := p.watch(0)
	next(t, frames, "line")
	to := s.core.handled()[0].Address
	s.stop()
	for range frames { // the server has ended the stream
	}
	// The restarted process sends what was due while the page is away.
	again := open(t, siteOptions{options: webchat.Options{Store: store}})
	for _, m := range []string{"m1", "m2", "m1"} {
		if _, err := again.Send(t.Context(), channel.Message{ID: m, To: to, Content: channel.PlainDocument("later " + m)}); err != nil {
			t.Fatal(err)
		}
	}
	back := &page{t: t, base: again.server.URL, client: again.server.Client(), token: p.token}
	frames, _ = back.watch(1)
	wantSame(t, next(t, frames, "line").Line.shown(), "bot: later m1")
	wantSame(t, next(t, frames, "line").Line.shown(), "bot: later m2")
	wantSame(t, texts(back.history()), []string{"me: hi", "bot: later m1", "bot: later m2"})
}

func TestStream_AnotherProcessAppends(t *testing.T) {
	t.Parallel()
	notices := make(chan channel.ChatID)
	for name, options := range map[string]webchat.Options{
		"found by looking": {},
		"by notice":        {Notices: notices, Poll: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options.Store = &webchattest.MemoryStore{}
			s := open(t, siteOptions{options: options})
			p := s.page(t)
			p.say("hi")
			frames, _ := p.watch(0)
			next(t, frames, "line")
			to := s.core.handled()[0].Address
			replica, err := webchat.New(webchat.Settings{}, webchat.Options{Store: options.Store})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := replica.Send(t.Context(), channel.Message{ID: "m1", To: to, Content: channel.PlainDocument("from afar")}); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			if options.Notices != nil {
				notices <- to.Chat
			}
			wantSame(t, next(t, frames, "line").Line.shown(), "bot: from afar")
			if took := time.Since(start); took > time.Second {
				t.Errorf("it took %v", took)
			}
			if options.Notices != nil {
				if _, err := replica.Send(t.Context(), channel.Message{ID: "m2", To: to, Content: channel.PlainDocument("again")}); err != nil {
					t.Fatal(err)
				}
				notices <- "" // everyone
				wantSame(t, next(t, frames, "line").Line.shown(), "bot: again")
				close(notices)
			}
		})
	}
}

func TestStream_Bounds(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{options: webchat.Options{Bounds: webchat.Bounds{Streams: 5, StreamsPerVisitor: 2}}})
	p := s.page(t)
	oldest, _ := p.watch(0)
	next(t, oldest, "hello")
	for range 2 {
		frames, _ := p.watch(0)
		next(t, frames, "hello")
	}
	next(t, oldest, "elsewhere")
	if _, open := <-oldest; open {
		t.Error("the oldest stream goes on")
	}
	for range 3 {
		frames, _ := s.page(t).watch(0)
		next(t, frames, "hello")
	}
	response := p.try("GET", "/chat/stream", nil)
	if drain(response); response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("the sixth stream: %d", response.StatusCode)
	}
}

func TestStream_OthersSeeNothing(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo, options: webchat.Options{Poll: 20 * time.Millisecond}})
	p, stranger := s.page(t), s.page(t)
	frames, _ := stranger.watch(0)
	next(t, frames, "hello")
	p.say("mine")
	stranger.say("theirs")
	wantSame(t, next(t, frames, "line").Line.shown(), "me: theirs")
	wantSame(t, texts(stranger.history()), []string{"me: theirs", "bot: you said theirs"})
}

// A stranger's text that looks like a frame stays a text.
func TestStream_HostileText(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{script: echo})
	p := s.page(t)
	frames, _ := p.watch(0)
	hostile := "x\n\nevent: line\nid: 99\ndata: {\"n\":99}\n\n<script>alert(1)</script>\u2028"
	p.say(hostile)
	f := next(t, frames, "line")
	wantSame(t, f.Line.shown()+f.ID, "me: "+hostile+"1")
	f = next(t, frames, "line")
	if f.ID != "2" || strings.Contains(f.Line.HTML, "<script") {
		t.Errorf("the answer is %+v", f)
	}
}

func TestStream_OutlivesTheServersTimeouts(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	server := httptest.NewUnstartedServer(s.Handler())
	server.Config.ReadTimeout, server.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	p := s.page(t)
	behind := &page{t: t, base: server.URL, client: server.Client(), token: p.token}
	frames, stop := behind.watch(0)
	defer stop()
	next(t, frames, "hello")
	time.Sleep(600 * time.Millisecond)
	p.say("late")
	wantSame(t, next(t, frames, "line").Line.shown(), "me: late")
}
