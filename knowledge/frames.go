package knowledge

import (
	"embed"
	"iter"
	"slices"
	"strings"

	"faqbot/faq"
)

//go:embed frames
var frameFiles embed.FS

// frame is a piece of how people ask, whatever it is about ("how do i"). Frames count as entries that are never found: a FAQ of three entries alone
// cannot tell that "what", "are" and "your" say nothing, and would take any question that has them for one of its own.
type frame struct{ features, words []feature }

// framing is the frames of a language, with the words that they are made of.
type framing struct {
	frames []frame
	words  map[string]bool
	// openings are the frames as they are written, folded, each with a blank after it.
	openings []string
}

var framings = lists[*framing]{files: frameFiles, folder: "frames", parse: parseFrames}

// framingOf returns that of a language; it may be empty.
func framingOf(language faq.Language) *framing { return framings.of(language) }

func parseFrames(lines iter.Seq[string], language faq.Language) *framing {
	out := &framing{words: map[string]bool{}}
	for line := range lines {
		ts := tokens(line, language, 0)
		out.openings = append(out.openings, faq.Fold(line)+" ")
		out.frames = append(out.frames, frame{features: featuresOf(ts), words: wordsOf(ts)})
		for _, t := range ts {
			out.words[t.word] = true
		}
	}
	return out
}

// opens reports whether a text begins as people begin to ask.
func (f *framing) opens(folded string) bool {
	return slices.ContainsFunc(f.openings, func(opening string) bool { return strings.HasPrefix(folded+" ", opening) })
}
