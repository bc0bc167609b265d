package store

import (
	"slices"

	"faqbot/bot/handoff"
	"faqbot/knowledge/insight"
)

// tallySteps write what a turn adds to what figures know.
func (c *commit) tallySteps() []step {
	var steps []step
	for _, t := range c.turn.Tallies {
		if t.Late {
			steps = append(steps, late(t))
			continue
		}
		steps = append(steps, tallied(t))
		if !t.At.IsZero() && (t.Questions > 0 || t.Ticket != "") {
			steps = append(steps, returned(t))
		}
	}
	return slices.Concat(steps, c.handoffSteps())
}

// tallied adds to what is known of a conversation. An answer that is refused more than once is refused: no more are than were given.
func tallied(t insight.Tally) step {
	if t.At.IsZero() {
		t.At = t.Started
	}
	return step{
		query: `INSERT INTO tallies (alias, person, network, language, started_at, ended_at, returned_at, questions, fell_back, answers, rejected,
				standing, confirmed, ticket, met)
			VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (alias) DO UPDATE SET person = excluded.person, language = excluded.language,
			ended_at = CASE WHEN excluded.ended_at > tallies.ended_at THEN excluded.ended_at ELSE tallies.ended_at END,
			returned_at = CASE WHEN excluded.ended_at > tallies.ended_at THEN 0 ELSE tallies.returned_at END,
			questions = tallies.questions + excluded.questions, fell_back = tallies.fell_back + excluded.fell_back,
			met = tallies.met + excluded.met, answers = tallies.answers + excluded.answers, rejected = CASE
				WHEN tallies.rejected + excluded.rejected > tallies.answers + excluded.answers THEN tallies.answers + excluded.answers
				ELSE tallies.rejected + excluded.rejected END,
			standing = CASE WHEN excluded.standing <> '' THEN excluded.standing ELSE tallies.standing END,
			confirmed = tallies.confirmed OR excluded.confirmed,
			ticket = CASE WHEN excluded.ticket <> '' THEN excluded.ticket ELSE tallies.ticket END`,
		args: []any{insight.Alias(t.Conversation), t.Person, t.Network, t.Language, t.Started, t.At, t.Questions, t.FellBack, t.Answers, t.Rejected,
			t.Standing, t.Confirmed, insight.Alias(t.Ticket), t.Met},
	}
}

// returned notes of other conversations of the same person, as far as they ended lately, that the person came back.
func returned(t insight.Tally) step {
	return step{
		query: `UPDATE tallies SET returned_at = $1 WHERE network = $2 AND person = $3 AND person <> '' AND ended_at BETWEEN $4 AND $1 AND returned_at = 0
			AND alias <> $5`,
		args: []any{t.At, t.Network, t.Person, t.At.Add(-insight.ReturnWithin), insight.Alias(t.Conversation)},
	}
}

// late adds a word about an earlier conversation, which counts only from who had it.
func late(t insight.Tally) step {
	return step{
		query: `UPDATE tallies SET rejected = CASE WHEN rejected + $1 > answers THEN answers ELSE rejected + $1 END, standing = CASE WHEN CAST($2 AS TEXT) <> '' THEN $2 ELSE standing END,
			confirmed = confirmed OR $3, ticket = CASE WHEN CAST($4 AS TEXT) <> '' THEN $4 ELSE ticket END
			WHERE alias = $5 AND network = $6 AND person = $7 AND ended_at >= $8`,
		args: []any{t.Rejected, t.Standing, t.Confirmed, insight.Alias(t.Ticket), insight.Alias(t.Conversation), t.Network, t.Person,
			t.At.Add(-insight.ReturnWithin)},
	}
}

// handoffSteps write what figures know of the turn's ticket. The first opening and the first reply stay, whatever is opened again.
func (c *commit) handoffSteps() []step {
	t := c.turn.Ticket
	if t == nil {
		return nil
	}
	alias := insight.Alias(string(t.ID))
	steps := []step{{
		query: `INSERT INTO handoffs (alias, network, language, opened_at, replied_at, closed_at, ending, rating) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (alias) DO UPDATE SET
			replied_at = CASE WHEN handoffs.replied_at > 0 THEN handoffs.replied_at ELSE excluded.replied_at END,
			closed_at = excluded.closed_at, ending = excluded.ending, rating = excluded.rating`,
		args: []any{alias, t.Customer.Address.Network, t.Language, t.OpenedAt, t.RepliedAt, c.closedAt(), endOf(*t), t.Rating},
	}}
	return append(steps, c.promiseSteps(alias)...)
}

// promiseSteps write what figures know of what was promised: an answer, and that the matter is settled.
func (c *commit) promiseSteps(alias string) []step {
	t := c.turn.Ticket
	if t.Promise.MadeAt.IsZero() && t.Settle.MadeAt.IsZero() {
		return nil
	}
	// One that another has taken the place of had lapsed: else it would have been moved.
	steps := []step{{
		query: `UPDATE promises SET fate = $1 WHERE ticket = $2 AND made_at <> $3 AND made_at <> $4 AND fate = $5`,
		args:  []any{insight.PromiseBroken, alias, t.Promise.MadeAt, t.Settle.MadeAt, insight.PromisePending},
	}}
	for _, p := range []handoff.Promise{t.Promise, t.Settle} {
		if p.MadeAt.IsZero() {
			continue
		}
		steps = append(steps, step{
			query: `INSERT INTO promises (ticket, made_at, due, moved, fate) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (ticket, made_at) DO UPDATE SET due = excluded.due, moved = excluded.moved,
				fate = CASE WHEN promises.fate = $6 THEN promises.fate ELSE excluded.fate END`,
			args: []any{alias, p.MadeAt, p.Due, !p.MovedAt.IsZero(), c.fateOf(p), insight.PromiseVoid},
		})
	}
	return steps
}

func endOf(t handoff.Ticket) insight.End {
	switch {
	case t.Status != handoff.Closed:
		return ""
	case t.Outcome == handoff.Spam:
		return insight.AsSpam
	case t.Outcome == handoff.TakenBack:
		return insight.ByCustomer
	case t.Outcome == handoff.Told:
		return insight.ByAnswer
	}
	return insight.ByStaff
}

// fateOf is what has become of a promise about the turn's ticket. One that is closed over is void, if its time has not come.
func (c *commit) fateOf(p handoff.Promise) insight.Fate {
	t := c.turn.Ticket
	switch {
	case p.State == handoff.PromiseKept:
		return insight.PromiseKept
	case p.State == handoff.PromiseBroken, t.Status == handoff.Closed && micros(p.Due) < c.closedAt():
		return insight.PromiseBroken
	case t.Status == handoff.Closed:
		return insight.PromiseVoid
	}
	return insight.PromisePending
}
