package handoff_test

import (
	"testing"
	"time"

	"faqbot/bot/handoff"
)

var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}()

func working(t *testing.T) handoff.Hours {
	t.Helper()
	hours, err := handoff.ParseHours(berlin, map[string]string{"mon-fri": "09:00-17:00"}, []string{"12-25"})
	if err != nil {
		t.Fatal(err)
	}
	return hours
}

// TestUntil is on Monday, 2026-11-23, 10:00 in Berlin.
func TestUntil(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, berlin)
	for _, test := range []struct {
		say, open, always string // where there are hours, and where it is always open; empty is refused
	}{
		{"30m", "2026-11-23 10:30", "2026-11-23 10:30"},
		{"2h", "2026-11-23 12:00", "2026-11-23 12:00"},
		{"8h", "2026-11-24 09:00", "2026-11-23 18:00"},
		{"1d", "2026-11-24 09:00", "2026-11-24 09:00"},
		{"tomorrow", "2026-11-24 09:00", "2026-11-24 09:00"},
		{" TOMORROW  14:30 ", "2026-11-24 14:30", "2026-11-24 14:30"},
		{"tomorrow 06:00", "2026-11-24 09:00", "2026-11-24 06:00"},
		{"saturday", "2026-11-30 09:00", "2026-11-28 09:00"},
		{"monday", "2026-11-30 09:00", "2026-11-30 09:00"},
		{"monday 14:00", "2026-11-23 14:00", "2026-11-23 14:00"},
		{"monday 09:30", "2026-11-30 09:30", "2026-11-30 09:30"},
		{"wed 9:15", "2026-11-25 09:15", "2026-11-25 09:15"},
		{"14:00", "2026-11-23 14:00", "2026-11-23 14:00"},
		{"today 16:00", "2026-11-23 16:00", "2026-11-23 16:00"},
		{"2026-12-01", "2026-12-01 09:00", "2026-12-01 09:00"},
		{"2026-12-25 10:00", "2026-12-28 09:00", "2026-12-25 10:00"},
		{"2027-04-01 10:00", "2027-04-01 10:00", "2027-04-01 10:00"}, // summer time

		{"", "", ""}, {"later", "", ""}, {"2 h", "", ""}, {"0h", "", ""}, {"-2h", "", ""}, {"1.5h", "", ""}, {"2h 10:00", "", ""},
		{"today", "", ""}, {"09:59", "", ""}, {"today 10:00", "", ""}, {"24:00", "", ""}, {"12:60", "", ""}, {"10:0", "", ""}, {"tomorrow 9", "", ""},
		{"tomorrow at 14:00", "", ""}, {"mo", "", ""}, {"2026-11-22", "", ""}, {"2026-02-30", "", ""}, {"2026-12-1", "", ""}, {"01.12.2026", "", ""},
		{"2028-01-01", "", ""}, {"999d", "", ""}, {"99999999999999999999h", "", ""},
	} {
		for hours, want := range map[*handoff.Hours]string{new(working(t)): test.open, new(handoff.Hours): test.always} {
			at, ok := handoff.Until(test.say, now, berlin, *hours)
			got := ""
			if ok {
				got = at.Format("2006-01-02 15:04")
			}
			if got != want {
				t.Errorf("%q is %q, want %q", test.say, got, want)
			}
		}
	}
}

func TestPlan_Snooze(t *testing.T) {
	t.Parallel()
	soon := handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday, To: monday.Add(20 * time.Minute)}, monday.Add(-time.Hour))
	late := handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday, To: monday.Add(6 * time.Hour)}, monday.Add(-time.Hour))
	lapsed := handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday, To: monday.Add(-time.Minute)}, monday.Add(-time.Hour))
	kept := soon.Keep(monday)
	for _, test := range []struct {
		name    string
		promise handoff.Promise
		due     time.Time
		kind    handoff.PromiseKind
		state   handoff.PromiseState
		broken  int
	}{
		{"nothing was promised", handoff.Promise{}, monday.Add(3 * time.Hour), handoff.Return, handoff.PromiseOpen, 0},
		{"what was promised is done", kept, monday.Add(3 * time.Hour), handoff.Return, handoff.PromiseOpen, 0},
		{"a promise of before is moved", soon, monday.Add(3 * time.Hour), handoff.FirstReply, handoff.PromiseMoved, 0},
		{"a later one stands", late, monday.Add(6 * time.Hour), handoff.FirstReply, handoff.PromiseOpen, 0},
		{"one that has lapsed is broken", lapsed, monday.Add(3 * time.Hour), handoff.FirstReply, handoff.PromiseOpen, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := held(commanded("snooze 2h"), ben)
			s.Ticket.Promise = test.promise
			c := handoff.Plan(s)
			got := c.Ticket
			if got == nil || got.Status != handoff.Waiting || got.Holder != ben.ID || !got.Until.Equal(monday.Add(2*time.Hour)) {
				t.Fatalf("the ticket became %+v", got)
			}
			if p := got.Promise; !p.Due.Equal(test.due) || p.Kind != test.kind || p.State != test.state || p.Moves != 0 || got.Broken != test.broken {
				t.Errorf("the promise became %+v, %d broken", p, got.Broken)
			}
			wantShown(t, c, "customer: customer:ticket_snoozed map[Number:7 To:"+test.due.Format("15:04")+"]",
				"here: desk_snoozed map[Due:2026-11-23 "+test.due.Format("15:04")+" Name:Ben Time:2026-11-23 12:00]", "yard: desk_snoozed", "hall: <card>", "hall: <title>")
		})
	}
}

func TestPlan_SnoozeWhatIsNoMatter(t *testing.T) {
	t.Parallel()
	closed := commanded("snooze 2h")
	closed.Ticket.Status = handoff.Closed
	for name, test := range map[string]struct {
		scene handoff.Scene
		shown string
	}{
		"a closed ticket": {closed, "here: desk_is_closed"},
		"no time":         {commanded("snooze"), "here: desk_snooze_how"},
		"nonsense":        {commanded("snooze a while"), "here: desk_snooze_how"},
	} {
		c := handoff.Plan(test.scene)
		wantShown(t, c, test.shown)
		if c.Ticket != nil || len(c.Posts) != 1 {
			t.Errorf("%s: more follows: %q", name, shown(c))
		}
	}
	if c := handoff.Plan(commanded("snooze 2h")); c.Ticket.Holder != ben.ID {
		t.Errorf("who puts off what nobody has does not have it: %+v", c.Ticket)
	}
}

// snoozed is a ticket of Ben's that was put off for two hours.
func snoozed(line string) handoff.Scene {
	s := held(commanded(line), ben)
	s.Ticket.Status, s.Ticket.Until = handoff.Waiting, monday.Add(2*time.Hour)
	s.Ticket.Promise = handoff.NewPromise(handoff.Return, handoff.Range{From: s.Ticket.Until, To: monday.Add(3 * time.Hour)}, monday)
	return s
}

func TestPlan_SnoozeEnds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		say    string
		status handoff.Status
		holder handoff.StaffID
	}{
		{"claim", handoff.Claimed, ben.ID}, {"release", handoff.Open, ""}, {"assign Eve", handoff.Claimed, eve.ID}, {"close solved", handoff.Closed, ben.ID},
	} {
		c := handoff.Plan(snoozed(test.say))
		if got := c.Ticket; got == nil || got.Status != test.status || got.Holder != test.holder || !got.Until.IsZero() {
			t.Errorf("after /%s the ticket is %+v", test.say, got)
		}
	}
	other := snoozed("claim")
	other.Staff = eve
	if c := handoff.Plan(other); c.Ticket != nil {
		t.Errorf("somebody else took it: %+v", c.Ticket)
	}
}

// What is said while a ticket is put off does not settle that somebody comes back.
func TestPlan_ReplyWhilePutOff(t *testing.T) {
	t.Parallel()
	s := snoozed("")
	s.Event.Kind, s.Event.Body = "text", "We asked the factory."
	c := handoff.Plan(s)
	if got := c.Ticket; got.Status != handoff.Waiting || !got.Promise.Pending() || got.Until.IsZero() {
		t.Errorf("the ticket became %+v", got)
	}
	wantShown(t, c, "customer: Ben: We asked the factory.")
}

func TestFront_SnoozeAndPromise(t *testing.T) {
	t.Parallel()
	s := snoozed("")
	f := handoff.Front{Ticket: *s.Ticket, Threads: s.Threads, Voice: keyed(""), Zone: time.UTC, Now: monday.Add(time.Hour)}
	if tick := f.Tick(); tick.Ticket != nil || tick.Say != "" || tick.Next.Before(f.Ticket.Until) {
		t.Errorf("the promise ticks while it is put off: %+v", tick)
	}
	if f.Ticket.Due(f.Now) || !f.Ticket.Due(f.Ticket.Until) {
		t.Error("it is due at the wrong time")
	}
	c := f.Wake("desk_woken")
	if c.Ticket.Status != handoff.Claimed || c.Ticket.Holder != ben.ID || !c.Ticket.Until.IsZero() || !c.Ticket.Promise.Pending() {
		t.Errorf("it wakes as %+v", c.Ticket)
	}
	wantShown(t, c, "hall: desk_woken map[Name:Ben]", "yard: desk_woken", "hall: <card>", "hall: <title>")
	wantQuiet(t, c, "customer")
}
