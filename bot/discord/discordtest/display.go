package discordtest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Display is how Discord's app shows a content.
type Display struct {
	// Text is what is read. List items begin with "• " or their number, quotes with "> ", and a link shows its address in
	// brackets where it differs.
	Text string
	// Links are the addresses that can be tapped, Unfolds those of them that Discord makes a preview of.
	Links, Unfolds []string
	// Live is what became more than text: mentions, timestamps, emoji, spoilers.
	Live []string
	// Styles are the markers that were in force, in order: "**", "_", "~~", "`", "```", "#".
	Styles []string
}

// Render reads content as Discord's app does: a hand-written reading of the rules in its own Markdown parser (derived from
// simple-markdown), for what matters here.
func Render(content string) Display {
	d := Display{}
	r := &reader{d: &d}
	r.read(trimmed(content), false, true)
	d.Text = strings.TrimRight(r.out.String(), "\n ")
	for _, m := range invitePattern.FindAllString(content, -1) {
		d.Unfolds = append(d.Unfolds, m)
	}
	return d
}

type reader struct {
	out strings.Builder
	d   *Display
}

var (
	invitePattern   = regexp.MustCompile(`(?i)(?:discord\.gg|discord(?:app)?\.com/invite|discord\.gift)/[\w-]+`)
	headingPattern  = regexp.MustCompile(`^ *(#{1,3})[ \t]+([^\n#][^\n]*?|[^\n]*?[^\n#][^\n]*?)#*[ \t]*(?:\n|$)`)
	subtextPattern  = regexp.MustCompile(`^-# +`)
	itemPattern     = regexp.MustCompile(`^( *)([*-]|\d+\.) +`)
	autolinkPattern = regexp.MustCompile(`^<([^: >]+:/[^ >]+)>`)
	urlPattern      = regexp.MustCompile(`^(?:https?|steam)://[^\s<]+[^<.,:;"'\]\s]`)
	livePattern     = regexp.MustCompile(`^(?:<@[!&]?\d+>|<#\d+>|<a?:\w+:\d+>|<t:-?\d+(?::[tTdDfFR])?>|</[^>\n]+:\d+>|<id:\w+>)`)
	emojiPattern    = regexp.MustCompile(`^:[A-Za-z0-9_+-]+:`)
	everyonePattern = regexp.MustCompile(`^@(?:everyone|here)`)
	fencePattern    = regexp.MustCompile("(?s)^```(?:([A-Za-z0-9_+\\-.#]+?)\n)?\n*([^\n].*?)\n*```")
)

// read reads text; start says that it begins a line.
func (r *reader) read(s string, quoted, start bool) {
	for i := 0; i < len(s); {
		rest := s[i:]
		n := 0
		if start {
			n = r.block(rest, quoted)
		}
		if n > 0 {
			start = s[i+n-1] == '\n'
			i += n
			continue
		}
		if n = r.inline(rest, quoted); n == 0 {
			_, n = utf8.DecodeRuneInString(rest)
			r.out.WriteString(rest[:n])
		}
		i += n
		start = s[i-1] == '\n'
	}
}

// block reads what counts only at the start of a line and returns how much it took.
func (r *reader) block(s string, quoted bool) int {
	if n := r.quote(s); !quoted && n > 0 {
		return n
	}
	if m := headingPattern.FindStringSubmatch(s); m != nil {
		r.d.Styles = append(r.d.Styles, m[1])
		r.read(m[2], quoted, false)
		if strings.HasSuffix(m[0], "\n") {
			r.out.WriteByte('\n')
		}
		return len(m[0])
	}
	if m := subtextPattern.FindString(s); m != "" {
		r.d.Styles = append(r.d.Styles, "-#")
		return len(m)
	}
	if m := itemPattern.FindStringSubmatch(s); m != nil {
		r.d.Styles = append(r.d.Styles, "list")
		mark := m[2] + " "
		if len(m[2]) == 1 {
			mark = "• "
		}
		r.out.WriteString(m[1] + mark)
		return len(m[0])
	}
	return 0
}

func (r *reader) quote(s string) int {
	inner, taken := "", 0
	if all, ok := strings.CutPrefix(s, ">>> "); ok {
		inner, taken = all, len(s)
	}
	for taken < len(s) {
		line, _, more := strings.Cut(s[taken:], "\n")
		text, ok := strings.CutPrefix(line, "> ")
		if !ok {
			break
		}
		if taken > 0 {
			inner += "\n"
		}
		inner += text
		taken += len(line)
		if more {
			taken++
		}
	}
	if taken == 0 {
		return 0
	}
	r.d.Styles = append(r.d.Styles, ">")
	within := &reader{d: r.d}
	within.read(inner, true, true)
	r.out.WriteString("> " + strings.ReplaceAll(strings.TrimRight(within.out.String(), "\n"), "\n", "\n> "))
	if s[taken-1] == '\n' {
		r.out.WriteByte('\n')
	}
	return taken
}

// inline reads one inline construct and returns how much it took, 0 for none.
func (r *reader) inline(s string, quoted bool) int {
	switch s[0] {
	case '\\':
		return r.escape(s)
	case '`':
		return r.code(s)
	case '<':
		return r.angle(s)
	case '*', '_', '~', '|':
		return r.styled(s, quoted)
	case '[':
		return r.masked(s, quoted)
	case 'h', 's':
		if m := urlPattern.FindString(s); m != "" {
			r.d.Links, r.d.Unfolds = append(r.d.Links, m), append(r.d.Unfolds, m)
			r.out.WriteString(m)
			return len(m)
		}
	case ':', '@':
		m := emojiPattern.FindString(s) + everyonePattern.FindString(s)
		if m != "" {
			r.d.Live = append(r.d.Live, m)
			r.out.WriteString(m)
		}
		return len(m)
	}
	return 0
}

func (r *reader) escape(s string) int {
	c, n := utf8.DecodeRuneInString(s[1:])
	if n == 0 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.ContainsRune(" \t\n\r\f\v\u00a0\u2028\u2029\ufeff", c) {
		return 0
	}
	r.out.WriteString(s[1 : 1+n])
	return 1 + n
}

func (r *reader) code(s string) int {
	if m := fencePattern.FindStringSubmatch(s); m != nil {
		r.d.Styles = append(r.d.Styles, "```")
		r.out.WriteString(m[2])
		return len(m[0])
	}
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	fence := s[:ticks]
	for at := ticks; at < len(s); {
		next := strings.Index(s[at:], fence)
		if next < 0 {
			break
		}
		end := at + next
		run := len(s[end:]) - len(strings.TrimLeft(s[end:], "`"))
		if run == ticks && end > ticks {
			r.d.Styles = append(r.d.Styles, "`")
			r.out.WriteString(s[ticks:end])
			return end + ticks
		}
		at = end + run
	}
	r.out.WriteString(fence)
	return ticks
}

func (r *reader) angle(s string) int {
	if m := livePattern.FindString(s); m != "" {
		r.d.Live = append(r.d.Live, m)
		r.out.WriteString("⟦" + m + "⟧")
		return len(m)
	}
	if m := autolinkPattern.FindStringSubmatch(s); m != nil {
		r.d.Links = append(r.d.Links, m[1])
		r.out.WriteString(m[1])
		return len(m[0])
	}
	return 0
}
