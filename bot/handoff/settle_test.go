package handoff_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// TestBy is on Monday, 2026-11-23, 10:00 in Berlin: a day alone is there to its end.
func TestBy(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, berlin)
	split, err := handoff.ParseHours(berlin, map[string]string{"mon-fri": "09:00-12:30, 13:30-18:00"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		say                 string
		open, split, always string // where there are hours, with a break, and where it is always open; empty is refused
	}{
		{"2h", "2026-11-23 12:00", "2026-11-23 12:00", "2026-11-23 12:00"},
		{"2d", "2026-11-25 17:00", "2026-11-25 18:00", "2026-11-25 18:00"},
		{" FRIDAY ", "2026-11-27 17:00", "2026-11-27 18:00", "2026-11-27 18:00"},
		{"saturday", "2026-11-30 17:00", "2026-11-30 18:00", "2026-11-28 18:00"},
		{"tomorrow 12:00", "2026-11-24 12:00", "2026-11-24 12:00", "2026-11-24 12:00"},
		{"14:00", "2026-11-23 14:00", "2026-11-23 14:00", "2026-11-23 14:00"},
		{"someday", "", "", ""}, {"", "", "", ""}, {"2028-01-01", "", "", ""},
	} {
		for hours, want := range map[*handoff.Hours]string{new(working(t)): test.open, &split: test.split, new(handoff.Hours): test.always} {
			got := ""
			if at, ok := handoff.By(test.say, now, berlin, *hours); ok {
				got = at.Format("2006-01-02 15:04")
			}
			if got != want {
				t.Errorf("%q is %q, want %q", test.say, got, want)
			}
		}
	}
}

// settling is a ticket of Ben's that was promised by noon, an hour ago.
func settling(line string) handoff.Scene {
	s := held(commanded(line), ben)
	s.Ticket.RepliedAt = monday.Add(-time.Hour)
	s.Ticket.Settle = handoff.NewPromise(handoff.Resolve, handoff.Range{From: monday.Add(-time.Hour), To: monday.Add(2 * time.Hour)}, monday.Add(-time.Hour))
	return s
}

func TestPlan_Promise(t *testing.T) {
	t.Parallel()
	s := commanded("promise 14:00")
	s.Ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday, To: monday.Add(time.Hour)}, monday)
	c := handoff.Plan(s)
	got := c.Ticket
	if got == nil || got.Status != handoff.Claimed || got.Holder != ben.ID || !got.RepliedAt.Equal(monday) || got.Promise.State != handoff.PromiseKept {
		t.Fatalf("who promises does not answer: %+v", got)
	}
	if p := got.Settle; p.Kind != handoff.Resolve || p.State != handoff.PromiseOpen || !p.Due.Equal(monday.Add(4*time.Hour)) || !p.MadeAt.Equal(monday) {
		t.Errorf("it was promised as %+v", p)
	}
	wantShown(t, c, "customer: customer:person_here", "customer: customer:settle_promised map[By:14:00 Number:7]",
		"here: desk_settle_told map[Name:Ben Time:2026-11-23 14:00]", "yard: desk_settle_told", "hall: <card>")
	var card string
	for _, p := range c.Posts {
		if p.Act == handoff.ChangesCard && p.Desk == "hall" {
			card = p.Content.PlainText()
		}
	}
	if !strings.Contains(card, "desk_settle map[Time:2026-11-23 14:00]") || strings.Contains(card, "desk_promised") {
		t.Errorf("the card does not say by when:\n%s", card)
	}
}

func TestPlan_PromiseWhatIsNoMatter(t *testing.T) {
	t.Parallel()
	closed := commanded("promise 2h")
	closed.Ticket.Status = handoff.Closed
	for name, test := range map[string]struct {
		scene handoff.Scene
		shown string
	}{
		"a closed ticket": {closed, "here: desk_is_closed"},
		"no time":         {commanded("promise"), "here: desk_promise_how"},
		"nonsense":        {commanded("promise the moon"), "here: desk_promise_how"},
	} {
		c := handoff.Plan(test.scene)
		wantShown(t, c, test.shown)
		if c.Ticket != nil || len(c.Posts) != 1 {
			t.Errorf("%s: more follows: %q", name, shown(c))
		}
	}
}

// TestPlan_Settle is what staff do about what was promised by noon: each case says what has become of the promise.
func TestPlan_Settle(t *testing.T) {
	t.Parallel()
	replied := settling("")
	replied.Event.Kind, replied.Event.Body = channel.Text, "We are at it."
	late := settling("close solved")
	late.Now = monday.Add(3 * time.Hour)
	undone := settling("reopen")
	undone.Ticket.Status, undone.Ticket.Settle = handoff.Closed, undone.Ticket.Settle.Keep(monday)
	moved := settling("reopen")
	moved.Ticket.Status = handoff.Closed
	moved.Ticket.Settle = moved.Ticket.Settle.Move(monday.Add(4*time.Hour), monday.Add(-time.Minute)).Keep(monday)
	over := settling("reopen")
	over.Ticket.Status, over.Ticket.Settle, over.Now = handoff.Closed, over.Ticket.Settle.Keep(monday), monday.Add(3*time.Hour)
	lapsed := settling("promise 14:00")
	lapsed.Now = monday.Add(3 * time.Hour)
	reminded := settling("promise 14:00")
	reminded.Ticket.Settle.RemindedAt, reminded.Ticket.Settle.Moves = monday, 1
	for _, test := range []struct {
		name   string
		scene  handoff.Scene
		due    time.Duration // after ten
		state  handoff.PromiseState
		moves  int
		broken int
		told   string
	}{
		{"a reply does not keep it", replied, 2 * time.Hour, handoff.PromiseOpen, 0, 0, ""},
		{"closing does", settling("close solved"), 2 * time.Hour, handoff.PromiseKept, 0, 0, ""},
		{"closing too late breaks it", late, 2 * time.Hour, handoff.PromiseBroken, 0, 1, ""},
		{"what was closed by mistake is still promised", undone, 2 * time.Hour, handoff.PromiseOpen, 0, 0, ""},
		{"also where it was moved", moved, 4 * time.Hour, handoff.PromiseMoved, 1, 0, ""},
		{"but not when its time is over", over, 2 * time.Hour, handoff.PromiseKept, 0, 0, ""},
		{"a later time moves it, and is no silence", reminded, 4 * time.Hour, handoff.PromiseMoved, 1, 0, "customer: customer:settle_promised map[By:14:00"},
		{"an earlier one takes its place", settling("promise 11:00"), time.Hour, handoff.PromiseOpen, 0, 0, "customer: customer:settle_promised map[By:11:00"},
		{"one that has lapsed is broken", lapsed, 4 * time.Hour, handoff.PromiseOpen, 0, 1, "customer: customer:settle_promised map[By:14:00"},
		{"who gives it back has not settled it", settling("release"), 2 * time.Hour, handoff.PromiseOpen, 0, 0, ""},
		{"nor who brings it elsewhere", settling("transfer yard"), 2 * time.Hour, handoff.PromiseOpen, 0, 0, ""},
		{"to put it off for longer moves it", settling("snooze 3h"), 4 * time.Hour, handoff.PromiseMoved, 0, 0, "customer: customer:settle_moved map[By:14:00"},
		{"to put it off for less does not", settling("snooze 30m"), 2 * time.Hour, handoff.PromiseOpen, 0, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := handoff.Plan(test.scene)
			if c.Ticket == nil {
				t.Fatalf("nothing became of it: %q", shown(c))
			}
			p := c.Ticket.Settle
			if p.Kind != handoff.Resolve || p.State != test.state || !p.Due.Equal(monday.Add(test.due)) || p.Moves != test.moves || c.Ticket.Broken != test.broken {
				t.Errorf("the promise became %+v, %d broken", p, c.Ticket.Broken)
			}
			if p.Pending() && !p.RemindedAt.IsZero() {
				t.Errorf("nobody is reminded of it: %+v", p)
			}
			if test.told != "" {
				wantShown(t, c, test.told)
			}
		})
	}
}

// TestFront_SettleGoesOnWithTheTicket: what a customer says is not settled is still promised.
func TestFront_SettleGoesOnWithTheTicket(t *testing.T) {
	t.Parallel()
	ticket := *settling("").Ticket
	ticket.Status, ticket.Settle = handoff.Closed, ticket.Settle.Keep(monday)
	c := handoff.Front{Ticket: ticket, Voice: keyed(""), Now: monday.Add(time.Hour)}.Reopen()
	if p := c.Ticket.Settle; !p.Pending() || !p.Due.Equal(monday.Add(2*time.Hour)) {
		t.Errorf("the promise became %+v", p)
	}
}

// TestFront_TickSettle goes through the life of a promise that nobody keeps: made at 9 by 12, always open.
func TestFront_TickSettle(t *testing.T) {
	t.Parallel()
	s := settling("")
	owner := handoff.Desk{ID: "owner", Owner: true, Address: channel.Address{Network: "office", Chat: "boss", Private: true}}
	f := handoff.Front{Ticket: *s.Ticket, Threads: s.Threads, Desks: append(s.Team.Desks, owner), Voice: keyed(""), Zone: time.UTC, Seniors: []handoff.Staff{eve}}
	for _, test := range []struct {
		at, say, alarm string
		next, due      string
		senior, owner  bool
	}{
		{"10:00", "", "", "11:15", "12:00", false, false},
		{"11:15", "", "@Ben: desk_settle_soon map[Time:2026-11-23 12:00]", "11:50", "12:00", false, false},
		{"11:20", "", "", "11:50", "12:00", false, false},
		{"11:50", "settle_moved", "@Ben: desk_settle_late map[Time:2026-11-23 15:00]", "14:12", "15:00", true, false},
		{"14:13", "", "@Ben: desk_settle_soon map[Time:2026-11-23 15:00]", "14:50", "15:00", false, false},
		{"14:50", "settle_moved", "@Ben: desk_settle_late map[Time:2026-11-23 22:00]", "20:12", "22:00", true, true},
	} {
		now, err := time.Parse("2006-01-02 15:04", "2026-11-23 "+test.at)
		if err != nil {
			t.Fatal(err)
		}
		f.Now = now
		tick := f.Tick()
		if tick.Ticket != nil {
			f.Ticket = *tick.Ticket
		}
		if got := tick.Next.Format("15:04"); tick.Say != test.say || got != test.next {
			t.Errorf("%s: the customer is told %q, and it is looked at again at %s, want %q and %s", test.at, tick.Say, got, test.say, test.next)
		}
		if got := f.Ticket.Settle.Due.Format("15:04"); got != test.due || f.Ticket.Broken > 0 || f.Ticket.Holder != ben.ID {
			t.Errorf("%s: it is promised by %s, want %s: %+v", test.at, got, test.due, f.Ticket)
		}
		all := strings.Join(shown(tick.Change), "\n")
		if test.alarm == "" && all != "" || !strings.Contains(all, test.alarm) {
			t.Errorf("%s: the desk does not hear %q:\n%s", test.at, test.alarm, all)
		}
		if strings.Contains(all, "@Eve") != test.senior || strings.Contains(all, "desk_owner_waits") != test.owner {
			t.Errorf("%s: seniors %v and owner %v were not called so:\n%s", test.at, test.senior, test.owner, all)
		}
	}
	for name, change := range map[string]func(t *handoff.Ticket){
		"closed": func(t *handoff.Ticket) { t.Status = handoff.Closed },
		"lost":   func(t *handoff.Ticket) { t.Lost = true },
		"kept":   func(t *handoff.Ticket) { t.Settle = t.Settle.Keep(monday) },
	} {
		g := f
		change(&g.Ticket)
		if tick := g.Tick(); tick.Ticket != nil || tick.Say != "" {
			t.Errorf("%s: it ticks on: %+v", name, tick)
		}
	}
	free := f
	free.Ticket.Free()
	free.Now = free.Ticket.Settle.Due.Add(-time.Minute)
	wantShown(t, free.Tick().Change, "hall: #7: desk_settle_late")
}

// TestFront_TickAnswerBesideSettle: each of two promises has its own time.
func TestFront_TickAnswerBesideSettle(t *testing.T) {
	t.Parallel()
	s := settling("")
	s.Ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday, To: monday.Add(time.Hour)}, monday.Add(-time.Hour))
	f := handoff.Front{Ticket: *s.Ticket, Threads: s.Threads, Voice: keyed(""), Zone: time.UTC, Now: monday}
	if next := f.Tick().Next; !next.Equal(monday.Add(50 * time.Minute)) {
		t.Errorf("looks again at %v", next)
	}
	if at := f.Ticket.Look(f.Now, handoff.Hours{}); !at.Equal(monday.Add(50 * time.Minute)) {
		t.Errorf("is to be looked at at %v", at)
	}
	f.Now = monday.Add(50 * time.Minute)
	tick := f.Tick()
	if tick.Say != "promise_moved" || !tick.Next.Equal(monday.Add(75*time.Minute)) || tick.Ticket.Settle != s.Ticket.Settle {
		t.Errorf("says %q, next %v, %+v", tick.Say, tick.Next, tick.Ticket)
	}
	f.Ticket.Settle = handoff.NewPromise(handoff.Resolve, handoff.Range{From: monday, To: monday.Add(55 * time.Minute)}, monday)
	if tick := f.Tick(); tick.Say != "promise_moved" || tick.Next.After(f.Now) {
		t.Errorf("the other promise is not looked at at once: %+v", tick)
	}
}

// TestTicket_LookAcrossANight: who is reminded can still act: not at night, and not at once.
func TestTicket_LookAcrossANight(t *testing.T) {
	t.Parallel()
	clock := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, berlin) }
	for name, test := range map[string]struct{ made, due, want time.Time }{
		"in the morning":            {clock(23, 10, 0), clock(25, 17, 0), clock(25, 13, 0)},
		"the evening before":        {clock(23, 10, 0), clock(25, 10, 0), clock(24, 16, 45)},
		"made the evening before":   {clock(24, 16, 55), clock(25, 9, 0), clock(25, 8, 50)},
		"short, a quarter is left":  {clock(23, 10, 0), clock(23, 11, 0), clock(23, 10, 45)},
		"over a weekend and closed": {clock(27, 10, 0), clock(30, 9, 30), clock(27, 16, 45)},
	} {
		var ticket handoff.Ticket
		ticket.Settle = handoff.NewPromise(handoff.Resolve, handoff.Range{From: test.made, To: test.due}, test.made)
		if got := ticket.Look(test.made, working(t)); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
