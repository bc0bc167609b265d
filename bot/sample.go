package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// Sampled is an answer of the weekly sample, with the question that it was given to.
type Sampled struct {
	insight.Given
	Entry faq.EntryID
	Heard Heard
	// Verdict is empty until somebody has looked at it.
	Verdict insight.Verdict
}

// Verdict is what staff say of an answer of the sample.
type Verdict struct {
	insight.Given
	Verdict insight.Verdict
}

// sampleCommand has staff look at answers of last week.
const sampleCommand = "sample"

// IsDeskCommand says whether staff can say so at a desk.
func IsDeskCommand(name string) bool {
	return name == sampleCommand || name == gapsCommand || name == gapCommand || handoff.IsCommand(name)
}

// samples says whether an event is about the weekly sample.
func samples(s *Situation) bool {
	if s.Event.Kind == channel.Press {
		return s.Action != nil && s.Action.Kind == ActSample
	}
	return s.Event.Kind == channel.Command && s.Event.Command == sampleCommand
}

// sampledWeek is the one whose answers are looked at: the last that is over.
func sampledWeek(now time.Time, zone *time.Location) insight.Period {
	return insight.WeekOf(now.In(zone)).Before()
}

// lookUpSample reads the sample, and the entries that were answered with as they are now.
func (e *Engine) lookUpSample(ctx context.Context, s *Situation) (err error) {
	found := &s.Work.Found
	if found.Sample, err = e.desks.team.Sample(ctx, sampledWeek(s.Now, e.policy.Location)); err != nil {
		return fmt.Errorf("read the sample of answers: %w", err)
	}
	for _, a := range found.Sample {
		if entry, ok := e.matcher.Entry(a.Entry); ok {
			found.Entries = append(found.Entries, entry)
		}
	}
	return nil
}

// sample takes what staff say of one answer, and shows the next.
func (p *planner) sample() {
	p.turn.Conversation = Conversation{}
	sample := slices.Clone(p.s.Work.Found.Sample)
	if a := p.s.Action; a != nil && p.s.Event.Kind == channel.Press {
		i := slices.IndexFunc(sample, func(s Sampled) bool { return s.Alias() == a.Sampled.Alias() })
		if i >= 0 {
			sample[i].Verdict = insight.Verdict(a.Value)
			p.rated(sample[i])
		}
	}
	next := slices.IndexFunc(sample, func(s Sampled) bool { return s.Verdict == "" })
	switch {
	case len(sample) == 0:
		p.toStaff(channel.PlainDocument(p.voice.Say("desk_sample_none", p.weekArgs())), nil)
	case next < 0:
		p.toStaff(channel.PlainDocument(p.voice.Say("desk_sample_done", p.rates(sample))), nil)
	default:
		p.showSampled(sample, next)
	}
}

// rated keeps a verdict, for the figures and for what is learnt.
func (p *planner) rated(s Sampled) {
	p.turn.Sampled = &Verdict{s.Given, s.Verdict}
	verdict, ok := map[insight.Verdict]eval.Verdict{insight.RatedRight: eval.Right, insight.RatedWrong: eval.Wrong}[s.Verdict]
	if ok {
		p.turn.Judged = append(p.turn.Judged, p.verdictOn(s.Heard, eval.Judged{Entry: s.Entry, Verdict: verdict, Source: eval.Staff, At: p.s.Now}))
	}
}

// sampledAnswer is how many characters staff see of an answer.
const sampledAnswer = 600

func (p *planner) showSampled(sample []Sampled, i int) {
	a := sample[i]
	args := p.weekArgs()
	args["Number"], args["Total"] = i+1, len(sample)
	shown := p.verdictOn(a.Heard, eval.Judged{})
	doc := channel.PlainDocument(p.voice.Say("desk_sample_ask", args))
	for _, asked := range []string{shown.Previous, shown.Utterance} {
		if asked != "" {
			doc = append(doc, channel.Block{Kind: channel.Quote, Blocks: handoff.Strangers(asked)})
		}
	}
	answer := string(a.Entry)
	for _, entry := range p.s.Work.Found.Entries {
		if entry.ID == a.Entry {
			served, _ := entry.Answer(p.policy.Language)
			answer = entry.QuestionIn(p.policy.Language) + "\n" + shorten(channel.Parse(served.Text).PlainText(), sampledAnswer)
		}
	}
	doc = append(doc, channel.PlainDocument(answer)...)
	var buttons []channel.Button
	for _, v := range []insight.Verdict{insight.RatedRight, insight.RatedWrong, insight.RatedSkip} {
		action := Action{Kind: ActSample, Value: string(v), Sampled: a.Given}
		b := p.button(p.voice.Say("desk_button_"+string(v)), action)
		// The button goes with the conversation that it is about: once that is deleted nobody can say anything of it.
		p.turn.Actions[len(p.turn.Actions)-1].Conversation = ConversationID(a.Conversation)
		buttons = append(buttons, b)
	}
	p.toStaff(doc, buttons)
}

// toStaff answers staff where they wrote.
func (p *planner) toStaff(doc channel.Document, buttons []channel.Button) {
	e := p.s.Event
	limits := p.s.Limits
	pieces := channel.Split(doc, limits.Text, limits.Measure)
	for i, piece := range pieces {
		m := channel.Message{To: e.Address, Content: piece}
		if i == 0 {
			m.ReplyTo, m.Ticket = e.Message, e.Ticket
		}
		if i == len(pieces)-1 {
			m.Buttons = buttons[:min(len(buttons), limits.Buttons)]
		}
		p.turn.Messages = append(p.turn.Messages, Outgoing{Message: m})
	}
}

func (p *planner) weekArgs() Args {
	week := sampledWeek(p.s.Now, p.policy.Location)
	return Args{"From": week.From.Format(time.DateOnly), "To": week.To.Add(-time.Hour).Format(time.DateOnly)}
}

// rates counts what was said of the whole sample.
func (p *planner) rates(sample []Sampled) Args {
	args := p.weekArgs()
	rated, wrong := 0, 0
	for _, s := range sample {
		if s.Verdict != insight.RatedSkip {
			rated++
		}
		if s.Verdict == insight.RatedWrong {
			wrong++
		}
	}
	args["Rated"], args["Wrong"] = rated, wrong
	return args
}
