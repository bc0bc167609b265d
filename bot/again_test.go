package bot_test

import (
	"fmt"
	"testing"
	"time"

	"faqbot/bot/handoff"
)

// TestPromise_AskedAgain: who is overtaken by those in a hurry and asks again hears their place as staff see the queue, and a time that has become later
// before the first is over; the clock tells them of it as well if they do not ask.
func TestPromise_AskedAgain(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.wantTold("place 1 in the queue. When a person will probably answer: 09:50 – 11:45", 1, 1)
		s.customers.Say("ann", "human")
		s.until(10 * time.Minute)
		s.wantTold("Number 1 is with our team, at place 1 in the queue now. A person will probably answer by 11:45", 1, 1)
		for i := range 12 {
			s.customers.Say(fmt.Sprint("hurried", i), "this is urgent, I need a person right now!")
		}
		s.customers.Say("bob", "a person please") // who comes later and waits like all others is not before her
		s.until(time.Minute)
		s.customers.Say("ann", "/human")
		s.until(time.Minute)
		s.wantTold("it takes longer than I said. Number 1 is at place 13 in the queue now", 1, 1)
		p := s.store.last
		if p.State != handoff.PromiseMoved || p.Moves != 0 || !p.Due.After(at(2026, 11, 24, 11, 45)) {
			t.Errorf("the promise is %+v", p)
		}
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.wantTold("Number 1 is with our team, at place 13 in the queue now", 1, 1)
		if s.store.last != p {
			t.Errorf("to ask again put it off: %+v, then %+v", p, s.store.last)
		}
		for _, m := range s.customers.Shown("bob") {
			if contains(m, "with our team under number") && !contains(m, "place 14 in the queue") {
				t.Errorf("Bob was told %q", m.Content.PlainText())
			}
		}
		s.orders("ben", "claim", "")
		s.reply("ben", "Here I am.")
		s.until(24 * time.Hour)
		s.wantTold("takes longer", 1, 1)
	})
}

// TestPromise_Overtaken: who does not ask again hears of it from the clock, before the time that they were told.
func TestPromise_Overtaken(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(10 * time.Minute)
		for i := range 12 {
			s.customers.Say(fmt.Sprint("hurried", i), "this is urgent, I need a person right now!")
		}
		s.until(at(2026, 11, 24, 11, 34).Sub(time.Now()))
		s.wantTold("takes longer", 0, 0)
		s.until(2 * time.Minute)
		s.wantTold("takes longer", 1, 1)
		if due := s.store.last.Due; due.Sub(time.Now()) < 3*time.Hour {
			t.Errorf("with twelve before her she is told %v", due)
		}
	})
}

// TestDesk_AskedAgainOfWhoIsThere: the place is told to who waits, not to whom somebody answers; those say it to the person.
func TestDesk_AskedAgainOfWhoIsThere(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.say("ann", "/human", "at place 1 in the queue now")
	b.replies("ben", card, "Hello Ann")
	b.expect("ann", "ben from our team is here", "Hello Ann")
	b.replies("ben", card, "/release")
	b.expect("ann", "back with the whole team")
	b.say("ann", "/human", "at place 1 in the queue now") // and a time, for the one before was kept
	if got := b.ticket(); !got.Promise.Pending() || got.RepliedAt.IsZero() {
		t.Errorf("the ticket is %+v", got)
	}
}
