package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Report is what a measurement found. Shares lie between 0 and 1; a figure that cannot be told (an area without both kinds of question) is nil.
type Report struct {
	Questions    int `json:"questions"`
	Answerable   int `json:"answerable"`
	Unanswerable int `json:"unanswerable"`
	// Top1 and Top3 are the answerable questions whose entry is first, or among the first three, whatever was decided.
	Top1 float64 `json:"top1"`
	Top3 float64 `json:"top3"`
	// AUCAnswerable is the area under the ROC curve of confidence telling whether a question is in the FAQ at all, AUCCorrect whether the first candidate is
	// right; an unanswerable question is never right.
	AUCAnswerable *float64 `json:"auc_answerable"`
	AUCCorrect    *float64 `json:"auc_correct"`
	// ECE is the expected calibration error, in ten bins of equal width: the mean distance of confidence from the share that is right.
	ECE float64 `json:"ece"`
	// MCCBest is the best Matthews correlation on the curve.
	MCCBest float64 `json:"mcc_best"`
	// Point is the operating point in use: what was decided.
	Point
	Curve                   []Point   `json:"curve"`
	TrainSeconds            float64   `json:"train_seconds"`
	MicrosecondsPerQuestion float64   `json:"microseconds_per_question"`
	Mistakes                []Mistake `json:"mistakes"`
}

// Point is what comes of answering from a confidence on.
type Point struct {
	Threshold float64 `json:"threshold"`
	// Answered is the share of all questions that are given an answer.
	Answered float64 `json:"answered"`
	// InScopeAccuracy is the share of the answerable ones that are given theirs, Refused that of the unanswerable ones that are given none.
	InScopeAccuracy float64 `json:"in_scope_accuracy"`
	Refused         float64 `json:"refused"`
	WrongAmongGiven float64 `json:"wrong_among_given"`
	// MCC is the multi-class Matthews correlation, “not answered” being one class (Gorodkin 2004).
	MCC float64 `json:"mcc"`
}

// thresholds is how many points a curve has: 0.00, 0.02, … 0.98.
const thresholds = 50

func newReport(observed []observation, threshold float64) Report {
	r := Report{Questions: len(observed), Curve: make([]Point, thresholds)}
	for _, o := range observed {
		if o.Entry == "" {
			r.Unanswerable++
			continue
		}
		r.Answerable++
		r.Top1 += count(o.right())
		r.Top3 += count(o.among(3))
	}
	r.Top1, r.Top3 = share(r.Top1, r.Answerable), share(r.Top3, r.Answerable)
	r.AUCAnswerable = area(observed, func(o observation) bool { return o.Entry != "" })
	r.AUCCorrect = area(observed, observation.right)
	r.ECE = calibrationError(observed)
	r.Point = point(observed, threshold, observation.given)
	for i := range r.Curve {
		t := float64(i) / thresholds
		r.Curve[i] = point(observed, t, func(o observation) string { return o.at(t) })
		r.MCCBest = max(r.MCCBest, r.Curve[i].MCC)
	}
	r.Mistakes = mistakes(observed)
	return r
}

func count(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func share(n float64, of int) float64 {
	if of == 0 {
		return 0
	}
	return n / float64(of)
}

func point(observed []observation, threshold float64, given func(observation) string) Point {
	p := Point{Threshold: threshold}
	var answerable, unanswerable, answers int
	for _, o := range observed {
		got := given(o)
		if got != "" {
			answers++
			p.WrongAmongGiven += count(got != o.Entry)
		}
		if o.Entry == "" {
			unanswerable++
			p.Refused += count(got == "")
		} else {
			answerable++
			p.InScopeAccuracy += count(got == o.Entry)
		}
	}
	p.Answered = share(float64(answers), len(observed))
	p.WrongAmongGiven = share(p.WrongAmongGiven, answers)
	p.InScopeAccuracy, p.Refused = share(p.InScopeAccuracy, answerable), share(p.Refused, unanswerable)
	p.MCC = correlation(observed, given)
	return p
}

// correlation is R_K of Gorodkin (2004), from the confusion of classes of which the empty one is “not answered”.
func correlation(observed []observation, given func(observation) string) float64 {
	wanted, got := map[string]float64{}, map[string]float64{}
	right := 0.0
	for _, o := range observed {
		g := given(o)
		wanted[o.Entry]++
		got[g]++
		right += count(g == o.Entry)
	}
	n := float64(len(observed))
	both, wantedSquares, gotSquares := 0.0, 0.0, 0.0
	for class, t := range wanted {
		both += t * got[class]
		wantedSquares += t * t
	}
	for _, p := range got {
		gotSquares += p * p
	}
	scale := math.Sqrt((n*n - gotSquares) * (n*n - wantedSquares))
	if scale == 0 {
		return 0
	}
	return (right*n - both) / scale
}

// area is the chance that confidence is higher for one of a kind than for one that is not, ties counting half (Mann and Whitney 1947).
func area(observed []observation, kind func(observation) bool) *float64 {
	sorted := slices.Clone(observed)
	slices.SortStableFunc(sorted, func(a, b observation) int { return cmp.Compare(a.confidence, b.confidence) })
	var ranks float64
	var yes, no int
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].confidence == sorted[i].confidence {
			j++
		}
		for _, o := range sorted[i:j] {
			if kind(o) {
				yes++
				ranks += float64(i+j+1) / 2
			} else {
				no++
			}
		}
		i = j
	}
	if yes == 0 || no == 0 {
		return nil
	}
	a := (ranks - float64(yes)*float64(yes+1)/2) / (float64(yes) * float64(no))
	return &a
}

// bins is how many confidence is cut into for its calibration error.
const bins = 10

func calibrationError(observed []observation) float64 {
	var n, right, confidence [bins]float64
	for _, o := range observed {
		b := min(bins-1, int(o.confidence*bins))
		n[b]++
		right[b] += count(o.right())
		confidence[b] += o.confidence
	}
	sum := 0.0
	for b := range n {
		sum += math.Abs(right[b] - confidence[b])
	}
	return share(sum, len(observed))
}

// String is the report as a table for people.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d questions, %d answerable and %d not\n\n", r.Questions, r.Answerable, r.Unanswerable)
	for _, row := range []struct{ what, figure string }{
		{"the entry is first", percent(r.Top1)},
		{"the entry is among the first three", percent(r.Top3)},
		{"in the FAQ or not, told by confidence (AUC)", figure(r.AUCAnswerable)},
		{"right or not, told by confidence (AUC)", figure(r.AUCCorrect)},
		{"calibration error", fmt.Sprintf("%.3f", r.ECE)},
		{"best correlation on the curve (MCC)", fmt.Sprintf("%.3f", r.MCCBest)},
	} {
		fmt.Fprintf(&b, "%-46s %7s\n", row.what, row.figure)
	}
	fmt.Fprintf(&b, "\n%-10s %9s %16s %8s %18s %6s\n", "from", "answered", "answered rightly", "refused", "wrong among given", "MCC")
	points := []Point{r.Point}
	for i := 0; i < len(r.Curve); i += 5 {
		points = append(points, r.Curve[i])
	}
	for i, p := range points {
		mark := ""
		if i == 0 {
			mark = " in use"
		}
		fmt.Fprintf(&b, "%-10s %9s %16s %8s %18s %6.3f\n", fmt.Sprintf("%.2f%s", p.Threshold, mark), percent(p.Answered), percent(p.InScopeAccuracy),
			percent(p.Refused), percent(p.WrongAmongGiven), p.MCC)
	}
	if len(r.Mistakes) > 0 {
		fmt.Fprintf(&b, "\nThe most confident mistakes:\n")
	}
	for _, m := range r.Mistakes {
		wanted := "nothing"
		if m.Wanted != "" {
			wanted = m.Wanted
		}
		fmt.Fprintf(&b, "  %.2f  %q got %s, wanted %s\n", m.Confidence, m.Utterance, m.Given, wanted)
	}
	fmt.Fprintf(&b, "\n%.1f s to prepare, %.0f µs a question\n", r.TrainSeconds, r.MicrosecondsPerQuestion)
	return b.String()
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func figure(f *float64) string {
	if f == nil {
		return "–"
	}
	return fmt.Sprintf("%.3f", *f)
}
