package telegram

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"faqbot/bot/channel"
)

// textUnits is a text in UTF-16 code units, in which the platform counts its entities.
type textUnits struct {
	units    []uint16
	entities []entity
}

// newText drops entities that do not lie within the text or begin or end inside of a character.
func newText(text string, entities []entity) textUnits {
	t := textUnits{units: utf16.Encode([]rune(text))}
	for _, e := range entities {
		if e.Offset >= 0 && e.Length > 0 && e.Offset <= len(t.units) && e.Length <= len(t.units)-e.Offset && t.between(e.Offset) && t.between(e.Offset+e.Length) {
			t.entities = append(t.entities, e)
		}
	}
	return t
}

// between says whether a place is between two characters.
func (t textUnits) between(at int) bool {
	return at >= len(t.units) || t.units[at] < 0xDC00 || t.units[at] > 0xDFFF
}

func (t textUnits) String() string { return string(utf16.Decode(t.units)) }

func (t textUnits) part(e entity) string {
	return string(utf16.Decode(t.units[e.Offset : e.Offset+e.Length]))
}

// command is the command that the text begins with, without its slash, and where it ends.
func (t textUnits) command() (name string, end int) {
	for _, e := range t.entities {
		if e.Type == "bot_command" && e.Offset == 0 {
			return strings.TrimPrefix(t.part(e), "/"), e.Length
		}
	}
	return "", 0
}

// mentions are the entities that name the bot.
func (t textUnits) mentions(bot int64, username string) []entity {
	var out []entity
	for _, e := range t.entities {
		switch e.Type {
		case "mention":
			if username != "" && strings.EqualFold(t.part(e), "@"+username) {
				out = append(out, e)
			}
		case "text_mention":
			if e.User != nil && e.User.ID == bot {
				out = append(out, e)
			}
		}
	}
	return out
}

// without is the text from a unit on, less some entities and the blanks and commas that they leave behind.
func (t textUnits) without(from int, out []entity) string {
	slices.SortFunc(out, func(a, b entity) int { return a.Offset - b.Offset })
	var b strings.Builder
	for _, e := range out {
		if e.Offset < from {
			continue
		}
		b.WriteString(string(utf16.Decode(t.units[from:e.Offset])))
		from = e.Offset + e.Length
		if rest := t.units[from:]; len(rest) > 0 && blankBefore(b.String()) {
			from += leftovers(rest, b.Len() == 0)
		}
	}
	b.WriteString(string(utf16.Decode(t.units[from:])))
	return b.String()
}

func blankBefore(s string) bool {
	return s == "" || unicode.IsSpace([]rune(s)[len([]rune(s))-1])
}

// leftovers counts the units after a name that go with it: one blank, and at the beginning of a text punctuation too.
func leftovers(rest []uint16, first bool) int {
	n := 0
	for first && n < len(rest) && strings.ContainsRune(",:;!.", rune(rest[n])) {
		n++
	}
	if n < len(rest) && rest[n] == ' ' {
		n++
	}
	return n
}

// shownAs are the ways in which a text can be shown that other networks know as well.
var shownAs = map[string]channel.SpanKind{
	"bold": channel.Strong, "italic": channel.Emph, "strikethrough": channel.Strike, "code": channel.Mono, "pre": channel.Mono, "text_link": channel.LinkTo,
}

// document is the text with its formatting; nil where it has none.
func (t textUnits) document() channel.Document {
	var out []channel.Styled
	characters := func(unit int) int { return len([]rune(string(utf16.Decode(t.units[:unit])))) }
	for _, e := range t.entities {
		if kind := shownAs[e.Type]; kind != "" {
			out = append(out, channel.Styled{From: characters(e.Offset), To: characters(e.Offset + e.Length), Kind: kind, URL: e.URL})
		}
	}
	return channel.StyledDocument(t.String(), out)
}
