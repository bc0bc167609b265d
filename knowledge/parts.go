package knowledge

import (
	"strings"
	"unicode"
)

// leastPart is how many words a part of a message must have to be a question of its own.
const leastPart = 3

// Parts cuts a message into the questions it may hold, at question marks and line breaks, and at sentence ends. A message with one
// question is one part.
func Parts(utterance string) []string {
	var out []string
	start := 0
	flush := func(end int) {
		part := strings.TrimSpace(utterance[start:end])
		switch {
		case part == "":
		case len(strings.Fields(part)) < leastPart && len(out) > 0:
			out[len(out)-1] += " " + part
		default:
			out = append(out, part)
		}
		start = end
	}
	runes := []rune(utterance)
	offset := 0
	for i, r := range runes {
		offset += len(string(r))
		last := i+1 == len(runes)
		switch {
		case strings.ContainsRune("?？؟;\n", r), strings.ContainsRune(".!。！।", r) && (last || unicode.IsSpace(runes[i+1])):
			flush(offset)
		}
	}
	flush(len(utterance))
	if len(out) > 1 && len(strings.Fields(out[0])) < leastPart {
		out[1] = out[0] + " " + out[1]
		out = out[1:]
	}
	return out
}
