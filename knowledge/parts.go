package knowledge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastPart is how many words a part of a message must have to be a question of its own.
const leastPart = 3

// Parts cuts a message into the questions it may hold, at question marks and line breaks, and at sentence ends. A message with one
// question is one part.
func Parts(utterance string) []string {
	var spans []span
	start := 0
	for i, r := range utterance {
		if end := i + utf8.RuneLen(r); r != utf8.RuneError && endsQuestion(r, utterance[end:]) {
			spans = addSpan(spans, utterance, start, end)
			start = end
		}
	}
	spans = addSpan(spans, utterance, start, len(utterance))
	if len(spans) > 1 && spans[0].words < leastPart {
		spans[1].start = spans[0].start
		spans = spans[1:]
	}
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = strings.TrimSpace(utterance[s.start:s.end])
	}
	return out
}

// endsQuestion says whether a question may end with a character, given what follows it: "3.5" is one word.
func endsQuestion(r rune, rest string) bool {
	if strings.ContainsRune("?？؟;\n", r) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune(".!。！।", r) && (rest == "" || unicode.IsSpace(next))
}

// span is a part by its place. It grows in place: a message of a hundred thousand question marks is not copied as often.
type span struct{ start, end, words int }

// addSpan adds a part, or lengthens the one before by what is too short to be a question.
func addSpan(spans []span, utterance string, start, end int) []span {
	words := countWords(utterance[start:end])
	switch {
	case words == 0:
		return spans
	case words < leastPart && len(spans) > 0:
		spans[len(spans)-1].end = end
		return spans
	}
	return append(spans, span{start, end, words})
}

// countWords counts each character of scripts that are written without blanks as a word.
func countWords(text string) int {
	n, inside := 0, false
	for _, r := range text {
		if unspaced(r) || !inside && !unicode.IsSpace(r) {
			n++
		}
		inside = !unspaced(r) && !unicode.IsSpace(r)
	}
	return n
}

// joins are the words by which people put two questions into one sentence.
var joins = map[string]bool{
	"and": true, "also": true, "plus": true, "&": true, "+": true, "und": true, "sowie": true, "außerdem": true, "y": true, "e": true, "además": true, "et": true,
	"puis": true, "também": true, "и": true, "а": true, "также": true, "و": true, "وأيضا": true, "وكذلك": true, "और": true, "तथा": true, "aur": true,
}

// halves cuts a message at each word that may join two questions, and after each comma.
func halves(utterance string) [][2]string {
	var out [][2]string
	words := strings.Fields(utterance)
	cut := func(left, right []string) {
		if len(left) > 0 && len(right) > 0 {
			out = append(out, [2]string{strings.TrimRight(strings.Join(left, " "), ",،，、"), strings.Join(right, " ")})
		}
	}
	for i, w := range words {
		switch rest, joined := strings.CutPrefix(w, arabicAnd); {
		case joins[strings.ToLower(w)]:
			cut(words[:i], words[i+1:])
		case joined && len([]rune(rest)) >= leastJoined:
			cut(words[:i], append([]string{rest}, words[i+1:]...))
		case (strings.HasSuffix(w, ",") || strings.HasSuffix(w, "،")) && i+1 < len(words) && !joins[strings.ToLower(words[i+1])]:
			cut(words[:i+1], words[i+1:])
		}
	}
	return out
}

// arabicAnd is written together with the word after it. Some words begin with that letter themselves: cutting it off finds nothing then.
const (
	arabicAnd   = "و"
	leastJoined = 3
)
