package insight

import (
	"context"
	"fmt"
	"time"
)

// OutlookRecords are what it is foreseen from what closing gaps would bring.
type OutlookRecords interface {
	// Conversations are those of [Records], Busiest and GapsOf those of [Weigher].
	Conversations(ctx context.Context, in Period, now time.Time) ([]Conversation, error)
	Busiest(ctx context.Context, from, to time.Time, limit int) ([]GroupID, error)
	GapsOf(ctx context.Context, ids []GroupID) (map[GroupID]Gap, error)
	// Asked counts the misses of groups in a period that nothing answered since.
	Asked(ctx context.Context, in Period, ids ...GroupID) (map[GroupID]int, error)
}

// Foreteller tries what an entry for a gap would answer before there is one.
type Foreteller interface {
	// Foresee is the share of a gap's questions, 0–1, that an entry answers which learnt of others of them, but not of these.
	Foresee(ctx context.Context, gap GroupID) (float64, error)
	// Beside looks at the questions of a period that are in none of these gaps and that nothing answered: how many there are, and which share of them, 0–1,
	// entries for the gaps would answer with one of them.
	Beside(ctx context.Context, in Period, gaps []GroupID) (Expected, error)
}

// outlooked is how many gaps it is foreseen for what closing them would bring.
const outlooked = 10

// AddOutlook adds to a report what an entry for each of the largest open gaps would bring: by how much the share of questions that are answered would rise.
func (r *Report) AddOutlook(ctx context.Context, records OutlookRecords, foreteller Foreteller) error {
	period := r.Period
	if r.At.Before(period.To) {
		period.To = r.At
	}
	conversations, err := records.Conversations(ctx, period, r.At)
	if err != nil {
		return err
	}
	questions := 0
	for _, c := range conversations {
		questions += c.Questions
	}
	gaps, err := largestOpen(ctx, records, period)
	if err != nil {
		return err
	}
	asked, err := records.Asked(ctx, period, idsOf(gaps)...)
	if err != nil {
		return err
	}
	expected := make([]Expected, len(gaps))
	for i, g := range gaps {
		fresh, err := foreteller.Foresee(ctx, g.ID)
		if err != nil {
			return fmt.Errorf("try an entry for gap %d: %w", g.ID, err)
		}
		expected[i] = Expected{Asked: asked[g.ID], Fresh: fresh}
	}
	var beside Expected
	if len(gaps) > 0 {
		if beside, err = foreteller.Beside(ctx, period, idsOf(gaps)); err != nil {
			return fmt.Errorf("try entries with other questions: %w", err)
		}
	}
	r.Sections = append(r.Sections, outlookOf(questions, gaps, append(expected, beside)))
	return nil
}

// largestOpen are the open gaps that most people asked for in a period.
func largestOpen(ctx context.Context, records OutlookRecords, in Period) ([]Gap, error) {
	ids, err := records.Busiest(ctx, in.From, in.To, weighed)
	if err != nil {
		return nil, err
	}
	known, err := records.GapsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var gaps []Gap
	for _, id := range ids {
		if g, there := known[id]; there && g.Open() && len(gaps) < outlooked {
			gaps = append(gaps, g)
		}
	}
	return gaps, nil
}

func idsOf(gaps []Gap) []GroupID {
	ids := make([]GroupID, len(gaps))
	for i, g := range gaps {
		ids[i] = g.ID
	}
	return ids
}

// outlookOf shows what is expected of each gap and, as the last, of questions elsewhere.
func outlookOf(questions int, gaps []Gap, expected []Expected) Section {
	s := Section{Key: "outlook", Title: "What closing gaps would bring", Columns: []Column{
		{Key: "gap", Title: "gap"}, {Key: "asked", Title: "questions"}, {Key: "fresh", Title: "would be answered"}, {Key: "rise", Title: "the answered share rises by"},
		{Key: "title", Title: "question"},
	}, Notes: []string{"The open gaps that most people asked for in the period, if each had an entry that learnt its questions: questions × the share of " +
		"them that would be answered ÷ all questions of the period. That share is tried with questions the entry was not taught, a third of them at a time; what is " +
		"in no such gap, and was not answered either, is tried with all the entries. It holds for as long as people ask for what they asked for in the period."}}
	if len(gaps) == 0 {
		return s
	}
	total := 0
	for i, e := range expected {
		total += e.Asked
		row := Row{"asked": Count(e.Asked), "fresh": Share(e.Fresh), "rise": Share(Rise(questions, e)), "title": Words("what is in none of them")}
		if i < len(gaps) {
			row["gap"], row["title"] = Count(gaps[i].ID), Words(gaps[i].Title)
		}
		s.Rows = append(s.Rows, row)
	}
	s.Rows = append(s.Rows, Row{"asked": Count(total), "rise": Share(Rise(questions, expected...)), "title": Words("together")})
	return s
}

// Expected is what an entry for one gap is expected to answer of what is asked in as long a time as a period.
type Expected struct {
	// Asked is how often the gap was asked for in the period.
	Asked int
	// Fresh is the share of its questions, 0–1, that the entry answers although it was not taught them.
	Fresh float64
}

// Rise is by how much the share of questions that are answered, 0–1, is expected to rise once gaps are closed: the sum of asked × fresh of each ÷ all
// questions of the same period. It promises for as long as people ask for what they asked for then; who was answered with something else is not in it.
func Rise(questions int, gaps ...Expected) float64 {
	if questions == 0 {
		return 0
	}
	sum := 0.0
	for _, g := range gaps {
		sum += float64(g.Asked) * g.Fresh
	}
	return sum / float64(questions)
}
