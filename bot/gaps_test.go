package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
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

// missed has people ask in vain for what is one gap, titled by the first question; the first so many of them wait to be told.
func (b *shop) missed(gap insight.GroupID, waiting int, texts ...string) {
	b.t.Helper()
	sorted := insight.Sorted{Gaps: []insight.Gap{{ID: gap, Title: texts[0], State: insight.GapNew, OpenedAt: time.Now()}}}
	for i, text := range texts {
		id := fmt.Sprintf("g%d-%d", gap, i)
		m := insight.Miss{ID: id, Conversation: id, Person: id, Utterance: text, Reason: insight.NothingFitted, Network: "test", Language: "en", At: time.Now(),
			Aftermath: insight.Aftermath{Wants: i < waiting}}
		e := channel.Event{ID: channel.EventID(id), Kind: channel.Text, Address: channel.Address{Network: "test", Chat: channel.ChatID(id)}, Body: text}
		if err := b.store.Commit(b.t.Context(), e, bot.Turn{Misses: []insight.Miss{m}}); err != nil {
			b.t.Fatal(err)
		}
		sorted.Placed = append(sorted.Placed, insight.Placed{Miss: id, Place: insight.Place{Group: gap, Part: int64(gap)}})
	}
	if err := b.store.Sort(b.t.Context(), sorted); err != nil {
		b.t.Fatal(err)
	}
}

// TestGaps_ProposalSaysWhatItDoes: who is told, which questions that are asked elsewhere change, and of which open gaps they are, stand above the button.
func TestGaps_ProposalSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.missed(1, 2, wrapping...)
	b.missed(2, 1, "@everyone can you gift wrap an order", "is wrapping of gifts possible", "gift wrapping of orders", "do you gift wrap orders", "wrap my gifts please")
	b.orders("eve", "gap", "1 write We wrap gifts for free.")
	proposal := b.atDesk("would answer 8 of 8", "to be told and will be: 2.", "decided otherwise than now: 5.", "then answered by “gap-1”", "… and 2 more",
		"also answer questions of gap 2", ": 5.").Content.PlainText()
	if n := strings.Count(proposal, ", then "); n != 3 || strings.Contains(proposal, "@everyone") {
		t.Errorf("%d questions are shown, or one calls all: %s", n, proposal)
	}
	for _, text := range wrapping {
		if strings.Contains(proposal, "“"+text+"”: now") {
			t.Errorf("a question of the gap itself is among others: %s", proposal)
		}
	}
	if strings.Contains(proposal, "less than half") {
		t.Errorf("what answers all is said to answer few: %s", proposal)
	}
}

// TestGaps_ProposalCallsNobody: the question of a new entry is a customer's own, and what they write calls nobody at a desk.
func TestGaps_ProposalCallsNobody(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.missed(1, 0, "@everyone do you wrap gifts")
	b.orders("eve", "gap", "1 write We wrap gifts for free.")
	proposal := b.atDesk("would answer 1 of 1")
	b.pressed("eve", proposal, "Publish")
	closed := b.atDesk("Published")
	if text := proposal.Content.PlainText() + closed.Content.PlainText(); strings.Contains(text, "@everyone") || !strings.Contains(text, "everyone do you wrap gifts") {
		t.Errorf("it says %s", text)
	}
}

// TestGaps_ProposalOfFew: an answer to a few of the questions alone is told of before it is published.
func TestGaps_ProposalOfFew(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.missed(1, 0, "do you wrap gifts", "my name is [name], did you find it", "[number] has never come")
	b.orders("eve", "gap", "1 write We wrap gifts for free.")
	b.atDesk("would answer 1 of 3", "less than half of these questions", "to be told and will be: 0.")
}

// TestGaps_NothingMaskedIsPublished: a question out of which a name was left is none that customers are shown.
func TestGaps_NothingMaskedIsPublished(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.missed(1, 0, "my name is [name], is parking possible", "I am [name], can I park at yours", "where can I leave my car")
	b.missed(2, 0, "my name is [name], do you sell boats", "is [name] a boat")
	question := func(gap faq.EntryID) string {
		t.Helper()
		record, err := b.store.Find(t.Context(), gap)
		if err != nil {
			t.Fatal(err)
		}
		return record.Head.Content.Question
	}
	b.orders("eve", "gap", "1 write Behind the house.")
	b.atDesk("“where can I leave my car” would answer", "Behind the house")
	if got := question("gap-1"); got != "where can I leave my car" {
		t.Errorf("the draft asks %q", got)
	}
	b.orders("eve", "gap", "2 write We sell ||small|| boats.")
	b.atDesk("Every question of this gap holds personal data", "/gap 2 write Question? ||")
	if _, err := b.store.Find(t.Context(), "gap-2"); !fault.Is(err, fault.NotFound) {
		t.Errorf("there is a draft: %v", err)
	}
	b.orders("eve", "gap", "2 write Do you sell boats? || We sell ||small|| boats.")
	b.atDesk("“Do you sell boats?” would answer", "We sell ||small|| boats")
	if got := question("gap-2"); got != "Do you sell boats?" {
		t.Errorf("the draft asks %q", got)
	}
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

// TestGaps_BreaksWhatIsKnown: who publishes at the desk is told first which questions with a known answer would lose it.
func TestGaps_BreaksWhatIsKnown(t *testing.T) {
	t.Parallel()
	b := lacking(t)
	var judged []eval.Judged
	for _, text := range []string{"when are you open", "opening hours", "when do you open", "are you open", "how late are you open"} {
		j := eval.Judged{Utterance: text, Entry: "hours", Verdict: eval.Right, Source: eval.Editor, At: time.Now()}
		j.ID = j.Identity()
		judged = append(judged, j)
	}
	if err := b.store.AddJudged(t.Context(), judged...); err != nil {
		t.Fatal(err)
	}
	taking := faq.Entry{ID: "gap-1", Language: "en", Question: "When are you open?", Answers: []faq.Answer{{Language: "en", Text: "We wrap."}}}
	for _, j := range judged {
		taking.Phrasings = append(taking.Phrasings, faq.Phrasing{Text: j.Utterance})
	}
	if _, err := faq.NewEditor(b.store, time.Now).Save(t.Context(), faq.Edit{Content: taking, By: "eve"}); err != nil {
		t.Fatal(err)
	}
	b.orders("eve", "gap", "1 publish")
	warned := b.atDesk("known answer that would lose it", "hours → ")
	text := warned.Content.PlainText()
	if n := strings.Count(text, "hours → "); n < 1 || n > 3 || !strings.Contains(text, " of 5.") {
		t.Errorf("the desk reads %q", text)
	}
	if record, err := b.store.Find(t.Context(), "gap-1"); err != nil || record.Live != nil {
		t.Errorf("it is published already: %+v, %v", record, err)
	}
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
	b.orders("eve", "gap", "1 dismiss we will never do that, write to bob@shop.example")
	b.atDesk("Gap 1 now: dismissed")
	if gap, err = b.store.Gap(t.Context(), 1); err != nil || !strings.Contains(gap.Reason, "never do that") || strings.Contains(gap.Reason, "bob@") {
		t.Errorf("the gap is %+v, %v", gap, err)
	}
	// No customer sees or does any of it.
	b.say("ann", "/gaps", "no answer")
	e := b.network.Event("ann", channel.Press, "gap.1.publish.0.")
	b.network.Push(e)
	b.expect("ann", "earlier conversation")
}

// TestGaps_AskersAreTold: who asked to be told hears of the answer, once, and their ticket is closed.
func TestGaps_AskersAreTold(t *testing.T) {
	t.Parallel()
	b := lacking(t)
	b.expect("customer4", "one of these")
	b.press("customer4", "None of these")
	b.expect("customer4", "no answer")
	b.press("customer4", "Keep my question")
	b.expect("customer4", "number")
	b.atDesk("customer4", "wrapped as a present")
	if kept, err := b.store.Misses(t.Context(), time.Time{}, 100); err != nil || !slices.ContainsFunc(kept, func(m insight.Miss) bool { return m.Wants && m.Reason == insight.NoneOfThese }) {
		t.Errorf("that it is kept is no reason why it was not answered: %+v, %v", kept, err)
	}
	misses, err := b.store.Unplaced(t.Context(), time.Now(), 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range misses { // asked anew, it may be another miss
		if err := b.store.Sort(t.Context(), insight.Sorted{Placed: []insight.Placed{{Miss: m.ID, Place: insight.Place{Group: 1, Part: 1}}}}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := b.store.News(t.Context(), time.Now(), 10); n != 0 || err != nil {
		t.Fatalf("%d are told before there is an answer, %v", n, err)
	}
	b.orders("eve", "gap", "1 write We wrap gifts for free.")
	b.pressed("eve", b.atDesk("real questions", "We wrap gifts for free"), "Publish")
	b.atDesk("Published")
	if err := b.matcher.Sync(t.Context(), b.store); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := b.store.News(t.Context(), time.Now(), 10); err != nil {
			t.Fatal(err)
		}
	}
	b.expect("customer4", "Now there is one", "We wrap gifts for free")
	b.atDesk("the customer was told")
	if tickets, err := b.store.Tickets(t.Context(), "", 10); err != nil || len(tickets) != 0 {
		t.Errorf("open are %+v, %v", tickets, err)
	}
	b.press("customer4", "Not what I meant")
	b.expect("customer4", "")
	judged, err := b.store.AllJudged(t.Context())
	if i := slices.IndexFunc(judged, func(j eval.Judged) bool { return j.Entry == "gap-1" }); err != nil || i < 0 || judged[i].Verdict != eval.Wrong ||
		judged[i].Utterance != wrapping[4] || judged[i].Network != "memory" || judged[i].Masked {
		t.Errorf("what is known of the answer is %+v, %v", judged, err)
	}
	week := insight.Period{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}
	if handoffs, err := b.store.Handoffs(t.Context(), week); err != nil || len(handoffs) != 1 || handoffs[0].End != insight.ByAnswer {
		t.Errorf("the tickets are %+v, %v", handoffs, err)
	}
	talks, err := b.store.Conversations(t.Context(), week, time.Now().Add(insight.EndsAfter))
	for _, c := range talks {
		if c.Handoff != nil && (c.Answers != 1 || c.Rejected != 1 || c.Met != 0 || c.Bucket(time.Now().Add(insight.EndsAfter+time.Minute)) != insight.GivenUp) {
			t.Errorf("the conversation came to %+v, %v", c, err)
		}
	}
	for i := range wrapping { // nobody else is told, and nobody twice
		for n, m := range b.network.Shown(fmt.Sprint("customer", i)) {
			if strings.Contains(m.Content.PlainText(), "Now there is one") && (i != 4 || n != len(b.network.Shown("customer4"))-3) {
				t.Errorf("customer%d was told: %q", i, m.Content.PlainText())
			}
		}
	}
}

func TestNewsAt(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 5, 4, 18, 30, 0, 0, time.UTC)
	for now, want := range map[time.Time]time.Time{
		asked.Add(time.Hour):                   asked.Add(time.Hour),
		asked.Add(2 * time.Hour):               asked.Add(24 * time.Hour),
		asked.Add(5 * time.Hour):               asked.Add(24 * time.Hour),
		asked.Add(23 * time.Hour):              asked.Add(24 * time.Hour),
		asked.AddDate(0, 0, 9).Add(time.Hour):  asked.AddDate(0, 0, 9).Add(time.Hour),
		asked.AddDate(0, 0, 9).Add(-time.Hour): asked.AddDate(0, 0, 9),
	} {
		if got := bot.NewsAt(asked, now); !got.Equal(want) {
			t.Errorf("asked at %v, it is told at %v and not %v, when it is %v", asked, got, want, now)
		}
	}
}
