package store_test

import (
	"testing"
	"time"

	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// TestStore_WithdrawnEntry: what was answered by an entry that is not served any more is unanswered again, and nothing else is.
func TestStore_WithdrawnEntry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		editor := faq.NewEditor(s, func() time.Time { return noon })
		for i, entry := range []faq.EntryID{"gifts", "boats"} {
			id := insight.GroupID(i + 1)
			publish(t, s, entry, 1)
			placed(t, s, id, missing(t, s, string(entry), noon)...)
			g, err := s.Gap(ctx, id)
			must(t, err)
			g.Entry = entry
			must(t, s.SaveGap(ctx, g.Move(insight.GapAnswered, noon)))
		}
		record, err := s.Find(ctx, "gifts")
		must(t, err)
		states := func() (out []insight.GapStatus) {
			for id := range insight.GroupID(2) {
				g, err := s.Gap(ctx, id+1)
				must(t, err)
				out = append(out, g.State)
			}
			return out
		}
		edited := record.Head.Content.Clone()
		edited.Question += " And how?"
		_, err = editor.Save(ctx, faq.Edit{Content: edited, Base: record.Head.Number, By: "eve"}) // a draft beside what is served
		must(t, err)
		wantSame(t, states(), []insight.GapStatus{insight.GapAnswered, insight.GapAnswered})

		_, err = editor.Archive(ctx, "gifts", record.Head.Number+1, "eve")
		must(t, err)
		wantSame(t, states(), []insight.GapStatus{insight.GapNew, insight.GapAnswered})
		g, err := s.Gap(ctx, 1)
		must(t, err)
		if g.Entry != "" || g.Reopened != 1 || !g.ClosedAt.IsZero() {
			t.Errorf("the gap is %+v", g)
		}
		open, err := s.Gaps(ctx, insight.GapNew, 10)
		must(t, err)
		if len(open) != 1 || open[0].ID != 1 {
			t.Errorf("open are %+v", open)
		}
	})
}
