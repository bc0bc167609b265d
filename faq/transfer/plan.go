package transfer

import (
	"context"
	"slices"

	"faqbot/faq"
)

// Action is what an import does with an entry.
type Action string

const (
	Add     Action = "add"
	Change  Action = "change"
	Archive Action = "archive"
	Keep    Action = "unchanged"
)

// Step is what becomes of one entry.
type Step struct {
	Action Action
	Item   Item // as it will be: merged with what stands
	// Base is the revision that stands; 0 is none.
	Base int
	// Was is the status that stands.
	Was     faq.Status
	Changes []faq.FieldChange
}

// Plan says what a document would change. It holds while the entries stay at the revisions it was made for.
type Plan struct {
	Source  string
	Format  Format
	Steps   []Step
	Skipped []Remark
	Notes   []Remark
}

// NewPlan compares a document with all records of a store. An item updates the entry with its ID; where the document
// gives no IDs, the entry that asks the same. An Invalid fault says what would not hold of an entry once it is updated.
func NewPlan(doc Document, existing []faq.Record) (Plan, error) {
	known := newShelf(existing)
	plan := Plan{Source: doc.Source, Format: doc.Format, Skipped: slices.Clone(doc.Skipped), Notes: slices.Clone(doc.Notes)}
	renamed := known.rename(doc.Items)
	for _, item := range doc.Items {
		if item.Generated {
			item.Entry.ID = renamed[item.Entry.ID]
		}
		plan.Steps = append(plan.Steps, known.step(withFollowUps(item, renamed)))
	}
	return plan, plan.check()
}

// shelf is what stands in a store.
type shelf struct {
	records   map[faq.EntryID]faq.Record
	questions map[string]faq.EntryID
}

func newShelf(existing []faq.Record) shelf {
	s := shelf{records: map[faq.EntryID]faq.Record{}, questions: map[string]faq.EntryID{}}
	for _, r := range existing {
		s.records[r.ID()] = r
		folded := faq.Fold(r.Head.Content.Question)
		if _, taken := s.questions[folded]; !taken || r.Head.Status != faq.Archived {
			s.questions[folded] = r.ID()
		}
	}
	return s
}

// rename gives each item that came without an ID the entry that asks the same, or else an ID that is free.
func (s shelf) rename(items []Item) map[faq.EntryID]faq.EntryID {
	taken, used := map[faq.EntryID]bool{}, map[faq.EntryID]bool{}
	for id := range s.records {
		taken[id] = true
	}
	for _, item := range items {
		if !item.Generated {
			taken[item.Entry.ID], used[item.Entry.ID] = true, true
		}
	}
	renamed := map[faq.EntryID]faq.EntryID{}
	for _, item := range items {
		if !item.Generated {
			continue
		}
		id, asked := s.questions[faq.Fold(item.Entry.Question)]
		if !asked || used[id] {
			id = freeID(item.Entry.ID, taken)
		}
		used[id], renamed[item.Entry.ID] = true, id
	}
	return renamed
}

// step says what an item does to what stands.
func (s shelf) step(item Item) Step {
	item.lines = nil
	record, exists := s.records[item.Entry.ID]
	if !exists {
		return Step{Action: Add, Item: item}
	}
	now := record.Head
	item.Entry = merge(now.Content, item)
	if !item.carries("status") && now.Content.Same(item.Entry) {
		item.Status = now.Status
	}
	step := Step{Action: Change, Item: item, Base: now.Number, Was: now.Status, Changes: faq.Diff(now.Content, item.Entry)}
	if len(step.Changes) == 0 && step.settled() {
		step.Action = Keep
	}
	return step
}

// settled follows [faq.Editor.Save]: what is published or in review is not withdrawn by saving the same text as a draft.
func (s Step) settled() bool {
	return s.Was == s.Item.Status || s.Item.Status == faq.Draft && s.Was != faq.Archived
}

// withFollowUps follows the IDs that the plan gave to entries of the same document.
func withFollowUps(item Item, renamed map[faq.EntryID]faq.EntryID) Item {
	item.Entry.FollowUps = slices.Clone(item.Entry.FollowUps)
	for i, id := range item.Entry.FollowUps {
		if to, ok := renamed[id]; ok {
			item.Entry.FollowUps[i] = to
		}
	}
	return item
}

// Count is how many steps do a thing.
func (p Plan) Count(action Action) int {
	n := 0
	for _, s := range p.Steps {
		if s.Action == action {
			n++
		}
	}
	return n
}

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return p.Count(Keep) == len(p.Steps) }

// Apply does all of a plan or nothing, in one save. It returns the revisions of the steps that change something, in
// their order. A Conflict fault says that an entry was changed since the plan was made.
func (p Plan) Apply(ctx context.Context, editor *faq.Editor, by string) ([]faq.Revision, error) {
	var edits []faq.Edit
	for _, s := range p.Steps {
		if s.Action != Keep {
			edits = append(edits, s.edit(by, "from "+shortName(p.Source)))
		}
	}
	if len(edits) == 0 {
		return nil, nil
	}
	return editor.Save(ctx, edits...)
}

func (s Step) edit(by, note string) faq.Edit {
	return faq.Edit{
		Content: s.Item.Entry, Base: s.Base, By: by, Note: note,
		Publish: s.Item.Status == faq.Published, Status: s.Item.Status,
	}
}

// check finds what a merge made invalid: two halves may each hold and the whole not.
func (p Plan) check() error {
	var problems Problems
	for _, s := range p.Steps {
		check := s.Item.Entry.Validate
		if s.Item.Status == faq.Published {
			check = s.Item.Entry.ValidatePublished
		}
		if s.Action == Keep {
			continue
		}
		for _, wrong := range faq.FieldErrors(check()) {
			problems.add(s.Item.at(wrong.Field), "%s", short(wrong.Problem))
		}
	}
	return problems.fault()
}
