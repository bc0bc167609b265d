package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"faqbot/knowledge/insight"
)

// gaps takes the questions of the person out of the groups: those who remember groups learn them anew, and no group is called by one of them any more. One
// that is not in a group may be about to be: who sorts finds then that somebody was forgotten meanwhile. It runs before the misses are deleted.
func (e *erasing) gaps(ctx context.Context, t *tx) error {
	person := insight.PersonOf(string(e.network), string(e.person))
	asked := map[insight.GroupID][]string{}
	if err := t.each(ctx, func(scan func(...any) error) error {
		m, err := scanMiss(scan)
		asked[m.Gap] = append(asked[m.Gap], m.Utterance)
		return err
	}, `SELECT `+missColumns+` FROM misses WHERE network = $1 AND person = $2 ORDER BY gap, id`, e.network, person); err != nil {
		return err
	}
	if len(asked) == 0 {
		return nil
	}
	if _, err := advance(ctx, t, sortedCounter, 1); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(asked)) {
		if err := e.retitle(ctx, t, id, person, asked[id]); err != nil {
			return err
		}
	}
	return nil
}

// retitle calls a group by what somebody else asked; a group of nobody else's that nothing was decided about is done with.
func (e *erasing) retitle(ctx context.Context, t *tx, id insight.GroupID, person string, asked []string) error {
	found, err := gapIn(ctx, t, id)
	if err != nil || found == nil {
		return err
	}
	g := *found
	if g.Named || !titledBy(g, asked) {
		return nil
	}
	others := 0
	g.Title = ""
	if err := t.each(ctx, func(scan func(...any) error) error {
		m, err := scanMiss(scan)
		if g.Title == "" {
			g.Title = insight.TitleOf(m.Utterance)
		}
		others++
		return err
	}, `SELECT `+missColumns+` FROM misses WHERE gap = $1 AND NOT (network = $2 AND person = $3) ORDER BY at DESC, id LIMIT 1`, id, e.network, person); err != nil {
		return err
	}
	if others == 0 { // the row stays, for its number is never given again
		g = g.Deserted()
	}
	steps, err := gapSteps(g)
	if err != nil {
		return err
	}
	return t.run(ctx, steps)
}

// titledBy says whether a group is called by one of these questions.
func titledBy(g insight.Gap, asked []string) bool {
	return slices.ContainsFunc(asked, func(text string) bool { return insight.TitleOf(text) == g.Title })
}

// gapIn finds a gap; nil where there is none.
func gapIn(ctx context.Context, t *tx, id insight.GroupID) (*insight.Gap, error) {
	var body string
	err := t.row(ctx, []any{&body}, `SELECT body FROM gaps WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	g := new(insight.Gap)
	return g, decode(body, g)
}
