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

var frames sync.Map // faq.Language → []frame, made at first use

// framesOf returns those of a language; there may be none.
func framesOf(language faq.Language) []frame {
	base := language.Base()
	if f, ok := frames.Load(base); ok {
		return f.([]frame)
	}
	source, err := fs.ReadFile(frameFiles, "frames/"+string(base)+".txt")
	if err != nil {
		source = nil
	}
	f, _ := frames.LoadOrStore(base, parseFrames(string(source), base))
	return f.([]frame)
}

func parseFrames(source string, language faq.Language) []frame {
	var out []frame
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		ts := tokens(line, language, 0)
		out = append(out, frame{features: bagOf(ts).features(), words: wordBag(ts).features()})
	}
	return out
}
