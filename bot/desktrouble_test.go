package bot_test

import (
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq/fault"
)

// TestDesk_TicketIsShownAtADeskThatIsMadeLater: a customer whom nobody could see is not forgotten until somebody can.
func TestDesk_TicketIsShownAtADeskThatIsMadeLater(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.say("ann", "a person please", "I cannot say yet when")
	b.bind(hall, false)
	b.atDesk("#1", "ann", "can my cat fly to the moon with you?")
	b.expect("ann", "team sees your question now")
}

// TestDesk_TicketIsShownAtADeskThatSettingsMake: also where another program has made it.
func TestDesk_TicketIsShownAtADeskThatSettingsMake(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "a person please", "I cannot say yet when")
	made := handoff.Desk{ID: "hall", Address: hall, Setting: "office:hall"}
	if err := b.store.AddDesk(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	b.atDesk("#1", "ann", "waiting since")
	b.expect("ann", "team sees your question now")
	if err := b.store.AddDesk(t.Context(), made); !fault.Is(err, fault.Conflict) {
		t.Errorf("made twice: %v", err)
	}
}

// TestDesk_TicketIsShownWhereTheDeskCameBack: the bot was muted when the ticket was opened, and is not any more.
func TestDesk_TicketIsShownWhereTheDeskCameBack(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.office.Fail(&channel.SendError{Fate: channel.Gone, Reason: "the bot was kicked"})
	b.say("ann", "human", "what it is about", "could not reach our team")
	b.orders("ben", "queue", "") // it was brought back, and somebody says something
	b.atDesk("#1", "ann", "waiting since")
	b.expect("ann", "team sees your question now")
	if got := b.ticket(); !got.Reached {
		t.Errorf("the ticket is %+v", got)
	}
}

// TestDesk_CalledAgain: where no desk could be reached all are called again after a while.
func TestDesk_CalledAgain(t *testing.T) {
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.staff.Fail(&channel.SendError{Fate: channel.Refused, Reason: "the bot was muted"})
		s.customers.Say("ann", "a person please")
		s.until(30 * time.Second)
		s.wantTold("could not reach our team", 1, 1)
		s.wantTold("team sees your question", 0, 0)
		s.until(5 * time.Minute)
		s.wantTold("team sees your question", 1, 1)
		s.wantTold("could not reach our team", 1, 1)
		s.wantAtDesk("waiting since", 1)
	})
}

// TestDesk_RemovedDeskLeavesNobodyAlone: the tickets of a desk that is removed go to those that remain.
func TestDesk_RemovedDeskLeavesNobodyAlone(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.presses("ben", card, "Claim")
	b.expect("ann", "ben from our team is here")
	b.atDesk("ben has taken this ticket")
	desks, err := b.store.Desks(t.Context())
	if err != nil || len(desks) != 1 {
		t.Fatal(desks, err)
	}
	yard := channel.Address{Network: "office", Chat: "yard"}
	b.bind(yard, false)
	b.shownAt(yard, "This is a desk now")
	if err := b.store.RemoveDesk(t.Context(), desks[0].ID); err != nil {
		t.Fatal(err)
	}
	b.shownAt(yard, "#1", "ann", "waiting since")
	b.expect("ann", "team sees your question")
	if got := b.ticket(); got.Holder != "" || got.Status != handoff.Open {
		t.Errorf("the ticket is %+v", got)
	}
}

// TestDesk_ReplyToAnyWordAboutATicket: without threads, staff answer beneath whatever stands there about a ticket.
func TestDesk_ReplyToAnyWordAboutATicket(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.say("ann", "how long does delivery take", "Two to three days")
	beside := b.atDesk("Bot: How long does delivery take?")
	b.replies("ben", beside, "Mostly two.")
	b.expect("ann", "ben from our team is here", "ben:\n\nMostly two.")
	b.replies("eve", card, "/claim")
	b.replies("eve", b.atDesk("ben has it already"), "Really two.")
	b.expect("ann", "eve:\n\nReally two.")
}

// TestDesk_QuotesCross: who replies to a message quotes it at the other side, and nothing else.
func TestDesk_QuotesCross(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.replies("ben", card, "Which colour?")
	asked := b.expect("ann", "ben from our team is here", "Which colour?")[1]
	e := b.network.Event("ann", channel.Text, "the blue one")
	e.ReplyTo = b.network.ID(asked)
	for s, err := b.store.Load(t.Context(), e); len(s.Work.Replied) == 0; s, err = b.store.Load(t.Context(), e) { // what was shown is being written down
		if err != nil {
			t.Fatal(err)
		}
	}
	b.network.Push(e)
	answer := b.atDesk("ann:", "the blue one")
	if answer.ReplyTo == b.office.ID(card) || answer.ReplyTo == "" {
		t.Errorf("the answer stands beneath %q", answer.ReplyTo)
	}
	b.replies("ben", answer, "Blue it is.")
	if m := b.expect("ann", "Blue it is.")[0]; m.ReplyTo != e.Message {
		t.Errorf("what was quoted is %q, not %q", m.ReplyTo, e.Message)
	}
}

// TestDesk_WritesAgainAfterTheEnd: within three days what nothing answers goes on where it was; what the bot can answer it answers.
func TestDesk_WritesAgainAfterTheEnd(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.replies("ben", card, "Done.")
	b.expect("ann", "ben from our team is here", "Done.")
	b.replies("ben", card, "/close solved")
	b.expect("ann", "within three days", "How was it?")
	b.say("ann", "thanks", "welcome")
	b.say("ann", "my zebra is still blue", "with our team under number")
	b.atDesk("ann:", "my zebra is still blue")
	if got := b.ticket(); got.Number != 1 || got.Reopened != 1 {
		t.Errorf("the ticket is %+v", got)
	}
	b.replies("eve", card, "/close solved")
	b.expect("ann", "within three days")
	b.say("ann", "opening hours", "Monday")
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet") // another question: they were not sent back to the people unasked
}

// TestDesk_ReopenBesideAnother: a customer has one open ticket at a time.
func TestDesk_ReopenBesideAnother(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.press("ann", "No person needed after all")
	b.expect("ann", "taken number")
	b.atDesk("they took their wish back")
	b.say("ann", "I want to talk to a human", "under number 2", "team sees")
	b.replies("ben", card, "/reopen")
	b.atDesk("another open ticket by now, number 2")
}

// TestDesk_KeptQuestionBecomesAWish: who kept a question and then wants a person is told when, and waits from then on.
func TestDesk_KeptQuestionBecomesAWish(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.press("ann", "Keep my question")
	b.expect("ann", "number")
	b.atDesk("can my cat fly")
	b.say("ann", "a person please", "with our team under number 1, place 1")
	if got := b.ticket(); got.Cause != handoff.Asked || !got.Promise.Pending() {
		t.Errorf("the ticket is %+v", got)
	}
}
