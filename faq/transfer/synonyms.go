package transfer

import (
	"fmt"
	"io"
	"os"
	"strings"

	"faqbot/faq"
)

// maxSynonymsFile is far more than people write.
const maxSynonymsFile = 4 << 20

// ReadSynonyms reads a text file with a group a line, its terms between commas. A line that begins with # is a comment; one such as [es] says which
// language the groups after it have, and those before the first have the given one. An Invalid fault wraps [Problems].
func ReadSynonyms(path string, language faq.Language) ([]faq.Synonyms, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, pathFault(path, err)
	}
	defer f.Close()
	data, err := readAll(f, maxSynonymsFile)
	if err != nil {
		return nil, asPlaced(path, err)
	}
	text, err := decodeText(path, data)
	if err != nil {
		return nil, err
	}
	return parseSynonyms(path, text, language)
}

func parseSynonyms(name, text string, language faq.Language) ([]faq.Synonyms, error) {
	var out []faq.Synonyms
	problems := &Problems{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, place := strings.TrimSpace(line), Place{File: name, Line: number}
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			if language = headed(line); language == "" {
				problems.add(place, "“%s” names no language; write a tag in brackets, such as [en] or [pt-BR]", visible(line, 80))
			}
			continue
		}
		group := faq.Synonyms{Language: language, Terms: Terms(line)}
		if language != "" { // where it is not known, that was said already
			problems.addFields(place, group.Validate())
		}
		out = append(out, group)
	}
	if err := problems.fault(); err != nil {
		return nil, err
	}
	return out, nil
}

// headed is the language of a line such as [es], or "".
func headed(line string) faq.Language {
	tag, closed := strings.CutSuffix(line[1:], "]")
	language, err := faq.ParseLanguage(tag)
	if err != nil || !closed {
		return ""
	}
	return language
}

// Terms are those of a line, with single spaces in them; where nothing stands between two commas is none.
func Terms(line string) []string {
	var out []string
	for term := range strings.FieldsFuncSeq(line, isSeparator) {
		if words := strings.Fields(term); len(words) > 0 {
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

func isSeparator(r rune) bool { return strings.ContainsRune(faq.TermSeparators, r) }

// addFields adds what a fault from Validate complains of.
func (p *Problems) addFields(place Place, err error) {
	for _, f := range faq.FieldErrors(err) {
		place.Field = f.Field
		p.add(place, "%s", f.Problem)
	}
}

// WriteSynonyms writes what [ReadSynonyms] reads.
func WriteSynonyms(w io.Writer, groups []faq.Synonyms) error {
	var b strings.Builder
	b.WriteString("# A group of words that mean the same a line, with commas between them.\n")
	language := faq.Language("")
	for _, g := range groups {
		if g.Language != language {
			fmt.Fprintf(&b, "\n[%s]\n", g.Language)
			language = g.Language
		}
		fmt.Fprintln(&b, strings.Join(g.Terms, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
