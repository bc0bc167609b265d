package transfer_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

// awkward are texts that formats are known to alter.
var awkward = []string{
	"=1+1", "+49 30 1234", "-5", "@here", "'=quoted", "''=twice", "'plain", "＝wide", "\tTab first", "\rCR first", "\n", "\nLF first",
	"yes", "No", "null", "~", "true", "1e3", "0x1F", "007", "1_000", "12:30:45", "2026-01-01", ".inf", "NaN", "<<", "*star", "&anchor",
	"!tag", "%percent", "`tick`", "key: value", "- dash", "? question", "# hash", "a # b", "a: b: c", "[list]", "{map}", "[es] hola",
	"[es] \"hola\"", `"quoted"`, `"a" b`, `'single'`, `json:"x"`, `json:x`, "back\\slash \\n \\u0041 \\", "_x000D_", "_x005F_x000D_", "x_x0041_y",
	"line\nline", "cr\r\nlf", "cr\rcr", "trailing ", " leading", "  both  ", "tab\tinside\t", "end\n", "end\n\n\n", "\n\nstart", "a\n \nb", "a\n\n\nb", "  indented\nless",
	"---", "a\n---\nb", "...", "a\n...\nb", "<!-- answer: es -->", "a\n<!-- answer: es -->\nb", "<b>html</b> &amp; &lt;", "a|b", "|", "a,b;c\td", ";", ",",
	"👩‍👩‍👧‍👦 🇧🇷 \U0001F600", "مرحبا \u200fRTL\u202e", "e\u0301", "\u2028line sep\u2029", "\uFEFFbom", "nb\u00a0sp", "\u3000wide\u3000", "\uFFFE\uFFFF", "\U0010FFFF",
	"日本語\n中文", "naïve café", "a\n    code\n\ttab", "```\ncode\n```", "\"", "'", "''", "\"\"", "`", "\\", "$1 ${x} %s {{.}}",
	"entries:", "- id: x\n- id: y", "  - id: x", "text\n- id: y\n  question: z", "a\n# comment\nb", "\u200b", "end with colon:", "[", "]", "{", "sep=;", "a\nb\n- c",
}

type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 1))} }

func (g generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

// text is not blank, for most fields must not be.
func (g generator) text() string {
	for {
		s := g.pick(awkward...)
		for range g.IntN(3) {
			s += g.pick(" ", "", "\n", "x", "\n\n") + g.pick(awkward...)
		}
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
}

func (g generator) line(limit int) string {
	for {
		s := strings.NewReplacer("\n", " ", "\r", " ").Replace(g.text())
		if len([]rune(s)) <= limit && strings.TrimSpace(s) != "" {
			return s
		}
	}
}

func (g generator) tag() string {
	for {
		if s := strings.TrimSpace(g.text()); len([]rune(s)) <= 100 && s != "" {
			return s
		}
	}
}

func times[T any](g generator, most int, make func() T) []T {
	var out []T
	for range g.IntN(most + 1) {
		out = append(out, make())
	}
	return out
}

func (g generator) language() faq.Language {
	l, err := faq.ParseLanguage(g.pick("en", "es", "de", "pt-BR", "no", "zh-Hant", "ar"))
	if err != nil {
		panic(err)
	}
	return l
}

func (g generator) button() faq.Link {
	return faq.Link{Label: g.line(64), URL: g.pick("https://example.com/a?b=1&c=2#d", "http://x.y/|", "https://example.com/a b", "https://example.com/ü", "https://example.com/")}
}

func (g generator) date() faq.Date {
	return faq.Date(g.pick("", "2026-01-01", "2026-12-31", "2027-02-28", "1999-09-09"))
}

func (g generator) id(n int) faq.EntryID {
	return faq.EntryID(g.pick("1e3", "true", "null", "2026-01-01", "a_b.c", "_x", "日本", "CON", "éa", "yes", "id", "x.es", "README", "0") + fmt.Sprintf("%s%d", g.pick("", "-", "_", "."), n))
}

func (g generator) entry(n int) faq.Entry {
	e := faq.Entry{ID: g.id(n), Language: g.language(), Question: g.line(500)}
	e.Phrasings = times(g, 5, func() faq.Phrasing {
		p := faq.Phrasing{Text: g.text()}
		if g.chance(40) {
			p.Language = g.language()
		}
		return p
	})
	if g.chance(50) { // as editors write them, in one block per language
		slices.SortStableFunc(e.Phrasings, func(a, b faq.Phrasing) int { return strings.Compare(string(a.Language), string(b.Language)) })
	}
	for range g.IntN(4) {
		if a := g.answer(); !slices.ContainsFunc(e.Answers, func(o faq.Answer) bool { return o.Language == a.Language }) {
			e.Answers = append(e.Answers, a)
		}
	}
	e.FollowUps = times(g, 2, func() faq.EntryID { return g.id(g.IntN(9)) })
	e.Tags = times(g, 3, g.tag)
	e.Audience.Channels = times(g, 2, g.tag)
	e.Audience.Languages = times(g, 2, g.language)
	e.Audience.Staff = g.chance(20)
	if g.chance(50) {
		e.Area = g.line(100)
	}
	if g.chance(30) {
		e.AnswerAt = float64(g.IntN(101)) / 100
	}
	if g.chance(50) {
		e.Care = faq.Care{Owner: g.line(100), CheckedOn: g.date(), ReviewOn: g.date()}
	}
	if e.Validity = (faq.Validity{From: g.date(), Until: g.date()}); e.Validity.From > e.Validity.Until && e.Validity.Until != "" {
		e.Validity = faq.Validity{}
	}
	return e
}

func (g generator) answer() faq.Answer {
	a := faq.Answer{Language: g.language(), Buttons: times(g, 3, g.button)}
	if g.chance(90) {
		a.Text = g.text()
	}
	if g.chance(40) {
		a.Question = g.line(500)
	}
	return a
}

func (g generator) items(n int) []transfer.Item {
	var out []transfer.Item
	for i := range n {
		item := transfer.Item{Entry: g.entry(i), Status: faq.Status(g.pick("draft", "in_review", "published", "archived"))}
		if item.Status == faq.Published && item.Entry.ValidatePublished() != nil {
			item.Status = faq.Draft
		}
		out = append(out, item)
	}
	return out
}
