package eval

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Bounds of one review, so that an import of thousands of rows takes seconds. A way costs a decision, a close look a matcher of its own.
const (
	mostWays  = 4000
	mostLooks = 200
)

// way is one text in which a changed entry can be asked.
type way struct {
	entry    *faq.Entry
	field    string
	text     string
	language faq.Language
	// rival is the entry that answers where the own one stands back, with its confidence.
	rival      *faq.Entry
	confidence knowledge.Confidence
	// candidates are the first ones where the own entry stands back.
	candidates []*faq.Entry
	// lost is true where the rival answers once the own entry has not this phrasing; nearer where the own one is nowhere near then.
	lost, nearer bool
}

func (w *way) isQuestion() bool { return w.field == "question" }

// compare asks each changed entry's own ways with the entry standing back. Where another one answers then, it is looked at closely.
func (r *review) compare(ctx context.Context) error {
	ways := r.ways()
	if err := each(ctx, len(ways), func(i int) error { return r.ask(ctx, ways[i]) }); err != nil {
		return err
	}
	contested := slices.DeleteFunc(slices.Clone(ways), func(w *way) bool { return w.rival == nil || w.isQuestion() })
	r.uncompared += max(0, len(contested)-mostLooks)
	contested = contested[:min(mostLooks, len(contested))]
	if err := each(ctx, len(contested), func(i int) error { return r.look(ctx, contested[i]) }); err != nil {
		return err
	}
	r.tellAll(ways)
	if err := r.twins(ctx, ways); err != nil {
		return err
	}
	return r.contradictions(ctx)
}

// ways are all that are compared: the questions first, for they tell most.
func (r *review) ways() []*way {
	var questions, others []*way
	for _, e := range r.entries {
		if e.Audience.Staff || r.outOfDate(e) || !onSomeNetwork(e) {
			continue
		}
		for _, w := range waysOf(e) {
			if w.isQuestion() {
				questions = append(questions, w)
			} else {
				others = append(others, w)
			}
		}
	}
	all := append(questions, others...)
	r.uncompared = max(0, len(all)-mostWays)
	return all[:min(mostWays, len(all))]
}

func waysOf(e *faq.Entry) []*way {
	out := []*way{{entry: e, field: "question", text: e.Question, language: e.Language}}
	for i, p := range e.Phrasings {
		out = append(out, &way{entry: e, field: fmt.Sprintf("phrasings[%d]", i), text: p.Text, language: cmp.Or(p.Language, e.Language)})
	}
	for i, a := range e.Answers {
		if a.Question != "" && a.Question != e.Question {
			out = append(out, &way{entry: e, field: fmt.Sprintf("answers[%d].question", i), text: a.Question, language: a.Language})
		}
	}
	return out
}

// question is the way asked by a customer whom the entry is for, on a day on which it is served.
func (r *review) question(w *way) knowledge.Question {
	q := knowledge.Question{Utterance: w.text, Language: w.language}
	if r.draft.Today != "" {
		q.Today = max(r.draft.Today, w.entry.Validity.From)
	}
	for _, channel := range w.entry.Audience.Channels {
		if slices.Contains(networks, channel) {
			q.Channel = channel
			break
		}
	}
	if languages := w.entry.Audience.Languages; !overlap(bases(languages), []faq.Language{w.language.Base()}) {
		q.Language = languages[0]
	}
	return q
}

// ask finds the rival of a way: the entry that answers it while the own one stands back. What is asked word for word of both was told before.
func (r *review) ask(ctx context.Context, w *way) error {
	q := r.question(w)
	q.Without = []faq.EntryID{w.entry.ID}
	d, err := only(r.after.Decide(ctx, q))
	if err != nil {
		return err
	}
	if d.Kind != knowledge.Fallback {
		for _, c := range d.Candidates[:min(near, len(d.Candidates))] {
			w.candidates = append(w.candidates, c.Entry)
		}
	}
	if d.Kind == knowledge.Answer && !d.Exact {
		w.rival, w.confidence = d.Best(), d.Confidence
	}
	return nil
}

// near is how many candidates may answer the same as an entry.
const near = 3

// only is the decision on a text that asks one thing.
func only(decisions []knowledge.Decision, err error) (knowledge.Decision, error) {
	if err != nil || len(decisions) != 1 {
		return knowledge.Decision{Kind: knowledge.Fallback}, err
	}
	return decisions[0], nil
}

const (
	// farBehind is the confidence in the own entry below which it is not just the second best without one of its phrasings. Where the rival's
	// answer alone counts, 9 in 100 phrasings of a good FAQ are told of; with this 1 or 2, and nearly all of those that stand in a wrong entry.
	farBehind = 0.001
	// surelyNearer is the rival's confidence from which somebody has to decide: one or two of the good FAQ's phrasings come to it.
	surelyNearer = 0.92
	// fewestOthers is how many other ways to ask an entry must have in a language that it is translated into: a text left out of two is like no
	// other of the entry, whatever it says.
	fewestOthers = 4
)

// look asks a contested phrasing again, now of a FAQ that does not have it. What was so before the draft is no news.
func (r *review) look(ctx context.Context, w *way) error {
	if w.alone() {
		return nil
	}
	d, err := r.deprived(ctx, r.after, w, w.entry)
	if err != nil || !w.lostBy(d) {
		return err
	}
	w.lost, w.nearer, w.confidence = true, confidenceIn(d, w.entry.ID) < farBehind, d.Confidence
	served, ok := r.before.Entry(w.entry.ID)
	if !ok || r.changed[w.rival.ID] || !asks(served, w.text) {
		return nil
	}
	if d, err = r.deprived(ctx, r.before, w, served); err == nil && w.lostBy(d) {
		w.lost, w.nearer = false, false
	}
	return err
}

// alone reports whether a way is one of few in a language that is not the entry's own.
func (w *way) alone() bool {
	language := w.language.Base()
	if language == w.entry.Language.Base() {
		return false
	}
	n := 0
	for _, p := range w.entry.Phrasings {
		n += int(count(cmp.Or(p.Language, w.entry.Language).Base() == language))
	}
	for _, a := range w.entry.Answers {
		n += int(count(a.Question != "" && a.Language.Base() == language))
	}
	return n <= fewestOthers
}

// deprived asks a way of a matcher whose own entry is without it.
func (r *review) deprived(ctx context.Context, m *knowledge.Matcher, w *way, own *faq.Entry) (knowledge.Decision, error) {
	return only(m.With([]faq.Change{w.without(own)}).Decide(ctx, r.question(w)))
}

// lostBy reports whether a decision answers with the rival.
func (w *way) lostBy(d knowledge.Decision) bool {
	return d.Kind == knowledge.Answer && d.Best().ID == w.rival.ID
}

// confidenceIn is that in one of the candidates; 0 where it is none.
func confidenceIn(d knowledge.Decision, id faq.EntryID) knowledge.Confidence {
	for _, c := range d.Candidates {
		if c.Entry.ID == id {
			return c.Confidence
		}
	}
	return 0
}

// without is an entry less a phrasing.
func (w *way) without(e *faq.Entry) faq.Change {
	less, folded := e.Clone(), faq.Fold(w.text)
	less.Phrasings = slices.DeleteFunc(less.Phrasings, func(p faq.Phrasing) bool { return faq.Fold(p.Text) == folded })
	for i, a := range less.Answers {
		if faq.Fold(a.Question) == folded {
			less.Answers[i].Question = ""
		}
	}
	return faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Status: faq.Published, Content: less}}
}

func asks(e *faq.Entry, text string) bool {
	folded := faq.Fold(text)
	return slices.ContainsFunc(waysOf(e), func(w *way) bool { return faq.Fold(w.text) == folded })
}

// tellAll makes findings of what was looked at. Where every way to ask an entry is answered by others, that is said of the entry, once.
func (r *review) tellAll(ways []*way) {
	of := map[faq.EntryID][]*way{}
	for _, w := range ways {
		of[w.entry.ID] = append(of[w.entry.ID], w)
	}
	for _, e := range r.entries {
		asked := of[e.ID]
		found := func(w *way) bool { return !w.lost && !(w.isQuestion() && w.rival != nil) }
		if len(asked) > 1 && len(asked) == len(waysOf(e)) && !slices.ContainsFunc(asked, found) {
			r.rival(asked[0], Unreachable, true, "and all phrasings are found word for word alone: what is like them is answered by “%s”")
			continue
		}
		for _, w := range asked {
			if w.nearer {
				r.rival(w, PhrasingNearer, w.confidence >= surelyNearer, "is nearer to “%s” than to all else of this entry")
			}
		}
	}
}

// rival adds what is said of a way and the entry that answers it.
func (r *review) rival(w *way, kind faq.WarningKind, asks bool, text string) {
	r.add(w.entry, Finding{Confidence: rounded(w.confidence), Asks: asks, Warning: faq.Warning{
		Field: w.field, Kind: kind, Other: w.rival.ID, Text: fmt.Sprintf("“%s” "+text+" (confidence %.2f)", w.text, w.rival.ID, w.confidence)}})
}

func shown(list []string) string { return strings.Join(list, ", ") }

// each calls do for 0..n-1 on the machine's cores, up to the first error.
func each(ctx context.Context, n int, do func(i int) error) error {
	var next atomic.Int64
	errs := make([]error, min(n, runtime.GOMAXPROCS(0)))
	var group sync.WaitGroup
	for worker := range errs {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && errs[worker] == nil; i = int(next.Add(1)) - 1 {
				if errs[worker] = ctx.Err(); errs[worker] == nil {
					errs[worker] = do(i)
				}
			}
		})
	}
	group.Wait()
	return cmp.Or(errs...)
}
