package handoff_test

import (
	"testing"
	"time"

	"faqbot/bot/handoff"
)

// TestFront_AskedAgain: the ticket was opened at ten, alone with one person to answer, and somebody asks again at half past ten.
func TestFront_AskedAgain(t *testing.T) {
	t.Parallel()
	alone := handoff.Outlook{Present: 1}
	opened := handoff.Ticket{Status: handoff.Open, OpenedAt: monday}
	promised := handoff.Front{Ticket: opened, Outlook: alone, Now: monday}.Promised()
	clock := func(hour, minute int) time.Time {
		return monday.Add(time.Duration(hour-10)*time.Hour + time.Duration(minute)*time.Minute)
	}
	due := promised.Promise.Due
	with := func(change func(t *handoff.Ticket)) handoff.Ticket {
		v := promised
		change(&v)
		return v
	}
	for _, test := range []struct {
		name      string
		ticket    handoff.Ticket
		ahead     int
		now       time.Time
		wantLater bool
		wantOK    bool
		check     func(p handoff.Promise) bool
	}{
		{"nothing changed: the time stands", promised, 0, clock(10, 30), false, true, func(p handoff.Promise) bool { return p == promised.Promise }},
		{"also just before it is over", promised, 0, due.Add(-time.Minute), false, true, func(p handoff.Promise) bool { return p == promised.Promise }},
		{"twelve were put before them", promised, 12, clock(10, 30), true, true, func(p handoff.Promise) bool {
			return p.Due.After(due) && p.State == handoff.PromiseMoved && p.Moves == 0 && p.MovedAt.Equal(clock(10, 30))
		}},
		{"the clock has told a later time already", with(func(t *handoff.Ticket) {
			t.Promise = t.Promise.Move(clock(23, 0), clock(10, 20))
		}), 12, clock(10, 30), false, true, func(p handoff.Promise) bool { return p.Due.Equal(clock(23, 0)) && p.Moves == 1 }},
		{"nothing was promised yet", opened, 3, clock(10, 30), false, true, func(p handoff.Promise) bool {
			return p.Pending() && p.Kind == handoff.FirstReply && p.Due.After(clock(10, 30)) && p.MadeAt.Equal(clock(10, 30))
		}},
		{"the time is over and nobody looked", promised, 0, due.Add(time.Minute), false, false, func(p handoff.Promise) bool { return p == promised.Promise }},
		{"somebody has it", with(func(t *handoff.Ticket) { t.Status = handoff.Claimed }), 12, clock(10, 30), false, false, func(p handoff.Promise) bool { return p == promised.Promise }},
	} {
		f := handoff.Front{Ticket: test.ticket, Outlook: alone, Now: test.now}
		f.Outlook.Ahead = test.ahead
		got, later, ok := f.AskedAgain()
		if later != test.wantLater || ok != test.wantOK || !test.check(got.Promise) || got.Broken > 0 {
			t.Errorf("%s: later %v, told %v, promise %+v", test.name, later, ok, got.Promise)
		}
	}
}
