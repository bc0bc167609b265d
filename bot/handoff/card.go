package handoff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"faqbot/bot/channel"
)

// Bounds of a card, so that it fits on every network.
const (
	cardLines    = 8
	cardLine     = 160
	cardQuestion = 600
	cardTried    = 5
	maxTitle     = 90
)

// board is what a ticket's posts are made with.
type board struct {
	ticket Ticket
	voice  Voice
	zone   *time.Location
	now    time.Time
	// lines are what was said before, oldest first.
	lines []Said
}

// title names a ticket's thread.
func (b board) title() string {
	mark := map[Status]string{Open: "🔔 ", Claimed: "💬 ", Waiting: "⏸ ", Closed: "✓ "}[b.ticket.Status]
	return clip(fmt.Sprintf("%s#%d %s", mark, b.ticket.Number, b.customer()), maxTitle)
}

func (b board) customer() string {
	p := b.ticket.Customer.Person
	for _, name := range []string{p.Name, p.Username} {
		if name = defused(oneLine(name)); name != "" {
			return name
		}
	}
	return b.voice.Say("desk_nameless")
}

// card shows a ticket: who waits, for what, since when, and what the bot has tried. What strangers wrote is plain text in it.
func (b board) card() channel.Document {
	t := b.ticket
	head := strong(fmt.Sprintf("#%d ", t.Number)).plain(b.customer())
	if t.Pressing && t.Status == Open {
		head = strong("❗ ").add(head)
	}
	doc := channel.Document{head.paragraph()}
	facts := words{}
	fact := func(key string, args map[string]any) {
		if len(facts) > 0 {
			facts = append(facts, channel.Span{Kind: channel.Break})
		}
		facts = facts.plain(b.voice.Say(key, args))
	}
	fact("desk_from", map[string]any{"Network": string(t.Customer.Address.Network), "Language": string(t.Language)})
	fact("desk_since", map[string]any{"Time": clock(t.OpenedAt, b.zone)})
	if t.Promise.Pending() {
		fact("desk_promised", map[string]any{"Time": clock(t.Promise.Due, b.zone)})
	}
	if t.Settle.Pending() {
		fact("desk_settle", map[string]any{"Time": clock(t.Settle.Due, b.zone)})
	}
	switch t.Status {
	case Claimed:
		fact("desk_held", map[string]any{"Name": oneLine(t.HolderName)})
	case Waiting:
		facts = append(facts, channel.Span{Kind: channel.Break}).plain(b.waits())
	case Closed:
		fact("desk_closed", map[string]any{"Outcome": b.voice.Say("desk_outcome_" + string(t.Outcome))})
	}
	doc = append(doc, facts.paragraph())
	if t.Question != "" {
		doc = append(doc, channel.Block{Kind: channel.Quote, Blocks: strangers(clip(t.Question, cardQuestion))})
	}
	if len(t.Tried) > 0 {
		doc = append(doc, strong(b.voice.Say("desk_tried")).paragraph(), b.tried())
	}
	if len(t.Earlier) > 0 {
		doc = append(doc, strong(b.voice.Say("desk_earlier")).paragraph(), b.earlier())
	}
	return append(doc, b.transcript(cardLines)...)
}

func (b board) tried() channel.Block {
	list := channel.Block{Kind: channel.List}
	for _, tried := range b.ticket.Tried[:min(cardTried, len(b.ticket.Tried))] {
		list.Items = append(list.Items, channel.PlainDocument(fmt.Sprintf("%s (%.0f %%)", clip(oneLine(cmp.Or(tried.Question, string(tried.Entry))), cardLine), 100*tried.Confidence)))
	}
	return list
}

// transcript shows the last things that were said.
func (b board) transcript(most int) channel.Document {
	lines := slices.DeleteFunc(slices.Clone(b.lines), func(s Said) bool { return strings.TrimSpace(s.Text) == "" && len(s.Attachments) == 0 })
	if len(lines) < 2 { // the one question stands on the card already
		return nil
	}
	shown := words{}
	for i, s := range lines[max(0, len(lines)-most):] {
		if i > 0 {
			shown = append(shown, channel.Span{Kind: channel.Break})
		}
		shown = shown.strong(b.speaker(s) + ": ").plain(defused(clip(oneLine(s.Text), cardLine)))
		for _, a := range s.Attachments {
			shown = shown.plain(" [" + string(a.Media) + "]")
		}
	}
	return channel.Document{strong(b.voice.Say("desk_before")).paragraph(), shown.paragraph()}
}

func (b board) speaker(s Said) string {
	switch {
	case s.By != "":
		return defused(oneLine(s.By))
	case s.FromBot:
		return b.voice.Say("desk_bot")
	}
	return b.customer()
}

// buttons are those of the card.
func (b board) buttons() []Button {
	switch b.ticket.Status {
	case Open, Waiting:
		return []Button{{Label: b.voice.Say("desk_button_claim"), Press: PressClaim}, {Label: b.voice.Say("desk_button_close"), Press: PressClose}}
	case Claimed:
		return []Button{{Label: b.voice.Say("desk_button_release"), Press: PressRelease}, {Label: b.voice.Say("desk_button_close"), Press: PressClose}}
	}
	return []Button{{Label: b.voice.Say("desk_button_reopen"), Press: PressReopen}}
}

// outcomes are the ways to close a ticket.
func (b board) outcomes() []Button {
	var out []Button
	for _, o := range []Outcome{Solved, NeedsText, Product, Feature, Price, Delivery, Unclear, Spam} {
		out = append(out, Button{Label: b.voice.Say("desk_outcome_" + string(o)), Press: PressEnd, Value: string(o)})
	}
	return out
}

// open shows the card at a desk, in a thread of its own.
func (b board) open(t Thread) Post {
	return Post{Ticket: b.ticket.ID, Desk: t.Desk, Act: OpensThread, Title: b.title(), Content: b.cardIn(t), Buttons: b.buttons()}
}

// refresh shows the card as it is now on all desks.
func (b board) refresh(threads []Thread) []Post {
	var out []Post
	for _, t := range threads {
		if t.shows() {
			out = append(out, Post{Ticket: b.ticket.ID, Desk: t.Desk, Act: ChangesCard, Content: b.cardIn(t), Buttons: b.buttons(), Quiet: true})
		}
	}
	return out
}

// tell says something in the thread of each desk but one.
func (b board) tell(threads []Thread, but DeskID, content channel.Document) []Post {
	var out []Post
	for _, t := range threads {
		if t.Desk != but && t.shows() {
			out = append(out, Post{Ticket: b.ticket.ID, Desk: t.Desk, Content: content, Quiet: true})
		}
	}
	return out
}

// words is running text. Names and texts of people are plain spans: no markup of theirs is live.
type words []channel.Span

func strong(text string) words { return words{}.strong(text) }

func (w words) strong(text string) words {
	return append(w, channel.Span{Kind: channel.Strong, Spans: []channel.Span{{Kind: channel.Plain, Text: text}}})
}

func (w words) plain(text string) words {
	return append(w, channel.Span{Kind: channel.Plain, Text: text})
}

func (w words) add(other words) words { return append(w, other...) }

func (w words) paragraph() channel.Block { return channel.Block{Kind: channel.Paragraph, Spans: w} }

// oneLine keeps a name or a line from looking like more than one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// clip shortens a text to so many characters and marks the cut.
func clip(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// clock is a time as staff read it, on the clock of the business.
func clock(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04")
}
