package handoff

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// Saved is a reply that staff keep to say it again; all desks share them.
type Saved struct {
	Name string `json:"name"`
	// Text is sent as it stands; empty removes the reply.
	Text string    `json:"text"`
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at"`
}

// Key is what a saved reply is found by: its name, however it is written.
func (s Saved) Key() string { return faq.Fold(s.Name) }

const (
	// maxSaved is how many characters a saved reply may have: what every network takes in a few messages.
	maxSaved = 4000
	// savedShown is how many are listed, and savedPreview how much of each.
	savedShown, savedPreview = 50, 80
)

// save keeps a reply under a name; one of that name is replaced.
func (p *planner) save(rest string) {
	name, text := word(rest)
	s := Saved{Name: name, Text: text, By: oneLine(p.Staff.Called()), At: p.Now.UTC()}
	if s.Key() == "" || text == "" || utf8.RuneCountInString(name) > maxName || utf8.RuneCountInString(text) > maxSaved {
		p.here("desk_save_how", map[string]any{"Most": maxSaved})
		return
	}
	key := "desk_saved"
	if slices.ContainsFunc(p.Found.Saved, func(o Saved) bool { return o.Key() == s.Key() }) {
		key = "desk_saved_anew"
	}
	p.change.Saved = &s
	p.here(key, map[string]any{"Name": oneLine(name)})
}

// word is the first word of a text, and the rest as it stands.
func word(text string) (first, rest string) {
	text = strings.TrimSpace(text)
	if i := strings.IndexFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

// unsave removes a saved reply.
func (p *planner) unsave(name string) {
	if s, ok := p.savedAs(name); ok {
		s.Text = ""
		p.change.Saved = &s
		p.here("desk_unsaved", map[string]any{"Name": oneLine(s.Name)})
	}
}

// say sends a saved reply to the customer, as if it had been written.
func (p *planner) say(name string) {
	if p.ticket.Status == Closed {
		p.here("desk_is_closed", nil)
		return
	}
	if s, ok := p.savedAs(name); ok {
		p.Event.Body, p.Event.Content, p.Event.Attachments = s.Text, nil, nil
		p.reply()
	}
}

// savedAs finds a saved reply by its name or the beginning of one; where there is none, or several, it says which there are.
func (p *planner) savedAs(name string) (Saved, bool) {
	want := faq.Fold(name)
	var begun []Saved
	for _, s := range p.Found.Saved {
		switch {
		case s.Key() == want && want != "":
			return s, true
		case strings.HasPrefix(s.Key(), want) && want != "":
			begun = append(begun, s)
		}
	}
	if len(begun) == 1 {
		return begun[0], true
	}
	p.saved()
	return Saved{}, false
}

// saved lists the saved replies.
func (p *planner) saved() {
	if len(p.Found.Saved) == 0 {
		p.here("desk_saved_none", nil)
		return
	}
	all := slices.SortedFunc(slices.Values(p.Found.Saved), func(a, b Saved) int { return cmp.Compare(a.Key(), b.Key()) })
	list := channel.Block{Kind: channel.List}
	for _, s := range all[:min(len(all), savedShown)] {
		list.Items = append(list.Items, channel.Document{strong(oneLine(s.Name)).plain(" " + clip(oneLine(s.Text), savedPreview)).paragraph()})
	}
	p.show(append(channel.PlainDocument(p.Voice.Say("desk_saved_list")), list))
}
