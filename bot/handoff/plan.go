package handoff

import (
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// Scene is everything that planning sees of what happened at a desk.
type Scene struct {
	Event channel.Event
	Desk  Desk
	// Staff is who acts.
	Staff Staff
	// Ticket is the one whose thread this is, or whose card was replied to or pressed; nil in the desk itself.
	Ticket  *Ticket
	Threads []Thread
	Meant
	// Lines are what was said in the conversation, oldest first.
	Lines []Said
	Team  Team
	Found Found
	// Fresh is a short name that nothing has yet.
	Fresh string
	Voices
	Now time.Time
}

// Meant is what an event at a desk points at.
type Meant struct {
	// Pressed is the button, and Value the rest of it; empty where none was.
	Pressed Press
	Value   string
	// Replied is what the message that staff replied to stands for elsewhere.
	Replied []Link
	// Shown is where a message of staff that was changed or deleted is shown.
	Shown []Shown
}

// Voices are how the two sides are spoken to.
type Voices struct {
	// Voice speaks to staff, Customer to the customer.
	Voice, Customer Voice
	// Zone is where the clock of the business is.
	Zone *time.Location
}

// Plan decides what follows from what staff did. It has no clock, no database and no network in it.
func Plan(s Scene) Change {
	p := &planner{Scene: s}
	if s.Ticket != nil {
		t := *s.Ticket
		p.ticket = &t
	}
	if s.Event.Kind == channel.Reacted { // an emoji is no work, and networks say little of who put it there
		p.post(Reaction(s.Event, s.Replied)...)
		return p.change
	}
	if s.Event.From.ID != "" { // not every network says who deleted something
		p.appear()
	}
	p.act()
	return p.change
}

type planner struct {
	Scene
	ticket *Ticket
	change Change
}

// appear notes who acts: being here is being back.
func (p *planner) appear() {
	if p.Desk.Gone { // it can be written from, so it can be written to
		d := p.Desk
		d.Gone = false
		p.change.Desk = &d
	}
	if p.Staff.Version > 0 && !p.Staff.Away && p.Staff.Person == p.Event.From && p.Staff.Desk == p.Desk.ID && p.Now.Sub(p.Staff.SeenAt) < seenAgain {
		return
	}
	p.Staff.Person, p.Staff.Away, p.Staff.SeenAt, p.Staff.Desk = p.Event.From, false, p.Now, p.Desk.ID
	p.enlist()
}

// seenAgain is how often it is noted that somebody is still there.
const seenAgain = time.Hour

// enlist stores the member of staff as they are now.
func (p *planner) enlist() {
	s := p.Staff
	p.change.Staff = &s
}

func (p *planner) act() {
	switch p.Event.Kind {
	case channel.Text:
		p.text()
	case channel.Command:
		p.command(p.Event.Command, p.Event.Body)
	case channel.Press:
		p.press()
	case channel.Edited:
		p.edited()
	case channel.Deleted:
		p.takenBack()
	}
}

// edited corrects a reply where the customer sees it.
func (p *planner) edited() {
	if p.ticket == nil || len(p.Shown) == 0 {
		return
	}
	if strings.HasPrefix(strings.TrimSpace(p.Event.Body), "//") { // it is a note now, and was never meant for the customer
		p.said(p.Event.Body, true)
		p.takenBack()
		return
	}
	p.said(p.Event.Body, false)
	p.post(corrected(p.Shown, replyContent(p.Staff, p.Event))...)
}

// takenBack takes a reply back where the customer sees it.
func (p *planner) takenBack() {
	if p.ticket == nil || len(p.Shown) == 0 {
		return
	}
	p.post(corrected(p.Shown, channel.PlainDocument(p.Customer.Say("reply_taken_back")))...)
}

// replyContent is what the customer sees of what staff write.
func replyContent(s Staff, e channel.Event) channel.Document {
	content := e.Content
	if len(content) == 0 {
		content = channel.PlainDocument(e.Body)
	}
	return append(channel.Document{strong(oneLine(s.Called()) + ":").paragraph()}, content...)
}

// corrected shows a message as it is now: in its place, or beneath it where others are shown in the same one.
func corrected(shown []Shown, content channel.Document) []Post {
	var out []Post
	for _, s := range shown {
		to := s.Shown.Address
		post := Post{Ticket: s.Ticket, To: &to, Content: content, Quiet: true}
		if s.Alone {
			post.Replaces = s.Shown.Message
		} else {
			post.ReplyTo = s.Shown.Message
			post.Content = append(channel.Document{strong("✎").paragraph()}, content...)
		}
		out = append(out, post)
	}
	return out
}

// text is a reply to the customer, a note, or talk among staff.
func (p *planner) text() {
	note, isNote := strings.CutPrefix(strings.TrimSpace(p.Event.Body), "//")
	switch {
	case p.ticket == nil:
		return
	case isNote:
		p.said(strings.TrimSpace(note), true)
		return
	case p.gone():
		return
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	}
	p.reply()
}

// reply brings what staff write to the customer. Who writes in a ticket that nobody has takes it.
func (p *planner) reply() {
	p.answered()
	p.said(p.Event.Body, false)
	post := Post{
		Ticket: p.ticket.ID, Content: replyContent(p.Staff, p.Event), Attachments: p.Event.Attachments,
		Origin: Spot{Address: p.Event.Address, Message: p.Event.Message}, Urgent: true,
	}
	post.ReplyTo = quoted(p.Replied, p.ticket.Customer.Address)
	p.post(post)
	b := p.board()
	echo := append(channel.Document{strong(oneLine(p.Staff.Called()) + " → " + b.customer()).paragraph()}, channel.PlainDocument(p.Event.Body)...)
	echoes := b.tell(p.Threads, p.Desk.ID, echo)
	for i := range echoes {
		echoes[i].Attachments = p.Event.Attachments
	}
	p.post(echoes...)
	p.keep()
}

// quoted is the message in a chat that a reply elsewhere is about; empty where there is none.
func quoted(replied []Link, in channel.Address) channel.MessageID {
	for _, l := range replied {
		for _, spot := range []Spot{l.Shown, l.Origin} {
			if spot.Message != "" && spot.Address.SameChat(in) {
				return spot.Message
			}
		}
	}
	return ""
}

// answered notes that the customer hears from a person.
func (p *planner) answered() {
	if p.ticket.Holder == "" {
		p.claim()
	}
	if p.ticket.RepliedAt.IsZero() {
		p.ticket.RepliedAt = p.Now
	}
	p.ticket.AskedAt = time.Time{}
	if p.ticket.Status != Waiting { // who was put off is still to be come back to
		p.ticket.kept(&p.ticket.Promise, p.Now)
	}
}

// said keeps what staff said in the transcript.
func (p *planner) said(text string, note bool) {
	p.change.Said = append(p.change.Said, Said{
		By: p.Staff.Called(), Note: note, Text: text, Message: p.Event.Message, Attachments: p.Event.Attachments, At: p.Now,
	})
}

// keep stores the ticket as it is now.
func (p *planner) keep() {
	p.ticket.spend(p.Now)
	p.change.Ticket = p.ticket
}

func (p *planner) post(posts ...Post) { p.change.Posts = append(p.change.Posts, posts...) }

func (p *planner) board() board {
	return board{ticket: *p.ticket, voice: p.Voice, zone: p.Zone, now: p.Now, lines: p.Lines}
}

// here answers where staff wrote.
func (p *planner) here(key string, args map[string]any, buttons ...Button) {
	p.show(channel.PlainDocument(p.Voice.Say(key, args)), buttons...)
}

func (p *planner) show(content channel.Document, buttons ...Button) {
	to := p.Event.Address
	post := Post{To: &to, Content: content, Buttons: buttons, ReplyTo: p.Event.Message, Urgent: true}
	if p.ticket != nil {
		post.Ticket = p.ticket.ID
	}
	p.post(post)
}

// customer tells the customer something.
func (p *planner) customer(key string, args map[string]any) {
	p.post(Post{Ticket: p.ticket.ID, Content: channel.Parse(p.Customer.Say(key, args)), Urgent: true})
}

// refresh shows the card as it is now, on every desk.
func (p *planner) refresh() { p.post(p.board().refresh(p.Threads)...) }

// elsewhere tells the other desks of a ticket.
func (p *planner) elsewhere(key string, args map[string]any) {
	p.post(p.board().tell(p.Threads, p.Desk.ID, channel.PlainDocument(p.Voice.Say(key, args)))...)
}

func (p *planner) press() {
	switch {
	case p.ticket == nil:
		p.here("desk_lapsed", nil)
	case p.gone():
	case p.Pressed == PressClaim:
		p.wantClaim("")
	case p.Pressed == PressRelease:
		p.release()
	case p.Pressed == PressClose:
		p.askOutcome()
	case p.Pressed == PressEnd:
		p.end(Outcome(p.Value))
	case p.Pressed == PressReopen:
		p.reopen()
	case p.Pressed == PressSend:
		p.sendEntry()
	case p.Pressed == PressAgain:
		p.again(p.Value)
	}
}

// again sends what was not delivered once more.
func (p *planner) again(row string) {
	if n, err := strconv.ParseInt(row, 10, 64); err == nil {
		p.change.Again = n
		p.here("desk_again", nil)
	}
}
