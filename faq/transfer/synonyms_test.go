package transfer_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

func readSynonyms(t *testing.T, content string) ([]faq.Synonyms, error) {
	t.Helper()
	return transfer.ReadSynonyms(filepath.Join(files(t, map[string]string{"words.txt": content}), "words.txt"), "de")
}

func TestReadSynonyms(t *testing.T) {
	t.Parallel()
	want := []faq.Synonyms{
		{Language: "de", Terms: []string{"Gutschein", "Geschenk Karte", "C#"}},
		{Language: "pt-BR", Terms: []string{"vale", "cartão presente"}},
		{Language: "ar", Terms: []string{"قسيمة", "بطاقة هدية"}},
	}
	const text = "# ours\nGutschein,  Geschenk\t Karte ,C#,\n\n  [pt_br]\r\nvale, , cartão presente\r\n # more\n[ar]\nقسيمة، بطاقة هدية"
	for name, content := range map[string]string{"plain": text, "with a mark": "\uFEFF" + text} {
		got, err := readSynonyms(t, content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is not read as it is written (-want +got):\n%s", name, diff)
		}
	}
	var b strings.Builder
	if err := transfer.WriteSynonyms(&b, want); err != nil {
		t.Fatal(err)
	}
	got, err := readSynonyms(t, b.String())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("what is written is read otherwise: %v\n%s\n%s", err, b.String(), diff)
	}
	if got, err := readSynonyms(t, "# nothing\n"); len(got) > 0 || err != nil {
		t.Errorf("nothing is read as %q, %v", got, err)
	}
}

// Every line that is wrong is named, the one of an unknown language once.
func TestReadSynonyms_problems(t *testing.T) {
	t.Parallel()
	_, err := readSynonyms(t, "Gutschein\n\nKarte, ein Wort das zu lang ist, karte\n[nowhere in particular]\na\n[es\nb\n[es] vale, bono\n[es]\nvale, vale!\n")
	wantProblems(t, err,
		"words.txt:1: terms: are 1; a group has 2 to 50",
		"words.txt:3: terms[1]: “ein Wort das zu lang ist” has 6 words; at most 4 are read",
		"words.txt:3: terms[2]: “karte” is the same as terms[0], “Karte”",
		"words.txt:4: “[nowhere in particular]” names no language",
		"words.txt:6: “[es” names no language",
		"words.txt:8: “[es] vale, bono” names no language",
		"words.txt:10: terms[1]: “vale!” is the same as terms[0], “vale”",
	)
	_, err = readSynonyms(t, "a, b\nc, d\xff\n")
	wantProblems(t, err, "words.txt:2: is not UTF-8")
	if _, err := transfer.ReadSynonyms(filepath.Join(t.TempDir(), "none.txt"), "en"); !fault.Is(err, fault.NotFound) {
		t.Errorf("of a file that is not there: %v", err)
	}
}
