package bot_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

// shop is a whole bot on a network in memory: a real store, index, matcher and dispatcher.
type shop struct {
	t       testing.TB
	network *channeltest.Network
	office  *channeltest.Network // where staff are
	store   *store.Store
	engine  *bot.Engine
	matcher *knowledge.Matcher
	seen    map[string]int
}

func entries() []faq.Entry {
	make := func(id, question, answer string, phrasings ...string) faq.Entry {
		e := faq.Entry{ID: faq.EntryID(id), Language: "en", Question: question, Answers: []faq.Answer{{Language: "en", Text: answer}}}
		for _, p := range phrasings {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: p})
		}
		return e
	}
	returns := make("returns", "How long can I return something?", "You have **30 days** to return it.", "can i send it back", "return period")
	returns.Answers = append(returns.Answers, faq.Answer{Language: "de", Question: "Wie lange kann ich etwas zurückgeben?", Text: "Sie haben **30 Tage** Zeit."})
	returns.FollowUps = []faq.EntryID{"refund"}
	return []faq.Entry{
		returns,
		make("refund", "When do I get my money back?", "Within 5 days.", "how long does a refund take", "refund time", "is it paid out"),
		make("delivery", "How long does delivery take?", "Two to three days.", "when will my parcel arrive", "delivery time"),
		make("delivery-abroad", "How long does delivery abroad take?", "Five to ten days.", "international delivery time", "shipping to other countries"),
		make("hours", "When is the store open?", "Monday to Saturday, 10 to 19 h.", "opening hours", "are you open on saturday"),
		make("voucher", "How do I use a gift card?", "Enter its code at the checkout.", "redeem voucher", "is it paid out"),
		make("agent", "How do I become an agent?", "Write to the team.", "work as an agent"),
	}
}

func open(t testing.TB, change func(*bot.Policy)) *shop {
	t.Helper()
	return openWith(t, entries(), change)
}

func openWith(t testing.TB, published []faq.Entry, change func(*bot.Policy)) *shop {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	editor := faq.NewEditor(s, time.Now)
	for _, e := range published {
		if _, err := editor.Save(ctx, faq.Edit{Content: e, Publish: true, By: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	x, err := index.Open("", index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	m := knowledge.New(x, knowledge.Options{Default: published[0].Language})
	if err := m.Sync(ctx, s); err != nil {
		t.Fatal(err)
	}
	b := &shop{t: t, network: channeltest.NewNetwork("memory", time.Now), office: channeltest.NewNetwork("office", time.Now), store: s, matcher: m, seen: map[string]int{}}
	b.start(m, change)
	return b
}

func (b *shop) start(m *knowledge.Matcher, change func(*bot.Policy)) {
	policy := bot.Policy{Business: "Test & Sons", Language: "en", KeptDays: 30}
	if change != nil {
		change(&policy)
	}
	networks := []*channeltest.Network{b.network, b.office}
	options := bot.Options{Policy: policy, Popularity: b.store, Team: b.store, Channels: []channel.Channel{linking{b.network}, b.office},
		Logger: slog.New(slog.DiscardHandler), Now: time.Now}
	lexicon, err := bot.NewLexicon()
	if err != nil {
		b.t.Fatal(err)
	}
	options.Mender = bot.NewMender(b.store, func() *knowledge.Matcher { return m }, lexicon, policy, time.Now)
	var senders []*bot.Dispatcher
	options.Committed = func() {
		for _, d := range senders {
			d.Wake()
		}
	}
	if b.engine, err = bot.New(b.store, m, options); err != nil {
		b.t.Fatal(err)
	}
	for _, n := range networks {
		senders = append(senders, bot.NewDispatcher(b.store, b.store, n, "test", options))
	}
	var runs []func(context.Context) error
	for i, n := range networks {
		clock := bot.NewClock(b.store, n.Network(), b.engine.Handle, 10*time.Millisecond, options)
		runs = append(runs, senders[i].Run, clock.Run, func(ctx context.Context) error { return n.Run(ctx, b.engine) })
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.t.Context()))
	ended := make(chan error, len(runs))
	for _, run := range runs {
		go func() { ended <- run(ctx) }()
	}
	b.t.Cleanup(func() {
		cancel()
		for range runs {
			if err := <-ended; err != nil {
				b.t.Error(err)
			}
		}
	})
}

// linking is a network on which a private chat is opened by a link.
type linking struct{ channel.Channel }

func (linking) StartLink(token string) string { return "https://chat.example/bot?start=" + token }

// expect waits for the next messages to a customer, and checks that they hold the texts in order.
func (b *shop) expect(customer string, texts ...string) []channel.Message {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	all, err := b.network.Await(ctx, customer, b.seen[customer]+len(texts))
	if err == nil && slices.ContainsFunc(all[b.seen[customer]:], isIntroduction) { // TestEngine_Introduces looks at it
		all, err = b.network.Await(ctx, customer, b.seen[customer]+1+len(texts))
	}
	if err != nil {
		b.t.Fatal(err)
	}
	got := slices.DeleteFunc(slices.Clone(all[b.seen[customer]:]), isIntroduction)
	b.seen[customer] = len(all)
	for i, text := range texts {
		if shown := got[i].Content.PlainText(); !strings.Contains(shown, text) {
			b.t.Fatalf("message %d is %q with %v, want %q in it", i, shown, labels(got[i]), text)
		}
	}
	return got
}

// isIntroduction says whether a message is the one that goes before the first answer.
func isIntroduction(m channel.Message) bool {
	text := m.Content.PlainText()
	return strings.Contains(text, "assistant of Test & Sons, a bot.") || strings.Contains(text, "Assistent von Test & Sons, ein Bot.")
}

func labels(m channel.Message) []string {
	var out []string
	for _, b := range m.Buttons {
		out = append(out, b.Label)
	}
	return out
}

func (b *shop) press(customer, label string) {
	b.t.Helper()
	if !b.network.Press(customer, label) {
		b.t.Fatalf("there is no button %q", label)
	}
}

func (b *shop) say(customer, text string, want ...string) []channel.Message {
	b.t.Helper()
	b.network.Say(customer, text)
	return b.expect(customer, want...)
}

func TestEngine_Answers(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	m := b.say("ann", "how long can I return something", "30 days")[0]
	want := []string{"When do I get my money back?", "That helped", "Not what I meant", "Talk to a person"}
	if got := labels(m); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("buttons %q, want %q", got, want)
	}
	b.press("ann", "When do I get my money back?")
	b.expect("ann", "Within 5 days")
	b.press("ann", "That helped")
	b.expect("ann", "glad to hear")
}

// TestEngine_Introduces has people begin with a question: a bot says what it is before its first answer, and once.
func TestEngine_Introduces(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Greeting = map[faq.Language]string{"de": "Moin, hier ist Robo, ein Bot."} })
	b.network.Say("ann", "opening hours")
	b.network.Say("ann", "how long does delivery take")
	german := b.network.Event("bob", channel.Text, "opening hours")
	german.From.Locale = "de"
	b.network.Push(german)
	b.network.Say("cleo", "hello")
	b.network.Say("cleo", "opening hours")
	b.network.Say("dan", "are you a human?")
	b.network.Say("dan", "opening hours")
	for customer, want := range map[string][]string{
		"ann": {"assistant of Test & Sons, a bot. A person is always one step away", "Monday", "Two to three"}, "bob": {"hier ist Robo", "(English)", "Monday"},
		"cleo": {"assistant of Test & Sons: a bot that knows", "Monday"}, "dan": {"assistant of Test & Sons, a bot", "Monday"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		got, err := b.network.Await(ctx, customer, len(want))
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range want {
			if shown := got[i].Content.PlainText(); !strings.Contains(shown, text) {
				t.Errorf("%s: message %d is %q, want %q in it", customer, i, shown, text)
			}
		}
	}
	for range 2 {
		e := b.network.Event("eve", channel.Text, "opening hours")
		e.Address.Private = false
		if err := b.engine.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if got := b.expectAt(e.Address, 1).Content.PlainText(); !strings.Contains(got, "Monday") {
			t.Errorf("in a group it says %q", got)
		}
	}
}

func TestEngine_Person(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.say("ann", "I want to talk to a human please", "with our team under number")
	b.say("ann", "human", "already with our team")
	tickets, err := b.store.Tickets(t.Context(), "open", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Question != "can my cat fly to the moon with you?" {
		t.Fatalf("tickets %+v, %v", tickets, err)
	}
	misses, err := b.store.Misses(t.Context(), time.Time{}, 10)
	if err != nil || len(misses) != 1 || misses[0].Reason != "asked_person" || misses[0].Ticket != string(tickets[0].ID) {
		t.Errorf("misses %+v, %v", misses, err)
	}
	b.press("ann", "No person needed after all")
	b.expect("ann", "taken number")
	b.say("ann", "how do I become an agent?", "Write to the team")
}

func TestEngine_SmallTalkIsNoMiss(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "hello there", "assistant of Test & Sons")
	b.say("ann", "thank you so much!", "welcome")
	b.say("ann", "bye", "Goodbye")
	if misses, err := b.store.Misses(t.Context(), time.Time{}, 10); err != nil || len(misses) != 0 {
		t.Errorf("misses %+v, %v", misses, err)
	}
}

func TestEngine_NotMeant(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "how long does delivery take", "Two to three days")
	b.press("ann", "Not what I meant")
	m := b.expect("ann", "one of these")[0]
	if got := labels(m); got[0] != "How long does delivery abroad take?" {
		t.Errorf("offered %q", got)
	}
	b.press("ann", "How long does delivery abroad take?")
	b.expect("ann", "Five to ten")
	b.say("bob", "how long does delivery take", "Two to three days")
	b.say("bob", "no that's not it", "one of these")
	b.press("bob", "None of these")
	b.expect("bob", "no answer to that yet")
	misses, err := b.store.Misses(t.Context(), time.Time{}, 10)
	if err != nil || len(misses) != 2 {
		t.Fatalf("misses %+v, %v", misses, err)
	}
	b.say("cleo", "Is it paid out?", "one of these")
	b.say("cleo", "none of these", "no answer to that yet") // the words of the button
	b.say("cleo", "no", "nothing else")
	b.say("cleo", "keep my question", "kept your question")
	b.say("cleo", "never mind", "taken number")
}

// TestEngine_YesAndNo answers what the bot asks itself.
func TestEngine_YesAndNo(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	command := func(customer, name string) {
		e := b.network.Event(customer, channel.Command, "")
		e.Command = name
		b.network.Push(e)
	}
	b.say("ann", "banana spaceship tango", "no answer to that yet")
	b.say("ann", "violet submarine jazz", "Shall a person take over?")
	b.say("ann", "yes please", "with our team under number")
	b.say("bob", "opening hours", "Monday")
	b.say("bob", "thanks", "anything else?")
	b.say("bob", "no", "Goodbye")
	b.say("cleo", "opening hours", "Monday")
	b.say("cleo", "opening hours", "Monday", "Shall a person take over?")
	b.say("cleo", "ja", "with our team under number")
	command("dan", "forget")
	b.expect("dan", "Shall I delete")
	b.say("dan", "No, keep it", "nothing was deleted")
	command("dan", "language")
	b.expect("dan", "Which language")
	b.say("dan", "Deutsch", "Deutsch")
	command("dan", "forget")
	b.expect("dan", "Soll ich")
	b.say("dan", "Ja, alles löschen", "gelöscht")
	b.say("dan", "hello", "assistant of Test & Sons")
	b.say("eve", "does my zebra need insurance?", "no answer to that yet")
	b.say("eve", "no", "nothing else")
	b.say("eve", "no human please", "Got it")
	b.say("eve", "human", "with our team under number")
	b.say("eve", "I don't want to talk to a person", "taken number")
	misses, err := b.store.Misses(t.Context(), time.Time{}, 10)
	if err != nil || len(misses) != 4 {
		t.Errorf("misses %+v, %v", misses, err)
	}
}

// TestEngine_Leftover types a question on after it was answered.
func TestEngine_Leftover(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Burst = 100 * time.Millisecond })
	b.say("ann", "when is the store", "Monday")
	b.network.Say("ann", "open")
	b.network.Say("ann", "on saturday")
	b.say("ann", "thanks", "welcome")
	b.say("bob", "how long does delivery", "Two to three")
	b.say("bob", "opening hours", "Monday")
}

// TestEngine_PhotoWithWords asks with a picture: the words are answered, and that the picture is not seen is said.
func TestEngine_PhotoWithWords(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	e := b.network.Event("ann", channel.Text, "opening hours")
	e.Attachments = []channel.Attachment{{Network: "memory", Media: channel.Photo, Ref: "x"}}
	b.network.Push(e)
	b.expect("ann", "Monday", "not what you sent with it")
}

func TestEngine_TwoQuestionsAndContinuation(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "How long can I return something? And when is the store open?", "30 days", "Monday to Saturday")
	b.say("bob", "how long does delivery take?", "Two to three")
	b.say("bob", "and abroad?", "Five to ten")
	b.say("dan", "when is the store open and how do I use a gift card", "Monday to Saturday", "Enter its code")
	m := b.say("cleo", "When is the store open? Is it paid out?", "Monday to Saturday", "Is it paid out?")
	if got := labels(m[1]); len(got) < 3 || got[len(got)-2] != "None of these" {
		t.Errorf("the unsure one of two questions offers %q", got)
	}
}

func TestEngine_Burst(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Burst = 300 * time.Millisecond })
	b.network.Say("ann", "my parcel")
	b.network.Say("ann", "when does it")
	b.network.Say("ann", "arrive")
	b.expect("ann", "Two to three")
	b.network.Say("bob", "my zebra")
	b.say("bob", "human", "with our team under number")
	b.network.Say("cleo", "delivery")
	b.say("cleo", "please", "Two to three")
	tickets, err := b.store.Tickets(t.Context(), "open", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Question != "my zebra" {
		t.Errorf("tickets %+v, %v", tickets, err)
	}
}

func TestEngine_Language(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	e := b.network.Event("ann", channel.Command, "de")
	e.Command = "language"
	b.network.Push(e)
	b.expect("ann", "Deutsch")
	b.say("ann", "return period", "30 Tage")
	b.say("ann", "opening hours", "English", "Monday to Saturday")
}

// TestEngine_LanguageNotServed asks in languages that there is no entry in: who gets no answer is told which languages there are, once.
func TestEngine_LanguageNotServed(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	told := func(l faq.Language) string {
		return plain(texts.In(l).Say("fallback")) + "\n\n" + plain(texts.In(l).Say("fallback_languages", bot.Args{"Languages": "English, Deutsch"}))
	}
	for _, customer := range []string{"rosa", "ivan", "uwe", "ann", "eve"} {
		b.say(customer, "👋", "Test & Sons")
	}
	b.say("rosa", "¿Cómo puedo plantar girasoles en el jardín de mi casa?", told("es"))
	b.say("rosa", "¿Y qué tengo que hacer para que las macetas no se rompan?", plain(texts.In("es").Say("fallback_again")))
	b.say("ivan", "Есть ли у вас семена подсолнуха для сада?", told("ru"))
	for customer, question := range map[string]string{"uwe": "Haben Sie auch Sonnenblumenkerne für den Garten?", "ann": "do zebras sing", "eve": "zwrkl bmptq"} {
		for _, m := range b.say(customer, question, "") {
			if shown := m.Content.PlainText(); strings.Contains(shown, "English") || strings.Contains(shown, "Deutsch") {
				t.Errorf("%q gets %q", question, shown)
			}
		}
	}
}

func TestEngine_Forget(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "does my zebra need insurance?", "no answer")
	e := b.network.Event("ann", channel.Command, "")
	e.Command = "forget"
	b.network.Push(e)
	b.expect("ann", "Shall I delete")
	b.press("ann", "Yes, delete everything")
	b.expect("ann", "Done")
	if misses, err := b.store.Misses(t.Context(), time.Time{}, 10); err != nil || len(misses) != 0 {
		t.Errorf("misses after /forget: %+v, %v", misses, err)
	}
	b.say("ann", "hello", "assistant of")
}

func TestEngine_MediaAndUnknownButtons(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	e := b.network.Event("ann", channel.Text, "")
	e.Attachments = []channel.Attachment{{Network: "memory", Media: channel.Photo, Ref: "x"}}
	b.network.Push(e)
	b.expect("ann", "text only")
	b.network.Push(b.network.Event("ann", channel.Press, "no-such-token"))
	b.expect("ann", "earlier conversation")
}

func TestEngine_SeenTwiceActsOnce(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	e := b.network.Event("ann", channel.Text, "opening hours")
	for range 3 {
		if err := b.engine.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	b.expect("ann", "Monday")
	b.say("ann", "thanks", "welcome")
}

func TestEngine_GroupsAreLeftAlone(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	for _, addressed := range []bool{false, true} {
		e := b.network.Event("ann", channel.Text, "opening hours")
		e.Address.Private, e.Addressed = false, addressed
		if err := b.engine.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	b.say("bob", "opening hours", "Monday")
	if got := b.network.Shown("ann"); len(got) != 0 {
		t.Errorf("answered in private: %v", got)
	}
}

func TestEngine_NumberedChoices(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.network.Limit(func(l *channel.Limits) { l.Buttons = 0 })
	m := b.say("ann", "opening hours", "Monday")[0]
	if text := m.Content.PlainText(); !strings.Contains(text, "3. Talk to a person") {
		t.Fatalf("no numbered choices in %q", text)
	}
	b.say("ann", "3", "with our team")
	two := b.say("bob", "How long can I return something? And when is the store open?", "1. When do I get my money back?", "5. That helped")
	if text := two[1].Content.PlainText(); !strings.Contains(text, "7. Talk to a person") {
		t.Errorf("the second list is not numbered on: %q", text)
	}
	b.say("bob", "1", "Within 5 days")
}

func TestEngine_Flood(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	for range 12 {
		b.network.Say("ann", "opening hours")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		all, err := b.network.Await(ctx, "ann", b.seen["ann"]+1)
		if err != nil {
			t.Fatal(err)
		}
		b.seen["ann"]++
		if strings.Contains(all[b.seen["ann"]-1].Content.PlainText(), "quicker than I am") {
			return
		}
	}
}

// TestEngine_FloodIsAnsweredTogether asks several things in a flood: each that has an answer gets it, and that one has none is said once.
func TestEngine_FloodIsAnsweredTogether(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	for i := range 9 {
		b.network.Say("ann", []string{"opening hours", "delivery time"}[i%2])
	}
	for _, text := range []string{"refund time", "redeem voucher", "zebra hats", "thanks", "work as an agent", "purple rain", "refund time"} {
		b.network.Say("ann", text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	all, err := b.network.Await(ctx, "ann", 1+8+1+5) // the introduction, eight answers, that they come together, and these
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all[10:] {
		got = append(got, m.Content.PlainText())
	}
	for i, want := range []string{"Monday", "Within 5 days", "Enter its code", "no answer to that yet", "Write to the team"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("answer %d of %d to the flood is %q, want %q in it", i, len(got), got[i], want)
		}
	}
	misses, err := b.store.Misses(t.Context(), time.Time{}, 10)
	if err != nil || len(misses) != 2 {
		t.Errorf("misses %+v, %v", misses, err)
	}
}

func TestEngine_GroupHandoffGoesOnInPrivate(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	group := func(body string) channel.Event {
		e := b.network.Event("ann", channel.Text, body)
		e.Address = channel.Address{Network: "memory", Chat: "group"}
		return e
	}
	var link string
	for _, text := range []string{"does my zebra need a ticket?", "human please"} {
		if err := b.engine.Handle(t.Context(), group(text)); err != nil {
			t.Fatal(err)
		}
		shown := b.expectAt(channel.Address{Network: "memory", Chat: "group"}, 1)
		link = shown.Buttons[len(shown.Buttons)-1].URL
	}
	_, token, ok := strings.Cut(link, "?start=")
	if !ok {
		t.Fatalf("no link into the private chat: %q", link)
	}
	e := b.network.Event("ann", channel.Command, token)
	e.Command = "start"
	b.network.Push(e)
	b.expect("ann", "with our team under number")
	tickets, err := b.store.Tickets(t.Context(), "", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Question != "does my zebra need a ticket?" || !tickets[0].Customer.Address.Private {
		t.Errorf("tickets %+v, %v", tickets, err)
	}
}

// expectAt waits for the next message at an address.
func (b *shop) expectAt(to channel.Address, count int) channel.Message {
	b.t.Helper()
	key := "at " + string(to.Chat)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if all := b.network.ShownAt(to); len(all) >= b.seen[key]+count {
			b.seen[key] += count
			return all[b.seen[key]-1]
		}
	}
	b.t.Fatalf("nothing was said at %v", to)
	return channel.Message{}
}
