package store

import "faqbot/faq"

// draftSteps add the first revision of an entry, with the turn that it comes from or not at all. They are the last of a commit, as [Store.Append] counts
// the change first and waits for nobody after that.
func (c *commit) draftSteps(t *tx) []step {
	r := c.turn.Draft
	if r == nil {
		return nil
	}
	t.tell(Entries)
	return []step{
		{query: `UPDATE counters SET value = value + 1 WHERE name = 'changes'`},
		{`INSERT INTO entries (id, head, live, status, served) VALUES ($1, $2, 0, $3, 0) ON CONFLICT DO NOTHING`,
			[]any{r.Content.ID, r.Number, faq.Draft}, expect(errStale("entry"))},
		{query: `INSERT INTO revisions (entry, number, status, live, restores, author, at, note, content) VALUES ($1, $2, $3, 0, 0, $4, $5, $6, $7)`,
			args: []any{r.Content.ID, r.Number, faq.Draft, r.By, r.At, r.Note, c.draft}},
	}
}
