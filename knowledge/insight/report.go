package insight

import (
	"context"
	"time"
)

// Report is a document of figures and lists on a period. It is a value: [Report.Write] renders it, and sections can be added to it.
type Report struct {
	Period Period
	// At is when it was made: what is not settled yet may look otherwise later.
	At       time.Time
	Sections []Section
}

// Section is one table of a report.
type Section struct {
	// Key names it for programs, Title for people.
	Key, Title string
	// Notes say what has to be known to read it right.
	Notes   []string
	Columns []Column
	Rows    []Row
}

// Column is what stands below each other.
type Column struct {
	Key, Title string
	// Hidden columns are for programs alone.
	Hidden bool
}

// Row has a value for each column that it has one for, by the column's key.
type Row map[string]Value

// Records is what figures are computed from.
type Records interface {
	// Conversations are those that began in a period, with what became of them since. Those of one [Conversation.Bucket] may be taken together, as it
	// is at a moment.
	Conversations(ctx context.Context, in Period, now time.Time) ([]Conversation, error)
	// Handoffs are tickets that were opened in a period, with what became of them since.
	Handoffs(ctx context.Context, in Period) ([]Handoff, error)
	// Promises are those that were made in a period, as they stand at a moment.
	Promises(ctx context.Context, in Period, now time.Time) ([]Promises, error)
	// Rated is what staff said of answers that were given in a period.
	Rated(ctx context.Context, in Period) (Rated, error)
}

// NewReport is a report on a period with the sections on figures, each beside the period before. The same records give the same report, however
// long ago the period is.
func NewReport(ctx context.Context, records Records, period Period, now time.Time) (Report, error) {
	current, err := recall(ctx, records, period, now)
	if err != nil {
		return Report{}, err
	}
	before, err := recall(ctx, records, period.Before(), now)
	if err != nil {
		return Report{}, err
	}
	return Report{Period: period, At: now, Sections: []Section{buckets(current, before), figures(current, before)}}, nil
}

// notes say what has to be known of a period to read its figures right.
func (f facts) notes() []string {
	var notes []string
	if f.now.Before(f.period.To) {
		notes = append(notes, "The period is not over: these are the figures so far.")
	}
	if n := f.buckets[Unsettled]; n > 0 {
		known := f.period.To.Add(ReturnWithin + EndsAfter)
		notes = append(notes, Count(n).String()+" not settled yet: whether an answer was met with silence is known after seven days. "+
			"They count as asked and as not confirmed until then; all are known from "+known.In(f.period.To.Location()).Format("Mon 2 Jan 2006")+" on, unless they go on.")
	}
	return notes
}
