package telegramtest

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a stretch of a text that is more than text. Offset and Length count UTF-16 code units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
	User     obj    `json:"user,omitempty"`
}

func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// formatted is a text with its entities, as a message holds it.
type formatted struct {
	text     string
	entities []Entity
	// lost names formatting that was asked for and that the platform drops in silence.
	lost []string
}

// clean does to a text what the platform does: control characters become blanks, carriage returns, line and paragraph separators and
// direction overrides vanish, as do three combining lines, and both ends are trimmed. Entities move along.
func (f formatted) clean() formatted {
	var b strings.Builder
	position, kept := 0, 0
	moved := map[int]int{}
	for _, r := range f.text {
		moved[position] = kept
		position += max(1, utf16.RuneLen(r))
		switch {
		case r == '\r', r >= 0x2028 && r <= 0x202E, r == 0x0333, r == 0x033F, r == 0x030A:
			continue
		case r < 0x20 && r != '\n':
			r = ' '
		}
		b.WriteRune(r)
		kept += max(1, utf16.RuneLen(r))
	}
	moved[position] = kept
	for i, e := range f.entities {
		end := moved[e.Offset+e.Length]
		f.entities[i].Offset = moved[e.Offset]
		f.entities[i].Length = end - moved[e.Offset]
	}
	f.text = b.String()
	return f.trim()
}

func (f formatted) trim() formatted {
	left := len(f.text) - len(strings.TrimLeft(f.text, " \n"))
	f.text = strings.TrimRight(f.text[left:], " \n")
	end := utf16Length(f.text)
	f.entities = slices.DeleteFunc(f.entities, func(e Entity) bool {
		return e.Offset-left >= end || e.Offset+e.Length <= left
	})
	for i, e := range f.entities {
		from, to := max(0, e.Offset-left), min(end, e.Offset-left+e.Length)
		f.entities[i].Offset, f.entities[i].Length = from, to-from
	}
	return f
}

// found are the patterns that the platform makes entities of by itself, in bots' messages as in people's.
var found = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"mention", regexp.MustCompile(`(?:^|[^\w/@])(@[A-Za-z][A-Za-z0-9_]{2,31})\b`)},
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/<>])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)\b`)},
	{"email", regexp.MustCompile(`\b([\w.+-]+@[\w-]+\.[\w.-]*\w)`)},
	{"url", regexp.MustCompile(`(?:^|[^\w@])((?:https?://[^\s<>"]+|(?:[A-Za-z0-9-]+\.)+(?:com|org|net|me|example|test)(?:/[^\s<>"]*)?))`)},
	{"hashtag", regexp.MustCompile(`(?:^|[^\w#])(#\w*\pL\w*)`)},
}

// detect adds the entities that the platform finds by itself, outside of those that were given.
func (f formatted) detect() formatted {
	for _, p := range found {
		for _, m := range p.pattern.FindAllStringSubmatchIndex(f.text, -1) {
			e := Entity{Type: p.kind, Offset: utf16Length(f.text[:m[2]]), Length: utf16Length(f.text[m[2]:m[3]])}
			if !slices.ContainsFunc(f.entities, func(o Entity) bool { return o.solid() && o.overlaps(e) }) {
				f.entities = append(f.entities, e)
			}
		}
	}
	slices.SortStableFunc(f.entities, func(a, b Entity) int { return cmp.Or(a.Offset-b.Offset, b.Length-a.Length) })
	return f
}

func (e Entity) overlaps(o Entity) bool {
	return e.Offset < o.Offset+o.Length && o.Offset < e.Offset+e.Length
}

// solid entities cannot be split and hold no other of their sort.
func (e Entity) solid() bool {
	switch e.Type {
	case "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote":
		return false
	}
	return true
}

// checkedLink is the address that the platform opens for a link, "" where it opens none: http, https and its own schemes, with a host that has a dot.
func checkedLink(raw string) string {
	if !utf8.ValidString(raw) || strings.ContainsAny(raw, " \n\t") {
		return ""
	}
	for _, own := range []string{"tg://", "ton://", "tonsite://"} {
		if strings.HasPrefix(strings.ToLower(raw), own) {
			return raw
		}
	}
	if !strings.Contains(raw, "://") {
		if strings.HasPrefix(raw, "mailto:") || strings.HasPrefix(raw, "tel:") {
			return ""
		}
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if host := u.Hostname(); !strings.Contains(strings.Trim(host, "."), ".") && !strings.Contains(host, ":") {
		return ""
	}
	return raw
}
