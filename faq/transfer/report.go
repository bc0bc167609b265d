package transfer

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"faqbot/faq"
)

// WriteTo prints a plan as a person reads it: counts, then what is added, changed with the fields that differ, skipped,
// and remarked on. What came from a file is shown without control characters.
func (p Plan) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, p.String())
	return int64(n), err
}

func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", visible(p.Source, 200), p.summary())
	for _, s := range p.Steps {
		if s.Action != Keep {
			s.print(&b)
		}
	}
	printRemarks(&b, "skip", p.Skipped)
	printRemarks(&b, "note", p.Notes)
	return b.String()
}

func (p Plan) summary() string {
	parts := []string{fmt.Sprintf("%d to add", p.Count(Add)), fmt.Sprintf("%d to change", p.Count(Change))}
	if n := p.Count(Archive); n > 0 {
		parts = append(parts, fmt.Sprintf("%d to archive", n))
	}
	return strings.Join(append(parts, fmt.Sprintf("%d unchanged", p.Count(Keep)), fmt.Sprintf("%d skipped", len(p.Skipped))), ", ")
}

func (s Step) print(b *strings.Builder) {
	status := string(s.Item.Status)
	if s.Action != Add && s.Was != s.Item.Status {
		status = string(s.Was) + " → " + status
	}
	fmt.Fprintf(b, "%-8s %s  %s  [%s]\n", s.Action, s.Item.Entry.ID, visible(s.Item.Entry.Question, 80), status)
	printChanges(b, s.Changes)
}

func printChanges(b *strings.Builder, changes []faq.FieldChange) {
	for _, c := range changes {
		fmt.Fprintf(b, "           %s: %s\n", c.Field, changed(c))
	}
}

// changed shows two texts from where they begin to differ.
func changed(c faq.FieldChange) string {
	switch {
	case c.Before == "":
		return "new: " + visible(c.After, 100)
	case c.After == "":
		return "removed: " + visible(c.Before, 100)
	}
	before, after := []rune(c.Before), []rune(c.After)
	same := 0
	for same < min(len(before), len(after)) && before[same] == after[same] {
		same++
	}
	if same = max(same-20, 0); same < 30 {
		same = 0
	}
	more := ""
	if same > 0 {
		more = "…"
	}
	return "“" + more + visible(string(before[same:]), 60) + "” → “" + more + visible(string(after[same:]), 60) + "”"
}

// String shows what a sync does on either side, and each conflict with what differs.
func (s *Sync) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: from the folder %d to add, %d to change, %d to archive; to the folder %d to write, %d to remove; in conflict %d\n",
		visible(s.Folder, 200), s.Take.Count(Add), s.Take.Count(Change), s.Take.Count(Archive),
		s.count(Add)+s.count(Change), s.count(Archive), len(s.Conflicts))
	for _, step := range s.Take.Steps {
		step.print(&b)
	}
	words := map[Action]string{Add: "write", Change: "rewrite", Archive: "remove"}
	for _, f := range s.Write {
		fmt.Fprintf(&b, "%-8s %s\n", words[f.Action], visible(f.Path, 200))
	}
	for _, c := range s.Conflicts {
		fmt.Fprintf(&b, "%-8s %s  %s; nothing is done\n", "conflict", c.Entry, visible(c.Reason, 200))
		printChanges(&b, c.Changes)
	}
	printRemarks(&b, "skip", s.Take.Skipped)
	printRemarks(&b, "note", s.Take.Notes)
	return b.String()
}

func (s *Sync) count(action Action) int {
	n := 0
	for _, f := range s.Write {
		if f.Action == action {
			n++
		}
	}
	return n
}

// visible is a text on one line, of at most so many characters, that does nothing to a terminal.
func visible(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return '�'
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit]) + "…"
	}
	return s
}

// printRemarks prints those that say the same once, with the first place and how many more there are.
func printRemarks(b *strings.Builder, word string, remarks []Remark) {
	first, count := map[string]Place{}, map[string]int{}
	var order []string
	for _, r := range remarks {
		if count[r.Text] == 0 {
			first[r.Text] = r.Place
			order = append(order, r.Text)
		}
		count[r.Text]++
	}
	for _, text := range order {
		more := ""
		if n := count[text] - 1; n > 0 {
			more = fmt.Sprintf(" (and %d more)", n)
		}
		fmt.Fprintf(b, "%-8s %s: %s%s\n", word, visible(first[text].String(), 200), visible(text, 300), more)
	}
}

// shortName is the last part of a path or an address.
func shortName(source string) string {
	return visible(path.Base(filepath.ToSlash(source)), 80)
}
