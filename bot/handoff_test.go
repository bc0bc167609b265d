package bot_test

import (
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

func TestEngine_KeptQuestionBecomesAWish(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "does my zebra need insurance?", "no answer")
	b.press("ann", "Keep my question")
	b.expect("ann", "kept your question")
	b.say("ann", "I want to talk to a human", "with our team under number")
	tickets, err := b.store.Tickets(t.Context(), "", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Cause != "asked" {
		t.Errorf("tickets %+v, %v", tickets, err)
	}
}

func TestEngine_WaitingCustomersWordsReachTheTicket(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "agent", "tell me here what it is about")
	m := b.say("ann", "the zebra on order 1234 is broken!!!", "added that for our team")[0]
	if got := labels(m); len(got) != 1 || got[0] != "No person needed after all" {
		t.Errorf("a waiting customer is offered %q", got)
	}
	tickets, err := b.store.Tickets(t.Context(), "", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Question != "the zebra on order 1234 is broken!!!" {
		t.Errorf("tickets %+v, %v", tickets, err)
	}
	if misses, err := b.store.Misses(t.Context(), time.Time{}, 10); err != nil || len(misses) != 0 {
		t.Errorf("what was said to the team counts as unanswered: %+v, %v", misses, err)
	}
	b.say("ann", "how long does delivery take", "Two to three")
	b.say("ann", "is it paid out", "Or is it one of these, meanwhile?")
}

func TestEngine_SettledQuestionIsNotTheTickets(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "opening hours", "Monday")
	b.press("ann", "That helped")
	b.expect("ann", "glad")
	b.say("ann", "human please", "tell me here what it is about")
}

func TestEngine_WordlessIsNoMiss(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "🙂🙂", "welcome")
	b.say("ann", "???", "Ask me in your own words")
	b.say("ann", "help", "Ask me in your own words")
	if misses, err := b.store.Misses(t.Context(), time.Time{}, 10); err != nil || len(misses) != 0 {
		t.Errorf("misses %+v, %v", misses, err)
	}
}

func TestEngine_OverheardIsNotKept(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	e := b.network.Event("ann", channel.Text, "did you see the match")
	e.Address, e.Addressed = channel.Address{Network: "memory", Chat: "group"}, false
	edit := e
	edit.ID, edit.Kind, edit.Body = e.ID+"-edit", channel.Edited, "did you see the game"
	for _, event := range []channel.Event{e, edit} {
		if err := b.engine.Handle(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	if counts, err := b.store.Counts(t.Context()); err != nil || counts.Conversations != 0 {
		t.Errorf("%d conversations kept of talk among others (%v)", counts.Conversations, err)
	}
}

func TestEngine_AutoChatIsAnsweredWhereSure(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.AutoChats = []string{"group"} })
	for _, body := range []string{"nice weather", "opening hours"} {
		e := b.network.Event("ann", channel.Text, body)
		e.Address, e.Addressed = channel.Address{Network: "memory", Chat: "group"}, false
		if err := b.engine.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	b.expectAt(channel.Address{Network: "memory", Chat: "group"}, 1)
}
