package transfer_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

func TestRead_MarkdownFolder(t *testing.T) {
	t.Parallel()
	folder := files(t, map[string]string{
		"own.md":             "---\nid: other\nquestion: What?\ntranslations:\n  es:\n    question: ¿Qué?\nlayout: post\n---\n\nSo.\n\n    code\n\n<!-- answer: es -->\n\nAsí.\n\n<!-- answer: de -->\nSo!\n",
		"crlf.md":            "---\r\nquestion: Lines?\r\n---\r\nOne\r\ntwo\r\n",
		"sub/deep/title.md":  "---\ntitle: \"Title: here\"\ndate: March 20, 2020\nexcerpt: A topic\nlayout: post\nsources:\n- url: x\n---\nBody <b>html</b>\n---\nmore\n",
		"My Own Question.md": "---\ntitle: Named by its file?\ndate: once\nlang: es\ntags: [x]\n---\nYes.\n",
		"README.md":          "# Read me\n",
		".hidden.md":         "---\nbroken: [\n---\n",
		".git/config.md":     "x",
		"picture.png":        "x",
	})
	doc, err := transfer.Read(t.Context(), folder, transfer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	title := simple("title", "Title: here", "Body <b>html</b>\n---\nmore")
	title.Tags, title.Care.CheckedOn = []string{"A topic"}, "2020-03-20"
	other := simple("other", "What?", "So.\n\n    code")
	other.Answers = append(other.Answers, faq.Answer{Language: "es", Question: "¿Qué?", Text: "Así."}, faq.Answer{Language: "de", Text: "So!"})
	wantItems(t, doc.Items, published(
		faq.Entry{ID: "my-own-question", Language: "es", Question: "Named by its file?", Tags: []string{"x"}, Answers: []faq.Answer{{Language: "es", Text: "Yes."}}},
		simple("crlf", "Lines?", "One\ntwo"), other, title))
	if len(doc.Skipped) != 1 || doc.Skipped[0].Place.File != filepath.ToSlash(folder)+"/README.md" {
		t.Errorf("skipped %v, want README.md", doc.Skipped)
	}
	var notes []string
	for _, n := range doc.Notes {
		notes = append(notes, strings.TrimPrefix(n.String(), filepath.ToSlash(folder)+"/"))
	}
	want := []string{
		"My Own Question.md:3: key “date” is not a date such as 2026-01-31 and is ignored",
		"own.md:7: key “layout” is none of ours and is ignored",
		"sub/deep/title.md:5: key “layout” is none of ours and is ignored",
		"sub/deep/title.md:6: key “sources” is none of ours and is ignored",
	}
	if !slices.Equal(notes, want) {
		t.Errorf("notes are %q", notes)
	}
}

// A key that is ignored may be one that was meant to keep customers from an answer.
func TestReadBytes_MarkdownColumn(t *testing.T) {
	t.Parallel()
	notes := read(t, "own.md", "---\nquestion: What?\nstaff: true\n---\nSo.", transfer.Options{}).Notes
	const want = "own.md:3: key “staff” is none of ours and is ignored; write it under audience, as “audience: {staff: …}”"
	if len(notes) != 1 || notes[0].String() != want {
		t.Errorf("notes are %v", notes)
	}
}

func TestReadBytes_MarkdownProblems(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, want string }{
		{"not closed", "---\ntitle: a\n\nBody\n", "f.md:1: has front matter that does not end"},
		{"broken", "---\nlayout: x\ntitle: \"a\ndate: b\n---\nBody\n", "f.md:"},
		{"a list", "---\n- a\n---\nBody\n", "f.md:2: has front matter that is a list"},
		{"no title", "---\nlayout: post\n---\nBody\n", "f.md:1: question: is empty"},
		{"no body", "---\nlayout: post\ntitle: What?\n---\n\n", "f.md:5: answers: has no text"},
		{"answer twice", "---\nquestion: a\nanswer: b\n---\nc\n", "f.md:5: the answer is given twice"},
		{"translation twice", "---\nquestion: a\ntranslations: {es: {answer: b}}\n---\nc\n\n<!-- answer: es -->\nd\n", "f.md:7: the answer in es is given twice"},
		{"mark", "---\nquestion: a\n---\nc\n<!-- answer: q1234567890 -->\nd\n", "f.md:5: “q1234567890” is not a language"},
		{"own key", "---\nquestion: a\nchecked_on: soon\n---\nb\n", "f.md:3: checked_on: “soon” is not a date"},
		{"translations", "---\nquestion: a\ntranslations: x\n---\nb\n<!-- answer: es -->\nc\n", "f.md:6: the answer in es has no place"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := transfer.ReadBytes("f.md", []byte(test.content), transfer.Options{})
			wantProblems(t, err, test.want)
		})
	}
}

func TestRead_FolderLinks(t *testing.T) {
	t.Parallel()
	folder := files(t, map[string]string{"a.md": "---\nquestion: a\n---\nb\n"})
	outside := files(t, map[string]string{"secret.md": "---\nquestion: secret\n---\nb\n"})
	for name, target := range map[string]string{"out.md": filepath.Join(outside, "secret.md"), "dir": outside, "loop": folder, "nowhere.md": "gone.md", "etc.md": "/etc/passwd"} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "folder.md"), 0o755); err != nil {
		t.Fatal(err)
	}
	doc, err := transfer.Read(t.Context(), folder, transfer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantItems(t, doc.Items, published(simple("a", "a", "b")))
	if len(doc.Skipped) != 3 {
		t.Errorf("skipped %v, want the three links to files", doc.Skipped)
	}
}

func TestRead_Paths(t *testing.T) {
	t.Parallel()
	_, err := transfer.Read(t.Context(), filepath.Join(t.TempDir(), "none.csv"), transfer.Options{})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a missing file is %v", err)
	}
	_, err = transfer.Read(t.Context(), "/dev/zero", transfer.Options{})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a device is %v", err)
	}
	_, err = transfer.Read(t.Context(), t.TempDir(), transfer.Options{})
	wantProblems(t, err, "holds no Markdown files")
	folder := files(t, map[string]string{"a.md": "x", "b.md": "x", "c": "x", "noext": "question,answer\na,b\n", "bin": "\x7fELF"})
	_, err = transfer.Read(t.Context(), folder, transfer.Options{Limits: transfer.Limits{Files: 2}})
	wantProblems(t, err, "holds more than 2 files")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = transfer.Read(ctx, folder, transfer.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context is %v", err)
	}
	doc, err := transfer.Read(t.Context(), filepath.Join(folder, "noext"), transfer.Options{})
	if err != nil || len(doc.Items) != 1 || doc.Format != transfer.CSV {
		t.Errorf("a file without an ending is %+v (%v)", doc, err)
	}
	_, err = transfer.Read(t.Context(), filepath.Join(folder, "bin"), transfer.Options{})
	wantProblems(t, err, "is of no known kind")
}

func TestWrite_Folder(t *testing.T) {
	t.Parallel()
	items := published(simple("Returns", "a", "b"), simple("returns", "c", "d"), simple("con", "e", "f"), simple("é", "g", "h"),
		simple("e\u0301", "i", "j"), simple(strings.Repeat("日", 200), "k", "l"), simple(strings.Repeat("日", 199)+"本", "m", "n"))
	folder := filepath.Join(t.TempDir(), "out")
	var last, total int
	if err := transfer.Write(t.Context(), folder, transfer.Markdown, items, func(d, n int) { last, total = d, n }); err != nil {
		t.Fatal(err)
	}
	if last != len(items) || total != len(items) {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if key := strings.ToLower(e.Name()); seen[key] || len(key) > 255 || key == "con.md" {
			t.Errorf("the name %q will not do on every system", e.Name())
		} else {
			seen[key] = true
		}
	}
	if len(entries) != len(items) {
		t.Errorf("%d files, want %d", len(entries), len(items))
	}
	err = transfer.Write(t.Context(), folder, transfer.Markdown, items, nil)
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder that is not empty is %v", err)
	}
	bad := []transfer.Item{{Entry: faq.Entry{ID: "x"}}}
	path := filepath.Join(t.TempDir(), "keep.yaml")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	wantProblems(t, transfer.Write(t.Context(), path, transfer.YAML, bad, nil), "entry x: language", "entry x: question: is empty")
	if data, _ := os.ReadFile(path); string(data) != "old" {
		t.Errorf("a refused export left %q", data)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left behind", len(left)-1)
	}
}
