package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"time"

	"faqbot/faq"
)

// learned is what training makes of one state of the FAQ.
type learned struct {
	mixture     mixture
	calibration calibration
	bands       Bands
	samples     []sample // what it was learnt from
	aim         Aim      // what the bands serve
}

// unlearned is what holds before anything was learnt.
func unlearned(aim Aim) learned {
	return learned{mixture: priorMixture, calibration: prior.shifted(aim.Unanswerable), bands: aim.bands(), aim: aim}
}

const (
	// folds is in how many parts the ways to ask are divided: each is asked once of a FAQ that lacks it.
	folds = 5
	// mostTrials bounds the questions that are tried, fewestTrials is how many it takes to learn from them.
	mostTrials, fewestTrials = 1500, 20
	// mostAsked bounds how many ways to ask are trained on anew: a large FAQ tells as much by fewer of its folds.
	mostAsked = 500
	// tried is how many candidates of a trial are compared.
	tried = 30
	// mostFolded bounds the FAQs that are tried out with parts left out; beyond, what holds of FAQs in general does.
	mostFolded = 20_000
)

// trial is a question that was put to a FAQ, with what was found.
type trial struct {
	list []ranked
	// right is the place in list of the entry that was meant; -1 where nothing is right, because there is none.
	right      int
	answerable bool
	// informed is true where somebody who knows the FAQ said of a real question what is right.
	informed bool
	weight   float64
	// asked is all that the signals need of the query.
	asked asked
}

// asked is what signals tell of an utterance by itself.
type asked struct {
	known, length float64
	empty, few    bool
}

// trials asks a FAQ for what it says: each way to ask as if it was not there, and as if its entry was not.
func trials(ctx context.Context, entries []*faq.Entry, synonyms []faq.Synonyms, workers int) ([]trial, error) {
	var out []trial
	total := 0
	for _, e := range entries {
		total += countWays(e)
	}
	every := 1 + total/mostTrials
	for fold := range min(folds, 1+mostAsked/max(1, total)) {
		kept, left := split(entries, fold)
		t := newTrialFAQ(ctx, kept, synonyms, workers)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		left = slices.DeleteFunc(left, func(q leftOut) bool { return hashOf(string(q.entry), q.text)%uint32(every) != 0 })
		found := make([]trial, len(left))
		for i, q := range left {
			if i%100 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			found[i] = t.ask(q)
		}
		out = append(out, found...)
	}
	return out, nil
}

// leftOut is a way to ask that a FAQ was made without.
type leftOut struct {
	text     string
	language faq.Language
	entry    faq.EntryID // empty where the whole entry is left out
	weight   float64
}

// split leaves a part of the entries out, and of the others a part of their ways to ask.
func split(entries []*faq.Entry, fold int) (kept []*faq.Entry, out []leftOut) {
	for _, e := range entries {
		n := countWays(e)
		if int(hashOf(string(e.ID))%folds) == fold {
			for text, language := range ways(e) {
				// Entries with many ways to ask are not asked for as many times as often.
				out = append(out, leftOut{text: text, language: language, weight: 1 / math.Sqrt(float64(n))})
			}
			continue
		}
		rest := &faq.Entry{ID: e.ID, Language: e.Language, Audience: e.Audience, Validity: e.Validity}
		for _, a := range e.Answers {
			a.Question = ""
			rest.Answers = append(rest.Answers, a)
		}
		i := int(hashOf("ways", string(e.ID)) % folds)
		for text, language := range ways(e) {
			if i++; n > 1 && i%folds == fold {
				out = append(out, leftOut{text: text, language: language, entry: e.ID, weight: 1 / math.Sqrt(float64(n))})
				continue
			}
			rest.Phrasings = append(rest.Phrasings, faq.Phrasing{Text: text, Language: language})
		}
		rest.Question, rest.Language = rest.Phrasings[0].Text, cmp.Or(rest.Phrasings[0].Language, e.Language)
		rest.Phrasings = rest.Phrasings[1:]
		kept = append(kept, rest)
	}
	return kept, out
}

func countAll(documents []*document) int {
	n := 0
	for _, d := range documents {
		n += len(d.ways)
	}
	return n
}

func countWays(e *faq.Entry) int {
	n := 0
	for range ways(e) {
		n++
	}
	return n
}

func hashOf(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum32()
}

// trialFAQ is a FAQ with parts left out.
type trialFAQ struct {
	*Matcher
	examples *examples
}

func newTrialFAQ(ctx context.Context, entries []*faq.Entry, synonyms []faq.Synonyms, workers int) trialFAQ {
	t := trialFAQ{Matcher: New(nil, Options{})}
	t.speak(synonyms)
	for _, e := range entries {
		d, counted := newDocument(e)
		t.add(d, counted)
	}
	t.frequencies.settle()
	t.epoch = 1
	t.exact = newDirectory() // what is published twice is not found by its letters alone
	t.examples = newExamples(t.sorted(), t.frequencies)
	for i, m := range t.examples.train(ctx, workers, nil) {
		t.examples.documents[i].model.Store(m)
	}
	return t
}

func (t trialFAQ) ask(left leftOut) trial {
	q := newQuery(left.text, left.language, t.frequencies)
	candidates := t.examples.documents
	if len(candidates) > small {
		candidates = t.examples.proposed(featuresOf(q.tokens), proposals)
	}
	list, _ := t.rank(q, candidates)
	return newTrial(q, list, left.entry, left.weight)
}

func newTrial(q *query, list []ranked, entry faq.EntryID, weight float64) trial {
	right := slices.IndexFunc(list, func(r ranked) bool { return r.id == entry })
	short := slices.Clone(list[:min(tried, len(list))])
	if right >= len(short) {
		short = append(short, list[right])
		right = len(short) - 1
	}
	for i := range short {
		short[i].document = nil // a FAQ that was tried out need not be kept
	}
	return trial{list: short, right: right, answerable: entry != "", weight: weight, asked: q.asked()}
}

// sorted are the documents by entry.
func (m *Matcher) sorted() []*document {
	out := make([]*document, 0, len(m.documents))
	for _, id := range slices.Sorted(maps.Keys(m.documents)) {
		out = append(out, m.documents[id])
	}
	return out
}

// Train learns from the FAQ as it stands how its entries are told apart, and how sure to be. Answers are given meanwhile as before. What it learns
// is the same for the same entries and verdicts, wherever and however often it is done; where nothing has changed it does nothing.
func (m *Matcher) Train(ctx context.Context) error { return m.train(ctx, allCores()) }

const (
	// calm is how long entries must rest before they are learnt from: an editor saves, looks, and saves again.
	calm = 2 * time.Second
	// fresh is how often verdicts are looked at.
	fresh = 10 * time.Minute
)

// Run trains whenever entries have changed, on half of the machine so that nobody waits for an answer, until its context ends.
func (m *Matcher) Run(ctx context.Context) error {
	due := time.NewTimer(0)
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-m.changed:
			due.Reset(calm)
		case <-due.C:
			if err := m.train(ctx, someCores()); err != nil && ctx.Err() == nil {
				m.options.Logger.Error("the FAQ cannot be learnt from; answers go on as before", "error", err)
			}
			due.Reset(fresh)
		}
	}
}

func (m *Matcher) train(ctx context.Context, workers int) error {
	verdicts, err := m.verdicts(ctx)
	if err != nil {
		return err
	}
	asked, err := m.traffic(ctx)
	if err != nil {
		return err
	}
	s, weights := m.snapshot(verdicts, asked)
	if s.print == m.print() || m.recall(s) {
		return nil
	}
	var models []*model // none where there are too many to learn from
	if s.ways <= mostExamples {
		models = newExamples(s.documents, weights).train(ctx, workers, nil)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("train: %w", ctx.Err())
	}
	s.install(models)
	list, err := m.heard(ctx, verdicts)
	judged := len(list)
	if err == nil && s.ways <= mostFolded {
		var own []trial
		own, err = trials(ctx, s.entries(), s.synonyms, workers)
		list = append(list, lightened(own, s.documents)...)
	}
	if err != nil {
		return fmt.Errorf("try the FAQ out: %w", err)
	}
	now := learn(list, m.options.Aim)
	if share := now.unanswerable(list[:judged], list[judged:], asked); share != now.aim.Unanswerable {
		now = learn(list, Aim{Budget: m.options.Aim.Budget, Unanswerable: share})
	}
	m.settle(now, s.print)
	m.keep(s, models, now)
	return nil
}

// install gives each document its model. An entry that changed meanwhile has another document, which waits for the next training.
func (s snapshot) install(models []*model) {
	for i, model := range models {
		s.documents[i].model.Store(model)
	}
}

// snapshot is a FAQ as it stood when training began.
type snapshot struct {
	documents []*document
	ways      int
	synonyms  []faq.Synonyms
	print     uint64 // the same for the same entries and verdicts
}

// snapshot copies what training needs, with the frequencies' weights as they are: nobody waits for more than that.
func (m *Matcher) snapshot(verdicts []Verdict, asked mix) (snapshot, *frequencies) {
	m.mu.RLock()
	weights := &frequencies{entries: m.frequencies.entries, frames: m.frequencies.frames, counts: slices.Clone(m.frequencies.counts), weights: m.frequencies.weights}
	s := snapshot{documents: m.sorted(), synonyms: m.synonyms}
	m.mu.RUnlock()
	s.ways, s.print = countAll(s.documents), m.fingerprint(s.documents, s.synonyms, verdicts, asked)
	return s, weights
}

func (s snapshot) entries() []*faq.Entry {
	out := make([]*faq.Entry, len(s.documents))
	for i, d := range s.documents {
		out[i] = d.entry
	}
	return out
}

// fingerprint is the same for what training would make the same of.
func (m *Matcher) fingerprint(documents []*document, synonyms []faq.Synonyms, verdicts []Verdict, asked mix) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %q %v %v", trainingVersion, m.options.Default, m.options.Aim, asked)
	for _, s := range synonyms {
		fmt.Fprintf(h, "%q%q", s.Language, s.Terms)
	}
	for _, d := range documents {
		fmt.Fprintf(h, "%q %v %v", d.entry.ID, d.entry.Audience, d.entry.Validity)
		for text, language := range ways(d.entry) {
			fmt.Fprintf(h, "%q%q", text, language)
		}
		for _, a := range d.entry.Answers {
			fmt.Fprintf(h, "%q%q", a.Text, a.Language)
		}
	}
	for _, v := range verdicts {
		q := v.Question
		fmt.Fprintf(h, "%q %q %q %q %q %q %q %t %t", q.Utterance, q.Language, q.Channel, q.Previous, q.Last, v.Entry, v.Kind, v.Weak, v.Informed)
	}
	return h.Sum64()
}

func (m *Matcher) print() uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.learnt
}

// settle puts what was learnt to use.
func (m *Matcher) settle(now learned, print uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.learned, m.learnt = now, print
}

// lightened are a FAQ's own trials with the weight that they have together.
func lightened(own []trial, documents []*document) []trial {
	total, worth := 0.0, 0.0
	for _, t := range own {
		total += t.weight
	}
	for _, d := range documents {
		n := float64(len(d.ways))
		worth += n * n / (n + dependable)
	}
	for i := range own {
		own[i].weight *= worth / total
	}
	return own
}

// learn fits mixture and calibration to a FAQ's own trials.
func learn(list []trial, aim Aim) learned {
	out := unlearned(aim)
	answerable := 0
	for _, t := range list {
		answerable += int(one(t.answerable))
	}
	if answerable < fewestTrials {
		return out
	}
	out.mixture = fitMixture(list, priorMixture, strength)
	rescore(list, out.mixture)
	samples := samplesOf(list, aim.Unanswerable)
	out.calibration = fitCalibration(samples, out.calibration, strength)
	out.bands = out.calibration.bands(samples, aim)
	out.samples = samples
	return out
}

// rescore ranks trials by a mixture.
func rescore(list []trial, m mixture) {
	for i := range list {
		t := &list[i]
		right := faq.EntryID("")
		if t.right >= 0 {
			right = t.list[t.right].id
		}
		for j := range t.list {
			t.list[j].score = m.score(t.list[j].evidence, t.list[j].ways)
		}
		sortRanked(t.list)
		t.right = slices.IndexFunc(t.list, func(r ranked) bool { return right != "" && r.id == right })
	}
}

// sample is a trial as a calibration sees it.
type sample struct {
	signals           signals
	right, answerable bool
	offered           bool // what is right is among the first that would be offered
	weight            float64
}

func samplesOf(list []trial, unanswerable float64) []sample {
	var out []sample
	for _, t := range list {
		if len(t.list) == 0 {
			continue
		}
		out = append(out, sample{signals: signalsIn(t.asked, t.list), right: t.right == 0, offered: t.right >= 0 && t.right < offered, answerable: t.answerable, weight: t.weight})
	}
	return weighted(out, unanswerable)
}

// weighted makes unanswerable questions a share of samples, whose weight as a whole stays.
func weighted(list []sample, unanswerable float64) []sample {
	var yes, no float64
	for _, s := range list {
		if s.answerable {
			yes += s.weight
		} else {
			no += s.weight
		}
	}
	n := yes + no
	for i := range list {
		if list[i].answerable {
			list[i].weight *= n * (1 - unanswerable) / math.Max(yes, math.SmallestNonzeroFloat64)
		} else {
			list[i].weight *= n * unanswerable / math.Max(no, math.SmallestNonzeroFloat64)
		}
	}
	return list
}
