package handoff

import (
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// Served is an entry as the ticket's customer is served it.
type Served struct {
	Entry    faq.EntryID
	Question string
	Answer   faq.Answer
	// Notice tells the customer that the answer is not in their language; empty where it is.
	Notice string
}

// EntryPrefix stands before the ID of an entry that is named to be sent; no ID holds a colon.
const EntryPrefix = "entry:"

// EntryNamed is the entry that staff name, rather than words to look for.
func EntryNamed(words string) (faq.EntryID, bool) {
	id, named := strings.CutPrefix(strings.TrimSpace(words), EntryPrefix)
	return faq.EntryID(id), named
}

// previewed is how many characters staff see of an answer that they may send.
const previewed = 200

// insert shows what the FAQ has for some words, to be sent with a button.
func (p *planner) insert(words string) {
	_, named := EntryNamed(words)
	switch {
	case named:
		p.sendEntry()
		return
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	case oneLine(words) == "" && oneLine(p.ticket.Question) == "":
		p.here("desk_insert_what", nil)
		return
	case len(p.Found.Entries) == 0:
		p.here("desk_insert_none", nil)
		return
	}
	list := channel.Block{Kind: channel.List, Ordered: true, Start: 1}
	var buttons []Button
	for _, e := range p.Found.Entries {
		item := strong(oneLine(e.Question)).plain(" " + clip(oneLine(channel.Parse(e.Answer.Text).PlainText()), previewed))
		list.Items = append(list.Items, channel.Document{item.paragraph()})
		buttons = append(buttons, Button{Label: p.Voice.Say("desk_button_send", map[string]any{"Question": oneLine(e.Question)}), Press: PressSend, Value: string(e.Entry)})
	}
	p.show(channel.Document{list}, buttons...)
}

// sendEntry relays an entry's answer to the customer, word for word, under the name of who sends it.
func (p *planner) sendEntry() {
	switch {
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	case len(p.Found.Entries) == 0: // it was withdrawn meanwhile, or is not for this customer
		p.here("desk_insert_gone", nil)
		return
	}
	e := p.Found.Entries[0]
	p.answered()
	p.change.Said = append(p.change.Said, Said{By: p.Staff.Called(), Text: e.Question, Entry: e.Entry, At: p.Now})
	content := channel.Document{strong(oneLine(p.Staff.Called()) + ":").paragraph()}
	if e.Notice != "" {
		content = append(content, channel.PlainDocument(e.Notice)...)
	}
	post := Post{Ticket: p.ticket.ID, Content: append(content, channel.Parse(e.Answer.Text)...), Urgent: true}
	for _, link := range e.Answer.Buttons {
		post.Buttons = append(post.Buttons, Button{Label: link.Label, URL: link.URL})
	}
	p.post(post)
	args := map[string]any{"Name": oneLine(p.Staff.Called()), "Question": oneLine(e.Question)}
	p.here("desk_inserted", args)
	p.elsewhere("desk_inserted", args)
	p.keep()
}
