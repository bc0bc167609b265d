package store

import (
	"context"
	"fmt"
	"slices"

	"faqbot/bot"
	"faqbot/knowledge/insight"
)

// drawn is how many answers are drawn for each that is wanted: some were pressed on or are forgotten, and are left out.
const drawn = 5

// Sample implements [bot.Register].
func (s *Store) Sample(ctx context.Context, week insight.Period) ([]bot.Sampled, error) {
	var out []bot.Sampled
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		out = nil
		given, err := answersOf(ctx, t, week)
		if err != nil {
			return err
		}
		for _, g := range insight.Draw(week, given, drawn*insight.SampleSize) {
			a, ok, err := sampledAnswer(ctx, t, g)
			if err != nil {
				return err
			}
			if ok {
				out = append(out, a)
			}
			if len(out) == insight.SampleSize {
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(fmt.Errorf("draw the sample of %v: %w", week, err))
	}
	return out, nil
}

func answersOf(ctx context.Context, t *tx, week insight.Period) ([]insight.Given, error) {
	var out []insight.Given
	err := t.each(ctx, func(scan func(...any) error) error {
		var g insight.Given
		var at int64
		err := scan(&g.Conversation, &g.Version, &g.Position, &at)
		g.At = fromMicros(at)
		out = append(out, g)
		return err
	}, `SELECT conversation, version, position, at FROM outcomes WHERE at >= $1 AND at < $2 AND kind = $3`, week.From, week.To, bot.Answered)
	return out, err
}

// sampledAnswer reads what was asked and answered, from behind the button that was shown with the answer; false where it is not there any more, or
// where the question was pressed or picked and is not in the customer's own words.
func sampledAnswer(ctx context.Context, t *tx, g insight.Given) (bot.Sampled, bool, error) {
	a := bot.Sampled{Given: g}
	err := t.row(ctx, []any{&a.Entry, &a.Verdict}, `SELECT entry, coalesce((SELECT verdict FROM sampled WHERE answer = $1), '')
		FROM outcomes WHERE conversation = $2 AND version = $3 AND position = $4`, g.Alias(), g.Conversation, g.Version, g.Position)
	if err != nil {
		return a, false, err
	}
	found := false
	err = eachBody(ctx, t, func(action bot.Action) {
		if action.Kind == bot.ActHelped && action.Entry == a.Entry && !found {
			a.Heard, found = action.Asked.Heard, action.Asked.Heard.Utterance != ""
		}
	}, `SELECT body FROM actions WHERE conversation = $1 AND at = $2 ORDER BY token`, g.Conversation, g.At)
	return a, found, err
}

// Rated implements [insight.Records].
func (s *Store) Rated(ctx context.Context, in insight.Period) (insight.Rated, error) {
	var r insight.Rated
	err := s.db.single().row(ctx, []any{&r.Right, &r.Wrong}, `SELECT coalesce(sum(CASE WHEN verdict = $3 THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN verdict = $4 THEN 1 ELSE 0 END), 0) FROM sampled WHERE answered_at >= $1 AND answered_at < $2`,
		in.From, in.To, insight.RatedRight, insight.RatedWrong)
	if err != nil {
		return r, s.explain(fmt.Errorf("recall rated answers: %w", err))
	}
	return r, nil
}

// sampledSteps keep what staff say of an answer; a later word takes the place of an earlier one.
func (c *commit) sampledSteps() []step {
	v := c.turn.Sampled
	if v == nil {
		return nil
	}
	return []step{{
		query: `INSERT INTO sampled (answer, answered_at, verdict) VALUES ($1, $2, $3) ON CONFLICT (answer) DO UPDATE SET verdict = excluded.verdict`,
		args:  []any{v.Alias(), v.At, v.Verdict},
	}}
}

// placed says whether each action has a conversation.
func (c *commit) placed() bool {
	return !slices.ContainsFunc(c.turn.Actions, func(a bot.Action) bool { return a.Conversation == "" })
}
