package webchat_test

import (
	"context"
	"net/http"
	"testing"

	"faqbot/bot/channel"
)

// Typing implements [channel.Watcher].
func (c *core) Typing(_ context.Context, from channel.Person, at channel.Address) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.typed = append(c.typed, at)
	return at.Private && from.ID == channel.PersonID(at.Chat)
}

// That a visitor types is told at once and kept nowhere.
func TestTyping(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	p.say("hi")
	visitor := s.core.handled()[0].Address
	var told struct{ Seen bool }
	p.must(http.StatusOK, p.call("POST", "/chat/typing", map[string]any{}), &told)
	if !told.Seen || len(s.core.typed) != 1 || s.core.typed[0] != visitor {
		t.Errorf("told %+v, typed at %+v", told, s.core.typed)
	}
	if n := len(p.history()); n != 1 || len(s.core.handled()) != 1 {
		t.Errorf("%d lines, %d events", n, len(s.core.handled()))
	}
	p.token = "nobody's"
	if r := p.try("POST", "/chat/typing", map[string]any{}); drain(r) == "" || r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger's is answered with %d", r.StatusCode)
	}
}
