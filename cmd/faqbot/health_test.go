package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		code   int
		says   string
	}{
		"ready":     {http.StatusOK, exitDone, "ready\n"},
		"not ready": {http.StatusServiceUnavailable, exitFailed, "faqbot: the bot is not ready: the database does not answer\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Path
				http.Error(w, "the database does not answer", c.status)
			}))
			defer server.Close()
			stdout, stderr, code := faqbot(t, newData(t), "", "health", "--http-addr", strings.TrimPrefix(server.URL, "http://"))
			if code != c.code || stdout+stderr != c.says {
				t.Errorf("exit %d, %q", code, stdout+stderr)
			}
			if asked != "/readyz" {
				t.Errorf("asked at %q", asked)
			}
		})
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		":8080": "127.0.0.1:8080", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "127.0.0.1:80", "[::1]:80": "[::1]:80", "faq.internal:80": "faq.internal:80",
	} {
		if got := reachable(address); got != want {
			t.Errorf("%s is called at %s, want %s", address, got, want)
		}
	}
}
