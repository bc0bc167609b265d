package webchat_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const greeting = "bot: Hello! I am a bot."

// small greets, and answers with a text and two buttons.
func small(e channel.Event) []channel.Message {
	buttons := []channel.Button{{Label: "That helped", Action: "helped"}, {Label: "Talk to a person", Action: "person"}}
	switch e.Kind {
	case channel.Arrived:
		return []channel.Message{{Content: channel.Parse("Hello! I am a **bot**.")}}
	case channel.Press:
		return []channel.Message{{Content: channel.PlainDocument("pressed " + e.Body)}}
	default:
		return []channel.Message{{Content: channel.PlainDocument("you said " + e.Body), Buttons: buttons}}
	}
}

func TestUse_KeyboardAlone(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	focused := func() string {
		return value[string](b, `(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || document.activeElement.id)`)
	}
	walk := func(to string, modifiers ...chromedp.Modifier) {
		t.Helper()
		for range 20 {
			if strings.HasPrefix(focused(), to) {
				return
			}
			b.keys(kb.Tab, modifiers...)
		}
		t.Fatalf("Tab does not lead to %q", to)
	}
	walk("fq-input")
	b.keys("line one")
	b.keys(kb.Enter, chromedp.ModifierShift)
	b.keys("line two")
	b.keys(kb.Enter)
	b.awaitLines(greeting, "me: line one\nline two", "bot: you said line one\nline two")
	wantSame(t, focused(), "fq-input")
	walk("That helped", chromedp.ModifierShift)
	b.keys(kb.Enter)
	b.awaitLines(greeting, "me: line one\nline two", "bot: you said line one\nline two", "me: That helped", "bot: pressed helped")
	wantSame(t, focused(), "That helped (chosen)")
	b.keys(" ") // pressed again, it does nothing
	walk("Talk to a person")
	b.keys(" ")
	b.awaitLines(greeting, "me: line one\nline two", "bot: you said line one\nline two", "me: That helped", "bot: pressed helped",
		"me: Talk to a person", "bot: pressed person")
	wantSame(t, s.core.bodies(), []string{"arrived", "text  line one\nline two", "press  helped", "press  person"})
	if ring := value[string](b, `getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth`); ring != "solid3px" {
		t.Errorf("the focus is shown as %q", ring)
	}
}

func TestUse_ReloadAndTwoTabs(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	b.say("one")
	b.awaitLines(greeting, "me: one", "bot: you said one")
	b.click("That helped")
	want := []string{greeting, "me: one", "bot: you said one", "me: That helped", "bot: pressed helped"}
	b.awaitLines(want...)
	b.do(chromedp.Reload())
	b.awaitLines(want...)
	wantSame(t, value[[]string](b, `[...chat.querySelectorAll('.fq-choice')].map((e) => e.textContent + (e.ariaDisabled || ''))`),
		[]string{"That helped (chosen)true", "Talk to a person"})
	second := b.another()
	second.visit(s.server.URL)
	second.awaitLines(want...)
	second.say("two")
	b.say("three")
	second.await("both", `chat.querySelectorAll('.fq-line').length == 9`)
	b.await("both", `chat.querySelectorAll('.fq-line').length == 9`)
	first := b.lines()
	wantSame(t, second.lines(), first)
	b.do(chromedp.Reload())
	b.awaitLines(first...)
	arrived := 0
	for _, e := range s.core.handled() {
		if e.Kind == channel.Arrived {
			arrived++
		}
	}
	wantSame(t, arrived, 1)
}

// A server that goes, with what was said meanwhile on both sides, and comes back at the same address.
func TestUse_ServerRestarts(t *testing.T) {
	b := browser(t)
	store := &webchattest.MemoryStore{}
	s := open(t, siteOptions{script: small, options: webchat.Options{Store: store}})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	b.say("before")
	b.awaitLines(greeting, "me: before", "bot: you said before")
	to, addr := s.core.handled()[0].Address, s.server.Listener.Addr().String()
	s.stop()
	b.say("while it is away")
	b.say("and more")
	if _, err := s.Send(t.Context(), channel.Message{ID: "other", To: to, Content: channel.PlainDocument("from another replica")}); err != nil {
		t.Fatal(err)
	}
	b.await("word of what was not sent", `chat.querySelectorAll('.fq-retry').length == 2`)
	b.await("a banner", `chat.querySelector('.fq-banner').textContent.startsWith('Connecting')`)
	b.shoot("not-sent")
	s = open(t, siteOptions{script: small, addr: addr, options: webchat.Options{Store: store}})
	b.click("Try again")
	want := []string{greeting, "me: before", "bot: you said before", "bot: from another replica",
		"me: while it is away", "bot: you said while it is away", "me: and more", "bot: you said and more"}
	b.awaitLines(want...)
	b.await("no banner", `chat.querySelector('.fq-banner').textContent === '' && !chat.querySelector('.fq-failed, .fq-retry')`)
	b.do(chromedp.Reload())
	b.awaitLines(want...)
	wantSame(t, s.core.bodies(), []string{"text  while it is away", "text  and more"})
}

// Streams that are cut again and again lose and double nothing.
func TestUse_ConnectionsCut(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	to := s.core.handled()[0].Address
	want := []string{greeting}
	for i := range 6 {
		s.server.CloseClientConnections()
		if _, err := s.Send(t.Context(), channel.Message{ID: fmt.Sprint("m", i), To: to, Content: channel.PlainDocument(fmt.Sprint("line ", i))}); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprint("bot: line ", i))
		time.Sleep(300 * time.Millisecond)
	}
	b.awaitLines(want...)
}

func TestUse_Offline(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	offline := func(yes bool) {
		var n network.EmulateNetworkConditionsByRuleParams
		n.MatchedNetworkConditions = []*network.Conditions{{Offline: yes, DownloadThroughput: -1, UploadThroughput: -1}}
		call(b, network.EmulateNetworkConditionsByRule, n)
		call(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: yes, DownloadThroughput: -1, UploadThroughput: -1})
	}
	offline(true)
	b.await("the banner", `chat.querySelector('.fq-banner').textContent.startsWith('You are offline')`)
	b.say("from a tunnel")
	b.await("the line", `chat.querySelectorAll('.fq-me').length == 1`)
	b.shoot("offline")
	offline(false)
	b.awaitLines(greeting, "me: from a tunnel", "bot: you said from a tunnel")
	b.await("no banner", `chat.querySelector('.fq-banner').textContent === ''`)
}

// What the server could not store yet is sent after a reload, once.
func TestUse_UnsentSurvivesReload(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	s.core.mu.Lock()
	s.core.fail = 1_000_000
	s.core.mu.Unlock()
	b.say("precious")
	b.awaitLines(greeting, "me: precious")
	b.do(chromedp.Reload())
	b.awaitLines(greeting, "me: precious")
	s.core.mu.Lock()
	s.core.fail = 0
	s.core.mu.Unlock()
	b.awaitLines(greeting, "me: precious", "bot: you said precious")
	b.do(chromedp.Reload())
	b.awaitLines(greeting, "me: precious", "bot: you said precious")
	wantSame(t, s.core.bodies(), []string{"arrived", "text  precious"})
}

func TestUse_TooFast(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small, options: webchat.Options{Rates: webchat.Rates{Events: 90, EventsBurst: 3}}})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	for i := range 6 {
		b.say(fmt.Sprint(i))
	}
	b.await("six answers", `chat.querySelectorAll('.fq-bot').length == 7`)
	wantSame(t, s.core.bodies(), []string{"arrived", "text  0", "text  1", "text  2", "text  3", "text  4", "text  5"})
	if n := value[int](b, `chat.querySelectorAll('.fq-failed').length`); n != 0 {
		t.Errorf("%d lines count as failed", n)
	}
}

// A server that knows the page no more (its store is new) gives it a new conversation, and what was typed goes there.
func TestUse_SessionIsGone(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	b.say("old")
	b.awaitLines(greeting, "me: old", "bot: you said old")
	addr := s.server.Listener.Addr().String()
	s.stop()
	s = open(t, siteOptions{script: small, addr: addr})
	b.awaitLines(greeting)
	b.say("new")
	b.awaitLines(greeting, "me: new", "bot: you said new")
	wantSame(t, s.core.bodies(), []string{"arrived", "text  new"})
}

func TestUse_EditTypingForget(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small, settings: webchat.Settings{Notice: func(context.Context) string { return "Sample <b>answers</b>" }}})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	wantSame(t, value[string](b, `chat.querySelector('.fq-notice').textContent`), "Sample <b>answers</b>")
	to := s.core.handled()[0].Address
	if err := s.Typing(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	b.await("dots, and words for them", `!chat.querySelector('.fq-typing').hidden && [...chat.querySelectorAll('[role=status]')].some((e) => e.textContent === 'An answer is being written')`)
	first, err := s.Send(t.Context(), channel.Message{ID: "m1", To: to, Content: channel.PlainDocument("You are number 5.")})
	if err != nil {
		t.Fatal(err)
	}
	b.awaitLines(greeting, "bot: You are number 5.")
	b.await("no dots", `chat.querySelector('.fq-typing').hidden`)
	if _, err := s.Send(t.Context(), channel.Message{ID: "m2", To: to, Content: channel.PlainDocument("You are next."), Replaces: first}); err != nil {
		t.Fatal(err)
	}
	b.awaitLines(greeting, "bot: You are next.")
	b.do(chromedp.Reload())
	b.awaitLines(greeting, "bot: You are next.")
	if err := s.Forget(t.Context(), channel.PersonID(to.Chat)); err != nil {
		t.Fatal(err)
	}
	b.awaitLines()
	b.say("again")
	b.awaitLines("me: again", "bot: you said again")
	typed := func() []channel.Address {
		s.core.mu.Lock()
		defer s.core.mu.Unlock()
		return slices.Clone(s.core.typed)
	}
	for start := time.Now(); len(typed()) == 0 && time.Since(start) < 25*time.Second; time.Sleep(30 * time.Millisecond) {
	}
	wantSame(t, typed(), []channel.Address{to}) // once, however many keys
}

func TestUse_HostileTexts(t *testing.T) {
	b := browser(t)
	hostile := `<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> &amp; **x** <a href=javascript:window.hurt=1>y</a>`
	s := open(t, siteOptions{settings: webchat.Settings{BusinessName: hostile}, script: func(e channel.Event) []channel.Message {
		if e.Kind == channel.Arrived {
			return nil
		}
		return []channel.Message{{Content: channel.PlainDocument(e.Body), Buttons: []channel.Button{{Label: hostile[:70], Action: hostile[:60]}, {Label: "js", URL: "javascript:window.hurt=1"}}}}
	}})
	b.visit(s.server.URL)
	b.say(hostile)
	b.awaitLines("me: "+hostile, "bot: "+hostile)
	wantSame(t, value[string](b, `chat.querySelector('.fq-name').textContent`), hostile)
	b.click(hostile[:70])
	b.await("the press", `chat.querySelectorAll('.fq-me').length == 2`)
	if value[bool](b, `'hurt' in window`) {
		t.Error("a text ran as a script")
	}
}

func TestWidget(t *testing.T) {
	b := browser(t)
	shopSite := host(t)
	s := open(t, siteOptions{script: small, settings: webchat.Settings{BusinessName: "Juniper", AllowedSites: []string{shopSite.URL}}})
	at := shopSite.URL + "/?script=" + url.QueryEscape(`<script src="`+s.server.URL+`/widget.js" async data-name="Ada"></script>`) +
		"&policy=" + url.QueryEscape("default-src 'none'; style-src data:; script-src "+s.server.URL+"; connect-src "+s.server.URL+"; img-src data:")
	b.visit(at)
	b.await("the button", `chat.querySelector('.fq-launcher')`)
	if events := s.core.bodies(); len(events) > 0 {
		t.Errorf("a page that nobody asked for told of %q", events)
	}
	if size := value[string](b, `getComputedStyle(chat.querySelector('.fq-launcher')).width + getComputedStyle(chat.querySelector('.fq-launcher')).letterSpacing`); size != "60pxnormal" {
		t.Errorf("the button has no style under the site's own policy, or takes over the site's: %s", size)
	}
	focus := func() string {
		return value[string](b, `(() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e.getAttribute('aria-label') || e.id || e.tagName; })()`)
	}
	for i := 0; i < 10 && focus() != "Open the chat"; i++ {
		b.keys(kb.Tab)
	}
	b.keys(kb.Enter)
	b.awaitLines(greeting)
	wantSame(t, focus(), "fq-input")
	b.keys("hello")
	b.keys(kb.Enter)
	b.awaitLines(greeting, "me: hello", "bot: you said hello")
	wantSame(t, s.core.handled()[1].From.Name, "Ada")
	b.keys(kb.Escape)
	wantSame(t, focus(), "Open the chat")
	// An answer that comes while the panel is closed is counted on the button.
	if _, err := s.Send(t.Context(), channel.Message{ID: "m1", To: s.core.handled()[0].Address, Content: channel.PlainDocument("A person is here.")}); err != nil {
		t.Fatal(err)
	}
	b.await("a count", `chat.querySelector('.fq-badge').textContent === '1'`)
	wantSame(t, focus(), "Open the chat (New messages: 1)")
	// On the next page of the site it is the same conversation, also counted before it is opened.
	b.visit(at + "&page=2")
	b.await("the count", `chat.querySelector('.fq-badge')?.textContent === '1'`)
	b.click("Open the chat (New messages: 1)")
	b.awaitLines(greeting, "me: hello", "bot: you said hello", "bot: A person is here.")
	b.visit(at + "&page=3")
	b.await("the open panel", `chat.querySelector('.fq-panel') && !chat.querySelector('.fq-panel').hidden`)
	b.awaitLines(greeting, "me: hello", "bot: you said hello", "bot: A person is here.")
	if keys := value[[]string](b, `Object.keys(localStorage)`); !slices.ContainsFunc(keys, func(k string) bool { return strings.HasSuffix(k, ":token") }) {
		t.Errorf("the site's storage holds %q", keys)
	}
	wantSame(t, value[string](b, `document.cookie`), "")
}

func TestWidget_NotAllowed(t *testing.T) {
	b := browser(t)
	b.expected = "blocked by CORS policy"
	s := open(t, siteOptions{script: small, settings: webchat.Settings{AllowedSites: []string{"https://shop.example"}}})
	stranger := host(t)
	b.visit(stranger.URL + "/?script=" + url.QueryEscape(`<script src="`+s.server.URL+`/widget.js" async></script>`))
	b.await("the script", `window.faqbotWidget`)
	time.Sleep(500 * time.Millisecond)
	if value[bool](b, `Boolean(document.querySelector('.faqbot'))`) {
		t.Error("the chat is shown on a site that is not allowed")
	}
	// Nor can that site's own script use the protocol.
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`fetch('`+s.server.URL+`/chat/session', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}).then((r) => r.text(), (e) => 'refused')`, chromedp.EvalAwaitPromise))
	if err != nil || got != "refused" {
		t.Errorf("the site got %q (%v)", got, err)
	}
	wantSame(t, s.core.bodies(), []string{})
}

// host is a page of another site: it holds what its "script" parameter says, under the policy that "policy" says.
func host(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if policy := r.URL.Query().Get("policy"); policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
<link rel="stylesheet" href="data:text/css,html{font-size:62.5%25} *{letter-spacing:.05em} button{background:red!important;border-radius:0} p{color:purple;margin:3em} body{font:18px serif} div{display:none}">
<h1>A shop with a style of its own</h1><p>Some text. <a href="/" id="link">A link</a></p><button id="own">Own button</button>` + r.URL.Query().Get("script") + `</html>`))
	}))
	t.Cleanup(server.Close)
	return server
}
