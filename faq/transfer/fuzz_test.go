package transfer_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

// holds is what must be true of any input: it is refused with places, or what is taken is valid, and comes back the same
// through a format that carries everything.
func holds(t *testing.T, name string, data []byte) {
	doc, err := transfer.ReadBytes(name, data, transfer.Options{Limits: transfer.Limits{File: 1 << 20}})
	if err != nil {
		var problems *transfer.Problems
		if !fault.Is(err, fault.Invalid) || !errors.As(err, &problems) || len(problems.List) == 0 || len(problems.List) > 100 {
			t.Fatalf("refused with %v, which is no list of problems", err)
		}
		return
	}
	seen := map[faq.EntryID]bool{}
	for _, item := range doc.Items {
		if err := item.Entry.Validate(); err != nil {
			t.Fatalf("took an entry that does not hold: %v", err)
		}
		if seen[item.Entry.ID] {
			t.Fatalf("took %s twice", item.Entry.ID)
		}
		seen[item.Entry.ID] = true
	}
	plan, err := transfer.NewPlan(doc, nil)
	if err == nil && plan.String() == "" {
		t.Fatal("the plan says nothing")
	}
	for _, format := range []transfer.Format{transfer.CSV, transfer.YAML, transfer.JSON} {
		var b bytes.Buffer
		if err := transfer.Encode(&b, format, doc.Items); err != nil {
			t.Fatal(err)
		}
		back, err := transfer.ReadBytes("back."+string(format), b.Bytes(), transfer.Options{})
		if err != nil && len(doc.Items) > 0 && publishable(doc.Items) {
			t.Fatalf("%s does not read back: %v\n%s", format, err, b.String())
		}
		if err == nil {
			wantItems(t, back.Items, doc.Items)
		}
	}
}

// publishable leaves out what a table without answers is let through for: it can only update.
func publishable(items []transfer.Item) bool {
	for _, i := range items {
		if i.Status == faq.Published && i.Entry.ValidatePublished() != nil {
			return false
		}
	}
	return true
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"id,question,answer\na,What?,So.\n", "sep=;\nq;a;phrasings[es];buttons;tags\nx;y;\"a\n[en] b\";l|http://x.y;a,b\n",
		"\xff\xfeq\x00,\x00a\x00", utf16File(binary.LittleEndian, "question\tanswer\r\na\t\"b\nc\"\r\n"), utf16File(binary.BigEndian, "sep=;\r\nq;a\r\né;日本\r\n"),
		"\xfe\xff\x00q\x00\t\x00a\x00\n\xd8", "id;question;answer\na;O\xf9?;\x93\xe7a\x94\n", "question;answer\n\xd1\xea\xee;\xcf\xff\xf2\xfc\n", "title,answer,answer (2),date,valid from\n'=1,json:\"x\",y,z,2026-01-01\n", "question\taudience_languages\tanswer_order\n\"a\"\"b\"\ten\tes\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, "f.csv", data) })
}

func FuzzYAML(f *testing.F) {
	for _, s := range []string{fullYAML, "- {question: a, answer: b}", "entries:\n- question: >-\n    a\n    b\n  answer: |+\n    x\n\n", "- &a {question: *a}", "entries: [", "- question: 'it''s'\n  answer: \"\\u00e9\\n\"\n  answer_order: [es]\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, "f.yaml", data) })
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"entries":[{"id":"a","question":"b","answer":"c","translations":{"es":{"answer":"d"}}}]}`, `[{"question":1e3,"answer":true}]`, `{"@type":"FAQPage"}`, `[[[`, `[{"question":"\ud800","answer":"\u0000"}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, "f.json", data) })
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"---\ntitle: a\ndate: March 20, 2020\nexcerpt: b\nlayout: post\n---\n\nbody\n", "---\nquestion: a\ntranslations:\n  es: {question: b}\n---\nc\n<!-- answer: es -->\nd\n",
		"---\n---\n", "no front matter", "---\nquestion: a\nanswer: \"x\\r\\n\"\nanswer_order: [es, en]\n...\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, "f.md", data) })
}

func FuzzFAQPage(f *testing.F) {
	for _, s := range []string{
		ldPage, `<div itemscope itemtype="https://schema.org/Question"><b itemprop=name>q</b><div itemprop=acceptedAnswer><ul><li>a<ol><li>b</ol></ul><pre>x</pre><table><tr><td>1</table></div></div>`,
		`<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"a","acceptedAnswer":{"text":"<a href='//x'>y</a>&amp;"}}]}</script>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, "f.html", data) })
}

// FuzzXLSX puts the bytes into a sheet, and into the strings of a workbook that is otherwise whole; half of what it is
// given would not get past the zip reader.
func FuzzXLSX(f *testing.F) {
	var b bytes.Buffer
	items := []transfer.Item{{Entry: fullEntry, Status: faq.Draft}, {Entry: simple("x", "'=1", "_x000D_\r"), Status: faq.Published}}
	if err := transfer.Encode(&b, transfer.XLSX, items); err != nil {
		f.Fatal(err)
	}
	whole := b.Bytes()
	sheet := part(f, whole, "xl/worksheets/sheet1.xml")
	f.Add(sheet, "xl/worksheets/sheet1.xml")
	f.Add(part(f, whole, "xl/workbook.xml"), "xl/workbook.xml")
	f.Add([]byte(`<sst count="1"><si><t>question</t></si><si><r><t>a</t></r></si></sst>`), "xl/sharedStrings.xml")
	f.Add(part(f, whole, "xl/styles.xml"), "xl/styles.xml")
	f.Add(part(f, whole, "[Content_Types].xml"), "[Content_Types].xml")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		holds(t, "f.xlsx", withPart(t, whole, name, data))
		holds(t, "f.xlsx", data)
	})
}

func part(f *testing.F, workbook []byte, name string) []byte {
	r, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		f.Fatal(err)
	}
	file, err := r.Open(name)
	if err != nil {
		f.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		f.Fatal(err)
	}
	return data
}

func withPart(t *testing.T, workbook []byte, name string, data []byte) []byte {
	r, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range r.File {
		if file.Name != name {
			if err := w.Copy(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	changed, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		t.Skip(err)
	}
	if _, err := changed.Write(data); err != nil {
		t.Skip(err) // the name is a folder's
	}
	if err := w.Close(); err != nil {
		t.Skip(err)
	}
	return b.Bytes()
}
