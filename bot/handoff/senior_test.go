package handoff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"

	"github.com/google/go-cmp/cmp"
)

// calls shows a document with those whom it calls as network/ID.
func calls(d channel.Document) string {
	var b strings.Builder
	for _, block := range d {
		for _, s := range block.Spans {
			switch {
			case s.Kind == channel.Mention:
				fmt.Fprintf(&b, "<%s/%s %s>", s.Network, s.Person, s.Text)
			case len(s.Spans) > 0:
				b.WriteString(channel.Document{{Kind: channel.Paragraph, Spans: s.Spans}}.PlainText())
			default:
				b.WriteString(s.Text)
			}
		}
		b.WriteString("|")
	}
	return b.String()
}

// A ticket in trouble calls the seniors where it is shown, and where they are.
func TestFront_CallsSeniors(t *testing.T) {
	t.Parallel()
	hours, err := handoff.ParseHours(time.UTC, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	desk := func(id handoff.DeskID, network channel.Network) handoff.Desk {
		return handoff.Desk{ID: id, Address: channel.Address{Network: network, Chat: channel.ChatID(id)}}
	}
	closed := desk("closed", "office")
	closed.Gone = true
	senior := func(id, name string, at handoff.DeskID) handoff.Staff {
		network, person, _ := strings.Cut(id, ":")
		return handoff.Staff{ID: handoff.StaffOf(channel.Network(network), channel.PersonID(person)), Person: channel.Person{ID: channel.PersonID(person), Name: name}, Senior: true, Desk: at}
	}
	ticket := handoff.Ticket{
		ID: "t", Number: 7, Status: handoff.Open, OpenedAt: monday, Matter: handoff.Matter{Question: "Is it @channel\nproof?"},
		Customer: handoff.Customer{Person: channel.Person{Name: "Ann"}},
	}
	ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: monday, To: monday.Add(time.Hour)}, monday)
	front := handoff.Front{
		Ticket: ticket, Voice: keyed(""), Zone: time.UTC, Now: monday.Add(59 * time.Minute), Outlook: handoff.Outlook{Hours: hours, Present: 1},
		Desks: []handoff.Desk{desk("hall", "office"), desk("yard", "shop"), desk("attic", "office"), closed},
		Threads: []handoff.Thread{
			{Ticket: "t", Desk: "hall", Address: channel.Address{Network: "office", Chat: "hall", Thread: "1"}, State: handoff.Standing},
			{Ticket: "t", Desk: "yard", Address: channel.Address{Network: "shop", Chat: "yard"}, State: handoff.Standing},
			{Ticket: "t", Desk: "attic", Address: channel.Address{Network: "office", Chat: "attic"}, State: handoff.Left},
		},
		Seniors: []handoff.Staff{senior("office:ada", "Ada", "hall"), senior("shop:ben", "Ben\n", "yard"), senior("office:eve", "Eve", "attic"), senior("office:gil", "Gil", "closed"), senior("shop:joe", "Joe", "")},
	}
	got := map[string]string{}
	for _, p := range front.Tick().Posts {
		if p.Act != handoff.Shows || p.Quiet {
			continue
		}
		where := string(p.Desk)
		if p.To != nil {
			where = "in " + string(p.To.Chat)
		}
		text, names, _ := strings.Cut(calls(p.Content), "desk_waits")
		got[where] = text + "…" + names[strings.Index(names, "]"):]
	}
	want := map[string]string{
		"hall":     "…] <office/ada Ada> @Ben <office/eve Eve> <office/gil Gil> @Joe|",
		"yard":     "…] @Ada <shop/ben Ben> @Eve @Gil <shop/joe Joe>|",
		"in attic": "#7 Ann “Is it @\u2060channel proof?”|…] <office/eve Eve>|",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Where somebody acted last is where they are.
func TestPlan_NotesTheDesk(t *testing.T) {
	t.Parallel()
	s := commanded("help")
	s.Staff.Desk = "yard"
	s.Now = s.Staff.SeenAt.Add(time.Second)
	if got := handoff.Plan(s).Staff; got == nil || got.Desk != "hall" {
		t.Errorf("noted as %+v", got)
	}
	s.Staff.Desk = "hall"
	if got := handoff.Plan(s).Staff; got != nil {
		t.Errorf("noted again as %+v", got)
	}
}
