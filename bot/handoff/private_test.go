package handoff_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// closely is a command of Ben's at the hall, where threads are private; those of the yard are not.
func closely(line string) handoff.Scene {
	s := commanded(line)
	s.Threads[0].Private = true
	s.Staff.Desk = "hall"
	return s
}

// letIn are those whom a change lets into threads, each after the desk.
func letIn(posts []handoff.Post) (out []string) {
	for _, p := range posts {
		if p.Act == handoff.LetsIn {
			out = append(out, side(p)+": "+p.Title)
		}
	}
	return out
}

func TestPlan_LetsInWhoTakesPart(t *testing.T) {
	t.Parallel()
	pressed := func(s handoff.Scene) handoff.Scene { // on the card, which stands in the hall itself
		s.Event.Kind, s.Event.Address.Thread, s.Pressed = channel.Press, "", handoff.PressClaim
		return s
	}
	abroad := func(s handoff.Scene) handoff.Scene {
		s.Team.Staff[1].ID = "elsewhere:eve"
		return s
	}
	for name, c := range map[string]struct {
		scene handoff.Scene
		want  []string
	}{
		"claim":                               {closely("claim"), []string{"hall: ben"}},
		"a press on the card":                 {pressed(closely("")), []string{"hall: ben"}},
		"a snooze takes it as well":           {closely("snooze 2h"), []string{"hall: ben"}},
		"given to a colleague":                {closely("assign Eve"), []string{"hall: eve"}},
		"to one of another network":           {abroad(closely("assign Eve")), nil},
		"who has it already":                  {held(closely("claim"), ben), nil},
		"somebody else has it":                {held(closely("claim"), eve), nil},
		"where threads are public":            {commanded("claim"), nil},
		"a ticket that left the desk":         {left(closely("claim")), nil},
		"at another desk, where it is public": {atTheYard(closely("claim")), nil},
	} {
		if got := letIn(handoff.Plan(c.scene).Posts); !slices.Equal(got, c.want) {
			t.Errorf("%s: let in %q, want %q", name, got, c.want)
		}
	}
}

func left(s handoff.Scene) handoff.Scene {
	s.Threads[0].State = handoff.Left
	return s
}

func atTheYard(s handoff.Scene) handoff.Scene {
	s.Desk, s.Event.Address, s.Staff.Desk = s.Team.Desks[1], s.Team.Desks[1].Address, "yard"
	return s
}

// front is the customer's side of the same ticket.
func front(s handoff.Scene) handoff.Front {
	return handoff.Front{Ticket: *s.Ticket, Threads: s.Threads, Desks: s.Team.Desks, Voice: s.Voice, Zone: s.Zone, Now: s.Now, Lines: s.Lines}
}

// A thread that begins anew in the place of one that is gone is private again, and who has the ticket sees it.
func TestFront_Again(t *testing.T) {
	t.Parallel()
	s := closely("")
	if got := letIn(front(s).Again(s.Threads[0])); len(got) != 0 {
		t.Errorf("nobody has it, and let in are %q", got)
	}
	posts := front(held(s, eve)).Again(s.Threads[0])
	if got := letIn(posts); len(posts) != 2 || posts[0].Act != handoff.OpensThread || !slices.Equal(got, []string{"hall: eve"}) {
		t.Errorf("posts %+v", posts)
	}
	s.Team.Desks[0].Private = true
	called := front(s)
	called.Threads = nil
	c, ok := called.Call()
	if !ok || len(c.Threads) != 2 || !c.Threads[0].Private || c.Threads[1].Private {
		t.Errorf("called with threads %+v", c.Threads)
	}
}

// While nobody has a ticket nobody may be in its private thread: what is to be heard is said at the desk.
func TestFront_AlertsWhereItIsHeard(t *testing.T) {
	t.Parallel()
	told := func(s handoff.Scene) map[string]handoff.Post {
		out := map[string]handoff.Post{}
		for _, p := range front(s).Tell("desk_reopened") {
			out[side(p)] = p
		}
		return out
	}
	free := told(closely(""))
	if p := free["here"]; p.To == nil || *p.To != (channel.Address{Network: "office", Chat: "hall"}) || p.ReplyTo != "c1" || p.Ticket != "t" || p.Quiet {
		t.Errorf("told %+v", free)
	}
	if _, ok := free["yard"]; !ok || len(free) != 2 {
		t.Errorf("told %+v", free)
	}
	if got := told(held(closely(""), ben)); len(got) != 2 || got["hall"].Quiet {
		t.Errorf("somebody has it: told %+v", got)
	}
	wanted := closely("")
	wanted.Threads[0].State = handoff.Wanted
	if got := told(wanted); len(got) != 2 || got["hall"].To != nil {
		t.Errorf("its thread is on its way: told %+v", got)
	}
}

// The card of a private thread is seen by all, so it shows what was said to the bot and not what staff and customer say to each other.
func TestFront_CardTellsNoSecrets(t *testing.T) {
	t.Parallel()
	s := closely("")
	opened := s.Ticket.OpenedAt
	s.Lines = []handoff.Said{
		{Text: "earlier zebra", At: opened.Add(-3 * time.Hour)}, {By: "Eve", Text: "earlier lion", At: opened.Add(-2 * time.Hour)},
		{Text: "Is it waterproof?", At: opened.Add(-time.Minute)}, {FromBot: true, Text: "It is not.", At: opened.Add(-time.Minute)}, {Text: "a person please", At: opened},
		{By: "Ben", Text: "new lion", At: opened.Add(time.Minute)}, {Text: "new zebra", At: opened.Add(2 * time.Minute)},
	}
	for _, p := range front(s).Refresh() {
		text := p.Content.PlainText()
		private := side(p) == "hall"
		if secret := strings.Contains(text, "lion") || strings.Contains(text, "zebra"); secret == private {
			t.Errorf("%s shows %q", side(p), text)
		}
		if private && (!strings.Contains(text, "It is not.") || !strings.Contains(text, "a person please")) {
			t.Errorf("what was said to the bot is not on the card: %q", text)
		}
	}
}

// Who is called where a ticket is in trouble is let into its thread, if that is at their desk.
func TestFront_LetsInWhoIsCalled(t *testing.T) {
	t.Parallel()
	s := held(closely(""), ben)
	s.Ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday.Add(-time.Hour), To: monday}, monday.Add(-time.Hour))
	f := front(s)
	f.Now = monday.Add(-time.Minute)
	f.Seniors = []handoff.Staff{eve, {ID: "office:joe", Person: channel.Person{ID: "joe"}, Desk: "yard"}}
	f.Seniors[0].Desk = "hall"
	posts := f.Tick().Posts
	if got := letIn(posts); !slices.Equal(got, []string{"hall: eve"}) {
		t.Errorf("let in %q, posts %+v", got, posts)
	}
}
