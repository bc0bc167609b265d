package telegramtest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseHTML reads HTML as the platform does, written after the behaviour of its own parser (td/telegram/MessageEntity.cpp): few tags,
// each closed in order, four named references, and an error for everything else.
func parseHTML(source string) (formatted, error) {
	p := &htmlParser{source: source}
	for p.at < len(source) {
		if err := p.step(); err != nil {
			return formatted{}, err
		}
	}
	if n := len(p.open); n > 0 {
		return formatted{}, fmt.Errorf("can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	f := formatted{text: p.text.String(), entities: p.entities, lost: p.lost}
	if !utf8.ValidString(f.text) {
		return formatted{}, fmt.Errorf("text contains invalid Unicode characters after decoding HTML entities")
	}
	f.settle()
	return f, nil
}

type htmlParser struct {
	source   string
	at       int
	text     strings.Builder
	length   int // of text, in UTF-16 code units
	open     []openTag
	entities []Entity
	lost     []string
}

type openTag struct {
	name, argument string
	offset, bytes  int
}

func (p *htmlParser) step() error {
	switch p.source[p.at] {
	case '&':
		if r, size := reference(p.source[p.at:]); size > 0 {
			p.write(string(r))
			p.at += size
			return nil
		}
	case '<':
		return p.tag()
	}
	r, size := utf8.DecodeRuneInString(p.source[p.at:])
	p.write(string(r))
	p.at += size
	return nil
}

func (p *htmlParser) write(s string) {
	p.text.WriteString(s)
	p.length += utf16Length(s)
}

// reference decodes a character reference; size 0 says that it is none and the ampersand stands for itself.
func reference(s string) (r rune, size int) {
	digits := func(from, base int, of string) (rune, int) {
		end := from
		for end < len(s) && strings.IndexByte(of, s[end]|0x20) >= 0 {
			end++
		}
		n, err := strconv.ParseInt(s[from:end], base, 32)
		if err != nil || n == 0 || n >= 0x10ffff || end >= 10 {
			return 0, 0
		}
		return rune(n), end
	}
	switch {
	case strings.HasPrefix(s, "&#x"):
		r, size = digits(3, 16, "0123456789abcdef")
	case strings.HasPrefix(s, "&#"):
		r, size = digits(2, 10, "0123456789")
	default:
		end := 1
		for end < len(s) && (s[end]|0x20) >= 'a' && (s[end]|0x20) <= 'z' {
			end++
		}
		known, ok := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[s[1:end]]
		if !ok {
			return 0, 0
		}
		r, size = known, end
	}
	if size > 0 && size < len(s) && s[size] == ';' {
		size++
	}
	return r, size
}

var knownTags = []string{
	"a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji", "span", "pre", "code", "blockquote",
}

func (p *htmlParser) tag() error {
	begin := p.at
	if strings.HasPrefix(p.source[begin:], "</") {
		return p.endTag(begin)
	}
	end := strings.IndexFunc(p.source[begin:], func(r rune) bool { return isSpace(r) || r == '>' })
	if end < 0 {
		return fmt.Errorf("unclosed start tag at byte offset %d", begin)
	}
	name := strings.ToLower(p.source[begin+1 : begin+end])
	if !slices.Contains(knownTags, name) {
		return fmt.Errorf("unsupported start tag %q at byte offset %d", name, begin)
	}
	p.at = begin + end
	tag := openTag{name: name, offset: p.length, bytes: p.text.Len()}
	for {
		p.blanks()
		if p.at >= len(p.source) {
			return fmt.Errorf("unclosed start tag at byte offset %d", begin)
		}
		if p.source[p.at] == '>' {
			p.at++
			break
		}
		attribute, value, err := p.attribute(name, begin)
		if err != nil {
			return err
		}
		tag.take(attribute, value)
	}
	if name == "span" && tag.argument != "spoiler" {
		return fmt.Errorf("tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

func (t *openTag) take(attribute, value string) {
	switch {
	case t.name == "a" && attribute == "href", t.name == "tg-emoji" && attribute == "emoji-id":
		t.argument = value
	case t.name == "code" && attribute == "class":
		t.argument, _ = strings.CutPrefix(value, "language-")
	case t.name == "span" && attribute == "class":
		t.argument, _ = strings.CutPrefix(value, "tg-")
	case t.name == "blockquote" && attribute == "expandable":
		t.argument = "expandable"
	}
}

func isSpace(r rune) bool { return strings.ContainsRune(" \t\r\n\v\x00", r) }

func (p *htmlParser) blanks() {
	for p.at < len(p.source) && isSpace(rune(p.source[p.at])) {
		p.at++
	}
}

func (p *htmlParser) attribute(tag string, begin int) (name, value string, err error) {
	from := p.at
	for p.at < len(p.source) && !isSpace(rune(p.source[p.at])) && p.source[p.at] != '=' && p.source[p.at] != '>' {
		p.at++
	}
	name = p.source[from:p.at]
	if name == "" {
		return "", "", fmt.Errorf("empty attribute name in the tag %q at byte offset %d", tag, begin)
	}
	p.blanks()
	if p.at >= len(p.source) || p.source[p.at] != '=' {
		if tag == "blockquote" {
			return name, "", nil
		}
		return "", "", fmt.Errorf("expected equal sign in declaration of an attribute of the tag %q at byte offset %d", tag, begin)
	}
	p.at++
	p.blanks()
	if p.at >= len(p.source) {
		return "", "", fmt.Errorf("unclosed start tag %q at byte offset %d", tag, begin)
	}
	if quote := p.source[p.at]; quote == '"' || quote == '\'' {
		value, err = p.quoted(quote, begin)
		return name, value, err
	}
	from = p.at
	for p.at < len(p.source) && isToken(p.source[p.at]) {
		p.at++
	}
	if p.at >= len(p.source) || !isSpace(rune(p.source[p.at])) && p.source[p.at] != '>' {
		return "", "", fmt.Errorf("unexpected end of name token at byte offset %d", from)
	}
	return name, strings.ToLower(p.source[from:p.at]), nil
}

func isToken(c byte) bool {
	return c == '.' || c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func (p *htmlParser) quoted(quote byte, begin int) (string, error) {
	var b strings.Builder
	for p.at++; p.at < len(p.source) && p.source[p.at] != quote; {
		if p.source[p.at] == '&' {
			if r, size := reference(p.source[p.at:]); size > 0 {
				b.WriteRune(r)
				p.at += size
				continue
			}
		}
		b.WriteByte(p.source[p.at])
		p.at++
	}
	if p.at >= len(p.source) {
		return "", fmt.Errorf("unclosed start tag at byte offset %d", begin)
	}
	p.at++
	return b.String(), nil
}

func (p *htmlParser) endTag(begin int) error {
	if len(p.open) == 0 {
		return fmt.Errorf("unexpected end tag at byte offset %d", begin)
	}
	end := strings.IndexByte(p.source[begin:], '>')
	if end < 0 {
		return fmt.Errorf("unclosed end tag at byte offset %d", begin)
	}
	name := strings.ToLower(strings.TrimFunc(p.source[begin+2:begin+end], isSpace))
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return fmt.Errorf("unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.at = begin + end + 1
	if p.length > tag.offset {
		p.add(tag)
	}
	return nil
}

var simpleTags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"u": "underline", "ins": "underline", "tg-spoiler": "spoiler", "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote",
}

func (p *htmlParser) add(tag openTag) {
	e := Entity{Type: simpleTags[tag.name], Offset: tag.offset, Length: p.length - tag.offset}
	switch tag.name {
	case "a":
		e.Type = "text_link"
		if e.URL = tag.argument; e.URL == "" {
			e.URL = p.text.String()[tag.bytes:]
		}
		if strings.HasPrefix(e.URL, "tg://user?id=") {
			e.Type = "text_mention"
		} else if checkedLink(e.URL) == "" {
			p.lost = append(p.lost, fmt.Sprintf("the address %q is not opened", e.URL))
			return
		}
	case "code", "pre":
		e.Language = tag.argument
		if p.mergeCode(&e) {
			return
		}
	case "tg-emoji":
		e.Type = "custom_emoji"
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	}
	p.entities = append(p.entities, e)
}

// mergeCode makes one entity of code with a language that fills a pre, whichever is outside.
func (p *htmlParser) mergeCode(e *Entity) bool {
	if len(p.entities) == 0 {
		return false
	}
	inner := &p.entities[len(p.entities)-1]
	if inner.Offset != e.Offset || inner.Length != e.Length || inner.Language+e.Language == "" ||
		!(inner.Type == "code" && e.Type == "pre" || inner.Type == "pre" && e.Type == "code") {
		return false
	}
	inner.Type, inner.Language = "pre", inner.Language+e.Language
	return true
}

// maxEntities is how many entities that cannot be split a message keeps; the rest lose their formatting.
const maxEntities = 100

// settle applies the platform's rules of nesting: nothing inside code or pre, code and links not inside one another, quotes not inside
// anything, and not more than maxEntities. What it drops is noted.
func (f *formatted) settle() {
	slices.SortStableFunc(f.entities, func(a, b Entity) int {
		// Of two that cover the same, the one that can be split is outside.
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length, btoi(a.solid())-btoi(b.solid()))
	})
	var kept []Entity
	count := 0
	for _, e := range f.entities {
		inside := slices.IndexFunc(kept, func(o Entity) bool { return o.overlaps(e) && !o.holds(e) })
		if inside >= 0 {
			f.lost = append(f.lost, fmt.Sprintf("%s inside %s", e.Type, kept[inside].Type))
			continue
		}
		if e.Type != "pre" {
			e.Language = ""
		}
		if e.solid() || strings.Contains(e.Type, "blockquote") {
			if count++; count > maxEntities {
				f.lost = append(f.lost, "entity "+strconv.Itoa(count))
				continue
			}
		}
		kept = append(kept, e)
	}
	f.entities = kept
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// holds says whether an entity may contain another.
func (e Entity) holds(o Entity) bool {
	quote := strings.Contains(o.Type, "blockquote")
	switch {
	case e.Type == "pre" || e.Type == "code":
		return false
	case strings.Contains(e.Type, "blockquote"):
		return !quote
	case e.solid():
		return !o.solid() && !quote
	}
	return true // bold and the like are split around what they meet
}
