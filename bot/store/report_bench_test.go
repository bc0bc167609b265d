package store_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"faqbot/bot/store"
	"faqbot/knowledge/insight"
)

// BenchmarkReport is the report of a week, beside the week before, as more and more is stored: spread over a year, or all of it in four weeks. There are
// ten misses to three conversations. FAQBOT_TEST_LONG=1 goes on to a million of them.
func BenchmarkReport(b *testing.B) {
	sizes := []int{3_000, 30_000}
	if os.Getenv("FAQBOT_TEST_LONG") == "1" {
		sizes = append(sizes, 300_000)
	}
	for _, conversations := range sizes {
		for _, weeks := range []int{52, 4} {
			b.Run(fmt.Sprintf("conversations=%d/weeks=%d", conversations, weeks), func(b *testing.B) {
				each(b, func(b *testing.B, s *store.Store, settings store.Settings) {
					fillFigures(b, settings, conversations, weeks)
					week := insight.WeekOf(noon.AddDate(0, 0, 7*weeks-7))
					for b.Loop() {
						r, err := insight.NewReport(b.Context(), s, week, noon.AddDate(1, 0, 0))
						must(b, err)
						must(b, r.AddGaps(b.Context(), s))
						if len(r.Sections[2].Rows) < 10 {
							b.Fatalf("only %d gaps are in it", len(r.Sections[2].Rows))
						}
						if total := r.Sections[0].Rows[7]["count"].(insight.Count); int(total) < conversations/weeks/2 {
							b.Fatalf("only %d conversations are in it", total)
						}
					}
				})
			})
		}
	}
}

// fillFigures makes rows as turns do: of every five conversations one is handed off and one confirmed.
func fillFigures(b *testing.B, settings store.Settings, conversations, weeks int) {
	b.Helper()
	db := raw(b, settings)
	begin, span := noon.UnixMicro(), (time.Duration(weeks) * 7 * day).Microseconds()
	series := `WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < %d - 1) `
	// Names are as scattered as those of real rows.
	const name = `'%s' || ((n * 2654435761) %% 4294967296)`
	at := fmt.Sprintf(`%d + CAST(n AS BIGINT) * %d`, begin, span/int64(conversations))
	queries := []string{
		fmt.Sprintf(`INSERT INTO tallies (alias, person, network, language, started_at, ended_at, returned_at, questions, fell_back, answers, rejected, standing,
			confirmed, ticket) `+series+`SELECT `+name+`, '', 'test', 'en', %s, %s, 0, 2, n %% 2, 2, 0, 'met', n %% 5 = 1,
			CASE WHEN n %% 5 = 0 THEN `+name+` ELSE '' END FROM series`, conversations, "c", at, at, "t"),
		fmt.Sprintf(`INSERT INTO handoffs (alias, network, language, opened_at, replied_at, closed_at, ending, rating) `+series+`SELECT `+name+`, 'test', 'en',
			%s, 60000000 + %s, 90000000 + %s, 'staff', 1 + n %% 5 FROM series WHERE n %% 5 = 0`, conversations, "t", at, at, at),
		fmt.Sprintf(`INSERT INTO promises (ticket, made_at, due, moved, fate) `+series+`SELECT `+name+`, %s, %s, FALSE, 'kept' FROM series WHERE n %% 5 = 0`,
			conversations, "t", at, at),
		fmt.Sprintf(`INSERT INTO outcomes (conversation, version, position, kind, entry, confidence, language, at) `+series+
			`SELECT `+name+`, 1, 0, 'answered', 'returns', 0.9, 'en', %s FROM series`, conversations, "c", at),
		// A third of the misses is in fifty gaps, the others are in as many gaps as there are hundreds of them.
		fmt.Sprintf(`INSERT INTO misses (id, conversation, person, network, at, body, gap, placed) `+series+
			`SELECT `+name+`, 'c', `+name+`, 'test', %d + CAST(n AS BIGINT) * %d, '{"utterance": "what a customer asked, in about so many words"}',
			CASE WHEN n %% 3 = 0 THEN 1 + n / 3 %% 50 ELSE 51 + (CAST(n AS BIGINT) * 2654435761) %% 4294967296 %% %d END, n + 1 FROM series`,
			conversations*10/3, "m", "p", begin, span/int64(conversations*10/3), conversations/30),
		fmt.Sprintf(`INSERT INTO gaps (id, status, closed_at, version, body) `+series+
			`SELECT n + 1, 'new', 0, 1, '{"id": ' || (n + 1) || ', "title": "what a customer asked, in about so many words", "status": "new"}' FROM series`, 50+conversations/30),
	}
	for _, query := range queries {
		_, err := db.Exec(query)
		must(b, err)
	}
	if settings.URL != "" {
		_, err := db.Exec(`ANALYZE`)
		must(b, err)
	}
	must(b, db.Close())
}
