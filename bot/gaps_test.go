package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// wrapping are ways to ask what nothing answers.
var wrapping = []string{
	"do you wrap gifts", "can you wrap it as a gift", "is gift wrapping possible", "gift wrap please", "I need it wrapped as a present",
	"do you offer gift wrapping", "wrapping paper for a gift available?", "could you gift wrap my order",
}

// lacking is a staffed bot whose customers asked for gift wrapping, which is gap 1.
func lacking(t *testing.T) *shop {
	t.Helper()
	b := staffed(t)
	for i, text := range wrapping {
		b.network.Say(fmt.Sprint("customer", i), text)
	}
	var misses []insight.Miss
	for end := time.Now().Add(20 * time.Second); len(misses) < len(wrapping) && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var err error
		if misses, err = b.store.Unplaced(t.Context(), time.Now(), 100); err != nil {
			t.Fatal(err)
		}
	}
	sorted := insight.Sorted{Gaps: []insight.Gap{{ID: 1, Title: "Do you wrap gifts?", State: insight.GapNew, OpenedAt: time.Now()}}}
	for _, m := range misses {
		sorted.Placed = append(sorted.Placed, insight.Placed{Miss: m.ID, Place: insight.Place{Group: 1, Part: 1}})
	}
	if len(misses) != len(wrapping) || b.store.Sort(t.Context(), sorted) != nil {
		t.Fatalf("%d misses", len(misses))
	}
	return b
}

// pressed has a member of staff press the button under a message whose label begins so.
func (b *shop) pressed(staff string, under channel.Message, label string) {
	b.t.Helper()
	for _, button := range under.Buttons {
		if strings.HasPrefix(button.Label, label) {
			b.office.Push(b.office.EventAt(hall, staff, channel.Press, button.Action))
			return
		}
	}
	b.t.Fatalf("there is no button %q, only %q", label, labels(under))
}

// TestGaps_ClosedFromTheDesk: from the list to the answer that customers get, without leaving the chat.
func TestGaps_ClosedFromTheDesk(t *testing.T) {
	t.Parallel()
	b := lacking(t)
	b.orders("eve", "gaps", "")
	list := b.atDesk("What to mend first", "#1 · 8 this week ↑ · Do you wrap gifts?")
	b.pressed("eve", list, "#1")
	b.atDesk("people in all: 8", "do you wrap gifts", "/gap 1 write")
	b.orders("eve", "gap", "1 write We wrap **gifts** for free: choose it in the cart.")
	proposal := b.atDesk("would answer 8 of 8 real questions", "We wrap gifts for free")
	if record, err := b.store.Find(t.Context(), "gap-1"); err != nil || record.Head.Status != faq.Draft || record.Live != nil {
		t.Fatalf("the draft is %+v, %v", record, err)
	}
	b.pressed("eve", proposal, "Publish")
	b.atDesk("Published", "gap 1 is closed")
	gap, err := b.store.Gap(t.Context(), 1)
	if err != nil || gap.State != insight.GapAnswered || gap.Entry != "gap-1" {
		t.Errorf("the gap is %+v, %v", gap, err)
	}
	record, err := b.store.Find(t.Context(), "gap-1")
	if err != nil || record.Live == nil || record.Live.By != "eve" || len(record.Live.Content.Phrasings) != len(wrapping)-1 {
		t.Fatalf("the entry is %+v, %v", record, err)
	}
	if err := b.matcher.Sync(t.Context(), b.store); err != nil {
		t.Fatal(err)
	}
	b.say("zoe", "do you have gift wrapping", "We wrap gifts for free")
	b.orders("eve", "gaps", "")
	b.atDesk("There is no open gap")
	b.pressed("ben", proposal, "Publish") // pressed twice: it stands already
	b.atDesk("Gap 1 now: answered by an entry")
}

// TestGaps_AddedToAnEntry gives an entry the words of those who asked for it in vain.
func TestGaps_AddedToAnEntry(t *testing.T) {
	t.Parallel()
	b := lacking(t)
	b.orders("eve", "gap", "1 add hours")
	proposal := b.atDesk("would answer 8 of 8")
	b.pressed("eve", proposal, "Publish")
	b.atDesk("Published")
	record, err := b.store.Find(t.Context(), "hours")
	if err != nil || record.Head.Number != 2 || record.Live.Number != 2 {
		t.Fatalf("the entry is %+v, %v", record, err)
	}
	b.orders("eve", "gap", "1 add nothing-like-it")
	b.atDesk("Gap 1 now: answered by an entry")
	b.orders("eve", "gap", "77")
	b.atDesk("Which gap?")
}

func TestGaps_DecidedOtherwise(t *testing.T) {
	t.Parallel()
	b := lacking(t)
	b.orders("eve", "gap", "1 dismiss")
	b.atDesk("What shall be done about it?")
	b.orders("eve", "gap", "1 product feature")
	b.atDesk("Gap 1 now: a matter of the product")
	gap, err := b.store.Gap(t.Context(), 1)
	if err != nil || gap.State != insight.GapProduct || gap.Matter != insight.MatterFeature {
		t.Errorf("the gap is %+v, %v", gap, err)
	}
	b.orders("eve", "gap", "1 dismiss we will never do that")
	b.atDesk("Gap 1 now: dismissed")
	// No customer sees or does any of it.
	b.say("ann", "/gaps", "no answer")
	e := b.network.Event("ann", channel.Press, "gap.1.publish.0.")
	b.network.Push(e)
	b.expect("ann", "earlier conversation")
}
