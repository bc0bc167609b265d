package telegram_test

import (
	"fmt"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// One emoji of the platform's own list is shown; all others are left out.
func TestReact(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	seat, to := f.private(1)
	mine := seat.Say("hello")
	for _, step := range []struct {
		emoji string
		on    bool
		want  string
	}{{"👍", true, "👍"}, {"❤\uFE0F", true, "❤"}, {"🦕", true, "❤"}, {"not an emoji", true, "❤"}, {"❤", false, ""}} {
		if err := f.channel.React(t.Context(), to, channel.MessageID(fmt.Sprint(mine)), step.emoji, step.on); err != nil {
			t.Errorf("%q: %v", step.emoji, err)
		}
		if got := seat.Reaction(mine); got != step.want {
			t.Errorf("after %q the message shows %q", step.emoji, got)
		}
	}
	if n := len(f.server.Calls("setMessageReaction")); n != 3 {
		t.Errorf("%d calls", n)
	}
	if err := f.channel.React(t.Context(), to, "999", "👍", true); err == nil {
		t.Error("a message that is not there has a reaction")
	}
}

// What somebody adds and takes back is told where the bot is an administrator.
func TestEvents_Reactions(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	g := f.server.Group("Team", telegramtest.GroupOptions{Forum: true, Admin: true})
	plain := f.server.Group("Others", telegramtest.GroupOptions{})
	r := f.run()
	seat := f.server.Customer(1).In(g)
	mine, unseen := seat.Say("hello"), f.server.Customer(1).In(plain).Say("/help")
	r.await(2) // the platform knows now what the bot wants to be told of
	f.server.Customer(1).In(plain).React(unseen, "👍")
	seat.React(mine, "👍")
	seat.React(mine, "❤", "🔥")
	seat.React(mine)
	var got []string
	for _, e := range r.await(5) {
		if e.Kind == channel.Reacted {
			got = append(got, fmt.Sprintf("+%s -%s on %s in %s", e.Body, e.Command, e.ReplyTo, e.Address.Chat))
		}
	}
	at := fmt.Sprintf(" on %d in %d", mine, g.ID())
	if diff := cmp.Diff([]string{"+👍 -" + at, "+❤ -👍" + at, "+ -❤" + at}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}
