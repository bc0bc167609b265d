package store

import (
	"context"
	"database/sql"
	"errors"

	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// reopenWithdrawn opens gaps again whose entry these revisions withdraw: what answered them is not served any more. It comes before the count of
// changes is raised, in the order in which who closes a gap takes both.
func (s *Store) reopenWithdrawn(ctx context.Context, t *tx, revisions []faq.Revision) error {
	live := map[faq.EntryID]int{}
	for _, r := range revisions {
		live[r.Content.ID] = r.Live
	}
	var gaps []insight.Gap
	err := t.each(ctx, func(scan func(...any) error) error {
		var body string
		var g insight.Gap
		if err := scan(&body); err != nil {
			return err
		}
		err := decode(body, &g)
		if number, saved := live[g.Entry]; saved && number == 0 {
			gaps = append(gaps, g)
		}
		return err
	}, `SELECT body FROM gaps WHERE status = $1 ORDER BY id`, insight.GapAnswered)
	if err != nil || len(gaps) == 0 {
		return err
	}
	var open []insight.Gap
	for _, g := range gaps {
		served := 0
		err := t.row(ctx, []any{&served}, `SELECT live FROM entries WHERE id = $1`, g.Entry)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if served > 0 {
			open = append(open, g.Move(insight.GapNew, s.now()))
		}
	}
	if len(open) == 0 {
		return nil
	}
	steps, err := gapSteps(open...)
	if err != nil {
		return err
	}
	t.tell(Misses)
	return s.announced(ctx, t, micros(s.now()), open, steps)
}
