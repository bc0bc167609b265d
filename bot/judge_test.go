package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"

	"github.com/google/go-cmp/cmp"
)

// judged is what was said of answers, in the order in which it was said last.
func (b *shop) judged() []string {
	b.t.Helper()
	all, err := b.store.AllJudged(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, j := range all {
		line := fmt.Sprintf("%s: %s %s", j.Utterance, j.Entry, j.Verdict)
		if j.Previous != "" {
			line += " after " + j.Previous
		}
		if j.Masked {
			line += ", masked"
		}
		out = append(out, line)
	}
	return out
}

func (b *shop) wantJudged(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.judged()); diff != "" {
		b.t.Errorf("not what was said of answers (-want +got):\n%s", diff)
	}
}

// TestEngine_Judged presses, picks and says all that is a verdict on an answer.
func TestEngine_Judged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(b *shop)
		want []string
	}{
		{"that helped", func(b *shop) {
			b.say("ann", "how long can I return something bought online", "30 days")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
		}, []string{"how long can I return something bought online: returns right"}},
		{"that helped, in words", func(b *shop) {
			b.say("ann", "can i send it back please", "30 days")
			b.say("ann", "that helped", "glad")
		}, []string{"can i send it back please: returns right"}},
		{"thanks alone says nothing of the answer", func(b *shop) {
			b.say("ann", "can i send it back please", "30 days")
			b.say("ann", "thanks", "welcome")
		}, nil},
		{"without the greeting, as it was decided on", func(b *shop) {
			b.say("ann", "hello, can i send it back please", "30 days")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
		}, []string{"can i send it back please: returns right"}},
		{"the later word counts", func(b *shop) {
			b.say("ann", "can i send it back please", "30 days")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
			b.say("ann", "Can I send it back, please?", "30 days", "did not help") // asked twice
			b.say("ann", "no that's not it", "one of these")
		}, []string{"Can I send it back, please?: returns wrong"}},
		{"not what I meant, and then one of the others", func(b *shop) {
			b.say("ann", "so how long does delivery take", "Two to three")
			b.press("ann", "Not what I meant")
			b.expect("ann", "one of these")
			b.press("ann", "How long does delivery abroad take?")
			b.expect("ann", "Five to ten")
		}, []string{"so how long does delivery take: delivery wrong", "so how long does delivery take: delivery-abroad chosen"}},
		{"what was chosen is confirmed", func(b *shop) {
			b.say("ann", "Is it paid out?", "one of these")
			b.press("ann", "How do I use a gift card?")
			b.expect("ann", "Enter its code")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
		}, []string{"Is it paid out?: voucher right"}},
		{"what was chosen is refused", func(b *shop) {
			b.say("ann", "Is it paid out?", "one of these")
			b.press("ann", "How do I use a gift card?")
			b.expect("ann", "Enter its code")
			b.press("ann", "Not what I meant")
			b.expect("ann", "")
		}, []string{"Is it paid out?: voucher wrong"}},
		{"none of these are those that were shown", func(b *shop) {
			b.say("ann", "Is it paid out?", "one of these")
			b.say("ann", "none of these", "no answer to that yet")
		}, []string{"Is it paid out?: voucher wrong", "Is it paid out?: refund wrong"}},
		{"a number in the place of a button", func(b *shop) {
			b.network.Limit(func(l *channel.Limits) { l.Buttons = 0 })
			b.say("ann", "Is it paid out?", "one of these")
			b.say("ann", "1", "Enter its code")
		}, []string{"Is it paid out?: voucher chosen"}},
		{"published questions are no words of a customer's own", func(b *shop) {
			b.say("ann", "How long can I return something", "30 days")
			b.press("ann", "When do I get my money back?")
			b.expect("ann", "Within 5 days")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
			b.say("ann", "wie lange kann ich etwas zuruckgeben", "30 Tage")
			b.press("ann", "Das meinte ich nicht")
			b.expect("ann", "")
		}, nil},
		{"each question of a message by itself", func(b *shop) {
			b.say("ann", "So how long can I return something? And when is the store open?", "30 days", "Monday")
			b.press("ann", "That helped") // the newest
			b.expect("ann", "glad")
		}, []string{"And when is the store open?: hours right"}},
		{"without personal data", func(b *shop) {
			b.say("ann", "opening hours, I am at ann@shop.example", "Monday")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
			b.say("ann", "how long does delivery take? ann@shop.example", "Two to three")
			b.say("ann", "and the time", "Five to ten")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
		}, []string{"opening hours, I am at [e-mail]: hours right, masked", "and the time: delivery-abroad right after how long does delivery take? [e-mail], masked"}},
		{"nothing is left after /forget", func(b *shop) {
			b.say("ann", "can i send it back please", "30 days")
			b.press("ann", "That helped")
			b.expect("ann", "glad")
			b.say("bob", "return it please, can i send it back", "30 days")
			b.press("bob", "That helped")
			b.expect("bob", "glad")
			e := b.network.Event("ann", channel.Command, "")
			e.Command = "forget"
			b.network.Push(e)
			b.expect("ann", "Shall I delete")
			b.press("ann", "Yes, delete everything")
			b.expect("ann", "Done")
		}, []string{"return it please, can i send it back: returns right"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, nil)
			c.do(b)
			b.wantJudged(c.want...)
		})
	}
}

// TestEngine_JudgedAgain asks what was stored again: it is decided as it was, also where the message was more, or less, than the question.
func TestEngine_JudgedAgain(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Burst = 500 * time.Millisecond })
	confirm := func(customer string) {
		t.Helper()
		b.press(customer, "That helped")
		b.expect(customer, "glad")
	}
	b.say("ann", "so how long does delivery take?", "Two to three")
	b.say("ann", "and the time", "Five to ten") // not read without the question before
	confirm("ann")
	b.network.Say("bob", "we have a zebra")
	b.say("bob", "saturday opening hours", "Monday") // not the whole of what was collected
	confirm("bob")
	b.network.Say("cleo", "my parcel")
	b.network.Say("cleo", "when does it")
	b.say("cleo", "arrive", "Two to three") // the whole of it
	confirm("cleo")
	german := b.network.Event("dan", channel.Text, "return period please")
	german.From.Locale = "de"
	b.network.Push(german)
	b.expect("dan", "30 Tage")
	b.press("dan", "Das hat geholfen")
	b.expect("dan", "")
	all, err := b.store.AllJudged(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 {
		t.Fatalf("%d were stored: %+v", len(all), all)
	}
	for _, j := range all {
		decisions, err := b.matcher.Decide(t.Context(), j.Question(j.Utterance))
		if err != nil || decisions[0].Kind != knowledge.Answer || decisions[0].Best().ID != j.Entry {
			t.Errorf("%+v is decided otherwise now: %+v, %v", j, decisions, err)
		}
	}
	if all[0].Previous != "so how long does delivery take?" || all[0].Last != "delivery" {
		t.Errorf("what was asked before is %q, answered by %q", all[0].Previous, all[0].Last)
	}
	if all[3].Language != "de" || all[3].Network != "memory" {
		t.Errorf("asked in %q on %q", all[3].Language, all[3].Network)
	}
}

// TestEngine_JudgedByWhoAsked has a bystander in a group press the buttons under another's answer.
func TestEngine_JudgedByWhoAsked(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	group := channel.Address{Network: "memory", Chat: "group"}
	handle := func(person string, kind channel.Kind, body string) channel.Message {
		t.Helper()
		e := b.network.Event(person, kind, body)
		e.Address = group
		if err := b.engine.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		return b.expectAt(group, 1)
	}
	m := handle("ann", channel.Text, "can i send it back please")
	helped := m.Buttons[slices.Index(labels(m), "That helped")].Action
	handle("bob", channel.Press, helped)
	b.wantJudged()
	handle("ann", channel.Press, helped)
	b.wantJudged("can i send it back please: returns right")
	all, err := b.store.Judged(t.Context(), time.Time{}, 10)
	if err != nil || all[0].Person != insight.PersonOf("memory", "ann") || all[0].Source != eval.Customer || all[0].ID != all[0].Identity() {
		t.Errorf("stored %+v, %v", all, err)
	}
}

// TestPlan_JudgedInAFlood continues a question in a flood after another one: it is the question before the flood that it was read with.
func TestPlan_JudgedInAFlood(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	entry := func(id faq.EntryID) *faq.Entry {
		return &faq.Entry{ID: id, Language: "en", Question: "What of " + string(id) + "?", Answers: []faq.Answer{{Language: "en", Text: "So it is."}}}
	}
	decision := func(utterance string, e *faq.Entry, continued bool) knowledge.Decision {
		return knowledge.Decision{Utterance: utterance, Kind: knowledge.Answer, Confidence: 0.9, Continued: continued, Candidates: []knowledge.Candidate{{Entry: e, Confidence: 0.9}}}
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	address := channel.Address{Network: "memory", Chat: "ann", Private: true}
	s := bot.Situation{
		Event: channel.Event{ID: "1", Kind: channel.Text, Body: "and abroad", From: channel.Person{ID: "ann"}, Address: address, Addressed: true},
		Conversation: bot.Conversation{ID: "c", Version: 1, Address: address, Customer: channel.Person{ID: "ann"}, LastAt: now,
			State: bot.State{Asked: bot.Asked{Utterance: "how long does it take", Entry: "delivery", At: now}}},
		Surroundings: bot.Surroundings{Limits: channel.Limits{Text: 2000, Buttons: 10, Measure: channel.CountVisible}}, Fresh: bot.Fresh{Seed: "seed"}, Now: now,
	}
	turn := bot.Plan(s, bot.Reading{Text: "opening hours\nand abroad", Decisions: []knowledge.Decision{
		decision("opening hours", entry("hours"), false), decision("and abroad", entry("abroad"), true),
	}}, bot.Policy{Language: "en"}, texts)
	got := turn.Conversation.State.Asked.Heard
	want := bot.Heard{Utterance: "and abroad", Context: eval.Context{Network: "memory", Previous: "how long does it take", Last: "delivery"},
		Person: insight.PersonOf("memory", "ann")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
