package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"
)

// wordly is a matcher that answers what holds "alpha", offers entries for what holds "beta", and knows nothing else.
type wordly struct{ bot.Matcher }

func (wordly) Decide(_ context.Context, q knowledge.Question) ([]knowledge.Decision, error) {
	var out []knowledge.Decision
	for part := range strings.SplitSeq(q.Utterance, " and ") {
		d := knowledge.Decision{Utterance: part, Kind: knowledge.Fallback}
		for _, id := range []string{"one", "two", "three"} {
			d.Candidates = append(d.Candidates, knowledge.Candidate{Entry: wordlyEntry(id), Confidence: 0.4})
		}
		switch {
		case strings.Contains(part, "alpha"):
			d.Kind, d.Confidence, d.Candidates[0].Confidence = knowledge.Answer, 0.9, 0.9
		case strings.Contains(part, "beta"):
			d.Kind, d.Confidence, d.Offers = knowledge.Clarify, 0.5, 2
		}
		out = append(out, d)
	}
	return out, nil
}

func (wordly) Languages() []faq.Language { return []faq.Language{"en"} }

func (wordly) Entry(id faq.EntryID) (*faq.Entry, bool) { return wordlyEntry(string(id)), true }

func wordlyEntry(id string) *faq.Entry {
	return &faq.Entry{ID: faq.EntryID(id), Language: "en", Question: "What is " + id + "?", Answers: []faq.Answer{{Language: "en", Text: "It is " + id + "."}}}
}

// committed is a turn as it was written, with the button that was pressed for it.
type committed struct {
	at     time.Time
	event  channel.Event
	turn   bot.Turn
	action *bot.Action
	// open is the ticket that the customer had before.
	open handoff.TicketID
}

// recorder keeps what was written.
type recorder struct {
	*store.Store
	now     func() time.Time
	log     []committed
	actions map[string]bot.Action
	open    map[channel.PersonID]handoff.TicketID
}

func (r *recorder) Commit(ctx context.Context, event channel.Event, turn bot.Turn) error {
	c := committed{at: r.now(), event: event, turn: turn, open: r.open[event.From.ID]}
	if err := r.Store.Commit(ctx, event, turn); err != nil {
		return err
	}
	if t := turn.Ticket; t != nil {
		r.open[t.Customer.Person.ID] = t.ID
		if t.Status == handoff.Closed {
			r.open[t.Customer.Person.ID] = ""
		}
	}
	if turn.Erase {
		r.open[event.From.ID] = ""
	}
	if a, ok := r.actions[event.Body]; ok && (event.Kind == channel.Press || event.Command == "start") {
		c.action = &a
	}
	for _, a := range turn.Actions {
		r.actions[a.Token] = a
	}
	r.log = append(r.log, c)
	return nil
}

// history is a business over months in which customers and staff do things at random. Nothing runs beside it: each thing is done before the next.
type history struct {
	t         *testing.T
	rand      *rand.Rand
	clock     time.Time
	store     *recorder
	engine    *bot.Engine
	customers *channeltest.Network
	office    *channeltest.Network
	buttons   map[string][]channel.Button // of each customer, the newest last
	cards     map[handoff.TicketID]channel.MessageID
	shown     []channel.Message // at the desk, since somebody looked
	gaps      insight.GroupID
}

func newHistory(t *testing.T, settings store.Settings, begin time.Time, seed uint64) *history {
	t.Helper()
	h := &history{t: t, rand: rand.New(rand.NewPCG(seed, 5)), clock: begin, buttons: map[string][]channel.Button{},
		cards: map[handoff.TicketID]channel.MessageID{}}
	now := func() time.Time { return h.clock }
	h.store = &recorder{Store: storetest.Open(t, settings, store.Options{Now: now}), now: now, actions: map[string]bot.Action{}, open: map[channel.PersonID]handoff.TicketID{}}
	h.customers, h.office = channeltest.NewNetwork("memory", now), channeltest.NewNetwork("office", now)
	if err := h.store.SaveDesk(t.Context(), handoff.Desk{ID: "desk", Address: hall}); err != nil {
		t.Fatal(err)
	}
	hours, err := handoff.ParseHours(begin.Location(), map[string]string{"mon-fri": "09:00-17:00"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.engine, err = bot.New(h.store, wordly{}, bot.Options{
		Policy: bot.Policy{Business: "Test & Sons", Language: "en", KeptDays: 30, Location: begin.Location(), Hours: hours}, Team: h.store, Popularity: h.store,
		Channels: []channel.Channel{linking{h.customers}, h.office}, Logger: slog.New(slog.NewTextHandler(testLog{t}, nil)), Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// handle has an event acted on, and then everything that follows from it at once.
func (h *history) handle(e channel.Event) {
	h.t.Helper()
	if err := h.engine.Handle(h.t.Context(), e); err != nil {
		h.t.Fatal(err)
	}
	h.settle()
}

// settle delivers what waits, and acts on what is due.
func (h *history) settle() {
	h.t.Helper()
	for rounds := 0; ; rounds++ {
		if rounds > 100 {
			events, err := h.store.Deferred(h.t.Context(), "", h.clock, 3)
			h.t.Fatalf("there is no end to what is due at %v: %+v, %v", h.clock, events, err)
		}
		some := h.deliver("memory") + h.deliver("office")
		events, err := h.store.Deferred(h.t.Context(), "", h.clock, 100)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, e := range events {
			if err := h.engine.Handle(h.t.Context(), e); err != nil {
				h.t.Fatal(err)
			}
		}
		if some+len(events) == 0 {
			return
		}
	}
}

func (h *history) deliver(network channel.Network) int {
	rows, err := h.store.Take(h.t.Context(), network, h.clock, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var results []bot.SendResult
	for _, row := range rows {
		id := channel.MessageID(fmt.Sprint("m", row.ID))
		if row.Outgoing.Post.Act == handoff.OpensThread {
			h.cards[row.Outgoing.Post.Ticket] = id
		}
		m := row.Outgoing.Message
		if network == "office" {
			h.shown = append(h.shown, m)
		}
		h.buttons[string(m.To.Chat)] = append(h.buttons[string(m.To.Chat)], m.Buttons...)
		results = append(results, bot.SendResult{ID: row.ID, Message: id, At: h.clock})
	}
	if err := h.store.Settle(h.t.Context(), results...); err != nil {
		h.t.Fatal(err)
	}
	return len(rows)
}

// wait lets time pass, with what becomes due in it.
func (h *history) wait(d time.Duration) {
	h.t.Helper()
	for end := h.clock.Add(d); ; {
		next, err := h.store.NextDue(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if next.IsZero() || next.After(end) {
			if end.After(h.clock) {
				h.clock = end
			}
			return
		}
		if next = next.Truncate(time.Second).Add(time.Second); next.After(h.clock) { // what is due is acted on a moment later
			h.clock = next.In(end.Location())
		}
		h.settle()
	}
}

func (h *history) chance(percent int) bool { return h.rand.IntN(100) < percent }

func pick[T any](h *history, of ...T) T { return of[h.rand.IntN(len(of))] }

// visit is a customer who comes and does a few things.
func (h *history) visit(customer string) {
	at := h.customers.Private(customer)
	if h.chance(12) {
		at = channel.Address{Network: "memory", Chat: "club"}
	}
	for range 1 + h.rand.IntN(4) {
		h.wait(time.Duration(20+h.rand.IntN(900)) * time.Second)
		h.does(customer, at)
	}
}

func (h *history) does(customer string, at channel.Address) {
	kind, text := channel.Text, ""
	switch n := h.rand.IntN(100); {
	case n < 26:
		text = "alpha " + h.number()
	case n < 34:
		text = "beta " + h.number()
	case n < 42:
		text = "zebra " + h.number()
	case n < 46:
		text = pick(h, "alpha and zebra ", "zebra and alpha ", "beta and alpha ") + h.number()
	case n < 52:
		text = pick(h, "hello", "thank you", "👍", "???")
	case n < 58:
		text = "a person please"
	case n < 59:
		h.forgets(customer, at)
		return
	case n < 62:
		h.follows(customer)
		return
	default:
		buttons := h.buttons[string(at.Chat)]
		if len(buttons) == 0 {
			return
		}
		kind, text = channel.Press, buttons[len(buttons)-1-h.rand.IntN(min(len(buttons), 6))].Action
		if helped := h.last(string(at.Chat), func(b channel.Button) bool { return b.Label == "That helped" }); helped != "" && h.chance(35) {
			text = helped
		}
		if h.chance(10) {
			text = buttons[len(buttons)-1-h.rand.IntN(min(len(buttons), 40))].Action
		}
	}
	e := h.customers.EventAt(at, customer, kind, text)
	e.Addressed = true
	h.handle(e)
}

// follows is a customer who goes from a group to the private chat by a link that was shown there.
func (h *history) follows(customer string) {
	var links []string
	for _, b := range h.buttons["club"] {
		if _, token, ok := strings.Cut(b.URL, "?start="); ok {
			links = append(links, token)
		}
	}
	if len(links) == 0 {
		return
	}
	e := h.customers.Event(customer, channel.Command, links[len(links)-1-h.rand.IntN(min(len(links), 3))])
	e.Command = "start"
	h.handle(e)
}

func (h *history) number() string { return fmt.Sprint("nr. ", h.rand.IntN(1_000_000), "?") }

func (h *history) forgets(customer string, at channel.Address) {
	e := h.customers.EventAt(at, customer, channel.Command, "")
	e.Command, e.Addressed = "forget", true
	h.handle(e)
	h.wait(5 * time.Second)
	e = h.customers.EventAt(at, customer, channel.Text, "yes")
	e.Addressed = true
	h.handle(e)
}

// works has staff do something about a ticket.
func (h *history) works() {
	tickets, err := h.store.Tickets(h.t.Context(), "", 50)
	if err != nil {
		h.t.Fatal(err)
	}
	closed, err := h.store.Tickets(h.t.Context(), handoff.Closed, 3)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.chance(10) {
		tickets = closed
	}
	if len(tickets) == 0 {
		return
	}
	t := tickets[h.rand.IntN(len(tickets))]
	text := pick(h, "/close needs", "/close solved", "/close price")
	if h.clock.Sub(t.OpenedAt) < 2*24*time.Hour || t.Number%11 == 0 { // what is old is cleared away, but for some that is forgotten
		text = pick(h, "I look into it.", "I look into it.", "Here it is.", "Here it is.", "Here it is.", "/close needs", "/close solved", "/close product", "/close spam", "/release", "/snooze 5h", "/reopen", "//hm")
	}
	e := h.office.EventAt(hall, pick(h, "ben", "eve"), channel.Text, text)
	if name, ok := strings.CutPrefix(text, "/"); ok && name[0] != '/' {
		e.Kind = channel.Command
		e.Command, e.Body, _ = strings.Cut(name, " ")
	}
	e.ReplyTo = h.cards[t.ID]
	h.handle(e)
	if e.Command == "close" && h.chance(60) {
		h.rates(string(t.Customer.Person.ID), t.Customer.Address)
	}
}

// rates is a customer who says how the help was, if they were asked.
func (h *history) rates(customer string, at channel.Address) {
	stars := strings.Repeat("★", 1+h.rand.IntN(5))
	if i := h.last(string(at.Chat), func(b channel.Button) bool { return strings.HasSuffix(b.Label, " "+stars) }); i != "" {
		h.wait(10 * time.Minute)
		h.handle(h.customers.EventAt(at, customer, channel.Press, i))
	}
}

// last is the newest button of a kind that was shown in a chat; empty where there was none.
func (h *history) last(chat string, is func(channel.Button) bool) string {
	for _, b := range slices.Backward(h.buttons[chat]) {
		if is(b) {
			return b.Action
		}
	}
	return ""
}

// tells has an entry answer all that was asked in vain so far: who wanted to be told is, and some say what they think of it.
func (h *history) tells() {
	h.t.Helper()
	misses, err := h.store.Unplaced(h.t.Context(), h.clock, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	h.gaps++
	sorted := insight.Sorted{Gaps: []insight.Gap{{ID: h.gaps, Title: "?", State: insight.GapAnswered, OpenedAt: h.clock,
		Closing: insight.Closing{Entry: "one", ClosedAt: h.clock}}}}
	for _, m := range misses {
		sorted.Placed = append(sorted.Placed, insight.Placed{Miss: m.ID, Place: insight.Place{Group: h.gaps, Part: 1}})
	}
	if err := h.store.Sort(h.t.Context(), sorted); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.store.News(h.t.Context(), h.clock, 1000); err != nil {
		h.t.Fatal(err)
	}
	from := len(h.store.log)
	h.wait(24 * time.Hour)
	for _, c := range h.store.log[from:] {
		if at := c.turn.Conversation.Address; c.told() && h.chance(70) {
			label := pick(h, "That helped", "Not what I meant")
			for range 1 + h.rand.IntN(2) { // some press twice
				if button := h.last(string(at.Chat), func(b channel.Button) bool { return b.Label == label }); button != "" {
					h.handle(h.customers.EventAt(at, string(c.turn.Conversation.Customer.ID), channel.Press, button))
				}
				h.wait(pick(h, time.Minute, 30*time.Hour))
			}
		}
	}
}

// live lets so many visits happen until a day.
func (h *history) live(visits int, until time.Time) {
	h.t.Helper()
	pause := 2 * until.Sub(h.clock) / time.Duration(visits)
	for h.clock.Before(until) {
		// The same people come often enough that some come back within a week.
		h.visit(fmt.Sprint("customer", h.rand.IntN(60)))
		if h.chance(6) {
			h.tells()
		}
		if h.chance(5) { // the bot is off, and nobody looks after what was promised
			h.clock = h.clock.Add(14 * time.Hour)
		}
		for range h.rand.IntN(3) {
			h.wait(time.Duration(h.rand.IntN(120)) * time.Minute)
			h.works()
		}
		h.wait(max(time.Minute, time.Duration(h.rand.Int64N(int64(pause))).Truncate(time.Second)))
	}
}
