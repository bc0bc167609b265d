package bot

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// TimerNews tells a customer that there is an answer by now; its event's body is a [News].
const TimerNews TimerKind = "news"

// News is what a customer asked to be told.
type News struct {
	Gap   insight.GroupID `json:"gap"`
	Entry faq.EntryID     `json:"entry"`
	// Question is what they asked, with personal data masked, and AskedAt when.
	Question string `json:"question"`
	// Ticket is the one by which it was kept; empty where it was kept beside another.
	Ticket  handoff.TicketID `json:"ticket,omitempty"`
	AskedAt time.Time        `json:"asked_at"`
}

// awake is how much later in the day than they asked somebody may be told.
const awake = time.Hour

// NewsAt is a decent hour to tell a customer something: nobody says where their clock is, but they were awake when they asked, so it is about the same
// time of the day, today or tomorrow.
func NewsAt(asked, now time.Time) time.Time {
	const day = 24 * time.Hour
	since := now.Sub(asked) % day
	switch {
	case since < 0: // a clock was changed
		return now
	case since <= awake:
		return now
	}
	return now.Add(day - since)
}

// newsOf is the news that an event brings.
func newsOf(body string) (n News, ok bool) {
	return n, json.Unmarshal([]byte(body), &n) == nil && n.Entry != ""
}

// newsLater says that an entry which customers are to be told of is published, and not known here yet.
func (e *Engine) newsLater(ctx context.Context, s *Situation) (bool, error) {
	n, ok := newsOf(s.Event.Body)
	if !ok || s.Event.Kind != channel.Due || TimerKind(s.Event.Command) != TimerNews || e.mender == nil {
		return false, nil
	}
	if _, known := e.matcher.Entry(n.Entry); known {
		return false, nil
	}
	record, err := e.mender.store.Find(ctx, n.Entry)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && record.Live != nil, err
}

// news tells the customer the answer, once. Where the entry was withdrawn meanwhile, or the conversation is forgotten, nothing is said.
func (p *planner) news() {
	n, ok := newsOf(p.s.Event.Body)
	entry := p.r.Others[n.Entry]
	if !ok || entry == nil || p.s.Conversation.Version == 0 {
		p.turn = Turn{}
		return
	}
	p.about = n.Question
	p.say(p.voice.Say("news", Args{"Date": n.AskedAt.In(p.zone()).Format(time.DateOnly)}))
	p.about = ""
	p.tellAnswer(entry, n)
	if t := p.s.Ticket; t != nil && t.ID == n.Ticket {
		if c, closed := p.front(*t).Answered(); closed {
			p.change(c)
		}
	}
}

// tellAnswer gives an answer, though nothing was asked just now.
func (p *planner) tellAnswer(entry *faq.Entry, n News) {
	c := p.turn.Conversation
	heard := Heard{Utterance: n.Question, Person: p.person(), Masked: strings.ContainsAny(n.Question, "[]")}
	heard.Language, heard.Network = preferred(c.Profile, c.Customer), string(c.Address.Network)
	p.answer(entry, Asked{Utterance: n.Question, At: p.s.Now, Heard: heard}, 1)
	for i := range p.turn.Outcomes {
		if p.turn.Outcomes[i].Kind == Answered {
			p.turn.Outcomes[i].Kind = Told
		}
	}
}

// toldLast says whether an answer was told to what was asked last: who has asked something else since still waits for that.
func (p *planner) toldLast() bool {
	n, ok := newsOf(p.s.Event.Body)
	return ok && p.came(Told) && p.masked(p.s.Conversation.State.Asked.Utterance) == n.Question
}

func (p *planner) zone() *time.Location {
	if p.policy.Location == nil {
		return time.UTC
	}
	return p.policy.Location
}
