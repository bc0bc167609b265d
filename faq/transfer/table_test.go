package transfer_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

func published(entries ...faq.Entry) []transfer.Item {
	var out []transfer.Item
	for _, e := range entries {
		out = append(out, transfer.Item{Entry: e, Status: faq.Published})
	}
	return out
}

func TestReadBytes_CSV(t *testing.T) {
	t.Parallel()
	plain := published(simple("a", "What?", "So."))
	accents := published(simple("a", "Où?", "Là, café – “ça”."))
	rich := faq.Entry{
		ID: "a", Language: "en", Question: "What?",
		Phrasings: []faq.Phrasing{{Text: "how"}, {Text: "in what way"}, {Text: "como", Language: "es"}},
		Answers: []faq.Answer{
			{Language: "en", Text: "So.\n\nAnd so.", Buttons: []faq.Link{{Label: "More", URL: "https://example.com/"}}},
			{Language: "es", Question: "¿Qué?", Text: "Así."},
		},
		FollowUps: []faq.EntryID{"b", "c"}, Tags: []string{"one", "two words"}, Area: "shop",
		Audience: faq.Audience{Channels: []string{"telegram", "discord"}, Languages: []faq.Language{"en"}, Staff: true},
		Validity: faq.Validity{From: "2026-01-31"}, Care: faq.Care{Owner: "Ada", CheckedOn: "2020-03-20"},
	}
	tests := []struct {
		name, content string
		want          []transfer.Item
	}{
		{"plain", "id,question,answer\na,What?,So.\n", plain},
		{"no line feed at the end", "id,question,answer\na,What?,So.", plain},
		{"CRLF and empty rows", "id,question,answer\r\n\r\na,What?,So.\r\n,,\r\n", plain},
		{"semicolons", "id;question;answer\na;What?;So.\n", plain},
		{"tabs", "id\tquestion\tanswer\na\tWhat?\tSo.\n", plain},
		{"bars", "id|question|answer\na|What?|So.\n", plain},
		{"Excel's line", "sep=;\nid;question;answer\na;What?;So.\n", plain},
		{"commas in quoted headers", "id;\"question, that is\";answer;question\na;;So.;What?\n", plain},
		{"a mark", "\uFEFFid,question,answer\na,What?,So.\n", plain},
		{"UTF-16", utf16File(binary.LittleEndian, "id\tquestion\tanswer\r\na\tOù?\tLà, café – “ça”.\r\n"), accents},
		{"UTF-16, the other order", utf16File(binary.BigEndian, "id\tquestion\tanswer\r\na\tOù?\tLà, café – “ça”.\r\n"), accents},
		{"Windows-1252", "id;question;answer\na;O\xf9?;L\xe0, caf\xe9 \x96 \x93\xe7a\x94.\n", accents},
		{"other names", "Key, TITLE ,Answer Text\na,What?,So.\n", plain},
		{"short names", "ID,Q,A,Views\na,What?,So.,12\n", plain},
		{"ours before another's", "id,title,question,answer\na,Else,What?,So.\n", plain},
		{"short rows", "id,question,answer,tags\na,What?,So.\n", plain},
		{"every column", "id,Question,Question[es],Answer (ES),Answer,phrasings,Phrasings[es],buttons,follow ups,tags,category,channels,Audience languages,staff only,valid from,owner,last checked,status\n" +
			"a,What?,¿Qué?,Así.,\"So.\n\nAnd so.\",\"how\nin what way\n\",como,More | https://example.com/,\"b, c\",\"one\ntwo words\",shop,telegram;discord,en,x,2026/01/31,Ada,\"March 20, 2020\",Published\n", published(rich)},
		{"tagged phrasings", "id,question,answer,phrasings\na,What?,So.,\"[es] hola\n[note] no\n\"\"[es] literal\"\"\"\n", published(faq.Entry{
			ID: "a", Language: "en", Question: "What?", Answers: []faq.Answer{{Language: "en", Text: "So."}},
			Phrasings: []faq.Phrasing{{Text: "hola", Language: "es"}, {Text: "[note] no"}, {Text: "[es] literal"}},
		})},
		{"only translated columns", "id,question[en],answer[en],question[es],answer[es]\na,What?,So.,¿Qué?,Así.\n", published(faq.Entry{
			ID: "a", Language: "en", Question: "What?", Answers: []faq.Answer{{Language: "en", Text: "So."}, {Language: "es", Question: "¿Qué?", Text: "Así."}},
		})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantItems(t, read(t, "f.csv", test.content, transfer.Options{}).Items, test.want)
		})
	}
}

func utf16File(order binary.ByteOrder, s string) string {
	var b bytes.Buffer
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(s))...) {
		if err := binary.Write(&b, order, u); err != nil {
			panic(err)
		}
	}
	return b.String()
}

// Excel's “Unicode Text” is UTF-16 with tabs, and its file is called .txt.
func TestReadBytes_UnicodeText(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		doc := read(t, "faq.txt", utf16File(order, "id\tquestion\tanswer\r\na\t日本?\t\"a\tb\"\r\n"), transfer.Options{})
		wantItems(t, doc.Items, published(simple("a", "日本?", "a\tb")))
		if len(doc.Notes) > 0 {
			t.Errorf("notes are %v; a file with a mark needs none", doc.Notes)
		}
	}
}

func TestReadBytes_CSVNotes(t *testing.T) {
	t.Parallel()
	doc := read(t, "f.csv", "question,answer,Views\ncaf\xe9,b,1\n", transfer.Options{})
	var got []string
	for _, n := range doc.Notes {
		got = append(got, n.String())
	}
	want := "f.csv: is no UTF-8; read as Windows-1252\nf.csv:1: Views: column “Views” is none of ours and is ignored"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("notes are\n%s\nwant\n%s", s, want)
	}
}

func TestReadBytes_CSVProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, content string
		want          []string
	}{
		{"empty answer after a cell of several lines", "id,question,answer\na,What?,\"one\ntwo\nthree\"\nb,Where?,\n", []string{"f.csv:5: answers: has no text in en"}},
		{"line of a cell", "id,phrasings,question,answer,valid_from\na,\"x\ny\",What?,So.,tomorrow\n", []string{"f.csv:3: valid_from: “tomorrow” is not a date"}},
		{"no header", "a,What?,So.\n", []string{"no column is called question"}},
		{"empty", "", []string{"f.csv: is empty"}},
		{"column twice", "question,answer,answer\nx,y,z\n", []string{"f.csv:1: answer: is a second column for answer"}},
		{"two names for one", "title,q,answer\nx,y,z\n", []string{"f.csv:1: q: is a second column for question, after “title”"}},
		{"too many cells", "question,answer\nx,y,z\n", []string{"f.csv:2: has more cells (3) than there are columns (2)"}},
		{"bare quote", "question,answer\nx \"y\",z\n", []string{"f.csv:2: has a quote that does not fit"}},
		{"open quote", "question,answer\nx,\"y\nz,w\n", []string{"the row begins at line 2"}},
		{"broken UTF-8", "question,answer\nçà,\xffé\n", []string{"f.csv:2: is not UTF-8"}},
		{"broken UTF-8 says what to do", "question,answer\nçà,\xffé\n", []string{"save it as “CSV UTF-8”"}},
		{"Windows-1251", "id;question;answer\na;\xd1\xea\xee\xeb\xfc\xea\xee?;\xcf\xff\xf2\xfc \xe5\xe2\xf0\xee.\n", []string{"f.csv:2: is not UTF-8; save it as “CSV UTF-8”"}},
		{"a line of UTF-16", utf16File(binary.LittleEndian, "id\tphrasings\tquestion\tanswer\tvalid_from\r\na\t\"x\ny\"\tWhat?\tSo.\ttomorrow\r\n"), []string{"f.csv:3: valid_from: “tomorrow” is not a date"}},
		{"a quote in UTF-16 after Excel's line", utf16File(binary.BigEndian, "sep=;\r\nquestion;answer\r\nx \"y\";z\r\n"), []string{"f.csv:3: has a quote that does not fit"}},
		{"UTF-16 that is cut off", strings.TrimSuffix(utf16File(binary.LittleEndian, "question\tanswer\na\tb\n"), "\x00"), []string{"f.csv:2: holds a broken character of UTF-16; save it as “CSV UTF-8”"}},
		{"half a pair in UTF-16", utf16File(binary.LittleEndian, "question\tanswer\na\tb\n") + "\x00\xd8x\x00\n\x00", []string{"f.csv:3: holds a broken character"}},
		{"UTF-32", "\xff\xfe\x00\x00q\x00\x00\x00", []string{"f.csv:1: holds a zero byte"}},
		{"zero bytes", "question,answer\na\x00,b\n", []string{"f.csv:2: holds a zero byte"}},
		{"button", "question,answer,buttons\na,b,https://example.com\n", []string{"f.csv:2: answers[0].buttons[0].label: is empty"}},
		{"several rows", "id,question,answer,status\na,,b,live\nb,c,d,draft\nb,e,f,draft\n", []string{"f.csv:2: status: “live” is not"}},
		{"IDs twice", "id,question,answer\nx,a,b\nx,c,d\n", []string{"f.csv:3: id: “x” is the ID of another entry too, at f.csv:2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := transfer.ReadBytes("f.csv", []byte(test.content), transfer.Options{})
			wantProblems(t, err, test.want...)
		})
	}
}

func TestEncode_NeutralisesFormulas(t *testing.T) {
	t.Parallel()
	texts := []string{"=1+1", "+1", "-1", "@a", "\tx", "\rx", "=HYPERLINK(\"http://x\")", "＝1", "'=1", "''@a", "'plain"}
	var items []transfer.Item
	for i, s := range texts {
		e := simple(fmt.Sprint(i), strings.Trim(s, "\t\r"), s)
		e.Area, e.Care.Owner, e.Tags = s, s, []string{strings.TrimSpace(s)}
		e.Phrasings = []faq.Phrasing{{Text: s}}
		items = append(items, transfer.Item{Entry: e, Status: faq.Published})
	}
	var b bytes.Buffer
	if err := transfer.Encode(&b, transfer.XLSX, items); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Entries")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("the cell %q begins like a formula", cell)
			}
		}
	}
	b.Reset()
	if err := transfer.Encode(&b, transfer.CSV, items); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `,'=1+1,`) || !strings.Contains(b.String(), `,'plain,`) {
		t.Errorf("no apostrophe where it belongs:\n%s", b.String())
	}
}

// workbook makes an XLSX file as a person would have it.
func workbook(t *testing.T, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func set(t *testing.T, f *excelize.File, sheet, cell string, values ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, cell, &values); err != nil {
		t.Fatal(err)
	}
}

func TestReadBytes_XLSX(t *testing.T) {
	t.Parallel()
	content := workbook(t, func(f *excelize.File) {
		set(t, f, "Sheet1", "A1", "Our FAQ", "see the next sheet")
		if _, err := f.NewSheet("Questions"); err != nil {
			t.Fatal(err)
		}
		set(t, f, "Questions", "A2", "ID", "Question", "Answer", "Valid from", "Checked", "Staff only", "Tags", "Owner")
		set(t, f, "Questions", "A3", 7, "What?", "So.\r\nAnd so.", time.Date(2026, 1, 31, 15, 0, 0, 0, time.UTC), "2026-02-01", true, "a, b", 1.5)
		set(t, f, "Questions", "A5", "b", "'=why", "Because.")
		if err := f.SetCellFormula("Questions", "H5", "=1+1"); err != nil {
			t.Fatal(err)
		}
	})
	doc := read(t, "f.xlsx", content, transfer.Options{})
	first := simple("7", "What?", "So.\nAnd so.")
	first.Validity.From, first.Care.CheckedOn, first.Audience.Staff = "2026-01-31", "2026-02-01", true
	first.Tags, first.Care.Owner = []string{"a", "b"}, "1.5"
	second := simple("b", "=why", "Because.")
	wantItems(t, doc.Items, published(first, second))
	if line := doc.Items[1].Source.Line; line != 5 {
		t.Errorf("the second entry is at row %d, want 5", line)
	}
}

func TestReadBytes_XLSXProblems(t *testing.T) {
	t.Parallel()
	bomb := func(size int) string {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
			part, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := part.Write(bytes.Repeat([]byte(" "), size)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	claiming := func(s string, size uint32) string { // what the directory says of each part's size
		for at := 0; ; {
			i := strings.Index(s[at:], "PK\x01\x02")
			if i < 0 {
				return s
			}
			at += i + 24
			s = s[:at] + string(binary.LittleEndian.AppendUint32(nil, size)) + s[at+4:]
		}
	}
	tests := []struct{ name, content, want string }{
		{"not a zip", "question,answer", "f.xlsx: is not an XLSX file"},
		{"a bomb", claiming(bomb(1), 200<<20), "f.xlsx: unpacks to more than"},
		{"a bomb that lies", claiming(bomb(2<<20), 1000), "f.xlsx: cannot be read as a spreadsheet"},
		{"another zip", bomb(1), "f.xlsx: "},
		{"empty", workbook(t, func(*excelize.File) {}), "f.xlsx: is empty"},
		{"no header", workbook(t, func(f *excelize.File) { set(t, f, "Sheet1", "A1", "a", "b") }), "f.xlsx:1: no column is called question"},
		{"wide", workbook(t, func(f *excelize.File) {
			set(t, f, "Sheet1", "A1", "question", "answer")
			set(t, f, "Sheet1", "XFD2", "far")
		}), "f.xlsx:2: Sheet1: has 16384 cells"},
		{"row", workbook(t, func(f *excelize.File) {
			set(t, f, "Sheet1", "A1", "question", "answer")
			set(t, f, "Sheet1", "A9", "What?", "")
		}), "f.xlsx:9: answers: has no text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := transfer.ReadBytes("f.xlsx", []byte(test.content), transfer.Options{})
			wantProblems(t, err, test.want)
		})
	}
}

func TestReadBytes_Limits(t *testing.T) {
	t.Parallel()
	csv := "id,question,answer\n" + strings.Repeat("x", 50) + ",What?,So.\nb,Where?,There.\nc,Who?,You.\n"
	tests := []struct {
		name   string
		limits transfer.Limits
		want   []string
	}{
		{"file", transfer.Limits{File: 60}, []string{"f.csv: is longer than 60 bytes"}},
		{"cell", transfer.Limits{Cell: 49}, []string{"f.csv:2: id: has 50 bytes; at most 49 are read"}},
		{"items", transfer.Limits{Items: 1}, []string{"f.csv:3: there are more than 1 entries"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := transfer.ReadBytes("f.csv", []byte(csv), transfer.Options{Limits: test.limits})
			wantProblems(t, err, test.want...)
		})
	}
}
