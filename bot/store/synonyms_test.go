package store_test

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"

	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge"
)

var _ knowledge.Vocabulary = (*store.Store)(nil)

// same is a group that an editor wrote.
func same(language faq.Language, terms ...string) faq.Synonyms {
	return faq.Synonyms{Language: language, Terms: terms, By: "ada", At: noon}
}

func as(id faq.SynonymsID, s faq.Synonyms) faq.Synonyms {
	s.ID = id
	return s
}

func addSynonyms(t *testing.T, s *store.Store, groups ...faq.Synonyms) []faq.Synonyms {
	t.Helper()
	added, err := s.AddSynonyms(t.Context(), groups...)
	must(t, err)
	return added
}

func wantSynonyms(t *testing.T, s *store.Store, want ...faq.Synonyms) {
	t.Helper()
	got, err := s.Synonyms(t.Context())
	must(t, err)
	wantSame(t, got, want)
}

func TestStore_Synonyms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		wantSynonyms(t, s)
		voucher, again := same("en", "voucher", "gift card"), same("en", "Voucher!", "coupon")
		spanish, mexican, number := same("es", "vale", "tarjeta regalo"), same("es-MX", "vale", "bono"), same("en", "voucher 2", "odd \x00 \" term")
		added := addSynonyms(t, s, voucher, again, spanish)
		wantSame(t, added, []faq.Synonyms{as("en-voucher", voucher), as("en-voucher-2", again), as("es-vale", spanish)})
		addSynonyms(t, s, mexican, number)
		// In whatever way a database compares texts: by language, then by ID.
		wantSynonyms(t, s, as("en-voucher", voucher), as("en-voucher-2", again), as("en-voucher-2-2", number), as("es-vale", spanish), as("es-MX-vale", mexican))

		wantKind(t, s.RemoveSynonyms(t.Context(), "en-voucher", "en-nothing"), fault.NotFound)
		must(t, s.RemoveSynonyms(t.Context(), "en-voucher", "es-vale", "es-MX-vale"))
		wantSynonyms(t, s, as("en-voucher-2", again), as("en-voucher-2-2", number))
		addSynonyms(t, s, voucher)
		wantSynonyms(t, s, as("en-voucher", voucher), as("en-voucher-2", again), as("en-voucher-2-2", number))
	})
}

// Whoever follows the changes of entries learns that synonyms changed: by a cursor that moves, and by being woken. Nothing else is told.
func TestStore_Synonyms_areChanges(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		publish(t, s, "a", 1)
		wake, stop := s.Watch(store.Entries)
		defer stop()
		_, cursor, err := s.Changes(t.Context(), 0)
		must(t, err)
		moved := func(what string, want bool) {
			t.Helper()
			changes, now, err := s.Changes(t.Context(), cursor)
			must(t, err)
			if (now > cursor) != want || woken(wake, 0) != want || len(changes) > 0 {
				t.Errorf("%s: from %d to %d with %d entries", what, cursor, now, len(changes))
			}
			cursor = now
		}
		addSynonyms(t, s, same("en", "voucher", "gift card"))
		moved("adding", true)
		wantKind(t, s.RemoveSynonyms(t.Context(), "en-nothing"), fault.NotFound)
		moved("removing what is not there", false)
		must(t, s.RemoveSynonyms(t.Context(), "en-voucher"))
		moved("removing", true)
		addSynonyms(t, s)
		must(t, s.RemoveSynonyms(t.Context()))
		moved("nothing", false)
		publish(t, s, "b", 1)
		changes, _, err := s.Changes(t.Context(), cursor)
		must(t, err)
		wantSame(t, len(changes), 1)
	})
}

// Two editors who write groups with one first term at the same time keep both.
func TestStore_AddSynonyms_atOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		const editors = 8
		var all sync.WaitGroup
		for i := range editors {
			all.Go(func() {
				if _, err := s.AddSynonyms(t.Context(), same("en", "voucher", fmt.Sprint("card ", i))); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		kept, err := s.Synonyms(t.Context())
		must(t, err)
		var ids []faq.SynonymsID
		for _, g := range kept {
			ids = append(ids, g.ID)
		}
		wantSame(t, len(slices.Compact(ids)), editors)
	})
}

// They are kept for ever, and a dump brings them along. A database that holds some is not empty.
func TestStore_Restore_synonyms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		empty := dump(t, s)
		addSynonyms(t, s, same("en", "voucher", "gift card"))
		must(t, s.Prune(t.Context(), kept(noon.AddDate(50, 0, 0), day)))
		full := dump(t, s)
		for _, other := range []store.Settings{storetest.SQLite(t), {URL: storetest.Postgres(t)}} {
			restored := open(t, other)
			must(t, restored.Restore(t.Context(), bytes.NewReader(full)))
			wantSynonyms(t, restored, as("en-voucher", same("en", "voucher", "gift card")))
			wantKind(t, restored.Restore(t.Context(), bytes.NewReader(empty)), fault.Conflict)
		}
	})
}
