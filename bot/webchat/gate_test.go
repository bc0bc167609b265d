package webchat_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"faqbot/bot/webchat"
)

func TestOrigins(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{settings: webchat.Settings{
		PublicURL: "https://faq.example/chat", AllowedSites: []string{"https://Shop.example/", "http://localhost:3000", "https://other.example:443"},
	}})
	p := s.page(t)
	for origin, want := range map[string]struct {
		status int
		allow  string
	}{
		"https://shop.example":           {200, "https://shop.example"},
		"http://localhost:3000":          {200, "http://localhost:3000"},
		"https://other.example":          {200, "https://other.example"},
		"https://faq.example":            {200, ""},
		s.server.URL:                     {200, ""},
		"":                               {200, ""},
		"http://shop.example":            {403, ""},
		"https://shop.example:8443":      {403, ""},
		"https://evil.shop.example":      {403, ""},
		"https://shop.example.evil":      {403, ""},
		"https://shop.example@evil":      {403, ""},
		"null":                           {403, ""},
		"https://evil.example":           {403, ""},
		"https://SHOP.example, x":        {403, ""},
		"*":                              {403, ""},
		"https://localhost:3000":         {403, ""},
		"https://evil.example/" + p.base: {403, ""},
	} {
		for _, path := range []string{"/chat/history", "/chat/settings"} {
			asked := *p
			asked.origin = origin
			r := asked.try("GET", path, nil)
			drain(r)
			if r.StatusCode != want.status || r.Header.Get("Access-Control-Allow-Origin") != want.allow {
				t.Errorf("%s from %q: %d, allowed %q; want %d, %q", path, origin, r.StatusCode, r.Header.Get("Access-Control-Allow-Origin"), want.status, want.allow)
			}
			if r.Header.Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(r.Header.Get("Vary"), "Origin") {
				t.Errorf("%s from %q has headers %v", path, origin, r.Header)
			}
		}
		asked := &page{t: t, base: p.base, client: p.client, origin: origin}
		r := asked.try("POST", "/chat/session", map[string]any{})
		if drain(r); (r.StatusCode == 403) != (want.status == 403) {
			t.Errorf("a session from %q: %d", origin, r.StatusCode)
		}
		before := asked.try("OPTIONS", "/chat/events", nil)
		if drain(before); (before.StatusCode == 204) != (want.status == 200) || (before.Header.Get("Access-Control-Allow-Headers") != "") != (want.status == 200) {
			t.Errorf("the question before, from %q: %d %v", origin, before.StatusCode, before.Header)
		}
	}
	r := p.request("GET", "/chat/history", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	p.must(http.StatusForbidden, response, nil)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{settings: webchat.Settings{AllowedSites: []string{"https://shop.example"}}})
	closed := open(t, siteOptions{})
	p := s.page(t)
	r := p.try("GET", "/", nil)
	body := drain(r)
	policy := r.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'self' https://shop.example", "base-uri 'none'", "trusted-types faqbot"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy %q is unsafe", policy)
	}
	if strings.Contains(body, "<style") || strings.Contains(body, "<script>") || strings.Contains(body, " on") && strings.Contains(body, "onload=") {
		t.Error("the page has inline script or style")
	}
	if alone := (&page{t: t, base: closed.server.URL, client: p.client}).try("GET", "/", nil); true {
		drain(alone)
		if !strings.Contains(alone.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || alone.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("a page for itself may be framed: %v", alone.Header)
		}
	}
	for _, path := range []string{"/", "/widget.js", "/chat/page.js", "/chat/style.css", "/chat/settings", "/chat/history"} {
		r := p.try("GET", path, nil)
		drain(r)
		if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s lacks headers: %v", path, r.Header)
		}
	}
	if r := p.try("GET", "/chat/history", nil); drain(r) == "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a conversation may be kept: %v", r.Header)
	}
	script := p.try("GET", "/widget.js", nil)
	drain(script)
	if script.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("other sites cannot load the script: %v", script.Header)
	}
	again := p.request("GET", "/widget.js", nil)
	again.Header.Set("If-None-Match", script.Header.Get("ETag"))
	response, err := p.client.Do(again)
	if err != nil {
		t.Fatal(err)
	}
	p.must(http.StatusNotModified, response, nil)
}

func TestPage_Language(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{settings: webchat.Settings{BusinessName: `<b>"Ada" & Co</b>`, Language: "de"}})
	p := &page{t: t, base: s.server.URL, client: s.server.Client()}
	for asked, want := range map[string]string{
		"": "de", "en-GB": "en", "pt-PT,en": "pt", "ar-EG": "ar", "ja, hi;q=0.5": "hi", "ja": "de", strings.Repeat("xx,", 500): "de", "\xff;;;": "de",
	} {
		r := p.request("GET", "/", nil)
		r.Header["Accept-Language"] = []string{strings.ReplaceAll(asked, "\xff", "?")}
		response, err := p.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body := drain(response)
		if !strings.Contains(body, `<html lang="`+want+`"`) || strings.Contains(body, `dir="rtl"`) != (want == "ar") {
			t.Errorf("asked for %.20q, got %.80q", asked, body)
		}
		if strings.Contains(body, "<b>") {
			t.Error("the name of the business is markup")
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{options: webchat.Options{Rates: webchat.Rates{
		Events: 60, EventsBurst: 3, Requests: 60, RequestsBurst: 40, Sessions: 60, SessionsBurst: 2,
	}}})
	p := s.page(t)
	status := func(method, path string, body any, header ...string) (int, string) {
		t.Helper()
		r := p.request(method, path, body)
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		response, err := p.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		drain(response)
		return response.StatusCode, response.Header.Get("Retry-After")
	}
	for i := range 4 {
		got, after := status("POST", "/chat/events", map[string]any{"id": p.id(), "kind": "text", "text": "x"})
		if want := map[bool]int{true: 200, false: 429}[i < 3]; got != want || (after == "1") != (i == 3) {
			t.Errorf("event %d: %d, to wait %q", i, got, after)
		}
	}
	if got, _ := status("POST", "/chat/session", "{}"); got != 201 {
		t.Errorf("second session: %d", got)
	}
	if got, after := status("POST", "/chat/session", "{}"); got != 429 || after == "" {
		t.Errorf("third session: %d", got)
	}
	// Behind a proxy of ours it is the visitor's address that counts, and nothing that the visitor adds before it.
	for i, client := range []string{"203.0.113.5", "203.0.113.6", "10.1.1.1, 203.0.113.7", "203.0.113.8, 10.1.1.1", "2001:db8::1"} {
		if got, _ := status("POST", "/chat/session", "{}", "X-Forwarded-For", client); got != 201 {
			t.Errorf("a session by proxy %d: %d", i, got)
		}
	}
	for i := range 3 {
		got, _ := status("POST", "/chat/session", "{}", "X-Forwarded-For", "198.51.100."+string(rune('1'+i))+", 203.0.113.5")
		if (got == 201) != (i == 0) {
			t.Errorf("a session under a false name %d: %d", i, got)
		}
	}
	if got, _ := status("POST", "/chat/session", "{}", "X-Forwarded-For", "2001:db8::2"); got != 201 {
		t.Errorf("the second of one household: %d", got)
	}
	if got, _ := status("POST", "/chat/session", "{}", "X-Forwarded-For", "2001:db8::3"); got != 429 {
		t.Errorf("the third of one household: %d", got)
	}
	refused := false
	for range 60 {
		got, _ := status("GET", "/chat/settings", nil)
		refused = refused || got == 429
	}
	if !refused {
		t.Error("requests of one address are not counted")
	}
}

// What is logged names nobody's words and no token.
func TestLog_HoldsNoSecrets(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(writer(func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(b)
	}), nil))
	s := open(t, siteOptions{options: webchat.Options{Logger: logger}})
	p := s.page(t)
	s.core.mu.Lock()
	s.core.fail = 1
	s.core.mu.Unlock()
	drain(p.try("POST", "/chat/events", map[string]any{"id": "secret-id-1", "kind": "text", "text": "my secret", "name": "Ada"}))
	drain(p.try("POST", "/chat/events", `{"text":"my secret`))
	s.stop()
	mu.Lock()
	defer mu.Unlock()
	text := log.String()
	if !strings.Contains(text, "the disk is full") {
		t.Errorf("the failure is not in the log: %q", text)
	}
	for _, secret := range []string{p.token, "my secret", "Ada"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q: %s", secret, text)
		}
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
