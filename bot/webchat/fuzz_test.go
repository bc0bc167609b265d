package webchat_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"
)

// FuzzPost sends any body to the protocol: it never panics, what it answers is one of the known answers, and what the core gets is
// within its bounds.
func FuzzPost(f *testing.F) {
	for _, seed := range []string{
		`{"id":"12345678","kind":"text","text":"hello","locale":"de","name":"x"}`, `{"id":"12345678","kind":"press","line":1,"action":"a"}`,
		`{"id":"12345678","kind":"arrived"}`, `{"id":"12345678","kind":"text","text":"/ask \u0000\ud800 x"}`, `[]`, `{"id":1}`, "\xff", `{"kind":{"a":[[[[`,
	} {
		f.Add(seed, "en-US,de;q=0.5", "application/json")
	}
	c, err := webchat.New(webchat.Settings{}, webchat.Options{Store: &webchattest.MemoryStore{}, Rates: plenty})
	if err != nil {
		f.Fatal(err)
	}
	heard := &core{send: c.Send}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- c.Run(ctx, heard) }()
	f.Cleanup(func() { cancel(); <-ended })
	handler := c.Handler()
	var token string
	for token == "" {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/chat/session", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(w, r)
		if w.Code == http.StatusCreated {
			token = strings.Split(w.Body.String(), `"`)[3]
		}
		time.Sleep(time.Millisecond)
	}
	for w := httptest.NewRecorder(); w.Code != http.StatusBadRequest; time.Sleep(time.Millisecond) { // until it hears
		w = httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/chat/events", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		handler.ServeHTTP(w, r)
	}
	known := map[int]bool{200: true, 201: true, 400: true, 404: true, 413: true, 415: true, 429: true}
	f.Fuzz(func(t *testing.T, body, languages, contentType string) {
		for _, path := range []string{"/chat/events", "/chat/session"} {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header["Accept-Language"] = []string{languages}
			r.Header["Content-Type"] = []string{contentType}
			r.Header["X-Forwarded-For"] = []string{body}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if !known[w.Code] {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		heard.mu.Lock()
		defer heard.mu.Unlock()
		for _, e := range heard.events {
			if utf8.RuneCountInString(e.Body) > 4000 || len(e.From.Name) > 4*64 || len(e.From.Locale) > 64 || !utf8.ValidString(e.Body) || strings.Contains(e.Body, "\x00") {
				t.Errorf("the core got %+v", e)
			}
			if e.Kind != channel.Text && e.Kind != channel.Command && e.Kind != channel.Arrived {
				t.Errorf("the core got a %s", e.Kind)
			}
		}
		heard.events = nil
	})
}
