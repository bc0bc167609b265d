package transfer_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

type entryAndStatus struct {
	Entry  faq.Entry
	Status faq.Status
}

func contents(items []transfer.Item) []entryAndStatus {
	var out []entryAndStatus
	for _, i := range items {
		out = append(out, entryAndStatus{i.Entry, i.Status})
	}
	return out
}

func wantItems(t *testing.T, got, want []transfer.Item) {
	t.Helper()
	if diff := cmp.Diff(contents(want), contents(got), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("not what was written (-want +got):\n%s", diff)
	}
}

// throughFile writes items and reads them back.
func throughFile(t *testing.T, format transfer.Format, items []transfer.Item) transfer.Document {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	if format != transfer.Markdown {
		path += "." + string(format)
	}
	if err := transfer.Write(t.Context(), path, format, items, nil); err != nil {
		t.Fatalf("write: %v", err)
	}
	doc, err := transfer.Read(t.Context(), path, transfer.Options{DefaultLanguage: "fr"})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return doc
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, format := range transfer.Formats {
		for seed := range uint64(rounds()) {
			t.Run(fmt.Sprintf("%s %d", format, seed), func(t *testing.T) {
				t.Parallel()
				items := newGenerator(seed).items(12)
				got := throughFile(t, format, items).Items
				if format == transfer.Markdown { // a folder is read in the order of its files
					byID := func(a, b transfer.Item) int { return strings.Compare(string(a.Entry.ID), string(b.Entry.ID)) }
					slices.SortFunc(items, byID)
					slices.SortFunc(got, byID)
				}
				wantItems(t, got, items)
			})
		}
	}
}

func rounds() int {
	if testing.Short() {
		return 5
	}
	return 25
}

// each awkward text in each field, alone
func TestRoundTrip_Awkward(t *testing.T) {
	t.Parallel()
	for _, format := range transfer.Formats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			var items []transfer.Item
			for i, s := range awkward {
				if strings.TrimSpace(s) == "" {
					s = "x" + s
				}
				line := strings.NewReplacer("\n", " ", "\r", " ").Replace(s)
				items = append(items, transfer.Item{Status: faq.Published, Entry: faq.Entry{
					ID: faq.EntryID(fmt.Sprintf("e%03d", i)), Language: "en", Question: line,
					Phrasings: []faq.Phrasing{{Text: s}, {Text: s, Language: "es"}},
					Answers:   []faq.Answer{{Language: "en", Text: s, Buttons: []faq.Link{{Label: line, URL: "https://example.com"}}}, {Language: "es", Question: line, Text: s}},
					Tags:      []string{strings.TrimSpace(s)}, Area: s, Care: faq.Care{Owner: s},
				}})
			}
			wantItems(t, throughFile(t, format, items).Items, items)
		})
	}
}

func TestRoundTrip_Largest(t *testing.T) {
	t.Parallel()
	e := faq.Entry{ID: "largest", Language: "en", Question: strings.Repeat("🙂", faq.MaxQuestion)}
	for i := range faq.MaxPhrasings {
		e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: fmt.Sprintf("%04d", i) + strings.Repeat("日", faq.MaxPhrasing-4)})
	}
	for _, l := range []faq.Language{"en", "es"} {
		e.Answers = append(e.Answers, faq.Answer{Language: l, Text: strings.Repeat("👍", faq.MaxAnswer)})
	}
	e.Answers = append(e.Answers, faq.Answer{Language: "de", Text: "=" + strings.Repeat("\n", faq.MaxAnswer-2) + "."})
	for _, format := range transfer.Formats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			items := []transfer.Item{{Entry: e, Status: faq.Published}}
			got := throughFile(t, format, items).Items
			if len(got) != 1 || !cmp.Equal(got[0].Entry, e, cmpopts.EquateEmpty()) {
				t.Error("the largest entry did not come back")
			}
		})
	}
}

func TestEncode_Stable(t *testing.T) {
	t.Parallel()
	items := newGenerator(7).items(20)
	for _, format := range []transfer.Format{transfer.CSV, transfer.JSON, transfer.YAML} {
		var first, second bytes.Buffer
		if err := transfer.Encode(&first, format, items); err != nil {
			t.Fatal(err)
		}
		doc, err := transfer.ReadBytes("x."+string(format), first.Bytes(), transfer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := transfer.Encode(&second, format, doc.Items); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s is written otherwise the second time", format)
		}
	}
}
