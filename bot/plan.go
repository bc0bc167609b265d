package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge"
)

// planner makes one turn. It has no clock, no database and no network: a turn follows from situation, reading and policy alone.
type planner struct {
	s       Situation
	r       Reading
	policy  Policy
	texts   *Texts
	turn    Turn
	voice   Voice
	serial  int
	started bool // the conversation began with this event
	// numbering is true once this turn has choices under numbers.
	numbering bool
	// about is the question that is spoken of, where a message held several.
	about string
	// redirect sends what is said from now on to the customer's private chat.
	redirect *channel.Address
	// called is true once something was said that answers the call which the event is.
	called bool
	// refused are files that were too large to be passed on.
	refused []string
}

// Plan decides what follows from an event.
func Plan(s Situation, r Reading, policy Policy, texts *Texts) Turn {
	p := &planner{s: s, r: r, policy: policy, texts: texts}
	p.open()
	p.act()
	if p.turn.Conversation.ID != "" {
		p.turn.Conversation.LastAt = s.Now
		p.tally()
	}
	return p.turn
}

// open carries the conversation on, or begins the next one after a quiet day.
func (p *planner) open() {
	c := p.s.Conversation
	e := p.s.Event
	if c.Version == 0 || p.s.Now.Sub(c.LastAt) > quietDay && e.Kind != channel.Due {
		p.started = true
		c = Conversation{
			ID: ConversationID(p.name()), Key: KeyOf(e), Ordinal: c.Ordinal + 1, OpenedAt: p.s.Now, Profile: c.Profile, Customer: c.Customer,
		}
	}
	if e.Kind != channel.Due {
		c.Address = e.Address
		locale := c.Customer.Locale
		c.Customer = e.From
		if c.Customer.Locale == "" {
			c.Customer.Locale = locale
		}
	}
	p.turn.Conversation = c
	p.speak()
}

// speak chooses the voice: the customer's own choice, the platform's locale, what this message was detected to be, the conversation's.
func (p *planner) speak() {
	state := &p.turn.Conversation.State
	l := preferred(p.turn.Conversation.Profile, p.turn.Conversation.Customer)
	if l == "" {
		l = p.r.Language
	}
	if l == "" {
		l = state.Language
	}
	if l == "" {
		l = p.policy.Language
	}
	state.Language = l
	p.voice = p.texts.In(l)
}

// name is a fresh ID: the turn's seed and a counter.
func (p *planner) name() string {
	p.serial++
	return p.s.Fresh.Seed + strconv.FormatInt(int64(p.serial), 36)
}

func (p *planner) act() {
	e := p.s.Event
	if e.Kind == channel.Press || e.Kind == channel.Command {
		p.turn.Conversation.State.Pending = ""
	}
	switch e.Kind {
	case channel.Text:
		p.heard(e.Body)
		p.text()
	case channel.Command:
		p.command()
	case channel.Press:
		p.press(p.s.Action)
	case channel.Edited:
		p.edited()
	case channel.Deleted:
		if e.From.ID == "" { // the network does not say whose message it was
			p.turn = Turn{}
			return
		}
		p.line(Line{Message: e.Message, Deleted: true})
		if p.s.Ticket != nil {
			p.post(p.front(*p.s.Ticket).Deleted(p.s.Work.Shown)...)
		}
	case channel.Arrived:
		p.arrived()
	case channel.Due:
		switch TimerKind(e.Command) {
		case TimerBurst:
			p.burstOver()
		case TimerPromise:
			p.tick()
		case TimerSnooze:
			p.wake(e.Body)
		case TimerNews:
			p.news()
		case TimerReach:
			if p.s.Ticket != nil && string(p.s.Ticket.ID) == e.Body {
				p.lookReached()
			}
		}
	}
}

// heard keeps what the customer said.
func (p *planner) heard(text string) {
	p.line(Line{Message: p.s.Event.Message, Text: text, Attachments: p.s.Event.Attachments})
}

func (p *planner) line(l Line) {
	l.At = p.s.Now
	p.turn.Lines = append(p.turn.Lines, l)
}

// text acts on a message.
func (p *planner) text() {
	if !p.s.Event.Addressed && !p.mayInterrupt() {
		p.turn = Turn{} // what is merely overheard is not kept
		return
	}
	if p.numbered() {
		return
	}
	if p.answersClosed() {
		return
	}
	if p.texts.labels[faq.Fold(p.s.Event.Body)] == ActTakeBack && p.labelled() || p.relay(p.s.Event.Body) {
		return // the bot is silent while a person has the ticket
	}
	if helpWords[faq.Fold(p.s.Event.Body)] {
		p.say(p.voice.Say("help"), p.personButton(p.turn.Conversation.State.Asked))
		return
	}
	if p.replied() || p.labelled() {
		return
	}
	if strings.TrimSpace(p.r.Text) == "" {
		p.nothingToRead()
		return
	}
	if p.wordless() || p.flooding() {
		return
	}
	// The end of a question that was answered before it was typed to the end is no beginning of another.
	if !p.r.Leftover && (p.goesOn() || p.fragment()) {
		return
	}
	p.stopCollecting()
	if p.r.Leftover {
		return
	}
	p.respond()
	if len(p.s.Event.Attachments) > 0 && p.s.Ticket == nil && p.turn.Ticket == nil {
		p.say(p.voice.Say("media_beside"), p.personButton(p.turn.Conversation.State.Asked))
	}
}

// mayInterrupt says whether the bot speaks unasked: only where the owner wants it, and only when it is sure.
func (p *planner) mayInterrupt() bool {
	if !p.policy.interrupts(p.s.Event.Address.Chat) {
		return false
	}
	return len(p.r.Decisions) > 0 && p.r.Decisions[0].Kind == knowledge.Answer && p.r.Move == NoMove
}

// numbered acts on a bare number that stands for a choice, where buttons were written as numbers.
func (p *planner) numbered() bool {
	if p.s.Action == nil || p.started {
		return false
	}
	p.press(p.s.Action)
	return true
}

// labelled acts on the words of a button, typed instead of pressed.
func (p *planner) labelled() bool {
	asked, recent := p.turn.Conversation.State.Asked, p.recentlyAnswered()
	switch kind := p.texts.labels[faq.Fold(p.s.Event.Body)]; {
	case kind == ActTakeBack && p.s.Ticket != nil:
		p.takeBack()
	case kind == ActKeep && recent:
		p.keep(asked)
	case kind == ActHelped && recent && asked.Entry != "":
		p.helped(asked)
	case (kind == ActNotMeant || kind == ActNone) && recent:
		p.refuse(asked)
	default:
		return false
	}
	return true
}

// nothingToRead answers what has no text: a photo, a voice message, a place.
func (p *planner) nothingToRead() {
	if len(p.s.Event.Attachments) == 0 {
		return
	}
	if p.s.Ticket != nil {
		p.say(p.voice.Say("ticket_noted", Args{"Number": p.s.Ticket.Number}))
		return
	}
	p.say(p.voice.Say("media"), p.personButton(p.turn.Conversation.State.Asked))
}

// wordless answers what has no word in it, a thumb or "???": no question, and no miss.
func (p *planner) wordless() bool {
	text := p.s.Event.Body
	if p.r.Move != NoMove { // a thumb says which
		return false
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return false
	}
	if strings.ContainsAny(text, "?？؟/") {
		p.say(p.voice.Say("help"), p.personButton(p.turn.Conversation.State.Asked))
		return true
	}
	p.outcome(SmallTalk, "", 0)
	p.say(p.voice.Say("you_are_welcome"))
	return true
}

// flooding answers a flood of messages together, after a moment of quiet, and says so. Nobody is ignored for being upset.
func (p *planner) flooding() bool {
	state := &p.turn.Conversation.State
	written := p.written()
	state.Recent = slices.DeleteFunc(append(state.Recent, written), func(t time.Time) bool { return written.Sub(t) > floodWindow })
	if len(state.Recent) <= floodMessages || p.r.Move == WantsHelp {
		return false
	}
	if p.s.Now.Sub(state.Slowed) > slowedAgain {
		state.Slowed = p.s.Now
		p.say(p.voice.Say("slowed"))
	}
	state.Recent = state.Recent[max(0, len(state.Recent)-2*floodMessages):]
	return p.collect(floodWait)
}

// fragment waits for the rest of a thought that is being typed in pieces, only while the match is unsure.
func (p *planner) fragment() bool {
	if p.policy.Burst <= 0 || p.r.Move != NoMove || p.r.Upset || len(p.r.Decisions) != 1 || p.r.Decisions[0].Kind == knowledge.Answer {
		return false
	}
	return isFragment(p.s.Event.Body) && p.collect(p.policy.Burst)
}

// isFragment says whether a message may be a part of a thought: short, and not ended.
func isFragment(text string) bool {
	return len(strings.Fields(text)) <= fragmentWords && !strings.ContainsAny(text, "?？؟.!")
}

// written is when the customer wrote. What waited while the bot was away comes all at once, and is no flood for that.
func (p *planner) written() time.Time {
	if at := p.s.Event.At; !at.IsZero() && at.Before(p.s.Now) {
		return at
	}
	return p.s.Now
}

func (p *planner) collect(wait time.Duration) bool {
	state := &p.turn.Conversation.State
	if len(state.Collecting) == 0 {
		state.CollectingSince = p.s.Now
	}
	if len(state.Collecting) >= longestThought || p.s.Now.Sub(state.CollectingSince) > longestWait {
		return false
	}
	state.Collecting = append(slices.Clone(state.Collecting), p.s.Event.Body)
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerBurst, Due: p.s.Now.Add(wait)})
	return true
}

func (p *planner) stopCollecting() {
	if len(p.turn.Conversation.State.Collecting) > 0 {
		p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerBurst})
	}
	p.turn.Conversation.State.Collecting = nil
	p.turn.Conversation.State.CollectingSince = time.Time{}
}

func (p *planner) burstOver() {
	if len(p.turn.Conversation.State.Collecting) == 0 {
		return
	}
	p.stopCollecting()
	if t := p.s.Ticket; t != nil && t.Status != handoff.Open {
		return // a person has taken it meanwhile, and saw what was written
	}
	p.respond()
}

// arrived greets somebody who opened the chat; in a group nobody asked for it.
func (p *planner) arrived() {
	if p.s.Event.Address.Private && (p.started || !p.turn.Conversation.Profile.Greeted) {
		p.greet()
	}
}

func (p *planner) edited() {
	asked := p.turn.Conversation.State.Asked
	if !p.s.Event.Addressed && asked.Message != p.s.Event.Message {
		p.turn = Turn{}
		return
	}
	p.heard(p.s.Event.Body)
	if t := p.s.Ticket; t != nil {
		p.post(p.front(*t).Edited(p.s.Work.Shown, p.s.Event.Body)...)
		if t.Status != handoff.Open {
			return
		}
	}
	if p.s.Event.Message == "" || asked.Message != p.s.Event.Message || faq.Fold(asked.Utterance) == faq.Fold(p.r.Text) {
		return
	}
	p.respond()
}
