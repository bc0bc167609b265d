package store

import (
	"context"
	"fmt"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// Synonyms implements knowledge.Vocabulary: all groups, by language and ID.
func (s *Store) Synonyms(ctx context.Context) ([]faq.Synonyms, error) {
	out, err := allSynonyms(ctx, s.db.single())
	if err != nil {
		return nil, s.explain(fmt.Errorf("list synonyms: %w", err))
	}
	return out, nil
}

func allSynonyms(ctx context.Context, t *tx) ([]faq.Synonyms, error) {
	var out []faq.Synonyms
	err := t.each(ctx, func(scan func(...any) error) error {
		var g faq.Synonyms
		var terms string
		var at int64
		if err := scan(&g.ID, &g.Language, &terms, &g.By, &at); err != nil {
			return err
		}
		g.At = fromMicros(at)
		err := decode(terms, &g.Terms)
		out = append(out, g)
		return err
	}, `SELECT id, language, terms, author, at FROM synonyms ORDER BY language, id`)
	return out, err
}

// AddSynonyms stores groups, all or none, and returns them with the IDs that it gave them. The count of changes is raised as for entries, so that every
// matcher takes them over; that comes first, and its lock keeps two from being given one ID.
func (s *Store) AddSynonyms(ctx context.Context, groups ...faq.Synonyms) ([]faq.Synonyms, error) {
	if len(groups) == 0 {
		return nil, ctx.Err()
	}
	var out []faq.Synonyms
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		t.tell(Entries)
		if _, err := countChanges(ctx, t, 1); err != nil {
			return err
		}
		kept, err := allSynonyms(ctx, t)
		if err != nil {
			return err
		}
		out = named(groups, kept)
		return insertSynonyms(ctx, t, out)
	})
	if err != nil {
		return nil, fmt.Errorf("add synonyms: %w", err)
	}
	return out, nil
}

// named are groups with IDs that no other one has.
func named(groups, kept []faq.Synonyms) []faq.Synonyms {
	taken := map[faq.SynonymsID]bool{}
	for _, g := range kept {
		taken[g.ID] = true
	}
	out := make([]faq.Synonyms, len(groups))
	for i, g := range groups {
		g.ID = g.Name()
		for n := 2; taken[g.ID]; n++ {
			g.ID = faq.SynonymsID(fmt.Sprintf("%s-%d", g.Name(), n))
		}
		taken[g.ID] = true
		out[i] = g
	}
	return out
}

func insertSynonyms(ctx context.Context, t *tx, groups []faq.Synonyms) error {
	rows := make([][]any, len(groups))
	for i, g := range groups {
		terms, err := encode(g.Terms)
		if err != nil {
			return err
		}
		rows[i] = []any{g.ID, g.Language, terms, g.By, g.At}
	}
	return t.insert(ctx, `synonyms (id, language, terms, author, at)`, rows, ``)
}

// RemoveSynonyms deletes groups: all of them, or none where one is not there.
func (s *Store) RemoveSynonyms(ctx context.Context, ids ...faq.SynonymsID) error {
	if len(ids) == 0 {
		return ctx.Err()
	}
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		t.tell(Entries)
		if _, err := countChanges(ctx, t, 1); err != nil {
			return err
		}
		for _, id := range ids {
			n, err := t.exec(ctx, `DELETE FROM synonyms WHERE id = $1`, id)
			if err == nil && n == 0 {
				err = fault.New(fault.NotFound, "there are no synonyms “%s”", id)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove synonyms: %w", err)
	}
	return nil
}
