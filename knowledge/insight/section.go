package insight

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// GapRecords are what the sections on gaps are made from.
type GapRecords interface {
	Weigher
	RisingRecords
	// Ledger counts what staff said that questions of a time were about, where that is no text.
	Ledger(ctx context.Context, from, to time.Time) ([]Issue, error)
}

// RisingRecords are what tells which gaps rise.
type RisingRecords interface {
	// Days counts, for the groups that so many people at least asked for in the last 24 hours, those people and those of the days before.
	Days(ctx context.Context, now time.Time, least int) ([]Day, error)
	GapsOf(ctx context.Context, ids []GroupID) (map[GroupID]Gap, error)
}

// Issue is what people asked that no text helps with, in one group and of one sort.
type Issue struct {
	Gap    GroupID
	Matter Matter
	// Misses and People are those of a time.
	Misses, People int
}

// gapsReported is how many gaps a report has.
const gapsReported = 20

// AddGaps adds to a report what the FAQ lacks, what rises, and the product ledger.
func (r *Report) AddGaps(ctx context.Context, records GapRecords) error {
	end := r.Period.To
	if r.At.Before(end) {
		end = r.At
	}
	lacks, err := lacking(ctx, records, r.Period.From, end)
	if err != nil {
		return err
	}
	rises, err := risingIn(ctx, records, end)
	if err != nil {
		return err
	}
	ledger, err := ledgerOf(ctx, records, r.Period, end)
	if err != nil {
		return err
	}
	r.Sections = append(r.Sections, lacks, rises, ledger)
	return nil
}

// lacking is what to mend first.
func lacking(ctx context.Context, records GapRecords, from, to time.Time) (Section, error) {
	s := Section{Key: "gaps", Title: "What the FAQ lacks", Columns: []Column{
		{Key: "gap", Title: "gap"}, {Key: "status", Title: "status"}, {Key: "people", Title: "people, 7 days"}, {Key: "before", Title: "7 days before"},
		{Key: "growth", Title: "growth"}, {Key: "all", Title: "people in all"}, {Key: "minutes", Title: "team minutes"}, {Key: "since", Title: "since"},
		{Key: "owner", Title: "owner"}, {Key: "title", Title: "question"},
	}, Notes: []string{
		"Questions of the period that nothing answers yet, by their meaning, what to mend first at the top: the people of the last five weeks times growth, and a person more for each " +
			"quarter of an hour that your team spent. Growth is the people of seven days over the mean of the four weeks before, each with one more; 3 at most. " +
			"A person counts once a week, however often they ask. “faqbot gaps” closes them.",
	}}
	list, err := busiest(ctx, records, from, to)
	if err != nil {
		return s, err
	}
	for _, w := range list[:min(len(list), gapsReported)] {
		n := w.Numbers
		s.Rows = append(s.Rows, Row{
			"gap": Count(w.Gap.ID), "status": Words(w.Gap.State), "people": Count(n.Week), "before": Count(n.Before[0]), "growth": Factor(n.Growth()),
			"all": Count(n.People), "minutes": Count(n.Minutes), "since": dayOf(n.FirstAt, to), "owner": Words(w.Gap.Owner), "title": Words(w.Gap.Title),
		})
	}
	return s, nil
}

// dayOf is a day where another time is.
func dayOf(t, beside time.Time) Value { return Words(t.In(beside.Location()).Format(time.DateOnly)) }

// RisingAt are the gaps that rise at a moment, the most surprising first.
func RisingAt(ctx context.Context, records RisingRecords, at time.Time) ([]Day, map[GroupID]Gap, error) {
	days, err := records.Days(ctx, at, RisingPeople)
	if err != nil {
		return nil, nil, err
	}
	days = Rising(days)
	ids := make([]GroupID, len(days))
	for i, d := range days {
		ids[i] = d.Gap
	}
	gaps, err := records.GapsOf(ctx, ids)
	return days, gaps, err
}

func risingIn(ctx context.Context, records GapRecords, at time.Time) (Section, error) {
	s := Section{Key: "rising", Title: "What rises", Columns: []Column{
		{Key: "gap", Title: "gap"}, {Key: "people", Title: "people, 24 hours"}, {Key: "usual", Title: "usual in a day"}, {Key: "title", Title: "question"},
	}, Notes: []string{"More people in the last 24 hours of the period than is likely on a usual day: five at least, and a chance below 1 in 1,000 " +
		"by Poisson's distribution with the mean of the 28 days before, or of as many as the bot is there. The least likely comes first."}}
	days, gaps, err := RisingAt(ctx, records, at)
	for _, d := range days {
		s.Rows = append(s.Rows, Row{
			"gap": Count(d.Gap), "people": Count(d.People), "usual": Factor(d.Usual()), "title": Words(gaps[d.Gap].Title),
		})
	}
	return s, err
}

// ledgerOf is what no text helps with, by area, with what was done about it.
func ledgerOf(ctx context.Context, records GapRecords, period Period, to time.Time) (Section, error) {
	s := Section{Key: "ledger", Title: "What the product lacks", Columns: []Column{
		{Key: "area", Title: "area"}, {Key: "matter", Title: "matter"}, {Key: "gap", Title: "gap"}, {Key: "people", Title: "people"}, {Key: "questions", Title: "questions"},
		{Key: "before", Title: "people before"}, {Key: "status", Title: "status"}, {Key: "title", Title: "for example"}, {Key: "done", Title: "what was done"},
	}, Notes: []string{"Questions of the period that staff closed as a product problem, a missing feature, the price or the delivery, and those of gaps that were set to " +
		"“product”. They are no missing answers. “faqbot gaps set” names the area and what was done."}}
	issues, err := records.Ledger(ctx, period.From, to)
	if err != nil {
		return s, err
	}
	before, err := records.Ledger(ctx, period.Before().From, period.From)
	if err != nil {
		return s, err
	}
	earlier := map[Issue]int{}
	for _, i := range before {
		earlier[Issue{Gap: i.Gap, Matter: i.Matter}] = i.People
	}
	ids := make([]GroupID, len(issues))
	for i, issue := range issues {
		ids[i] = issue.Gap
	}
	gaps, err := records.GapsOf(ctx, ids)
	if err != nil {
		return s, err
	}
	slices.SortFunc(issues, func(a, b Issue) int {
		return cmp.Or(cmp.Compare(gaps[a.Gap].Area, gaps[b.Gap].Area), cmp.Compare(b.People, a.People), cmp.Compare(a.Gap, b.Gap), cmp.Compare(a.Matter, b.Matter))
	})
	for _, i := range issues {
		g := gaps[i.Gap]
		s.Rows = append(s.Rows, Row{
			"area": Words(g.Area), "matter": Words(i.Matter), "gap": Count(i.Gap), "people": Count(i.People), "questions": Count(i.Misses),
			"before": Count(earlier[Issue{Gap: i.Gap, Matter: i.Matter}]), "status": Words(g.State), "title": Words(g.Title), "done": Words(g.Done),
		})
	}
	return s, nil
}
