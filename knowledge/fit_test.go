package knowledge

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"faqbot/faq"
	"faqbot/faq/faqtest"
)

// TestFitMixture draws who was meant from known odds and finds them again.
func TestFitMixture(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	truth := mixture{mixBody: 6, mixAsked: -3}
	r := rand.New(rand.NewPCG(1, 2))
	var list []trial
	for range 3000 {
		one := trial{answerable: true, weight: 1}
		odds, total := make([]float64, 5), 0.0
		for k := range odds {
			e := evidence{body: r.Float64(), asked: r.Float64()}
			one.list = append(one.list, ranked{id: faq.EntryID(rune('a' + k)), ways: 1, evidence: e})
			odds[k] = math.Exp(truth.score(e, 1))
			total += odds[k]
		}
		drawn := r.Float64() * total
		for one.right = 0; drawn > odds[one.right]; one.right++ {
			drawn -= odds[one.right]
		}
		list = append(list, one)
	}
	got := fitMixture(list, mixture{}, 0)
	if math.Abs(got[mixBody]-6) > 0.6 || math.Abs(got[mixAsked]+3) > 0.6 {
		t.Errorf("body %.2f and asked %.2f, want 6 and −3", got[mixBody], got[mixAsked])
	}
	held := fitMixture(list, mixture{mixBody: 1}, 1e9)
	if math.Abs(held[mixBody]-1) > 0.6 {
		t.Errorf("what holds in general is given up: body %.2f", held[mixBody])
	}
	if again := fitMixture(list, mixture{}, 0); again != got {
		t.Error("the same trials are fitted otherwise a second time")
	}
}

// TestFitCalibration draws what was right with known chances and finds them again.
func TestFitCalibration(t *testing.T) {
	t.Parallel()
	truth := calibration{bias: -2}
	truth.weights[1] = 5 // the entry as a whole
	r := rand.New(rand.NewPCG(3, 4))
	var list []sample
	for range 4000 {
		s := signals{Body: r.Float64(), Share: 1, Asked: 1, Content: true}
		list = append(list, sample{signals: s, right: r.Float64() < float64(truth.confidence(s)), weight: 1})
	}
	got := fitCalibration(list, calibration{}, 0)
	for _, body := range []float64{0.1, 0.5, 0.9} {
		s := signals{Body: body, Share: 1, Asked: 1, Content: true}
		if want, have := truth.confidence(s), got.confidence(s); math.Abs(float64(want-have)) > 0.04 {
			t.Errorf("at %.1f confidence is %.3f, want %.3f", body, have, want)
		}
	}
}

// TestCalibration_Bands works the lowest confidence within a budget out by hand.
func TestCalibration_Bands(t *testing.T) {
	t.Parallel()
	c := calibration{}
	c.weights[1] = 1 // confidence follows body alone
	var list []sample
	for i := range 100 {
		// From the surest on, each tenth is wrong; of the last fifty all are.
		wrong := i%10 == 9 || i >= 50
		list = append(list, sample{signals: signals{Body: float64(100-i) / 20, Share: 1, Asked: 1, Content: true}, right: !wrong, answerable: !wrong, weight: 3})
	}
	usual := Aim{}.orDefault().bands().Answer
	own := float64(c.confidence(list[49].signals))
	want := (300*own + strength*float64(usual)) / (300 + strength)
	if got := c.bands(list, Aim{}.orDefault()).Answer; math.Abs(float64(got)-want) > 1e-9 {
		t.Errorf("answers from %.6f, want %.6f", got, want)
	}
	// The answer's band ends after the 77th. Of those below it the first four hold what was meant among three.
	for i := range 4 {
		list[77+i].offered = true
	}
	usualClarify := float64(Aim{}.orDefault().bands().Clarify)
	want = (300*float64(c.confidence(list[88].signals)) + strength*usualClarify) / (300 + strength)
	if got := c.bands(list, Aim{}.orDefault()).Clarify; math.Abs(float64(got)-want) > 1e-9 {
		t.Errorf("offers from %.6f, want %.6f", got, want)
	}
	cost := c.cost(list, Bands{Answer: c.confidence(list[49].signals)})
	if offers := c.cost(list, Bands{Answer: c.confidence(list[49].signals), Clarify: c.confidence(list[84].signals)}); math.Abs(offers.Offered-0.35) > 1e-9 || math.Abs(offers.Meant-4.0/35) > 1e-9 {
		t.Errorf("offers cost %+v", offers)
	}
	if cost.Trials != 100 || math.Abs(cost.Answered-0.5) > 1e-9 || math.Abs(cost.Wrong-0.1) > 1e-9 {
		t.Errorf("it costs %+v", cost)
	}
}

// TestExamples_Train tells two entries apart by the one word that tells them apart.
func TestExamples_Train(t *testing.T) {
	t.Parallel()
	m := New(nil, Options{})
	for id, asked := range map[faq.EntryID][]string{
		"red":  {"where is the red car", "the red car please", "is a red car there"},
		"blue": {"where is the blue car", "the blue car please", "is a blue car there"},
	} {
		e := &faq.Entry{ID: id, Language: "en", Question: asked[0]}
		for _, text := range asked[1:] {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: text})
		}
		m.add(newDocument(e))
	}
	m.frequencies.settle()
	x := newExamples(m.sorted(), m.frequencies)
	models := x.train(t.Context(), 2, nil)
	for i, d := range x.documents {
		q := newQuery("my car is "+string(d.entry.ID), "en", m.frequencies)
		own := models[i].margin(q.look(d, models[i]).margin, evidence{})
		other := models[1-i].margin(q.look(x.documents[1-i], models[1-i]).margin, evidence{})
		if own <= other {
			t.Errorf("“my car is %s”: %.2f for it, %.2f for the other", d.entry.ID, own, other)
		}
		if w := models[i].own(slices.Index(d.features, wordOf(tokens(string(d.entry.ID), "en", 0)[0].stem))); w <= 0 {
			t.Errorf("%s speaks against itself: %.3f", d.entry.ID, w)
		}
	}
	again := x.train(t.Context(), 1, nil)
	for i := range models {
		if !slices.Equal(models[i].weights, again[i].weights) || models[i].bias != again[i].bias {
			t.Error("the same examples are learnt otherwise on one core")
		}
	}
}

// TestMend takes words one letter off for the FAQ's own, and leaves alone what is known, short, or a number.
func TestMend(t *testing.T) {
	t.Parallel()
	m := New(nil, Options{})
	m.add(newDocument(&faq.Entry{ID: "a", Language: "en", Question: "Is the delivery of a voucher in 2023 insured for model x100?", Phrasings: []faq.Phrasing{{Text: "пароль забыт", Language: "ru"}}}))
	m.frequencies.settle()
	for _, c := range []struct {
		written, want string
		language      faq.Language
	}{
		{"delivry", "delivery", "en"}, {"delivrey", "delivery", "en"}, {"vouchers", "vouchers", "en"}, {"deliverry", "delivery", "en"}, {"xelivery", "delivery", "en"},
		{"2024", "2024", "en"}, {"x101", "x101", "en"}, {"modl", "modl", "en"}, {"weather", "weather", "en"}, {"пороль", "пароль", "ru"},
	} {
		ts := tokens(c.written, c.language, 0)
		mend(ts, c.language, m.frequencies)
		if ts[0].word != c.want {
			t.Errorf("%s is read as %s, want %s", c.written, ts[0].word, c.want)
		}
		if (ts[0].written != "") != (c.written != c.want) {
			t.Errorf("%s: mended from %q", c.written, ts[0].written)
		}
	}
}

// TestLearned_Unanswerable works the share of questions without an answer out by hand, from verdicts that are no fair part of what was asked.
func TestLearned_Unanswerable(t *testing.T) {
	t.Parallel()
	l := unlearned(Aim{}.orDefault())
	l.calibration = calibration{}
	l.calibration.weights[1] = 1 // confidence follows body alone
	l.bands = Bands{Answer: 0.9, Clarify: 0.6}
	var judged []trial
	hear := func(body float64, count, none int, informed bool) {
		for i := range count {
			list := []ranked{{share: 1, evidence: evidence{body: body, asked: 1, content: true}}}
			judged = append(judged, trial{list: list, answerable: i >= none, informed: informed, right: -1})
		}
	}
	asked := Traffic{Answered: 251, Clarified: 99, FellBack: 150}.rounded()
	if asked != (mix{5, 2, 3}) {
		t.Fatalf("shares are %v", asked)
	}
	hear(3, 40, 40, false)
	if got := l.unanswerable(judged, nil, asked); got != 0.3 {
		t.Errorf("without a word of who knows it is %v", got)
	}
	hear(3, 20, 1, true)
	hear(1, 10, 5, true)
	hear(0.1, 20, 18, true)
	// (3 + 1) ÷ (10 + 20), (3 + 5) ÷ (10 + 10) and (3 + 18) ÷ (10 + 20) of 5, 2 and 3 tenths are 0.357; of that 50 parts and of 0.3 40, in fiftieths.
	if got := l.unanswerable(judged, nil, asked); math.Abs(got-0.34) > 1e-9 {
		t.Errorf("it is %v, want 0.34", got)
	}
	hear(0.1, 5, 5, true)
	judged[len(judged)-1].list = nil // nothing was found at all
	if got := l.unanswerable(judged, nil, Traffic{FellBack: 49}.rounded()); got != 0.3 {
		t.Errorf("of 49 questions it is %v", got)
	}
	if got := l.unanswerable(judged, nil, Traffic{FellBack: 50}.rounded()); got < 0.5 || got > mostUnanswerable {
		t.Errorf("where nothing is answered it is %v", got)
	}
}
