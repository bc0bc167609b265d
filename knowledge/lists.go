package knowledge

import (
	"embed"
	"io/fs"
	"iter"
	"strings"
	"sync"

	"faqbot/faq"
)

// lists are what is made of a folder of text files, one a language, at first use.
type lists[T any] struct {
	files  embed.FS
	folder string
	parse  func(lines iter.Seq[string], language faq.Language) T
	made   sync.Map // by base language
}

// of is the list of a language; it is empty where there is no file.
func (l *lists[T]) of(language faq.Language) T {
	base := language.Base()
	if made, ok := l.made.Load(base); ok {
		return made.(T)
	}
	source, err := fs.ReadFile(l.files, l.folder+"/"+string(base)+".txt")
	if err != nil {
		source = nil
	}
	made, _ := l.made.LoadOrStore(base, l.parse(items(string(source)), base))
	return made.(T)
}

// items are the lines of a file but for empty ones and comments.
func items(source string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(source) {
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "#") && !yield(line) {
				return
			}
		}
	}
}
