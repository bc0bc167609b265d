package discord

import (
	"net/url"
	"slices"
	"strings"

	"faqbot/bot/channel"
)

// style is how a run of text looks.
type style int

const (
	bold style = 1 << iota
	italic
	struck
	mono
	linked
	called
)

// run is a piece of text of one style. Runs are flat: Discord's parser is kept from ever having to match nested markers.
type run struct {
	style style
	text  string
	url   string
}

type line []run

// lines flattens spans and cuts them at breaks: every style ends with its line.
func lines(spans []channel.Span) []line {
	out := []line{{}}
	flatten(spans, 0, &out)
	return out
}

func flatten(spans []channel.Span, s style, out *[]line) {
	for _, span := range spans {
		switch span.Kind {
		case channel.Plain:
			add(out, run{style: s, text: span.Text})
		case channel.Break:
			*out = append(*out, line{})
		case channel.Strong:
			flatten(span.Spans, s|bold, out)
		case channel.Emph:
			flatten(span.Spans, s|italic, out)
		case channel.Strike:
			flatten(span.Spans, s|struck, out)
		case channel.Mono:
			add(out, run{style: s | mono, text: span.Text})
		case channel.LinkTo:
			add(out, run{style: linked, text: strings.ReplaceAll(clean(plain(span.Spans)), "\n", " "), url: span.URL})
		case channel.Mention:
			flattenMention(span, s, out)
		case channel.Image:
			add(out, run{style: s, text: strings.TrimLeft(span.Text+" (", " ")})
			add(out, run{style: linked, url: span.URL})
			add(out, run{style: s, text: ")"})
		}
	}
}

// flattenMention calls a person of Discord's; anybody else is a name.
func flattenMention(span channel.Span, s style, out *[]line) {
	if id, ok := calls(span); ok {
		last := &(*out)[len(*out)-1]
		*last = append(*last, run{style: called, text: "<@" + id + ">"})
		return
	}
	add(out, run{style: s, text: "@" + span.Text})
}

// calls is the ID of the person that a span calls here.
func calls(s channel.Span) (id string, ok bool) {
	return string(s.Person), s.Kind == channel.Mention && s.Network == Network && isSnowflake(string(s.Person))
}

// calledIn are the IDs of those whom a document calls, each once. What stands in a link's label is text.
func calledIn(d channel.Document) []string {
	var out []string
	for _, b := range d {
		out = append(out, calledBy(b.Spans)...)
		out = append(out, calledIn(b.Blocks)...)
		for _, item := range b.Items {
			out = append(out, calledIn(item)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func calledBy(spans []channel.Span) []string {
	var out []string
	for _, s := range spans {
		if id, ok := calls(s); ok {
			out = append(out, id)
		}
		if s.Kind != channel.LinkTo {
			out = append(out, calledBy(s.Spans)...)
		}
	}
	return out
}

func plain(spans []channel.Span) string {
	return channel.Document{{Kind: channel.Paragraph, Spans: spans}}.PlainText()
}

// add appends a run, cut at newlines inside its text, joined to the one before where that looks the same.
func add(out *[]line, r run) {
	for i, part := range strings.Split(clean(r.text), "\n") {
		if i > 0 {
			*out = append(*out, line{})
		}
		last := &(*out)[len(*out)-1]
		n := len(*last)
		switch {
		case part == "" && r.url == "":
		case n > 0 && (*last)[n-1].style == r.style && r.style != called && r.url == "" && (*last)[n-1].url == "":
			(*last)[n-1].text += part
		default:
			*last = append(*last, run{r.style, part, r.url})
		}
	}
}

// render writes one line. Markers are opened and closed run by run, outermost bold.
func (l line) render() string {
	l = l.tame()
	var b strings.Builder
	for i, r := range l {
		var next byte
		if i+1 < len(l) {
			next = l[i+1].first()
		}
		text := r.render(b.String(), next)
		b.WriteString(text)
	}
	return b.String()
}

// tame drops styles that Discord would misread, and joins what looks the same then.
func (l line) tame() line {
	var out line
	for _, r := range l {
		blank := strings.TrimSpace(r.text) == ""
		switch {
		case r.style&called != 0:
			r.style = called
		case r.style&linked != 0:
			r.style = linked
		case blank:
			r.style = 0
		case r.style&mono != 0 && !strings.ContainsAny(r.text, "`\t") && r.text == strings.TrimSpace(r.text):
			r.style = mono
		case r.style&struck != 0 && !strings.Contains(r.text, "~"):
			r.style = struck
		default:
			r.style &= bold | italic
		}
		n := len(out)
		if n > 0 && out[n-1].style&bold != 0 && r.style&bold != 0 {
			out[n-1].style, r.style = bold, bold // two bold runs side by side would close each other
		}
		if n > 0 && out[n-1].style == r.style && r.style != linked && r.style != called {
			out[n-1].text += r.text
			continue
		}
		out = append(out, r)
	}
	return out
}

// first is the first byte that a run may write.
func (r run) first() byte {
	switch {
	case r.style == linked || r.style == 0 || r.style == called:
		if r.text == "" {
			return ' '
		}
		return r.text[0]
	case r.style&bold != 0:
		return '*'
	case r.style&struck != 0:
		return '~'
	case r.style&italic != 0:
		return '_'
	}
	return '`'
}

// render writes a run after what was written before it on the line, and before a byte.
func (r run) render(before string, next byte) string {
	start := strings.TrimSpace(before) == ""
	switch {
	case r.style == linked:
		return r.link(start)
	case r.style == called:
		return r.text
	case r.style == mono:
		return "`" + r.text + "`"
	case r.style == 0:
		return escape(r.text, start)
	}
	head, core, tail := trim(r.text)
	open, end := markers(r.style, lastByte(before+head), firstByte(tail, next))
	return head + open + escape(core, start && open == "") + end + tail
}

// markers are what opens and closes a style between two bytes. Emphasis by an underscore works only where no letter, digit or underscore
// is beside it, a strike not before or after an underscore.
func markers(s style, before, after byte) (open, end string) {
	if s&bold != 0 {
		open, end = "**", "**"
		before, after = '*', '*'
	}
	if s&italic != 0 && !isWord(before) && !isWord(after) && before != '~' && after != '~' {
		open, end = open+"_", "_"+end
	}
	if s&struck != 0 && after != '_' && before != '_' {
		open, end = "~~", "~~"
	}
	return open, end
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func lastByte(s string) byte {
	if s == "" {
		return ' '
	}
	return s[len(s)-1]
}

func firstByte(s string, otherwise byte) byte {
	if s == "" {
		return otherwise
	}
	return s[0]
}

// trim takes blanks out of a style.
func trim(s string) (head, core, tail string) {
	core = strings.TrimLeft(s, " \t\u00a0")
	head = s[:len(s)-len(core)]
	whole := core
	core = strings.TrimRight(core, " \t\u00a0")
	return head, core, whole[len(core):]
}

// link is [label](<address>), which opens no preview. A label that Discord would not take for one, and an address that it cannot open,
// are written side by side.
func (r run) link(start bool) string {
	address := safeAddress(r.url)
	bare := strings.TrimPrefix(strings.TrimPrefix(r.url, "mailto:"), "tel:")
	web := strings.HasPrefix(r.url, "http://") || strings.HasPrefix(r.url, "https://")
	shown := "<" + address + ">"
	if !web {
		shown = escape(bare, start && r.text == "")
	}
	head, label, tail := trim(r.text)
	switch {
	case !web && (label == r.url || label == bare):
		return head + escape(label, start) + tail
	case r.text == "" || label == r.url:
		return head + shown + tail
	case label == "":
		return head + "(" + shown + ")"
	case web && !strings.ContainsAny(label, "[]()<>") && !strings.Contains(label, "://") && !looksLikeAddress(label):
		return head + "[" + escape(label, false) + "](" + shown + ")" + tail
	}
	return head + escape(label, start) + tail + " (" + shown + ")"
}

// looksLikeAddress is true for "example.com": Discord does not let a label name one address and open another.
func looksLikeAddress(label string) bool {
	u, err := url.Parse("https://" + label)
	return err == nil && strings.Contains(strings.Trim(u.Host, "."), ".") && !strings.ContainsAny(label, " ,")
}

// safeAddress encodes what would end a link early or be read as markup inside it.
var safeAddress = strings.NewReplacer(
	"(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\\", "%5C", "`", "%60", "|", "%7C", " ", "%20", "\"", "%22", "*", "%2A",
).Replace
