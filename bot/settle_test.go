package bot_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// orders has a member of staff write a command beneath the card.
func (s *simulated) orders(staff, command, rest string) {
	e := s.staff.EventAt(hall, staff, channel.Command, rest)
	e.Command, e.ReplyTo = command, s.staff.ID(s.card())
	s.staff.Push(e)
	s.until(time.Minute)
}

// TestPromise_Settle: promised on Tuesday for Thursday. Replies do not keep it; the holder is reminded on the day; the customer hears of a later time before
// the first is over; closing keeps it.
func TestPromise_Settle(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.orders("ben", "promise", "2d")
		s.wantTold("settled for you by Thursday, 2026-11-26, 17:00", 1, 1)
		s.wantTold("ben from our team is here", 1, 1)
		s.wantAtDesk("ben has promised: settled by 2026-11-26 17:00", 1)
		s.reply("ben", "The factory looks at it.")
		s.until(at(2026, 11, 26, 12, 59).Sub(time.Now()))
		s.wantTold("takes longer", 0, 0)
		s.wantTold("takes us longer", 0, 0)
		s.wantAtDesk("@ben: this customer was told", 0)
		s.until(2 * time.Minute)
		s.wantAtDesk("@ben: this customer was told that it is settled by 2026-11-26 17:00", 1)
		s.until(at(2026, 11, 26, 16, 49).Sub(time.Now()))
		s.wantTold("takes us longer", 0, 0)
		s.until(2 * time.Minute)
		s.wantTold("takes us longer", 1, 1)
		s.wantTold("settled by tomorrow 17:00 now", 1, 1)
		s.wantAtDesk("@ben: it is not settled as was promised", 1)
		s.reply("ben", "They are nearly there.")
		s.until(at(2026, 11, 27, 15, 0).Sub(time.Now()))
		if !s.store.settle.Pending() || s.store.settle.Moves != 1 {
			t.Errorf("the promise is %+v", s.store.settle)
		}
		s.orders("ben", "close", "solved")
		s.wantTold("is settled on our side", 1, 1)
		if p := s.store.settle; p.State != handoff.PromiseKept || p.Kind != handoff.Resolve {
			t.Errorf("the promise is %+v", p)
		}
		s.until(72 * time.Hour)
		s.wantTold("takes us longer", 1, 1)
	})
}

// TestPromise_SettleNobodyCares: it goes on to the seniors and the owner, and the customer is told each time, before the one before is over.
func TestPromise_SettleNobodyCares(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		code, err := s.store.NewCode(s.t.Context(), true, time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		boss := s.staff.EventAt(s.staff.Private("boss"), "boss", channel.Command, code)
		boss.Command = "staff"
		s.staff.Push(boss)
		s.until(time.Minute)
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.orders("ada", "me", "")
		s.orders("ben", "promise", "12:00")
		s.orders("ben", "release", "")
		s.reply("eve", "Somebody looks after it.")
		s.orders("eve", "release", "")
		s.until(at(2026, 11, 27, 17, 0).Sub(time.Now()))
		s.wantTold("takes us longer", 2, 5)
		var called, told bool
		for _, m := range s.staff.ShownAt(hall) {
			called = called || contains(m, "it is not settled as was promised", "ada")
		}
		for _, m := range s.staff.ShownAt(boss.Address) {
			told = told || contains(m, "waits longer than was promised")
		}
		if !called || !told {
			t.Errorf("seniors were called: %v, the owner was told: %v", called, told)
		}
		if p := s.store.settle; p.State != handoff.PromiseMoved {
			t.Errorf("the promise is %+v", p)
		}
	})
}

// TestPromise_SettleWhileTheCustomerWaits: the promise that it is settled does not keep the customer waiting without a word when they write.
func TestPromise_SettleWhileTheCustomerWaits(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.orders("ben", "promise", "friday")
		s.customers.Say("ann", "is it the blue one?")
		s.until(32 * time.Minute)
		s.wantTold("kept waiting", 1, 1)
		s.wantTold("takes us longer", 0, 0)
		s.reply("ben", "It is.")
		s.until(time.Minute)
		if s.store.last.State != handoff.PromiseKept || !s.store.settle.Pending() {
			t.Errorf("the promises are %+v and %+v", s.store.last, s.store.settle)
		}
	})
}

func contains(m channel.Message, texts ...string) bool {
	shown := m.Content.PlainText()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			return false
		}
	}
	return true
}
