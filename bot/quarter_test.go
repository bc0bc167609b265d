package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
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
	"faqbot/knowledge/eval"
	"faqbot/knowledge/index"
	"faqbot/knowledge/insight"
)

// quarter is a business for thirteen weeks, with everything but the networks real. Nothing runs beside it: each thing is done before the next.
type quarter struct {
	t       *testing.T
	season  *season
	begin   time.Time
	clock   time.Time
	store   *recorder
	matcher *knowledge.Matcher
	engine  *bot.Engine
	sorter  *insight.Sorter
	looked  time.Time // when it was last looked at what came
	people
	rising map[time.Time]risen
	places
}

// risen is what rose most when it was looked, and how that looked.
type risen struct {
	about *topic
	how   string
}

// places are where the business is kept and met.
type places struct {
	folder            string
	customers, office *channeltest.Network
	cards             map[handoff.TicketID]channel.MessageID
}

// people is what customers have in mind.
type people struct {
	// meant is what each asked about last.
	meant map[channel.ChatID]*topic
	// kept counts the questions that they wanted to be told the answer of, told the answers that came, by customer and answer.
	kept   map[channel.ChatID]int
	told   map[channel.ChatID][]string
	closed map[insight.GroupID]bool
	// ever is who wanted to know of which gap, as the groups were at some time.
	ever map[telling]bool
	// awaits is true between the announcement of an answer and that answer.
	awaits map[channel.ChatID]bool
}

func newQuarter(t *testing.T, messages, customers int) *quarter {
	t.Helper()
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) // a Monday
	q := &quarter{t: t, begin: begin, clock: begin, looked: begin, rising: map[time.Time]risen{}, people: people{
		meant: map[channel.ChatID]*topic{}, kept: map[channel.ChatID]int{}, told: map[channel.ChatID][]string{}, awaits: map[channel.ChatID]bool{}, closed: map[insight.GroupID]bool{}, ever: map[telling]bool{},
	}}
	q.season = newSeason(t, seasonFile(t), begin, messages, customers)
	q.store = &recorder{now: q.now, actions: map[string]bot.Action{}, open: map[channel.PersonID]handoff.TicketID{}}
	q.places = places{folder: storetest.SQLite(t).Dir, customers: channeltest.NewNetwork("memory", q.now), office: channeltest.NewNetwork("office", q.now), cards: map[handoff.TicketID]channel.MessageID{}}
	q.open()
	t.Cleanup(func() { _ = q.store.Close() })
	q.must(q.store.SaveDesk(t.Context(), handoff.Desk{ID: "desk", Address: hall}))
	editor := faq.NewEditor(q.store, q.now)
	for _, e := range q.season.published() {
		_, err := editor.Save(t.Context(), faq.Edit{Content: e, Publish: true, By: "eve"})
		q.must(err)
	}
	x, err := index.Open("", index.Options{})
	q.must(err)
	t.Cleanup(func() { _ = x.Close() })
	const recent = 28 * 24 * time.Hour
	q.matcher = knowledge.New(x, knowledge.Options{
		Verdicts: func(ctx context.Context) ([]knowledge.Verdict, error) {
			judged, err := q.store.AllJudged(ctx)
			return eval.Verdicts(judged), err
		},
		Traffic: func(ctx context.Context) (knowledge.Traffic, error) {
			return q.store.Traffic(ctx, q.clock.Add(-recent))
		},
	})
	q.learn()
	q.start()
	return q
}

func (q *quarter) open() {
	q.t.Helper()
	db, err := store.Open(q.t.Context(), store.Settings{Dir: q.folder}, store.Options{Now: q.now})
	q.must(err)
	q.store.Store = db
}

// restart ends the process and begins another.
func (q *quarter) restart() {
	q.t.Helper()
	q.must(q.store.Close())
	q.open()
	q.start()
}

func (q *quarter) now() time.Time { return q.clock }

func (q *quarter) must(err error) {
	q.t.Helper()
	if err != nil {
		q.t.Fatal(err)
	}
}

// learn has the matcher serve what is published, and learn from it.
func (q *quarter) learn() {
	q.t.Helper()
	q.must(q.matcher.Sync(q.t.Context(), q.store))
	q.must(q.matcher.Train(q.t.Context()))
}

func quarterPolicy() bot.Policy {
	return bot.Policy{Business: "Test & Sons", Language: "en", KeptDays: 30}
}

// start makes what does not outlive a process.
func (q *quarter) start() {
	q.t.Helper()
	var err error
	q.engine, err = bot.New(q.store, q.matcher, bot.Options{
		Policy: quarterPolicy(), Popularity: q.store, Team: q.store, Channels: []channel.Channel{q.customers, q.office}, Logger: slog.New(slog.NewTextHandler(testLog{q.t}, nil)), Now: q.now,
	})
	q.must(err)
	q.sorter = insight.NewSorter(q.store, insight.SortOptions{Entries: q.matcher.Entries, Language: "en", Logger: slog.New(slog.DiscardHandler), Now: q.now})
}

// live lets time pass until a day of the quarter.
func (q *quarter) live(day int) {
	q.t.Helper()
	end := q.begin.AddDate(0, 0, day)
	for len(q.season.asks) > 0 && q.season.asks[0].at.Before(end) {
		next := q.season.asks[0]
		q.season.asks = q.season.asks[1:]
		q.pass(next.at)
		q.meant[channel.ChatID(next.customer)] = q.season.topicOf[next.text]
		q.do(q.customers.Event(next.customer, channel.Text, next.text))
	}
	q.pass(end)
}

// pass lets time pass in which nobody writes: every few hours it is looked at what came.
func (q *quarter) pass(until time.Time) {
	for {
		next := q.looked.Add(q.every())
		if next.After(until) {
			break
		}
		q.looked = next
		q.clock = later(q.clock, next)
		q.look()
		if q.looked.Sub(q.begin.AddDate(0, 0, closingDay))%(comparedDays*24*time.Hour) == 0 { // a bot learns from use all the time; so often is enough here
			q.learn()
		}
	}
	q.clock = later(q.clock, until)
}

// every is how often it is looked at what came: on the day of the release each hour.
func (q *quarter) every() time.Duration {
	if since := q.looked.Sub(q.begin.AddDate(0, 0, releaseDay)); since >= 0 && since < 24*time.Hour {
		return time.Hour
	}
	return 8 * time.Hour
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// look does what a bot does beside answering: it acts on what is due, sorts what was missed, has people told, and sees what rises.
func (q *quarter) look() {
	q.t.Helper()
	q.due()
	q.clear()
	q.sort()
	maps.Copy(q.ever, q.wanted())
	_, err := q.store.News(q.t.Context(), q.clock, 500)
	q.must(err)
	days, err := q.store.Days(q.t.Context(), q.clock, insight.RisingPeople)
	q.must(err)
	if rising := insight.Rising(days); len(rising) > 0 {
		most, count, all := q.mostly(rising[0].Gap)
		q.rising[q.looked] = risen{most, fmt.Sprintf("%d people in a day, %d of all %d; with it rise %d", rising[0].People, count, all, len(rising)-1)}
	}
}

func (q *quarter) sort() {
	q.t.Helper()
	for more := true; more; {
		var err error
		more, err = q.sorter.Round(q.t.Context())
		q.must(err)
	}
}

// clear has staff close the questions that were kept, once they have read them: until then, what a customer writes is for them as well.
func (q *quarter) clear() {
	q.t.Helper()
	tickets, err := q.store.Tickets(q.t.Context(), "", 100)
	q.must(err)
	for _, ticket := range tickets {
		if q.clock.Sub(ticket.OpenedAt) > 12*time.Hour {
			e := q.office.EventAt(hall, "ben", channel.Command, "needs")
			e.Command, e.ReplyTo = "close", q.cards[ticket.ID]
			q.do(e)
		}
	}
}

func (q *quarter) due() {
	q.t.Helper()
	for {
		events, err := q.store.Deferred(q.t.Context(), "", q.clock, 100)
		q.must(err)
		for _, e := range events {
			q.do(e)
		}
		if len(events) == 0 {
			return
		}
	}
}

// do has an event acted on, and the customer see what comes of it, and press a button half a minute later.
func (q *quarter) do(e channel.Event) {
	q.t.Helper()
	for again := true; again; {
		q.must(q.engine.Handle(q.t.Context(), e))
		e, again = q.read()
		q.clock = q.clock.Add(20 * time.Second)
	}
}

// read has what waits delivered, and returns the button that is pressed then, if one is.
func (q *quarter) read() (press channel.Event, pressed bool) {
	q.t.Helper()
	for {
		rows, err := q.store.Take(q.t.Context(), "memory", q.clock, 100)
		q.must(err)
		posts, err := q.store.Take(q.t.Context(), "office", q.clock, 100)
		q.must(err)
		var results []bot.SendResult
		for _, row := range append(rows, posts...) {
			id := channel.MessageID(fmt.Sprint("m", row.ID))
			if post := row.Outgoing.Post; post.Act == handoff.OpensThread {
				q.cards[post.Ticket] = id
			}
			results = append(results, bot.SendResult{ID: row.ID, Message: id, At: q.clock})
		}
		if len(results) == 0 {
			return press, pressed
		}
		for _, row := range rows {
			m := row.Outgoing.Message
			q.hear(m)
			if b, ok := q.choose(m); ok {
				press, pressed = q.customers.Event(string(m.To.Chat), channel.Press, b), true
			}
		}
		q.must(q.store.Settle(q.t.Context(), results...))
	}
}

// hear notes which answers are brought to somebody who wanted to be told.
func (q *quarter) hear(m channel.Message) {
	text := m.Content.PlainText()
	switch {
	case strings.Contains(text, "Now there is one"):
		q.awaits[m.To.Chat] = true
	case q.awaits[m.To.Chat]:
		q.awaits[m.To.Chat] = false
		q.told[m.To.Chat] = append(q.told[m.To.Chat], text)
	case strings.Contains(text, "I have kept your question"):
		q.kept[m.To.Chat]++
	}
}

// chosenOf100 is how many of a hundred choose what they meant where it is offered.
const chosenOf100 = 70

// choose is the button that a customer presses: who is offered what they meant mostly takes it, few care to say that it is something else.
func (q *quarter) choose(m channel.Message) (token string, ok bool) {
	meant := q.meant[m.To.Chat]
	if meant == nil {
		return "", false
	}
	of := func(label string) string {
		for _, b := range m.Buttons {
			if b.Label == label {
				return b.Action
			}
		}
		return ""
	}
	chance := q.season.rand.IntN(100)
	right := meant.entry != nil && m.Content.PlainText() == meant.entry.Answers[0].Text
	switch {
	case of("Keep my question") != "" && chance < 30:
		return of("Keep my question"), true
	case meant.entry != nil && of(meant.entry.Question) != "" && chance < chosenOf100:
		return of(meant.entry.Question), true
	case meant.entry == nil && of("None of these") != "" && chance < 40:
		return of("None of these"), true
	case of("That helped") != "" && right && chance < 30:
		return of("That helped"), true
	case of("Not what I meant") != "" && !right && chance < 20:
		return of("Not what I meant"), true
	}
	return "", false
}
