package transfer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

const fullYAML = `# ours
entries:
  - id: returns-period
    language: en
    question: How long can I return something?
    phrasings: [can i send it back, "return: how long?", {text: devolver, language: es}]
    answer: |
      **30 days**, with:

      - the receipt
      - the box
    buttons: [{label: Returns page, url: "https://example.com/returns"}]
    translations:
      es: {question: ¿Cuánto tiempo?, phrasings: [cuanto tiempo], answer: 30 días., buttons: [{label: Ver, url: "https://example.com/es"}]}
    follow_ups: [refund-time]
    tags: [returns, "1e3", 007]
    area: orders
    audience: {channels: [telegram], languages: [en, es], staff: true}
    valid_from: 2026-01-01
    valid_until: 2026-12-31
    owner: Ada
    checked_on: 2026-11-01
    review_on: 2027-05-01
    status: draft
  - question: 1e3
    answer: yes
`

var fullEntry = faq.Entry{
	ID: "returns-period", Language: "en", Question: "How long can I return something?",
	Phrasings: []faq.Phrasing{{Text: "can i send it back"}, {Text: "return: how long?"}, {Text: "devolver", Language: "es"}, {Text: "cuanto tiempo", Language: "es"}},
	Answers: []faq.Answer{
		{Language: "en", Text: "**30 days**, with:\n\n- the receipt\n- the box\n", Buttons: []faq.Link{{Label: "Returns page", URL: "https://example.com/returns"}}},
		{Language: "es", Question: "¿Cuánto tiempo?", Text: "30 días.", Buttons: []faq.Link{{Label: "Ver", URL: "https://example.com/es"}}},
	},
	FollowUps: []faq.EntryID{"refund-time"}, Tags: []string{"returns", "1e3", "007"}, Area: "orders",
	Audience: faq.Audience{Channels: []string{"telegram"}, Languages: []faq.Language{"en", "es"}, Staff: true},
	Validity: faq.Validity{From: "2026-01-01", Until: "2026-12-31"},
	Care:     faq.Care{Owner: "Ada", CheckedOn: "2026-11-01", ReviewOn: "2027-05-01"},
}

func TestReadBytes_YAML(t *testing.T) {
	t.Parallel()
	second := simple("1e3", "1e3", "yes")
	want := []transfer.Item{{Entry: fullEntry, Status: faq.Draft}, {Entry: second, Status: faq.Published}}
	for name, content := range map[string]string{
		"as written":          fullYAML,
		"with CRLF":           strings.ReplaceAll(fullYAML, "\n", "\r\n"),
		"with a mark":         "\uFEFF" + fullYAML,
		"as a list":           strings.TrimPrefix(fullYAML, "# ours\nentries:\n"),
		"indented like a key": strings.ReplaceAll(fullYAML, "\n  ", "\n"),
		"after dashes":        "---\n" + fullYAML,
	} {
		t.Run(name, func(t *testing.T) {
			doc := read(t, "x.yaml", content, transfer.Options{})
			wantItems(t, doc.Items, want)
			if doc.Items[0].Generated || !doc.Items[1].Generated {
				t.Error("only the second entry came without an ID")
			}
		})
	}
	doc := read(t, "x.yaml", "entries: [{question: a, answer: b}, {question: a b, answer: c, language: pt_br}]", transfer.Options{DefaultLanguage: "de", Draft: true})
	wantItems(t, doc.Items, []transfer.Item{
		{Status: faq.Draft, Entry: faq.Entry{ID: "a", Language: "de", Question: "a", Answers: []faq.Answer{{Language: "de", Text: "b"}}}},
		{Status: faq.Draft, Entry: faq.Entry{ID: "a-b", Language: "pt-BR", Question: "a b", Answers: []faq.Answer{{Language: "pt-BR", Text: "c"}}}},
	})
	if doc := read(t, "empty.yaml", "entries: []", transfer.Options{}); len(doc.Items) != 0 {
		t.Errorf("an empty list holds %d entries", len(doc.Items))
	}
}

func TestReadBytes_YAMLProblems(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, want string }{
		{"unknown key", "entries:\n- question: a\n  answer: b\n  colour: red\n", "f.yaml:4: key “colour” is unknown"},
		{"a column's name", "entries:\n- question: a\n  answer: b\n  audience_languages: [de]\n", "f.yaml:4: key “audience_languages” is unknown; write it under audience, as “audience: {languages: …}”"},
		{"unknown key within", "entries:\n- question: a\n  answer: b\n  audience:\n    staf: true\n", "f.yaml:5: audience: key “staf” is unknown"},
		{"unknown key on top", "entry:\n- question: a\n", "f.yaml:1: key “entry” is unknown"},
		{"trailing key", "entries:\n- question: a\n  answer: b\nmore: 1\n", "f.yaml:4: key “more” is unknown"},
		{"no answer", "entries:\n- id: x\n  question: a\n", "f.yaml:2: answers: has no text in en"},
		{"empty answer", "entries:\n- id: x\n  question: a\n  answer: \" \"\n", "f.yaml:4: answers: has no text in en"},
		{"no question", "- answer: b\n", "f.yaml:1: question: is empty"},
		{"bad id", "- question: a\n  answer: b\n  id: a/b\n", "f.yaml:3: id: “a/b” must be"},
		{"bad language", "- question: a\n  answer: b\n  language: klingonese\n", "f.yaml:3: language: “klingonese” is not a language"},
		{"bad translation", "- question: a\n  answer: b\n  translations:\n    xx-yy-zz1: {answer: c}\n", "f.yaml:4: translations.xx-yy-zz1: “xx-yy-zz1” is not a language"},
		{"bad date", "- question: a\n  answer: b\n  valid_from: 03/04/2026\n", "f.yaml:3: valid_from: “03/04/2026” is not a date"},
		{"dates reversed", "- question: a\n  answer: b\n  valid_from: 2026-02-01\n  valid_until: 2026-01-01\n", "validity: ends (2026-01-01) before it begins"},
		{"bad status", "- question: a\n  answer: b\n  status: live\n", "f.yaml:3: status: “live” is not draft"},
		{"bad staff", "- question: a\n  answer: b\n  audience: {staff: perhaps}\n", "f.yaml:3: audience.staff: “perhaps” is neither"},
		{"bad url", "- question: a\n  answer: b\n  buttons:\n    - label: x\n      url: javascript:alert(1)\n", "f.yaml:4: answers[0].buttons[0].url: “javascript:alert(1)” is not an http"},
		{"list for text", "- question: [a]\n  answer: b\n", "f.yaml:1: question: is a list; it must be a text"},
		{"table for list", "- question: a\n  answer: b\n  tags: {a: b}\n", "f.yaml:3: tags: is a table of keys; it must be a list"},
		{"text for entry", "- question\n", "f.yaml:1: is a text; an entry is a table"},
		{"key twice", "- question: a\n  question: b\n", "f.yaml:2: "},
		{"answer twice", "- question: a\n  answer: b\n  translations:\n    en: {answer: c}\n", "f.yaml:4: translations.en.answer: is given twice in en"},
		{"not YAML", "entries:\n- question: \"a\n  answer: b\n", "f.yaml:"},
		{"anchor", "- &a\n  question: a\n", "f.yaml:1: uses an anchor or alias"},
		{"alias", "- question: *a\n", "f.yaml:1: uses an anchor or alias"},
		{"tag", "- question: !!str 1\n", "f.yaml:1: uses a tag"},
		{"two documents", "entries: {}\n---\nentries: []\n", "second document"},
		{"phrasing", "- question: a\n  answer: b\n  phrasings:\n    - x\n    - \" \"\n", "f.yaml:5: phrasings[1]: is empty"},
		{"long line in translation", "- question: a\n  answer: b\n  translations:\n    es:\n      question: |\n        x\n        y\n      answer: z\n", "f.yaml:5: answers[1].question: must be one line"},
		{"same id", "- {id: x, question: a, answer: b}\n- {id: y, question: b, answer: b}\n- {id: x, question: c, answer: b}\n", "f.yaml:3: id: “x” is the ID of another entry too, at f.yaml:1"},
		{"same question", "- {question: What?, answer: b}\n- {question: what, answer: c}\n", "f.yaml:2: question: asks the same as f.yaml:1"},
		{"not UTF-8", "entries:\n- question: caf\xe9\n", "f.yaml:2: is not UTF-8"},
		{"zero byte", "entries:\n- question: a\x00b\n", "f.yaml:2: holds a zero byte"},
		{"control character", "- question: \"a\\u0001\"\n  answer: b\n", "question: holds a control character"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := transfer.ReadBytes("f.yaml", []byte(test.content), transfer.Options{})
			wantProblems(t, err, test.want)
		})
	}
}

func TestReadBytes_AllProblems(t *testing.T) {
	t.Parallel()
	_, err := transfer.ReadBytes("f.yaml", []byte("- question: a\n  answer: b\n  x: 1\n  tags: [\" a\"]\n- answer: c\n- question: d\n  answer: \"\"\n"), transfer.Options{})
	wantProblems(t, err, "f.yaml:3: key “x”", "f.yaml:5: question: is empty", "f.yaml:7: answers: has no text")
	_, err = transfer.ReadBytes("f.yaml", []byte(strings.Repeat("- a\n", 130)), transfer.Options{})
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 101 || lines[100] != "… and 30 more" {
		t.Errorf("130 problems are told in %d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// Hostile documents end soon and say why.
func TestReadBytes_YAMLBounds(t *testing.T) {
	t.Parallel()
	var keys, wide strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&keys, "  k%d: v\n", i)
		fmt.Fprintf(&wide, "k%d: v, ", i)
	}
	tests := map[string]string{
		"flow lists":  strings.Repeat("[", 1_000_000),
		"flow tables": strings.Repeat("{a: ", 300_000),
		"dashes":      strings.Repeat("- ", 500_000),
		"keys":        "- question: a\n" + keys.String(),
		"flow keys":   "- {" + wide.String() + "a: b}",
		"key in key":  "- " + strings.Repeat("? ", 100_000),
		"aliases":     "- a: &a [x, x]\n  b: &b [*a, *a]\n  c: &c [*b, *b]\n",
		"documents":   strings.Repeat("---\na: 1\n", 50_000),
		"indented": func() string {
			s := ""
			for i := range 500 {
				s += strings.Repeat(" ", i) + "a:\n"
			}
			return s
		}(),
		"many marks":    "- question: " + strings.Repeat("\n  - a", 1_200_000),
		"commas":        "- [" + strings.Repeat(",", 900_000),
		"tags":          "- " + strings.Repeat("!a ", 300_000),
		"quotes":        "- " + strings.Repeat("\"", 900_001),
		"single quotes": "- " + strings.Repeat("'", 900_001),
		"colons":        "- " + strings.Repeat("a: ", 300_000),
		"block scalars": "- " + strings.Repeat("|\n", 300_000),
		"comments":      "- a\n" + strings.Repeat("#\n", 900_000),
		"long list":     "- question: a\n  tags:\n" + strings.Repeat("  - a\n", 50_000),
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			if _, err := transfer.ReadBytes("f.yaml", []byte(content), transfer.Options{}); err == nil {
				t.Error("it was taken")
			} else {
				t.Logf("%v: %.100s", time.Since(begun), err)
			}
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestRead_Sample(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "cmd", "faqbot", "sample", "sample.yaml")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the sample FAQ is not there")
	}
	doc, err := transfer.Read(t.Context(), path, transfer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Items) < 60 {
		t.Errorf("the sample has %d entries, want 60 or more", len(doc.Items))
	}
	for _, format := range transfer.Formats {
		got := throughFile(t, format, doc.Items).Items
		if len(got) != len(doc.Items) {
			t.Errorf("%s gives back %d entries of %d", format, len(got), len(doc.Items))
		}
	}
}
