package knowledge

import (
	"embed"
	"iter"

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
}

var framings = lists[*framing]{files: frameFiles, folder: "frames", parse: parseFrames}

// framingOf returns that of a language; it may be empty.
func framingOf(language faq.Language) *framing { return framings.of(language) }

func parseFrames(lines iter.Seq[string], language faq.Language) *framing {
	out := &framing{words: map[string]bool{}}
	for line := range lines {
		ts := tokens(line, language, 0)
		out.frames = append(out.frames, frame{features: bagOf(ts).features(), words: wordBag(ts).features()})
		for _, t := range ts {
			out.words[t.word] = true
		}
	}
	return out
}
