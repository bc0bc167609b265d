package insight

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// Gap is what the FAQ, or the product, lacks: a group of misses that mean the same, with what people decided about it.
type Gap struct {
	// ID is what people call it, too.
	ID GroupID `json:"id"`
	// Title is one of the real questions, or what somebody called it: then Named is true, and it stays.
	Title string    `json:"title"`
	Named bool      `json:"named,omitempty"`
	State GapStatus `json:"status"`
	Plan
	// Into is the gap that this one was merged into; empty where it stands by itself.
	Into     GroupID   `json:"into,omitempty"`
	OpenedAt time.Time `json:"opened_at"`
	Closing
	Version int64 `json:"version"`
}

// Plan is who does what about a gap.
type Plan struct {
	Owner string   `json:"owner,omitempty"`
	Due   faq.Date `json:"due,omitempty"`
	// Area is the part of the product, or of the business, that it is about.
	Area  string `json:"area,omitempty"`
	Notes []Note `json:"notes,omitempty"`
}

// Closing is how a gap was closed, and whether it held.
type Closing struct {
	// Entry answers it.
	Entry faq.EntryID `json:"entry,omitempty"`
	// Matter is what a product issue is about; Done is what was done about it.
	Matter Matter `json:"matter,omitempty"`
	Done   string `json:"done,omitempty"`
	// Reason says why it was dismissed.
	Reason   string    `json:"reason,omitempty"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
	// Reopened counts how often misses came back.
	Reopened int `json:"reopened,omitempty"`
	// RisingAt is when people were told last that it rises; Told is true once it is more than what one or two people asked.
	RisingAt time.Time `json:"rising_at,omitzero"`
	Told     bool      `json:"told,omitempty"`
}

// GapStatus says where a gap stands.
type GapStatus string

const (
	GapNew     GapStatus = "new"
	GapPlanned GapStatus = "planned"
	// GapAnswered: an entry answers it.
	GapAnswered GapStatus = "answered"
	// GapProduct: no text helps, the product is to change; it stands in the ledger.
	GapProduct GapStatus = "product"
	// GapDismissed: nothing is to be done, for a reason.
	GapDismissed GapStatus = "dismissed"
)

// GapStatuses are all, in the order in which a gap usually goes through them.
var GapStatuses = []GapStatus{GapNew, GapPlanned, GapAnswered, GapProduct, GapDismissed}

// Open says whether something is still to be decided or done about the FAQ.
func (g Gap) Open() bool { return g.Into == 0 && (g.State == GapNew || g.State == GapPlanned) }

// untitled is the title of a gap that nobody's question is in.
const untitled = "…"

// Deserted is a gap whose questions have all left it. It is not called by any of them any more, for who forgets them would not look here; where nothing was
// decided about it, nothing is to be.
func (g Gap) Deserted() Gap {
	if !g.Named {
		g.Title = untitled
	}
	if g.State == GapNew && g.Into == 0 {
		g.State, g.Reason = GapDismissed, "nobody is left who asked"
	}
	return g
}

// Matter is what a product issue is about, as staff say when they close a ticket.
type Matter string

const (
	MatterProduct  Matter = "product"
	MatterFeature  Matter = "feature"
	MatterPrice    Matter = "price"
	MatterDelivery Matter = "delivery"
)

// Matters are all.
var Matters = []Matter{MatterProduct, MatterFeature, MatterPrice, MatterDelivery}

// Note is what somebody wrote about a gap.
type Note struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Bounds of what people write about a gap, in characters.
const (
	maxGapTitle = 300
	maxGapText  = 2000
	maxNotes    = 100
)

// Check is an Invalid fault that names the field, or nil.
func (g Gap) Check() error {
	switch {
	case strings.TrimSpace(g.Title) == "" || len([]rune(g.Title)) > maxGapTitle:
		return fault.New(fault.Invalid, "title: 1 to %d characters", maxGapTitle)
	case !slices.Contains(GapStatuses, g.State):
		return fault.New(fault.Invalid, "status: “%s” is none; there are %s", g.State, joined(GapStatuses))
	case g.Due != "" && !g.Due.Valid():
		return fault.New(fault.Invalid, "due: “%s” is no day; write it as 2006-01-02", g.Due)
	case g.State == GapAnswered && g.Entry == "":
		return fault.New(fault.Invalid, "status: a gap is answered by an entry; name it")
	case g.State == GapDismissed && strings.TrimSpace(g.Reason) == "":
		return fault.New(fault.Invalid, "status: say why it is dismissed")
	case g.Matter != "" && !slices.Contains(Matters, g.Matter):
		return fault.New(fault.Invalid, "matter: “%s” is none; there are %s", g.Matter, joined(Matters))
	case len(g.Notes) > maxNotes:
		return fault.New(fault.Invalid, "note: a gap has at most %d", maxNotes)
	}
	for _, text := range append([]string{g.Owner, g.Area, g.Done, g.Reason}, texts(g.Notes)...) {
		if len([]rune(text)) > maxGapText {
			return fault.New(fault.Invalid, "a text of a gap has at most %d characters", maxGapText)
		}
	}
	return nil
}

func texts(notes []Note) (out []string) {
	for _, n := range notes {
		out = append(out, n.Text)
	}
	return out
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

// Move changes what is decided about a gap. What is closed and then opened again counts as reopened.
func (g Gap) Move(to GapStatus, at time.Time) Gap {
	was := g.Open()
	g.State = to
	switch {
	case was && !g.Open():
		g.ClosedAt = at
	case !was && g.Open():
		g.ClosedAt, g.Entry, g.Reason = time.Time{}, "", ""
		g.Reopened++
	}
	return g
}

// Weeks is how many weeks before the present one a trend looks back on.
const Weeks = 4

// Numbers are what is counted of a gap at a moment. A person counts once in each week, however often they ask.
type Numbers struct {
	Gap GroupID `json:"gap"`
	// Misses and People are of all time, as far as they are kept.
	Misses int `json:"misses"`
	People int `json:"people"`
	// Week counts people of the last seven days, Before those of each of the four weeks before, the newest first.
	Week   int        `json:"week"`
	Before [Weeks]int `json:"before"`
	// Minutes is the time that staff spent on its tickets, in the last five weeks.
	Minutes int       `json:"minutes"`
	FirstAt time.Time `json:"first_at"`
	LastAt  time.Time `json:"last_at"`
}

// Growth is this week's people over the mean of the weeks before, each with one more, so that few are no trend: 1 is as before, 3 is the most.
func (n Numbers) Growth() float64 {
	sum := 0
	for _, w := range n.Before {
		sum += w
	}
	return min(3, (float64(n.Week)+1)/(float64(sum)/Weeks+1))
}

// minutesOfOne is how many minutes of staff weigh as much as one more person.
const minutesOfOne = 15

// Priority says what to mend first: the people of the last five weeks, times the growth, and a person more for each quarter of an hour that staff spent.
func (n Numbers) Priority() float64 {
	people := n.Week
	for _, w := range n.Before {
		people += w
	}
	return float64(people)*n.Growth() + float64(n.Minutes)/minutesOfOne
}

// Day is what is counted of a gap to see whether it rises: the people of the last 24 hours, and the sum of those of each of the 28 days before.
type Day struct {
	Gap           GroupID
	People, Month int
	// Known is how many of those days the bot was there already.
	Known int
}

// RisingAgain is how long nobody is told again that the same gap rises.
const RisingAgain = 7 * 24 * time.Hour

const (
	// RisingPeople is how many it takes at least, and risingChance how unlikely so many are on a usual day.
	RisingPeople = 5
	risingChance = 0.001
	// DaysBefore is how many days say what is usual.
	DaysBefore = 28
)

// Surprise is how unlikely so many people are on a usual day, as −log10 of the probability that a Poisson variable with the mean of the days before is at
// least as great. Half a person more than came is taken as usual: who never asked may yet.
func (d Day) Surprise() float64 {
	mean := max((float64(d.Month)+0.5)/float64(max(1, d.Known)), 0.05)
	return -logTail(mean, d.People) / math.Ln10
}

// Usual is how many people are usual in a day, as far as is known.
func (d Day) Usual() float64 { return float64(d.Month) / float64(max(1, d.Known)) }

// Rises says whether people should hear of it on the day. On a bot's first day all is new, and nothing rises.
func (d Day) Rises() bool {
	return d.Known > 0 && d.People >= RisingPeople && d.Surprise() > -math.Log10(risingChance)
}

// logTail is the natural logarithm of P(X ≥ k) for a Poisson variable: the sum of its terms, the largest taken out.
func logTail(mean float64, k int) float64 {
	if k <= 0 {
		return 0
	}
	if float64(k) <= mean { // not surprising at all
		return math.Log(0.5)
	}
	gamma, _ := math.Lgamma(float64(k) + 1)
	first := float64(k)*math.Log(mean) - mean - gamma
	sum, term := 1.0, 1.0
	for i := k + 1; term > 1e-12*sum; i++ {
		term *= mean / float64(i)
		sum += term
	}
	return first + math.Log(sum)
}

// Rising are those that rise, the most surprising first.
func Rising(days []Day) []Day {
	out := slices.DeleteFunc(slices.Clone(days), func(d Day) bool { return !d.Rises() })
	slices.SortFunc(out, func(a, b Day) int {
		return cmp.Or(cmp.Compare(b.Surprise(), a.Surprise()), cmp.Compare(a.Gap, b.Gap))
	})
	return out
}

// Weighed is a gap with its numbers.
type Weighed struct {
	Gap     Gap     `json:"gap"`
	Numbers Numbers `json:"numbers"`
}

// Ranked puts first what to mend first.
func Ranked(list []Weighed) []Weighed {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b Weighed) int {
		return cmp.Or(cmp.Compare(b.Numbers.Priority(), a.Numbers.Priority()), cmp.Compare(a.Gap.ID, b.Gap.ID))
	})
	return out
}

// Nearest are the entries that were nearest to a gap's misses, with the sum of their confidences over the number of misses: an entry that was near all of
// them at 0.3 comes before one that was near a single one at 0.9.
func Nearest(misses []Miss, most int) []Candidate {
	sums := map[faq.EntryID]float64{}
	for _, m := range misses {
		for _, c := range m.Candidates {
			sums[c.Entry] += c.Confidence
		}
	}
	out := make([]Candidate, 0, len(sums))
	for id, sum := range sums {
		out = append(out, Candidate{Entry: id, Confidence: sum / float64(len(misses))})
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Entry, b.Entry))
	})
	return out[:min(most, len(out))]
}

// Questions are the different questions of misses in one language, the most asked first; an empty language is any.
func Questions(misses []Miss, language faq.Language, most int) []string {
	people := map[string]map[string]bool{}
	words := map[string]string{}
	for _, m := range misses {
		if language != "" && m.Language.Base() != language.Base() {
			continue
		}
		key := faq.Fold(m.Utterance)
		if key == "" {
			continue
		}
		if people[key] == nil {
			people[key], words[key] = map[string]bool{}, m.Utterance
		}
		people[key][m.Person] = true
	}
	out := make([]string, 0, len(words))
	for key := range words {
		out = append(out, key)
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(people[b]), len(people[a])), cmp.Compare(a, b))
	})
	out = out[:min(most, len(out))]
	for i, key := range out {
		out[i] = words[key]
	}
	return out
}
