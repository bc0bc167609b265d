package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// say sends Markdown of our own, with buttons under it.
func (p *planner) say(text string, buttons ...channel.Button) {
	content := channel.Parse(text)
	if p.about != "" {
		content = append(channel.Document{{Kind: channel.Quote, Blocks: channel.PlainDocument(p.about)}}, content...)
	}
	p.line(Line{FromBot: true, Text: content.PlainText()})
	p.send(content, buttons)
}

// send puts a document into the outbox, cut to what the network takes; buttons hang under the last piece.
func (p *planner) send(content channel.Document, buttons []channel.Button) {
	buttons, content = p.fitButtons(buttons, content)
	pieces := channel.Split(content, p.s.Limits.Text, p.s.Limits.Measure)
	for i, piece := range pieces {
		m := channel.Message{To: p.turn.Conversation.Address, Content: piece}
		if p.redirect != nil {
			m.To = *p.redirect
		}
		if i == 0 && !m.To.Private {
			m.ReplyTo = p.s.Event.Message
		}
		if len(p.turn.Messages) == 0 {
			m.Ticket = p.s.Event.Ticket
		}
		if i == len(pieces)-1 {
			m.Buttons = buttons
		}
		o := Outgoing{Message: m}
		if p.redirect != nil && p.turn.Ticket != nil { // whether it arrives is not known yet: there may be no private chat with them
			o.Post.Ticket = p.turn.Ticket.ID
		}
		p.turn.Messages = append(p.turn.Messages, o)
	}
}

// fitButtons keeps to the network's limits: labels are cut at a word, what is too many falls away from the end but for the last one (the
// person), and where there are no buttons at all choices are numbered.
func (p *planner) fitButtons(buttons []channel.Button, content channel.Document) ([]channel.Button, channel.Document) {
	limits := p.s.Limits
	if limits.Buttons == 0 {
		return nil, append(slices.Clip(content), p.numberedChoices(buttons)...)
	}
	p.turn.Conversation.State.Choices = nil
	if excess := len(buttons) - limits.Buttons; excess > 0 {
		buttons = append(slices.Clone(buttons[:limits.Buttons-1]), buttons[len(buttons)-1])
	}
	for i := range buttons {
		buttons[i].Label = shorten(buttons[i].Label, limits.Label)
	}
	return buttons, content
}

func (p *planner) numberedChoices(buttons []channel.Button) channel.Document {
	// What one turn says is numbered through: two lists that begin with 1 would leave the first without meaning.
	state := &p.turn.Conversation.State
	if !p.numbering {
		p.numbering, state.Choices = true, nil
	}
	list := channel.Block{Kind: channel.List, Ordered: true, Start: len(state.Choices) + 1}
	var out channel.Document
	for _, b := range buttons {
		if b.URL != "" {
			out = append(out, channel.Block{Kind: channel.Paragraph, Spans: []channel.Span{{Kind: channel.LinkTo, URL: b.URL,
				Spans: []channel.Span{{Kind: channel.Plain, Text: b.Label}}}}})
			continue
		}
		i := slices.IndexFunc(p.turn.Actions, func(a Action) bool { return a.Token == b.Action })
		state.Choices = append(slices.Clip(state.Choices), p.turn.Actions[i])
		list.Items = append(list.Items, channel.PlainDocument(b.Label))
	}
	if len(list.Items) > 0 {
		out = append(out, channel.PlainDocument(p.voice.Say("choose_number"))...)
		out = append(out, list)
	}
	return out
}

// shorten cuts a label at a word and marks the cut.
func shorten(label string, limit int) string {
	runes := []rune(strings.TrimSpace(label))
	if limit <= 0 || len(runes) <= limit {
		return string(runes)
	}
	cut := string(runes[:limit-1])
	if space := strings.LastIndexByte(cut, ' '); space > len(cut)/2 {
		cut = cut[:space]
	}
	return strings.TrimRight(cut, " ,;:–-") + "…"
}

// button makes a button for an action; the token is a fresh name.
func (p *planner) button(label string, a Action) channel.Button {
	a.Token, a.Conversation, a.At = p.name(), p.turn.Conversation.ID, p.s.Now
	p.turn.Actions = append(p.turn.Actions, a)
	return channel.Button{Label: label, Action: a.Token}
}

func (p *planner) personButton(asked Asked) channel.Button {
	return p.button(p.voice.Say("button_person"), Action{Kind: ActPerson, Asked: asked})
}

// entryButton offers an entry for a question.
func (p *planner) entryButton(entry *faq.Entry, asked Asked) channel.Button {
	return p.button(entry.QuestionIn(p.language()), Action{Kind: ActShow, Entry: entry.ID, Asked: asked})
}

func (p *planner) language() faq.Language { return p.turn.Conversation.State.Language }

// otherLanguages tells who asks in a language without answers which there are: they may know one of them. Who was told so before is spared it.
func (p *planner) otherLanguages() string {
	l := cmp.Or(p.r.Language, p.language()).Base()
	served := func(o faq.Language) bool { return o.Base() == l }
	if len(p.r.Served) == 0 || slices.ContainsFunc(p.r.Served, served) || p.turn.Conversation.State.Misses >= missesToOffer {
		return ""
	}
	var names []string
	for _, o := range p.r.Served {
		if name := p.languageName(o); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return "\n\n" + p.voice.Say("fallback_languages", Args{"Languages": strings.Join(names, ", ")})
}

// languageName is a language in its own words where the bot speaks it, else its tag.
func (p *planner) languageName(l faq.Language) string {
	if known, ok := p.texts.Speaks(l); ok {
		return p.texts.In(known).Say("language_name")
	}
	return strconv.Quote(string(l))
}
