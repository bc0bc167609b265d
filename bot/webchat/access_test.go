package webchat_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// contrasts lists every visible text whose colour stands out too little from what is behind it: under 4.5 to 1 (WCAG 2.2, 1.4.3), and
// every edge of a control under 3 to 1 (1.4.11).
const contrasts = `(() => {
	const channels = (c) => (c.match(/[\d.]+/g) || []).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
	const parent = (e) => e.parentElement || e.getRootNode().host || null;
	const behind = (e) => {
		for (; e; e = parent(e)) {
			const c = channels(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] === 1) return c;
		}
		return [255, 255, 255];
	};
	const bad = [];
	let seen = 0;
	for (const e of chat.querySelectorAll('.fq-chat *')) {
		const box = e.getBoundingClientRect();
		const style = getComputedStyle(e);
		if (box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue;
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
		if (own || e.tagName === 'svg') {
			seen += 1;
			const r = ratio(channels(style.color), behind(e));
			if (r < 4.5) bad.push(e.className + ' ' + (e.textContent.slice(0, 30) || e.tagName) + ' ' + r.toFixed(2));
		}
		if (e.placeholder) {
			const r = ratio(channels(getComputedStyle(e, '::placeholder').color), behind(e));
			if (r < 4.5) bad.push('placeholder ' + r.toFixed(2));
		}
		if ((e.matches('.fq-choice') && !e.matches('.fq-chosen')) || e.matches('.fq-field, .fq-retry')) {
			const r = ratio(channels(style.borderTopColor), behind(parent(e)));
			if (r < 3) bad.push('edge of ' + e.className + ' ' + r.toFixed(2));
		}
	}
	if (seen < 10) bad.push('only ' + seen + ' texts were looked at');
	return bad;
})()`

// nameless lists controls and regions that a screen reader has no name for.
const nameless = `[...chat.querySelectorAll('button, a[href], textarea, input, [role=log], [role=dialog], [role=group], section, [tabindex="0"]')]
	.filter((e) => e.getClientRects().length > 0)
	.filter((e) => !(e.getAttribute('aria-label') || e.textContent).trim() && !e.labels?.[0]?.textContent.trim())
	.map((e) => e.outerHTML.slice(0, 120))`

// small targets: WCAG 2.2, 2.5.8 wants 24 by 24 pixels; links inside a text are excepted.
const smallTargets = `[...chat.querySelectorAll('button, .fq-choice, textarea')].map((e) => [e, e.getBoundingClientRect()])
	.filter(([, r]) => r.width > 0 && (r.width < 24 || r.height < 24)).map(([e]) => e.outerHTML.slice(0, 120))`

func TestAccess(t *testing.T) {
	b := browser(t)
	shopSite := host(t)
	s := open(t, siteOptions{script: func(e channel.Event) []channel.Message {
		if e.Kind == channel.Text {
			return []channel.Message{{
				Content: channel.Parse("# Title\n\nA [link](https://x.example), `code`, **strong**\n\n> quote\n\n1. item\n\n```\nblock\n```"),
				Buttons: []channel.Button{{Label: "Yes", Action: "y"}, {Label: "No", Action: "n"}, {Label: "Page", URL: "https://x.example"}},
			}}
		}
		return small(e)
	}, settings: webchat.Settings{AllowedSites: []string{shopSite.URL}, Notice: func(context.Context) string { return "Sample answers." }}})
	check := func(where string) {
		t.Helper()
		for _, scheme := range []string{"light", "dark"} {
			b.media("prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce")
			b.await("the colours", `matchMedia('(prefers-color-scheme: `+scheme+`)').matches`)
			for _, bad := range value[[]string](b, contrasts) {
				t.Errorf("%s, %s: too little contrast: %s", where, scheme, bad)
			}
		}
		for _, bad := range value[[]string](b, nameless) {
			t.Errorf("%s: no name: %s", where, bad)
		}
		for _, bad := range value[[]string](b, smallTargets) {
			t.Errorf("%s: too small to hit: %s", where, bad)
		}
	}
	b.media("prefers-reduced-motion", "reduce")
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	b.say("show me")
	b.await("an answer", `chat.querySelectorAll('.fq-bot').length == 2`)
	b.click("Yes")
	b.await("thanks", `chat.querySelectorAll('.fq-bot').length == 3`)
	s.core.mu.Lock()
	s.core.fail = 1_000_000
	s.core.mu.Unlock()
	b.say(strings.Repeat("x", 10))
	b.await("the line", `chat.querySelectorAll('.fq-me').length == 3`)
	value[bool](b, `(chat.querySelector('.fq-banner').textContent = 'Connecting', true)`)
	check("page")
	wantSame(t, value[string](b, `document.documentElement.lang + document.querySelectorAll('h1').length + document.querySelectorAll('main').length + document.title`), "en11Chat")
	log := value[string](b, `(() => { const l = chat.querySelector('[role=log]'); return [l.getAttribute('aria-live'), l.getAttribute('aria-busy'), l.tabIndex].join(' '); })()`)
	wantSame(t, log, "polite false 0")
	// The order of Tab: the conversation, what is in it, the field, the button that sends.
	var order []string
	for len(order) < 7 {
		b.keys(kb.Tab)
		at := value[string](b, `(document.activeElement.getAttribute('aria-label') || document.activeElement.id || document.activeElement.textContent)`)
		if at == "Conversation" || len(order) > 0 {
			order = append(order, at)
		}
	}
	wantSame(t, order, []string{"Conversation", "link (opens in a new tab)", "Yes (chosen)", "No", "Page (opens in a new tab)", "fq-input", "Send"})
	if n := value[float64](b, `parseFloat(getComputedStyle(chat.querySelector('.fq-input')).fontSize)`); n < 16 {
		t.Errorf("the field's text is %v px: a phone zooms into it", n)
	}
	// Text at twice its size, on the smallest screen.
	b.do(chromedp.EmulateViewport(320, 568))
	value[bool](b, `(document.documentElement.style.fontSize = '32px', true)`)
	if over := value[int](b, `document.documentElement.scrollWidth - 320`); over > 0 {
		t.Errorf("at twice the size the page is %d px too wide", over)
	}
	b.shoot("large-text")

	b.do(chromedp.EmulateViewport(1000, 800))
	b.visit(shopSite.URL + "/?script=" + url.QueryEscape(`<script src="`+s.server.URL+`/widget.js" async></script>`))
	b.await("the button", `chat.querySelector('.fq-launcher')`)
	b.click("Open the chat")
	s.core.mu.Lock()
	s.core.fail = 0
	s.core.mu.Unlock()
	b.awaitLines(greeting)
	b.say("show me")
	b.await("an answer", `chat.querySelectorAll('.fq-bot').length == 2`)
	check("widget")
	// Over the whole of a small screen the panel keeps the focus.
	b.do(chromedp.EmulateViewport(360, 640))
	b.keys(kb.Escape)
	b.click("Open the chat")
	for range 12 {
		b.keys(kb.Tab)
		if !value[bool](b, `document.activeElement.classList.contains('faqbot')`) {
			t.Fatal("Tab leads out of a panel that covers everything")
		}
	}
}

func TestAccess_RightToLeft(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL + "/?lang=ar")
	b.awaitLines(greeting)
	b.say("مرحبا")
	b.await("an answer", `chat.querySelectorAll('.fq-bot').length == 2`)
	wantSame(t, value[string](b, `document.documentElement.dir + ' ' + chat.querySelector('.fq-chat').dir`), "rtl rtl")
	sides := value[[]bool](b, `['.fq-me .fq-bubble', '.fq-bot .fq-bubble', '.fq-send'].map((q) => {
		const r = chat.querySelector(q).getBoundingClientRect();
		return r.left + r.width / 2 < innerWidth / 2;
	})`)
	wantSame(t, sides, []bool{true, false, true})
	wantSame(t, s.core.handled()[0].From.Locale, "ar")
}

func TestAccess_NoMotion(t *testing.T) {
	b := browser(t)
	b.media("prefers-reduced-motion", "reduce")
	s := open(t, siteOptions{script: small})
	b.visit(s.server.URL)
	b.awaitLines(greeting)
	moving := value[[]string](b, `[...chat.querySelectorAll('*')].filter((e) => getComputedStyle(e).animationName !== 'none' && !e.matches('.fq-late')
		|| parseFloat(getComputedStyle(e).transitionDuration) > 0).map((e) => e.className)`)
	wantSame(t, moving, []string{})
}
