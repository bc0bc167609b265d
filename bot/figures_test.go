package bot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq/faqtest"
	"faqbot/knowledge/insight"
)

const week = 7 * 24 * time.Hour

// TestFigures_Reconcile has months go by, with a change of the clock and the end of a year in them, and computes all figures of every week anew from
// everything that was ever written, by the definitions and the long way. Nothing of what the report reads is looked at for that.
func TestFigures_Reconcile(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		h := newHistory(t, settings, time.Date(2026, 10, 14, 9, 0, 0, 0, madrid(t)), 1)
		h.live(220, time.Date(2026, 11, 9, 12, 0, 0, 0, madrid(t)))
		if soon, _ := h.compare(); soon[insight.Unsettled] == 0 {
			t.Error("everything is settled at once")
		}
		h.live(330, time.Date(2027, 1, 12, 12, 0, 0, 0, madrid(t)))
		h.compare()
		if err := h.store.Prune(t.Context(), store.Retention{Lines: h.clock.Add(-time.Hour), Misses: h.clock, Outbox: h.clock, Actions: h.clock}); err != nil {
			t.Fatal(err)
		}
		h.wait(10 * 24 * time.Hour)
		buckets, all := h.compare() // everything is settled, and what it was is deleted
		if buckets[insight.Unsettled] > 0 {
			t.Errorf("%d are not settled after ten days", buckets[insight.Unsettled])
		}
		all.wantEverything(t, buckets)
	})
}

func madrid(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// compare holds the report of every week, of some days and of everything against the log.
func (h *history) compare() (map[insight.Bucket]int, recounted) {
	h.t.Helper()
	all := recount(h.store.log, h.clock)
	buckets := map[insight.Bucket]int{}
	first := time.Date(2026, 10, 12, 12, 0, 0, 0, h.clock.Location())
	periods := []insight.Period{insight.LastDays(h.clock, 200)}
	for at := first; at.Before(h.clock.Add(week)); at = at.AddDate(0, 0, 7) {
		periods = append(periods, insight.WeekOf(at), insight.LastDays(at, 1), insight.LastDays(at.AddDate(0, 0, 1), 3))
	}
	for _, p := range periods {
		r, err := insight.NewReport(h.t.Context(), h.store, p, h.clock)
		if err != nil {
			h.t.Fatal(err)
		}
		want := all.in(p)
		for b, n := range want.buckets {
			buckets[b] += n
		}
		if diff := cmp.Diff(want.shown(), shownBy(r, "count", "value", "part", "whole")); diff != "" {
			h.t.Errorf("%v as of %v (-computed +reported):\n%s", p, h.clock, diff)
		}
		if diff := cmp.Diff(all.in(p.Before()).shown(), shownBy(r, "before", "before", "before_part", "before_whole")); diff != "" {
			h.t.Errorf("before %v (-computed +reported):\n%s", p, diff)
		}
		wantSum(h.t, r)
		wantShares(h.t, r)
	}
	h.t.Logf("as of %v: %d conversations, %d tickets, %d promises; in all periods %v", h.clock.Format(time.DateOnly), len(all.talks), len(all.tickets), len(all.promises), buckets)
	return buckets, all
}

// wantSum checks that the buckets of a report add up to its total, and returns that.
func wantSum(t *testing.T, r insight.Report) (sum int) {
	t.Helper()
	for i := range insight.Buckets() {
		sum += int(r.Sections[0].Rows[i]["count"].(insight.Count))
	}
	if total := r.Sections[0].Rows[len(insight.Buckets())]["count"]; total != insight.Count(sum) {
		t.Errorf("%v: the total is %v, the sum %d", r.Period, total, sum)
	}
	return sum
}

// wantEverything says what nothing was shown of, because it has never happened.
func (r recounted) wantEverything(t *testing.T, buckets map[insight.Bucket]int) {
	t.Helper()
	happened := map[string]int{}
	for _, b := range insight.Buckets()[:6] {
		happened["came to "+string(b)] = buckets[b]
	}
	for _, fate := range []insight.Fate{insight.PromiseKept, insight.PromiseBroken, insight.PromiseVoid} {
		happened["promise "+string(fate)] = 0
	}
	for _, p := range r.promises {
		happened["promise "+string(p.fate)]++
	}
	for _, h := range r.tickets {
		happened["rated"] += min(1, h.rating)
	}
	for _, talk := range r.talks {
		talk.wasTold(happened)
		if !talk.forgotten.IsZero() {
			happened["forgotten"]++
		}
		for _, turn := range talk.turns {
			if turn.late {
				happened["late word"]++
			}
		}
	}
	for _, what := range []string{"told", "told and confirmed", "told and refused"} {
		happened[what] += 0
	}
	for what, n := range happened {
		if n == 0 {
			t.Errorf("never: %s", what)
		}
	}
	t.Logf("%v", happened)
}

// wasTold counts answers that were told later, and what was said of them.
func (t *talked) wasTold(happened map[string]int) {
	last := bot.OutcomeKind("")
	for _, turn := range t.turns {
		for _, kind := range turn.kinds {
			switch {
			case kind == bot.Told:
				happened["told"]++
			case kind == bot.Helped && last == bot.Told:
				happened["told and confirmed"]++
			case kind == bot.NotMeant && last == bot.Told:
				happened["told and refused"]++
			}
			last = kind
		}
	}
}

// wantShares holds that nothing is a larger part of something than all of it.
func wantShares(t *testing.T, r insight.Report) {
	t.Helper()
	for _, row := range r.Sections[1].Rows {
		if share, ok := row["value"].(insight.Share); ok && (share < 0 || share > 1) {
			t.Errorf("%v: %v is %v, %v", r.Period, row["key"], share, row["of"])
		}
	}
}

// shownBy reads a report: what stands in each line, by the keys of the columns for counts, values, parts and wholes.
func shownBy(r insight.Report, count, value, part, whole string) map[string]string {
	out := map[string]string{}
	for _, row := range r.Sections[0].Rows {
		out[row["key"].String()] = row[count].String()
	}
	for _, row := range r.Sections[1].Rows {
		shown := "–"
		if v := row[value]; v != nil {
			shown = fmt.Sprint(v.Plain())
		}
		out[row["key"].String()] = fmt.Sprintf("%s: %v of %v", shown, row[part], row[whole])
	}
	return out
}

// recounted is everything, the long way.
type recounted struct {
	talks    map[string]*talked
	tickets  map[handoff.TicketID]*helped
	promises map[string]*promised
	now      time.Time
}

// talked is one conversation.
type talked struct {
	person, key    string
	started, ended time.Time
	turns          []asked
	ticket         handoff.TicketID
	// last is what was asked last.
	last string
	// forgotten is when the customer was; zero is never.
	forgotten time.Time
	bucket    insight.Bucket
}

// asked is a turn of a customer, or a late word about the conversation.
type asked struct {
	at       time.Time
	kinds    []bot.OutcomeKind
	question bool // a question or a wish for a person
	late     bool
	// closing is true where what was asked last was answered later.
	closing bool
}

type helped struct {
	opened, replied, closed time.Time
	outcome                 handoff.Outcome
	open                    bool
	rating                  int
}

type promised struct {
	person channel.PersonID
	made   time.Time
	last   handoff.Promise
	fate   insight.Fate
}

// recount goes through the log once for each thing that is to be known.
func recount(log []committed, now time.Time) recounted {
	r := recounted{talks: map[string]*talked{}, tickets: map[handoff.TicketID]*helped{}, promises: map[string]*promised{}, now: now}
	for _, c := range log {
		r.ticket(c)
	}
	generation := map[string]int{} // how often a person was forgotten
	for _, c := range log {
		r.talk(c, generation)
	}
	for _, t := range r.talks {
		t.bucket = r.bucket(t)
	}
	return r
}

func (r recounted) ticket(c committed) {
	if c.turn.Erase {
		for _, p := range r.promises {
			switch {
			case p.person != c.event.From.ID || p.fate != insight.PromisePending:
			case p.last.Due.Before(c.at):
				p.fate = insight.PromiseBroken
			default:
				p.fate = insight.PromiseVoid
			}
		}
		return
	}
	t := c.turn.Ticket
	if t == nil {
		return
	}
	h := r.tickets[t.ID]
	if h == nil {
		h = &helped{opened: t.OpenedAt}
		r.tickets[t.ID] = h
	}
	if h.replied.IsZero() {
		h.replied = t.RepliedAt
	}
	h.closed, h.outcome, h.open, h.rating = t.ClosedAt, t.Outcome, t.Status != handoff.Closed, t.Rating
	if t.Promise.MadeAt.IsZero() {
		return
	}
	key := fmt.Sprint(t.ID, t.Promise.MadeAt.UnixMicro())
	for other, p := range r.promises {
		if other != key && other[:len(t.ID)] == string(t.ID) && p.fate == insight.PromisePending {
			p.fate = insight.PromiseBroken
		}
	}
	p := r.promises[key]
	if p == nil {
		p = &promised{person: t.Customer.Person.ID, made: t.Promise.MadeAt}
		r.promises[key] = p
	}
	p.last = t.Promise
	switch {
	case p.fate == insight.PromiseVoid:
	case t.Promise.State == handoff.PromiseKept:
		p.fate = insight.PromiseKept
	case t.Promise.State == handoff.PromiseBroken, !h.open && t.ClosedAt.After(t.Promise.Due):
		p.fate = insight.PromiseBroken
	case !h.open:
		p.fate = insight.PromiseVoid
	default:
		p.fate = insight.PromisePending
	}
}

func (r recounted) talk(c committed, generation map[string]int) {
	conversation := c.turn.Conversation
	if c.event.Address.Network == "office" || c.event.Kind == channel.Settled || conversation.ID == "" {
		return
	}
	person := string(conversation.Customer.ID)
	name := func(id bot.ConversationID) string { return fmt.Sprint(id, "/", person, generation[person]) }
	if c.turn.Erase {
		for _, t := range r.talks {
			if t.person == person && t.forgotten.IsZero() {
				t.forgotten = c.at
			}
		}
		generation[person]++
		return
	}
	t := r.talks[name(conversation.ID)]
	if t == nil {
		t = &talked{person: fmt.Sprint(person), key: fmt.Sprint(person, generation[person]), started: conversation.OpenedAt, ended: conversation.OpenedAt}
		r.talks[name(conversation.ID)] = t
	}
	turn := asked{at: c.at}
	if c.told() {
		var n bot.News
		_ = json.Unmarshal([]byte(c.event.Body), &n)
		turn.closing = insight.Masker{}.Mask(t.last) == n.Question
	}
	if c.event.Kind != channel.Due || c.told() {
		t.ended = c.at
	}
	t.last = conversation.State.Asked.Utterance
	for _, o := range c.turn.Outcomes {
		turn.kinds = append(turn.kinds, o.Kind)
		turn.question = turn.question || o.Kind == bot.Answered || o.Kind == bot.Clarified || o.Kind == bot.FellBack
	}
	ticket := r.handed(c, person, turn)
	turn.question = turn.question || ticket != ""
	if ticket != "" {
		t.ticket = ticket
	}
	earlier := r.earlier(c, name)
	word := c.action != nil && c.action.Conversation != conversation.ID && slices.Contains([]bot.ActionKind{bot.ActHelped, bot.ActNotMeant, bot.ActNone}, c.action.Kind)
	if !word {
		t.turns = append(t.turns, turn)
	}
	if earlier != nil && c.at.Sub(earlier.ended) <= week {
		turn.late = true
		if word {
			earlier.turns = append(earlier.turns, turn)
		}
		if ticket != "" && c.action.Kind == bot.ActPerson {
			earlier.ticket = ticket
		}
	}
}

// told says whether somebody was told an answer.
func (c committed) told() bool {
	return slices.ContainsFunc(c.turn.Outcomes, func(o bot.Outcome) bool { return o.Kind == bot.Told })
}

// earlier is the conversation whose button was pressed in another one, by the one who had it.
func (r recounted) earlier(c committed, name func(bot.ConversationID) string) *talked {
	if c.action == nil || c.action.Conversation == c.turn.Conversation.ID {
		return nil
	}
	return r.talks[name(c.action.Conversation)]
}

// handed is the ticket that a turn is about: opened by it, opened again by it, or written to.
func (r recounted) handed(c committed, person string, turn asked) handoff.TicketID {
	t := c.turn.Ticket
	switch {
	case t != nil && t.Status == handoff.Open && slices.Contains(turn.kinds, bot.HandedOff), t != nil && t.Version == 0:
		return t.ID
	case c.event.Kind == channel.Text && len(turn.kinds) == 0, slices.Contains(turn.kinds, bot.Noted):
		return c.open
	}
	return ""
}

// bucket is what a conversation came to by the definitions.
func (r recounted) bucket(t *talked) insight.Bucket {
	if h := r.tickets[t.ticket]; h != nil {
		switch {
		case h.outcome == handoff.Spam && !h.open:
			return insight.NoQuestion
		case h.open:
			return insight.HandedOffOpen
		case h.outcome != handoff.TakenBack && h.outcome != handoff.Told || !h.replied.IsZero():
			return insight.HandedOffSolved
		}
	}
	questions, confirmed, met := 0, false, false
	for _, turn := range t.turns {
		unanswered := slices.Contains(turn.kinds, bot.Clarified) || slices.Contains(turn.kinds, bot.FellBack)
		for _, kind := range turn.kinds {
			switch kind {
			case bot.Answered, bot.Clarified, bot.FellBack:
				questions++
				met = kind == bot.Answered
			case bot.Helped:
				confirmed, met = true, true
			case bot.Told:
				met = met || turn.closing
			case bot.NotMeant, bot.Refused:
				met = false
			}
		}
		met = met && !unanswered
	}
	end := r.now
	if !t.forgotten.IsZero() {
		end = t.forgotten
	}
	switch {
	case questions == 0:
		return insight.NoQuestion
	case confirmed && met:
		return insight.Confirmed
	case r.cameBack(t):
		return insight.GivenUp
	case met && end.Sub(t.ended) >= week:
		return insight.Silent
	case !t.forgotten.IsZero(), !met && r.now.Sub(t.ended) >= 24*time.Hour:
		return insight.GivenUp
	}
	return insight.Unsettled
}

// cameBack looks at everything that the same customer asked elsewhere in the week after.
func (r recounted) cameBack(t *talked) bool {
	for _, other := range r.talks {
		if other == t || other.key != t.key {
			continue
		}
		for _, turn := range other.turns {
			if turn.question && !turn.late && turn.at.After(t.ended) && turn.at.Sub(t.ended) <= week {
				return true
			}
		}
	}
	return false
}
