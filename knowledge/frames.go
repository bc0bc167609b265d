package knowledge

import (
	"embed"
	"io/fs"
	"strings"
	"sync"

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

var framings sync.Map // faq.Language → *framing, made at first use

// framingOf returns that of a language; it may be empty.
func framingOf(language faq.Language) *framing {
	base := language.Base()
	if f, ok := framings.Load(base); ok {
		return f.(*framing)
	}
	source, err := fs.ReadFile(frameFiles, "frames/"+string(base)+".txt")
	if err != nil {
		source = nil
	}
	f, _ := framings.LoadOrStore(base, parseFrames(string(source), base))
	return f.(*framing)
}

func parseFrames(source string, language faq.Language) *framing {
	out := &framing{words: map[string]bool{}}
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		ts := tokens(line, language, 0)
		out.frames = append(out.frames, frame{features: bagOf(ts).features(), words: wordBag(ts).features()})
		for _, t := range ts {
			out.words[t.word] = true
		}
	}
	return out
}
