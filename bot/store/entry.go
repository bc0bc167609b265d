package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// revisionColumns are those of a revision named r, for [revision.into].
const revisionColumns = `r.number, r.status, r.live, r.restores, r.author, r.at, r.note, r.content`

// revision is a row that is being read.
type revision struct {
	number, live, restores, at    sql.NullInt64
	status, author, note, content sql.NullString
}

func (r *revision) into() []any {
	return []any{&r.number, &r.status, &r.live, &r.restores, &r.author, &r.at, &r.note, &r.content}
}

// value is the revision; an outer join that found none has no number.
func (r *revision) value() (*faq.Revision, error) {
	if !r.number.Valid {
		return nil, nil
	}
	v := &faq.Revision{
		Number: int(r.number.Int64), Status: faq.Status(r.status.String), Live: int(r.live.Int64), Restores: int(r.restores.Int64),
		By: r.author.String, At: fromMicros(r.at.Int64), Note: r.note.String,
	}
	return v, decode(r.content.String, &v.Content)
}

// records reads entries with their newest and their served revision.
const records = `SELECT ` + revisionColumns + `, l.number, l.status, l.live, l.restores, l.author, l.at, l.note, l.content
	FROM entries e JOIN revisions r ON r.entry = e.id AND r.number = e.head
	LEFT JOIN revisions l ON l.entry = e.id AND l.number = e.live`

func scanRecord(scan func(...any) error) (faq.Record, error) {
	var head, live revision
	if err := scan(append(head.into(), live.into()...)...); err != nil {
		return faq.Record{}, err
	}
	h, err := head.value()
	if err != nil {
		return faq.Record{}, err
	}
	l, err := live.value()
	return faq.Record{Head: *h, Live: l}, err
}

func absent(id faq.EntryID) error {
	return fault.New(fault.NotFound, "entry “%s” does not exist", id)
}

// Find implements [faq.Store].
func (s *Store) Find(ctx context.Context, id faq.EntryID) (faq.Record, error) {
	var found []faq.Record
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		found = append(found, r)
		return err
	}, records+` WHERE e.id = $1`, id)
	if err != nil {
		return faq.Record{}, s.explain(fmt.Errorf("find entry %s: %w", id, err))
	}
	if len(found) == 0 {
		return faq.Record{}, absent(id)
	}
	return found[0], nil
}

// listBatch is how many records are read at a time while few of them may fit a filter.
const listBatch = 500

// List implements [faq.Store]. Tag and Text are compared here: SQL does not fold as people expect.
func (s *Store) List(ctx context.Context, filter faq.Filter) ([]faq.Record, error) {
	var out []faq.Record
	err := s.read(ctx, func(ctx context.Context, t *tx) error {
		out = nil
		after := filter.After
		for {
			page, err := listPage(ctx, t, filter, after)
			if err != nil {
				return err
			}
			for _, r := range page {
				if matches(filter, r) {
					out = append(out, r)
				}
				if filter.Limit > 0 && len(out) == filter.Limit {
					return nil
				}
			}
			if len(page) < listBatch {
				return nil
			}
			after = page[len(page)-1].ID()
		}
	})
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
	}
	return out, nil
}

func listPage(ctx context.Context, t *tx, filter faq.Filter, after faq.EntryID) ([]faq.Record, error) {
	query, args := records+` WHERE e.id > $1`, []any{after}
	switch filter.Status {
	case "":
	case faq.Published:
		query += ` AND e.live > 0`
	default:
		query += ` AND e.status = $2`
		args = append(args, filter.Status)
	}
	limit := listBatch
	if filter.Tag == "" && filter.Text == "" && filter.Limit > 0 {
		limit = min(limit, filter.Limit)
	}
	var page []faq.Record
	err := t.each(ctx, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		page = append(page, r)
		return err
	}, fmt.Sprintf(`%s ORDER BY e.id LIMIT %d`, query, limit), args...)
	return page, err
}

func matches(f faq.Filter, r faq.Record) bool {
	if f.Tag != "" && !slices.Contains(r.Head.Content.Tags, f.Tag) {
		return false
	}
	if f.Text == "" {
		return true
	}
	text := faq.Fold(f.Text)
	has := func(s string) bool { return strings.Contains(faq.Fold(s), text) }
	return has(string(r.ID())) || has(r.Head.Content.Question) ||
		slices.ContainsFunc(r.Head.Content.Phrasings, func(p faq.Phrasing) bool { return has(p.Text) })
}

// History implements [faq.Store].
func (s *Store) History(ctx context.Context, id faq.EntryID) ([]faq.Revision, error) {
	var out []faq.Revision
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var r revision
		if err := scan(r.into()...); err != nil {
			return err
		}
		v, err := r.value()
		if err == nil {
			out = append(out, *v)
		}
		return err
	}, `SELECT `+revisionColumns+` FROM revisions r WHERE r.entry = $1 ORDER BY r.number`, id)
	if err != nil {
		return nil, s.explain(fmt.Errorf("read the history of entry %s: %w", id, err))
	}
	if len(out) == 0 {
		return nil, absent(id)
	}
	return out, nil
}

// Append implements [faq.Store]. The count of changes is raised before any revision is written: its lock puts all appends in a row, so that who reads
// the count never meets a lower one later. Gaps that a withdrawn entry answered are open again with it.
func (s *Store) Append(ctx context.Context, revisions ...faq.Revision) error {
	if len(revisions) == 0 {
		return ctx.Err()
	}
	contents := make([]string, len(revisions))
	for i, r := range revisions {
		content, err := encode(r.Content)
		if err != nil {
			return fmt.Errorf("encode entry %s: %w", r.Content.ID, err)
		}
		contents[i] = content
	}
	err := s.write(ctx, appended(revisions[0], contents[0]), func(ctx context.Context, t *tx) error {
		t.tell(Entries)
		if err := s.reopenWithdrawn(ctx, t, revisions); err != nil {
			return err
		}
		cursor, err := countChanges(ctx, t, len(revisions))
		if err != nil {
			return err
		}
		for i, r := range revisions {
			if err := appendOne(ctx, t, r, contents[i], cursor-int64(len(revisions)-1-i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("append revisions: %w", err)
	}
	return nil
}

// countChanges raises the count of changes and returns it.
func countChanges(ctx context.Context, t *tx, by int) (cursor int64, err error) {
	err = t.row(ctx, []any{&cursor}, `UPDATE counters SET value = value + $1 WHERE name = 'changes' RETURNING value`, by)
	return cursor, err
}

// appended looks for a revision as it was appended; all of one append are there or none.
func appended(r faq.Revision, content string) check {
	return func(ctx context.Context, t *tx) (bool, error) {
		var n int64
		err := t.row(ctx, []any{&n}, `SELECT count(*) FROM revisions
			WHERE entry = $1 AND number = $2 AND author = $3 AND at = $4 AND content = $5`, r.Content.ID, r.Number, r.By, r.At, content)
		return n > 0, err
	}
}

func appendOne(ctx context.Context, t *tx, r faq.Revision, content string, cursor int64) error {
	id := r.Content.ID
	var head, live int64
	err := t.row(ctx, []any{&head, &live}, `SELECT head, live FROM entries WHERE id = $1`, id)
	isNew := errors.Is(err, sql.ErrNoRows)
	if err != nil && !isNew {
		return err
	}
	if int64(r.Number) != head+1 {
		return fault.New(fault.Conflict, "entry “%s” stands at revision %d; revision %d cannot follow", id, head, r.Number)
	}
	if isNew {
		_, err = t.exec(ctx, `INSERT INTO entries (id, head, live, status, served) VALUES ($1, $2, 0, $3, 0)`, id, r.Number, r.Status)
	} else {
		_, err = t.exec(ctx, `UPDATE entries SET head = $1, status = $2 WHERE id = $3`, r.Number, r.Status, id)
	}
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO revisions (entry, number, status, live, restores, author, at, note, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, r.Number, r.Status, r.Live, r.Restores, r.By, r.At, r.Note, content)
	if err != nil || live == int64(r.Live) {
		return err
	}
	_, err = t.exec(ctx, `UPDATE entries SET live = $1, served = $2 WHERE id = $3`, r.Live, cursor, id)
	return err
}

// Changes implements [faq.Store].
func (s *Store) Changes(ctx context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	var out []faq.Change
	var cursor int64
	err := s.read(ctx, func(ctx context.Context, t *tx) error {
		out = nil
		if err := t.row(ctx, []any{&cursor}, `SELECT value FROM counters WHERE name = 'changes'`); err != nil {
			return err
		}
		return t.each(ctx, func(scan func(...any) error) error {
			c, err := scanChange(scan)
			if err == nil && (c.Live != nil || after > 0) {
				out = append(out, c)
			}
			return err
		}, `SELECT e.id, `+revisionColumns+` FROM entries e LEFT JOIN revisions r ON r.entry = e.id AND r.number = e.live
			WHERE e.served > $1 ORDER BY e.id`, int64(after))
	})
	if err != nil {
		return nil, after, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return out, faq.Cursor(cursor), nil
}

func scanChange(scan func(...any) error) (faq.Change, error) {
	var r revision
	var c faq.Change
	if err := scan(append([]any{&c.Entry}, r.into()...)...); err != nil {
		return c, err
	}
	live, err := r.value()
	c.Live = live
	return c, err
}
