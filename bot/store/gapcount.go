package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"faqbot/knowledge/insight"
)

// Busiest are the groups by how many people asked for them from one time until another, the most first.
func (s *Store) Busiest(ctx context.Context, from, to time.Time, limit int) ([]insight.GroupID, error) {
	var out []insight.GroupID
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var id insight.GroupID
		var people int
		err := scan(&id, &people)
		out = append(out, id)
		return err
	}, `SELECT gap, count(DISTINCT person) AS people FROM misses WHERE at >= $1 AND at < $2 AND NOT answered AND gap <> 0
		GROUP BY gap ORDER BY people DESC, gap LIMIT $3`, from, to, limit)
	if err != nil {
		return nil, s.explain(fmt.Errorf("count people by group: %w", err))
	}
	return out, nil
}

// Asked counts the misses of groups in a period that nothing answered since.
func (s *Store) Asked(ctx context.Context, in insight.Period, ids ...insight.GroupID) (map[insight.GroupID]int, error) {
	out := map[insight.GroupID]int{}
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		clear(out)
		for _, id := range ids {
			var n int
			if err := t.row(ctx, []any{&n}, `SELECT count(*) FROM misses WHERE gap = $1 AND at >= $2 AND at < $3 AND NOT answered`, id, in.From, in.To); err != nil {
				return err
			}
			out[id] = n
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(fmt.Errorf("count what was asked of groups: %w", err))
	}
	return out, nil
}

// Numbers counts what is known of groups at a moment.
func (s *Store) Numbers(ctx context.Context, now time.Time, ids ...insight.GroupID) (map[insight.GroupID]insight.Numbers, error) {
	out := map[insight.GroupID]insight.Numbers{}
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		clear(out)
		for _, id := range ids {
			n, err := numbersOf(ctx, t, id, now)
			if err != nil {
				return err
			}
			out[id] = n
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(fmt.Errorf("count misses of groups: %w", err))
	}
	return out, nil
}

const week = 7 * 24 * time.Hour

func numbersOf(ctx context.Context, t *tx, id insight.GroupID, now time.Time) (insight.Numbers, error) {
	n := insight.Numbers{Gap: id}
	var first, last sql.NullInt64
	if err := t.row(ctx, []any{&n.Misses, &n.People, &first, &last}, `SELECT count(*), count(DISTINCT person), min(at), max(at) FROM misses
		WHERE gap = $1 AND NOT answered AND at < $2`, id, now); err != nil {
		return n, err
	}
	n.FirstAt, n.LastAt = fromMicros(first.Int64), fromMicros(last.Int64)
	err := t.each(ctx, func(scan func(...any) error) error {
		var back, people, minutes int
		err := scan(&back, &people, &minutes)
		n.Minutes += minutes
		if back == 0 {
			n.Week = people
		} else if back <= insight.Weeks {
			n.Before[back-1] = people
		}
		return err
	}, `SELECT (CAST($3 AS BIGINT) - 1 - at) / CAST($4 AS BIGINT) AS back, count(DISTINCT person), CAST(coalesce(sum(minutes), 0) AS BIGINT) FROM misses
		WHERE gap = $1 AND NOT answered AND at >= $2 AND at < $3 GROUP BY back`, id, micros(now.Add(-(insight.Weeks+1)*week)), micros(now), week.Microseconds())
	return n, err
}

// Days counts, for the groups that many people asked for in the last 24 hours, those people and those of the days before.
func (s *Store) Days(ctx context.Context, now time.Time, least int) ([]insight.Day, error) {
	const day = 24 * time.Hour
	var out []insight.Day
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		out = nil
		if err := t.each(ctx, func(scan func(...any) error) error {
			var d insight.Day
			err := scan(&d.Gap, &d.People)
			out = append(out, d)
			return err
		}, `SELECT gap, count(DISTINCT person) FROM misses WHERE at >= $1 AND at < $2 AND NOT answered AND gap <> 0
			GROUP BY gap HAVING count(DISTINCT person) >= $3 ORDER BY gap`, now.Add(-day), now, least); err != nil {
			return err
		}
		var first sql.NullInt64
		if err := t.row(ctx, []any{&first}, `SELECT min(at) FROM misses`); err != nil {
			return err
		}
		known := int(now.Add(-day).Sub(fromMicros(first.Int64)) / day)
		for i := range out {
			out[i].Known = max(0, min(insight.DaysBefore, known))
			err := t.row(ctx, []any{&out[i].Month}, `SELECT count(*) FROM (SELECT DISTINCT person, at / $4 AS day FROM misses
				WHERE gap = $1 AND at >= $2 AND at < $3 AND NOT answered) asked`, out[i].Gap, now.Add(-(1+insight.DaysBefore)*day), now.Add(-day), day.Microseconds())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(fmt.Errorf("count people of a day by group: %w", err))
	}
	return out, nil
}

// Since are people who missed an answer of a group after a time, at most limit.
func (s *Store) Since(ctx context.Context, gap insight.GroupID, after time.Time, limit int) (people []string, err error) {
	err = s.db.single().each(ctx, func(scan func(...any) error) error {
		var person string
		err := scan(&person)
		people = append(people, person)
		return err
	}, `SELECT DISTINCT person FROM misses WHERE gap = $1 AND at > $2 AND NOT answered LIMIT $3`, gap, after, limit)
	if err != nil {
		return nil, s.explain(fmt.Errorf("look who missed an answer: %w", err))
	}
	return people, nil
}

// Ledger implements [insight.GapRecords]. Where staff closed a ticket, their word counts; else what the gap was set to.
func (s *Store) Ledger(ctx context.Context, from, to time.Time) ([]insight.Issue, error) {
	var out []insight.Issue
	matters := []any{from, to}
	for _, m := range insight.Matters {
		matters = append(matters, m)
	}
	list := in(3, len(insight.Matters))
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var i insight.Issue
		var gap string
		if err := scan(&i.Gap, &i.Matter, &i.Misses, &i.People, &gap); err != nil {
			return err
		}
		if i.Matter == "" {
			var g insight.Gap
			if err := decode(gap, &g); err != nil {
				return err
			}
			i.Matter = g.Matter
		}
		out = append(out, i)
		return nil
	}, `SELECT m.gap, CASE WHEN m.outcome IN `+list+` THEN m.outcome ELSE '' END AS matter, count(*), count(DISTINCT m.person), g.body
		FROM misses m JOIN gaps g ON g.id = m.gap WHERE m.at >= $1 AND m.at < $2 AND NOT m.answered
		AND (m.outcome IN `+list+` OR g.status = '`+string(insight.GapProduct)+`') GROUP BY m.gap, matter, g.body ORDER BY m.gap, matter`, matters...)
	if err != nil {
		return nil, s.explain(fmt.Errorf("read what the product lacks: %w", err))
	}
	return merged(out), nil
}

// merged adds up what is about the same.
func merged(issues []insight.Issue) []insight.Issue {
	var out []insight.Issue
	for _, i := range issues {
		at := slices.IndexFunc(out, func(o insight.Issue) bool { return o.Gap == i.Gap && o.Matter == i.Matter })
		if at < 0 {
			out = append(out, i)
			continue
		}
		out[at].Misses += i.Misses
		out[at].People += i.People
	}
	return out
}
