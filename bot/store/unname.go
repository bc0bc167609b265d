package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/knowledge/insight"
)

// quarter is what times are brought down to that stay of somebody who is forgotten: whoever still has the messages cannot find them by their times.
// Days begin on a quarter of an hour in every time zone, so nothing moves to another one.
const quarter = int64(15 * time.Minute / time.Microsecond)

// figures cuts the thread between what figures are made of and the person. What was counted stays counted, under names that nothing leads to, with
// times brought down to the quarter of an hour; how long something took stays as it is. What was not settled is so now: nobody will know whether they
// came back, so their silence is not taken for a success, and what was promised to them is void.
func (e *erasing) figures(ctx context.Context, t *tx) error {
	talks, err := e.tallied(ctx, t)
	if err != nil {
		return err
	}
	tickets := map[string]bool{}
	for _, talk := range talks {
		tickets[talk.ticket] = talk.ticket != ""
	}
	if err := e.ownTickets(ctx, t, tickets); err != nil {
		return err
	}
	for alias, some := range tickets {
		if some {
			if err := unnameTicket(ctx, t, alias, e.now); err != nil {
				return err
			}
		}
	}
	for _, talk := range talks {
		if err := t.run(ctx, unnameTalk(talk.alias, e.now)); err != nil {
			return err
		}
	}
	for _, id := range e.conversations {
		if err := e.unnameOutcomes(ctx, t, id); err != nil {
			return err
		}
	}
	return nil
}

// forgotten is a name that leads nowhere.
func forgotten() string { return "forgotten-" + rand.Text() }

// tallyRow is a conversation as figures name it, with its ticket.
type tallyRow struct{ alias, ticket string }

// tallied finds the conversations of the person among the figures: those that are still stored, and those that were deleted so lately that it is not
// known yet whether they come back.
func (e *erasing) tallied(ctx context.Context, t *tx) ([]tallyRow, error) {
	var out []tallyRow
	add := func(scan func(...any) error) error {
		var v tallyRow
		err := scan(&v.alias, &v.ticket)
		out = append(out, v)
		return err
	}
	person := insight.PersonOf(string(e.network), string(e.person))
	err := t.each(ctx, add, `SELECT alias, ticket FROM tallies WHERE network = $1 AND person = $2`, e.network, person)
	if err != nil {
		return nil, err
	}
	aliases := make([]string, len(e.conversations))
	for i, id := range e.conversations {
		aliases[i] = insight.Alias(id)
	}
	err = e.inChunks(aliases, func(list string, args []any) error {
		return t.each(ctx, add, fmt.Sprintf(`SELECT alias, ticket FROM tallies WHERE alias IN %s AND NOT (network = $%d AND person = $%d)`,
			list, len(args)+1, len(args)+2), append(args, e.network, person)...)
	})
	return out, err
}

// ownTickets adds those of the person that no conversation came to.
func (e *erasing) ownTickets(ctx context.Context, t *tx, tickets map[string]bool) error {
	return t.each(ctx, func(scan func(...any) error) error {
		var id handoff.TicketID
		err := scan(&id)
		tickets[insight.Alias(string(id))] = true
		return err
	}, `SELECT id FROM tickets WHERE network = $1 AND person = $2`, e.network, e.person)
}

// unnameTicket renames a ticket, and each promise to its customer by itself: what belongs together is nobody's business any more.
func unnameTicket(ctx context.Context, t *tx, alias string, now int64) error {
	var made []int64
	err := t.each(ctx, func(scan func(...any) error) error {
		var at int64
		err := scan(&at)
		made = append(made, at)
		return err
	}, `SELECT made_at FROM promises WHERE ticket = $1`, alias)
	if err != nil {
		return err
	}
	name := forgotten()
	steps := []step{
		{query: `UPDATE tallies SET ticket = $1 WHERE ticket = $2`, args: []any{name, alias}},
		{query: `UPDATE handoffs SET alias = $1, replied_at = CASE WHEN replied_at > 0 THEN replied_at - opened_at % $2 ELSE 0 END,
			closed_at = CASE WHEN closed_at > 0 THEN closed_at - opened_at % $2 ELSE 0 END, opened_at = opened_at - opened_at % $2 WHERE alias = $3`,
			args: []any{name, quarter, alias}},
	}
	for _, at := range made {
		steps = append(steps, step{
			query: `UPDATE promises SET ticket = $1, made_at = made_at - made_at % $2, due = due - made_at % $2,
				fate = CASE WHEN fate <> $3 THEN fate WHEN due < $4 THEN $5 ELSE $6 END WHERE ticket = $7 AND made_at = $8`,
			args: []any{forgotten(), quarter, insight.PromisePending, now, insight.PromiseBroken, insight.PromiseVoid, alias, at},
		})
	}
	return t.run(ctx, steps)
}

func unnameTalk(alias string, now int64) []step {
	return []step{{
		query: `UPDATE tallies SET alias = $1, person = '', ended_at = ended_at - started_at % $2, started_at = started_at - started_at % $2,
			returned_at = CASE WHEN returned_at > 0 THEN returned_at - returned_at % $2 WHEN ended_at > $3 THEN $4 ELSE 0 END WHERE alias = $5`,
		args: []any{forgotten(), quarter, now - insight.ReturnWithin.Microseconds(), now - now%quarter, alias},
	}}
}

// unnameOutcomes renames what a conversation came to, and what staff said of its answers.
func (e *erasing) unnameOutcomes(ctx context.Context, t *tx, id string) error {
	var answers []string
	err := t.each(ctx, func(scan func(...any) error) error {
		a := insight.Given{Conversation: id}
		err := scan(&a.Version, &a.Position)
		answers = append(answers, a.Alias())
		return err
	}, `SELECT version, position FROM outcomes WHERE conversation = $1 AND kind = $2`, id, bot.Answered)
	if err != nil {
		return err
	}
	var steps []step
	for _, alias := range answers {
		steps = append(steps, step{query: `UPDATE sampled SET answer = $1, answered_at = answered_at - answered_at % $2 WHERE answer = $3`,
			args: []any{forgotten(), quarter, alias}})
	}
	return t.run(ctx, append(steps, step{query: `UPDATE outcomes SET conversation = $1, at = at - at % $2 WHERE conversation = $3`,
		args: []any{forgotten(), quarter, id}}))
}
