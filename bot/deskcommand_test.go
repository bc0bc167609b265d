package bot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
)

// handed is a bot with a ticket of Ann's at the desk, and its card.
func handed(t *testing.T) (*shop, channel.Message) {
	t.Helper()
	b := staffed(t)
	b.say("ann", "human", "tell me here what it is about", "team sees")
	return b, b.atDesk("ann", "waiting since")
}

// orders has a member of staff write a command at the desk itself.
func (b *shop) orders(staff, command, rest string) {
	e := b.office.EventAt(hall, staff, channel.Command, rest)
	e.Command = command
	b.office.Push(e)
}

func TestDesk_Assign(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.orders("eve", "back", "") // who has never been here cannot be named
	b.atDesk("You are back")
	b.replies("ben", card, "/assign adam")
	b.atDesk("Nobody here is called “adam”", "eve")
	b.replies("ben", card, "/assign ev")
	b.expect("ann", "eve from our team is here")
	b.atDesk("ben has given this ticket to eve")
	if got := b.ticket(); got.Status != handoff.Claimed || got.Holder != "office:eve" {
		t.Errorf("the ticket is %+v", got)
	}
	b.orders("ben", "mine", "")
	b.atDesk("You have no ticket")
	b.orders("eve", "mine", "")
	b.atDesk("💬 #", "ann", "· eve")
	b.orders("ben", "queue", "")
}

func TestDesk_SnoozeEndsWhenTheCustomerWrites(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.replies("ben", card, "/snooze whenever")
	b.atDesk("Until when?", "monday 09:00")
	b.replies("ben", card, "/snooze 2h")
	b.expect("ann", "We will come back to you by")
	b.atDesk("Put off until", "then ben is reminded")
	b.say("ann", "my zebra is blue")
	b.atDesk("@ben, the customer has written")
	b.atDesk("my zebra is blue")
	if got := b.ticket(); got.Status != handoff.Claimed || got.Holder != "office:ben" || !got.Until.IsZero() {
		t.Errorf("the ticket is %+v", got)
	}
}

// Put off from Tuesday to Friday: nobody is told of a delay meanwhile, the holder is reminded on Friday morning, and if they forget, the customer hears
// of it before the time that they were told.
func TestDesk_SnoozeOverDays(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.press("ben", "Claim")
		s.until(time.Minute)
		s.reply("ben", "Let me ask.")
		s.until(time.Minute)
		e := s.staff.EventAt(hall, "ben", channel.Command, "friday")
		e.Command, e.ReplyTo = "snooze", s.staff.ID(s.card())
		s.staff.Push(e)
		s.until(time.Minute)
		s.wantTold("We will come back to you by Friday, 2026-11-27, 10:00", 1, 1)
		s.until(at(2026, 11, 27, 8, 59).Sub(time.Now()))
		s.wantTold("takes longer", 0, 0)
		s.wantAtDesk("time to come back", 0)
		s.until(2 * time.Minute)
		s.wantAtDesk("@ben, it is time to come back", 1)
		if tickets, err := s.store.Tickets(s.t.Context(), handoff.Claimed, 10); err != nil || len(tickets) != 1 || tickets[0].Holder != "office:ben" {
			t.Errorf("claimed are %+v (%v)", tickets, err)
		}
		s.until(at(2026, 11, 27, 9, 59).Sub(time.Now()))
		s.wantTold("takes longer", 1, 1)
		s.wantAtDesk("ben, the customer still waits", 1)
		s.reply("ben", "Here it is.")
		s.until(time.Minute)
		if s.store.last.State != handoff.PromiseKept || s.store.last.Kind != handoff.Return {
			t.Errorf("the promise is %+v", s.store.last)
		}
	})
}

// wantAtDesk counts what the desk was told.
func (s *simulated) wantAtDesk(text string, want int) {
	s.t.Helper()
	var n int
	for _, m := range s.staff.ShownAt(hall) {
		if strings.Contains(m.Content.PlainText(), text) {
			n++
		}
	}
	if n != want {
		s.t.Errorf("%v: the desk was told %q %d times, want %d", time.Now(), text, n, want)
	}
}

func TestDesk_Teach(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.say("ann", "a person please", "with our team", "team sees")
	card := b.atDesk("can my cat fly to the moon with you?")
	b.replies("ben", card, "/teach")
	b.atDesk("Nobody has replied yet")
	b.replies("ben", card, "Cats fly free of charge.")
	b.expect("ann", "ben from our team is here", "Cats fly free of charge.")
	b.replies("ben", card, "/teach")
	b.atDesk("faqbot entry publish ticket-")
	drafts, err := b.store.List(t.Context(), faq.Filter{Status: faq.Draft})
	if err != nil || len(drafts) != 1 {
		t.Fatalf("drafts %+v, %v", drafts, err)
	}
	got := drafts[0].Head
	if got.By != "ben" || got.Content.Question != "can my cat fly to the moon with you?" || got.Content.Answers[0].Text != "Cats fly free of charge." {
		t.Errorf("the draft is %+v", got)
	}
	if _, err := faq.NewEditor(b.store, time.Now).Publish(t.Context(), got.Content.ID, got.Number, "editor"); err != nil {
		t.Errorf("it cannot be published: %v", err)
	}
	b.replies("ben", card, "/teach")
	b.atDesk("A draft was made of this already: " + string(got.Content.ID))
}

func TestDesk_Insert(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.replies("ben", card, "/insert when does the parcel arrive")
	offer := b.atDesk("How long does delivery take?", "Two to three days.")
	b.presses("ben", offer, "Send: How long does delivery take?")
	b.expect("ann", "ben from our team is here", "ben:\n\nTwo to three days.")
	b.atDesk("ben has sent the answer to “How long does delivery take?”")
	b.replies("ben", card, "/note she was glad")
	b.replies("ben", card, "/transcript")
	b.atDesk("ben: How long does delivery take?", "she was glad")
}

// The answer is in the customer's language, whichever staff look for it in.
func TestDesk_InsertForASpeakerOfAnotherLanguage(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	e := b.network.Event("ann", channel.Command, "de")
	e.Command = "language"
	b.network.Push(e)
	b.expect("ann", "Deutsch")
	b.say("ann", "ein Mensch bitte", "Nummer", "Team sieht")
	card := b.atDesk("ann", "language de")
	b.replies("ben", card, "/insert return period")
	b.presses("ben", b.atDesk("Wie lange kann ich etwas zurückgeben?"), "Send: Wie lange kann ich etwas zurückgeben?")
	b.expect("ann", "ben", "ben:\n\nSie haben 30 Tage Zeit.")
}

func TestDesk_Find(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.replies("ben", card, "/close solved")
	b.expect("ann", "settled")
	b.orders("ben", "find", "ann")
	b.atDesk("✓ #", "ann")
	b.orders("ben", "find", "zebra")
	b.atDesk("No ticket was found")
}

func TestDesk_Transfer(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.presses("ben", card, "Claim")
	b.expect("ann", "ben from our team is here")
	yard := channel.Address{Network: "office", Chat: "yard"}
	b.bind(yard, false)
	b.shownAt(yard, "This is a desk now")
	desks, err := b.store.Desks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range desks {
		if d.Address.Chat == "yard" {
			b.replies("ben", card, "/transfer "+string(d.ID[:10]))
		}
	}
	b.expect("ann", "back with the whole team")
	b.atDesk("ben has brought this ticket to the desk")
	there := b.shownAt(yard, "ann", "waiting since")
	b.shownAt(yard, "it waits for somebody")
	b.replies("ben", card, "Are you there?")
	b.atDesk("does not reach the customer: ")
	claim := b.office.EventAt(yard, "eve", channel.Press, there.Buttons[0].Action)
	b.office.Push(claim)
	b.expect("ann", "eve from our team is here") // and nothing before it: they were told once
	reply := b.office.EventAt(yard, "eve", channel.Text, "Here I am.")
	reply.ReplyTo = b.office.ID(there)
	b.office.Push(reply)
	b.expect("ann", "eve:\n\nHere I am.")
}

func TestDesk_Block(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	number := b.ticket().Number
	b.replies("ben", card, "/block")
	b.atDesk("ann reaches no desk until")
	b.say("ann", "how long does delivery take", "Two to three days")
	b.say("ann", "a person please", "cannot be reached from this chat at the moment")
	b.say("ann", "does my zebra need insurance?", "no answer")
	b.press("ann", "Keep my question")
	b.expect("ann", "cannot be reached from this chat at the moment")
	if open, err := b.store.Tickets(t.Context(), "", 10); err != nil || len(open) != 0 {
		t.Errorf("tickets %+v, %v", open, err)
	}
	b.orders("eve", "unblock", fmt.Sprint("#", number))
	b.atDesk("can reach you again")
	b.say("ann", "a person please", "with our team")
}

func TestDesk_SavedReplies(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.orders("eve", "save", "thanks Thank you for *writing*.")
	b.atDesk("Kept: /say thanks sends it")
	b.replies("ben", card, "/say tha")
	b.expect("ann", "ben from our team is here", "ben:\n\nThank you for *writing*.")
	b.orders("ben", "unsave", "thanks")
	b.atDesk("thanks is not kept any more")
	b.orders("ben", "saved", "")
	b.atDesk("No reply is kept yet")
}

// A ticket that was brought to a desk which cannot be reached is shown where it came from again: it is never without a desk.
func TestPlanDesk_TransferThatDoesNotArrive(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	report, err := json.Marshal(handoff.Report{Ticket: "t", Desk: "yard", Act: handoff.OpensThread, Fate: handoff.Failed, Reason: "muted"})
	if err != nil {
		t.Fatal(err)
	}
	there := channel.Address{Network: "office", Chat: "yard"}
	ticket := &handoff.Ticket{ID: "t", Number: 7, Status: handoff.Open, Work: handoff.Work{Calling: handoff.Calling{Transferred: true}}}
	turn := bot.PlanDesk(bot.Situation{
		Event: channel.Event{Kind: channel.Settled, Body: string(report)}, Conversation: bot.Conversation{ID: "c"}, Ticket: ticket,
		Work: bot.Work{
			Desks:   []handoff.Desk{{ID: "hall", Address: hall}, {ID: "yard", Address: there}},
			Threads: []handoff.Thread{{Desk: "hall", Address: hall, State: handoff.Left}, {Desk: "yard", Address: there, State: handoff.Missed}},
		},
	}, bot.Policy{Language: "en"}, texts)
	again := slices.ContainsFunc(turn.Threads, func(t handoff.Thread) bool { return t.Desk == "hall" && t.State == handoff.Wanted })
	if !again || !slices.ContainsFunc(turn.Timers, func(t bot.Timer) bool { return t.Kind == bot.TimerReach && !t.Due.IsZero() }) {
		t.Errorf("threads %+v, timers %+v", turn.Threads, turn.Timers)
	}
}
