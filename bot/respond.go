package bot

import (
	"slices"

	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"
)

// respond acts on what a message was found to mean.
func (p *planner) respond() {
	switch p.r.Move {
	case WantsHelp:
		asked := p.turn.Conversation.State.Asked
		if p.r.Before != "" {
			asked = Asked{Utterance: p.r.Before, At: p.s.Now, Message: p.s.Event.Message}
			for _, d := range p.r.Decisions { // what is answered beside the wish was tried, too
				asked.Candidates = append(asked.Candidates, p.asked(d).Candidates...)
			}
		}
		p.wantPerson(asked)
		p.answerBeside()
		return
	case Rejects:
		if p.recentlyAnswered() {
			p.refuse(p.turn.Conversation.State.Asked)
			return
		}
	case Solves:
		if p.s.Ticket != nil { // whatever it was that helped, nobody has to any more
			p.takeBack()
			return
		}
		fallthrough
	case Confirms:
		if p.recentlyAnswered() && p.turn.Conversation.State.Asked.Entry != "" {
			p.helped(p.turn.Conversation.State.Asked)
			return
		}
	case TakesBack, RefusesHelp:
		if p.s.Ticket != nil {
			p.takeBack()
			return
		}
	}
	if len(p.r.Decisions) == 0 {
		return
	}
	if p.r.Move != NoMove && !p.r.Decisions[0].Exact {
		p.smallTalk()
		return
	}
	p.question()
}

// answerBeside answers what was asked together with the wish for a person, beneath the receipt.
func (p *planner) answerBeside() {
	if !p.turn.Conversation.Address.Private {
		return
	}
	for _, d := range p.r.Decisions {
		p.answer(d.Best(), p.asked(d), float64(d.Confidence))
	}
}

// refuse is a "no" to what was said last: an answer, an offer, or that there is none.
func (p *planner) refuse(asked Asked) {
	switch {
	case asked.Entry != "":
		p.notMeant(asked)
	case asked.Offered:
		p.noneOfThese(asked)
	default:
		p.noAnswer(p.voice.Say("nothing_else"), asked)
	}
}

func (p *planner) recentlyAnswered() bool {
	asked := p.turn.Conversation.State.Asked
	return asked.Utterance != "" && p.s.Now.Sub(asked.At) < followsWithin
}

// smallTalk answers in kind; none of it counts as a question or a miss.
func (p *planner) smallTalk() {
	p.outcome(SmallTalk, "", 0)
	switch p.r.Move {
	case Greets:
		p.greet()
	case AsksWho:
		p.explainSelf()
	case Leaves:
		p.say(p.voice.Say("goodbye"))
	case Rejects:
		p.say(p.voice.Say("nothing_else"), p.personButton(p.turn.Conversation.State.Asked))
	case TakesBack, RefusesHelp:
		p.say(p.voice.Say("already_chosen"))
	case Courteous:
		// "please" after a question belongs to it; alone it waits for help.
		if p.s.Now.Sub(p.turn.Conversation.State.Asked.At) > longestWait {
			p.say(p.voice.Say("help"), p.personButton(Asked{}))
		}
	default:
		p.welcome()
	}
}

// welcome answers thanks, and asks whether there is anything else.
func (p *planner) welcome() {
	p.say(p.voice.Say("you_are_welcome"))
	p.turn.Conversation.State.Pending = WhetherMore
}

// greet says what the bot is, once, and offers the most asked questions.
func (p *planner) greet() {
	first := !p.turn.Conversation.Profile.Greeted
	text := p.voice.Say("greeting_again")
	if first {
		text = p.greeting()
	}
	if !first && !p.started { // what is often asked was offered already
		p.say(text, p.personButton(Asked{}))
		return
	}
	p.turn.Conversation.Profile.Greeted = true
	var buttons []channel.Button
	for _, id := range p.r.Popular {
		if entry := p.r.Others[id]; entry != nil && len(buttons) < popular {
			buttons = append(buttons, p.entryButton(entry, Asked{}))
		}
	}
	if len(buttons) > 0 {
		text += "\n\n" + p.voice.Say("popular")
	}
	p.say(text, append(buttons, p.personButton(Asked{}))...)
}

func (p *planner) greeting() string { return p.ownGreeting("greeting") }

// ownGreeting is the owner's first greeting, or the named text where they wrote none.
func (p *planner) ownGreeting(text string) string {
	l := p.language()
	for _, l := range []faq.Language{l, l.Base(), ""} {
		if own := p.policy.Greeting[l]; own != "" {
			return own
		}
	}
	return p.voice.Say(text, Args{"Business": p.policy.Business})
}

// introduce tells who begins with a question that a bot answers, before it does. In a group the bot was called by its name.
func (p *planner) introduce() {
	if p.turn.Conversation.Profile.Greeted || !p.turn.Conversation.Address.Private {
		return
	}
	p.turn.Conversation.Profile.Greeted = true
	p.say(p.ownGreeting("introduction"))
}

// explainSelf answers whether this is a bot.
func (p *planner) explainSelf() {
	p.turn.Conversation.Profile.Greeted = true
	p.say(p.voice.Say("introduction", Args{"Business": p.policy.Business}), p.personButton(p.turn.Conversation.State.Asked))
}

// question answers, offers or falls back.
func (p *planner) question() {
	p.introduce()
	p.noticeRepeat()
	p.tellTicket()
	if p.r.Corrected {
		p.corrected(p.turn.Conversation.State.Asked)
	}
	for _, d := range p.r.Decisions {
		if len(p.r.Decisions) > 1 && d.Kind != knowledge.Answer {
			p.about = d.Utterance
		}
		asked := p.asked(d)
		kind := d.Kind
		if p.s.Ticket != nil && kind == knowledge.Clarify && d.Confidence < worthOffering {
			kind = knowledge.Fallback // what somebody tells the team is not asked back for a faint likeness
		}
		switch kind {
		case knowledge.Answer:
			p.answer(d.Best(), asked, float64(d.Confidence))
		case knowledge.Clarify:
			p.clarify(d, asked)
		default:
			p.fallback(asked)
		}
		p.about = ""
	}
}

// corrected keeps that an answer was not what was meant, where the customer goes on to say what is.
func (p *planner) corrected(asked Asked) {
	p.outcome(NotMeant, asked.Entry, 0)
	asked.Refused, asked.Entry = append(slices.Clone(asked.Refused), asked.Entry), ""
	p.missed(&asked, insight.Rejected)
}

// worthOffering is the confidence from which entries are offered to who waits for a person.
const worthOffering = 0.3

func (p *planner) asked(d knowledge.Decision) Asked {
	a := Asked{Utterance: d.Utterance, At: p.s.Now, Message: p.s.Event.Message, Heard: p.hear(d)}
	if d.Continued { // the next "and …?" continues from the whole thought
		a.Utterance = p.turn.Conversation.State.Asked.Utterance + " " + d.Utterance
	}
	if len(p.r.Decisions) == 1 {
		// What was asked is kept as it was written; courtesies were left out for matching alone.
		a.Utterance = cmpOr(d.Continued, a.Utterance, p.r.Text)
	}
	for _, c := range d.Candidates[:min(5, len(d.Candidates))] {
		a.Candidates = append(a.Candidates, insight.Candidate{Entry: c.Entry.ID, Confidence: float64(c.Confidence)})
	}
	return a
}

func cmpOr(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// noticeRepeat counts how often the same question came in a row.
func (p *planner) noticeRepeat() {
	state := &p.turn.Conversation.State
	folded := faq.Fold(p.r.Text)
	if folded == state.LastQuestion && folded != "" {
		state.Repeats++
	} else {
		state.Repeats = 0
	}
	state.LastQuestion = folded
}

// answer sends an entry's published text, and nothing of our own inside it.
func (p *planner) answer(entry *faq.Entry, asked Asked, confidence float64) {
	state := &p.turn.Conversation.State
	answer, exact := entry.Answer(p.language())
	asked.Entry, asked.Refused = entry.ID, without(asked.Refused, entry.ID)
	state.Asked, state.Misses = asked, 0
	p.outcome(Answered, entry.ID, confidence)
	if p.r.Upset && p.s.Ticket == nil && p.turn.Ticket == nil {
		p.say(p.voice.Say("upset"), p.personButton(asked))
		p.turn.Conversation.State.Pending = WhetherPerson
	}
	if !exact {
		p.say(p.voice.Say("other_language", Args{"Language": p.languageName(answer.Language)}))
	}
	var buttons []channel.Button
	for _, b := range answer.Buttons {
		buttons = append(buttons, channel.Button{Label: b.Label, URL: b.URL})
	}
	for _, id := range entry.FollowUps {
		if next := p.r.Others[id]; next != nil && len(buttons) < len(answer.Buttons)+followUps {
			buttons = append(buttons, p.entryButton(next, Asked{}))
		}
	}
	buttons = append(buttons,
		p.button(p.voice.Say("button_helped"), Action{Kind: ActHelped, Entry: entry.ID, Asked: asked}),
		p.button(p.voice.Say("button_not_meant"), Action{Kind: ActNotMeant, Entry: entry.ID, Asked: asked}),
		p.personButton(asked))
	p.line(Line{FromBot: true, Text: entry.Question, Entry: entry.ID})
	p.send(channel.Parse(answer.Text), buttons)
	if p.s.Ticket != nil {
		p.post(p.front(*p.s.Ticket).Beside(entry.Question)...)
	}
	if state.Repeats >= repeatsToOffer && p.s.Ticket == nil {
		p.say(p.voice.Say("repeated"), p.personButton(asked))
		state.Pending = WhetherPerson
	}
}

func without(ids []faq.EntryID, id faq.EntryID) []faq.EntryID {
	return slices.DeleteFunc(slices.Clone(ids), func(other faq.EntryID) bool { return other == id })
}

// clarify offers the likely questions.
func (p *planner) clarify(d knowledge.Decision, asked Asked) {
	p.missed(&asked, insight.Unsure)
	p.outcome(Clarified, "", float64(d.Confidence))
	var entries []*faq.Entry
	for _, c := range d.Candidates[:d.Offers] {
		entries = append(entries, c.Entry)
	}
	text := p.apology("clarify")
	if p.s.Ticket != nil {
		text = p.voice.Say("ticket_meanwhile", Args{"Number": p.s.Ticket.Number})
	}
	p.offer(text, entries, &asked)
	p.turn.Conversation.State.Asked = asked
}

// offer shows entries as buttons, with "none of these" and a person.
func (p *planner) offer(text string, entries []*faq.Entry, asked *Asked) {
	asked.Offered, asked.Listed = true, nil
	for _, entry := range entries {
		asked.Listed = append(asked.Listed, entry.ID)
	}
	var buttons []channel.Button
	for _, entry := range entries {
		buttons = append(buttons, p.entryButton(entry, *asked))
	}
	buttons = append(buttons, p.button(p.voice.Say("button_none"), Action{Kind: ActNone, Asked: *asked}), p.personButton(*asked))
	p.say(text, buttons...)
}

// fallback says plainly that there is no answer, offers a person, and keeps the question.
func (p *planner) fallback(asked Asked) {
	if p.s.Ticket != nil { // said to the people who have the ticket, not asked of the bot
		p.outcome(Noted, "", 0)
		p.addToTicket()
		return
	}
	again := slices.ContainsFunc(p.turn.Outcomes, func(o Outcome) bool { return o.Kind == FellBack })
	p.missed(&asked, insight.NothingFitted)
	p.outcome(FellBack, "", 0)
	p.turn.Conversation.State.Asked = asked
	if again { // once in a turn is enough to say so
		return
	}
	p.noAnswer(p.apology("fallback")+p.otherLanguages(), asked)
}

// tellTicket makes what a waiting customer writes first the question of a ticket that has none.
func (p *planner) tellTicket() {
	if p.s.Ticket == nil || p.s.Ticket.Question != "" {
		return
	}
	t := *p.s.Ticket
	t.Question = p.r.Text
	p.turn.Ticket = &t
	p.post(p.front(t).Refresh()...)
}

// addToTicket takes what nothing answers as one more word to the people who have the ticket anyway: they see the conversation.
func (p *planner) addToTicket() {
	t := *p.s.Ticket
	p.say(p.voice.Say("ticket_noted", Args{"Number": t.Number}), p.takeBackButton())
}

func (p *planner) noAnswer(text string, asked Asked) {
	buttons := []channel.Button{}
	if asked.Utterance != "" {
		buttons = append(buttons, p.button(p.voice.Say("button_keep"), Action{Kind: ActKeep, Asked: asked}))
	}
	person := p.personButton(asked)
	if p.r.Urgent {
		p.say(text, append([]channel.Button{person}, buttons...)...)
		return
	}
	p.say(text, append(buttons, person)...)
}

// apology is what an unanswered question is met with: a person is offered plainly to who is upset or was failed before. An offer of entries is no
// failure yet.
func (p *planner) apology(text string) string {
	state := &p.turn.Conversation.State
	if p.r.Upset || p.r.Urgent || state.Misses >= missesToOffer || state.Repeats >= repeatsToOffer {
		state.Pending = WhetherPerson
	}
	switch {
	case p.r.Upset && text == "fallback":
		return p.voice.Say("fallback_upset")
	case p.r.Upset:
		return p.voice.Say("upset") + "\n\n" + p.voice.Say(text)
	case p.r.Urgent:
		return p.voice.Say("urgent") + "\n\n" + p.voice.Say(text)
	case state.Misses >= missesToOffer && text == "fallback":
		return p.voice.Say("fallback_again")
	case state.Repeats >= repeatsToOffer:
		return p.voice.Say("repeated") + "\n\n" + p.voice.Say(text)
	}
	return p.voice.Say(text)
}

// missed records a question as unanswered; the same question keeps the same record.
func (p *planner) missed(asked *Asked, reason insight.Reason) {
	if asked.Utterance == "" {
		return
	}
	if asked.Miss == "" {
		asked.Miss = p.name()
		p.turn.Conversation.State.Misses++
	}
	asked.Reason = reason
	p.turn.Misses = append(p.turn.Misses, p.miss(*asked, reason))
}

func (p *planner) miss(asked Asked, reason insight.Reason) insight.Miss {
	c := p.turn.Conversation
	return insight.Miss{
		ID: asked.Miss, Conversation: string(c.ID), Person: p.person(),
		Utterance: p.masked(asked.Utterance), Reason: reason, Candidates: asked.Candidates, Language: p.language(),
		Network: string(c.Address.Network), At: p.s.Now,
	}
}

func (p *planner) outcome(kind OutcomeKind, entry faq.EntryID, confidence float64) {
	p.turn.Outcomes = append(p.turn.Outcomes, Outcome{Kind: kind, Entry: entry, Confidence: confidence, Language: p.language(), At: p.s.Now})
}
