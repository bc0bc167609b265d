package discord_test

import (
	"fmt"
	"slices"
	"testing"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

func TestReact(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *change) { c.settings.MessageContent = true })
	c := s.discord.Customer(1)
	mine := c.Say("hello")
	to := s.private(1)
	for _, step := range []struct {
		emoji string
		on    bool
		want  []string
	}{
		{"👍", true, []string{"👍"}},
		{"❤", true, []string{"👍", "❤️"}}, // as Telegram writes it
		{"👍", false, []string{"❤️"}},
		{"🪿", true, []string{"❤️"}}, // unknown here
		{"../../x", true, []string{"❤️"}},
	} {
		if err := s.channel.React(t.Context(), to, channel.MessageID(mine), step.emoji, step.on); err != nil {
			t.Errorf("%s: %v", step.emoji, err)
		}
		if diff := cmp.Diff(step.want, s.discord.Reactions(mine)); diff != "" {
			t.Errorf("after %s: %s", step.emoji, diff)
		}
	}
	if err := s.channel.React(t.Context(), to, "7", "👍", true); err == nil {
		t.Error("a message that is not there has a reaction")
	}
}

// Who reacts to what is told, but for the bots' and what only one server has.
func TestEvents_Reactions(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *change) { c.settings.MessageContent = true })
	c := s.discord.Customer(1)
	mine := c.Say("hello")
	s.await("the message", func() bool { return len(s.core.all()) == 1 })
	inject := func(user, emoji string) {
		s.discord.Gateway().Inject("MESSAGE_REACTION_ADD", fmt.Sprintf(`{"user_id":%q,"channel_id":%q,"message_id":%q,"emoji":%s}`, user, c.Direct(), mine, emoji))
	}
	inject(s.discord.BotID(), `{"id":null,"name":"👍"}`)
	inject(c.ID(), `{"id":"5","name":"shop"}`)
	inject(c.ID(), `7`)
	c.React(mine, "👍", true)
	c.React(mine, "👍", false)
	s.await("the reactions", func() bool { return len(s.core.all()) == 3 })
	all := s.core.all()[1:]
	var got []string
	ids := []channel.EventID{}
	for _, e := range all {
		got = append(got, fmt.Sprintf("%s +%s -%s on %s by %s", e.Kind, e.Body, e.Command, e.ReplyTo, e.From.ID))
		if e.Address != s.private(1) || slices.Contains(ids, e.ID) {
			t.Errorf("%+v", e)
		}
		ids = append(ids, e.ID)
	}
	want := []string{fmt.Sprintf("reacted +👍 - on %s by %s", mine, c.ID()), fmt.Sprintf("reacted + -👍 on %s by %s", mine, c.ID())}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
