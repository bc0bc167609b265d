package discord_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

// Typing implements [channel.Watcher].
func (c *core) Typing(_ context.Context, from channel.Person, at channel.Address) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = append(c.seen, fmt.Sprintf("%s at %s/%s %v", from.ID, at.Chat, at.Thread, at.Private))
	return true
}

// Who types in a direct chat or a thread is told of at once; in a channel, and later, nobody is.
func TestIntake_Typing(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *change) { c.settings.MessageContent = true })
	c := s.discord.Customer(1)
	c.Say("hello") // what follows comes after it
	s.await("the message", func() bool { return len(s.core.all()) == 1 })
	c.StartTyping(s.place)
	c.StartedTyping("", time.Now().Add(-20*time.Second))
	s.discord.Gateway().Inject("TYPING_START", fmt.Sprintf(`{"channel_id":%q,"user_id":%q,"timestamp":%d}`, c.Direct(), s.discord.BotID(), time.Now().Unix()))
	s.discord.Gateway().Inject("TYPING_START", `{"channel_id":7,"timestamp":"now"}`)
	c.StartTyping(s.thread)
	seen := func() []string {
		s.core.mu.Lock()
		defer s.core.mu.Unlock()
		return append([]string(nil), s.core.seen...)
	}
	s.await("typing in the thread", func() bool { return len(seen()) > 0 })
	c.StartTyping("")
	s.await("typing in the direct chat", func() bool { return len(seen()) > 1 })
	want := []string{fmt.Sprintf("%s at %s/%s false", c.ID(), s.place, s.thread), fmt.Sprintf("%s at %s/ true", c.ID(), c.Direct())}
	if diff := cmp.Diff(want, seen()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n := len(s.core.all()); n != 1 {
		t.Errorf("%d events, want none of typing", n-1)
	}
}
