package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge"
)

type askCommand struct {
	JSON     bool `help:"Print one JSON object a question."`
	Trial    `embed:""`
	Customer `embed:""`
	Question []string `arg:"" optional:"" help:"The question; without one, a question per line is read from standard input."`
}

// Customer is who a question is asked for.
type Customer struct {
	Language string `placeholder:"TAG" help:"Language of the customer."`
	Channel  string `enum:"telegram,discord,webchat,terminal," default:"" placeholder:"NAME" help:"Network that the question is asked on, for entries may be restricted to some: telegram, discord, webchat or terminal."`
}

// question is what a customer asks today.
func (c Customer) question(a *app, utterance string) (knowledge.Question, error) {
	q := knowledge.Question{Utterance: utterance, Channel: c.Channel, Today: faq.DateOf(time.Now().In(a.checked.location))}
	if c.Language == "" {
		return q, nil
	}
	var err error
	if q.Language, err = faq.ParseLanguage(c.Language); err != nil {
		return q, &usageError{fmt.Sprintf("--language: “%s” is not a language tag such as en or pt-BR", c.Language)}
	}
	return q, nil
}

// Help implements kong's help.
func (askCommand) Help() string {
	return "Examples:\n  faqbot ask \"how long can I return something?\"\n  faqbot ask --json < questions.txt\n  faqbot ask --draft returns \"can i send it back\""
}

// longestLine bounds a question that is read from standard input.
const longestLine = 1 << 20

// Run asks.
func (c *askCommand) Run(ctx context.Context, a *app) error {
	return a.withBrain(ctx, func(s *store.Store, b *brain) error {
		if err := c.apply(ctx, a, s, b); err != nil {
			return err
		}
		c.notice(a, b)
		if c.Question != nil {
			return c.ask(ctx, a, b, strings.Join(c.Question, " "))
		}
		return c.askLines(ctx, a, b)
	})
}

func (c *askCommand) askLines(ctx context.Context, a *app, b *brain) error {
	lines := bufio.NewScanner(a.std.in)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	n := 1
	for ; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := c.ask(ctx, a, b, lines.Text()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fault.New(fault.Invalid, "standard input, line %d: %w", n, err)
	}
	return nil
}

func (c *askCommand) ask(ctx context.Context, a *app, b *brain, utterance string) error {
	question, err := c.question(a, utterance)
	if err != nil {
		return err
	}
	decisions, err := b.Decide(ctx, question)
	if err != nil {
		return err
	}
	if c.JSON {
		out := asJSON(decisions[0])
		out.Utterance = utterance
		for _, d := range decisions[1:] {
			out.Also = append(out.Also, asJSON(d))
		}
		return json.NewEncoder(a.std.out).Encode(out)
	}
	noteMove(a, b, utterance)
	for _, d := range decisions {
		printDecision(a, d)
	}
	return nil
}

// moveNotes say what a conversation takes a message for that is no question. It sees to that first, unless an entry is asked word for word.
var moveNotes = map[bot.Move]string{
	bot.Greets: "a greeting", bot.Thanks: "thanks", bot.Leaves: "a goodbye", bot.Rejects: "a no to the answer before", bot.Confirms: "a yes to it",
	bot.TakesBack: "taking a wish for a person back", bot.Courteous: "a courtesy", bot.RefusesHelp: "not wanting a person", bot.AsksWho: "the question whether this is a bot", bot.WantsHelp: "the wish to talk to a person",
}

// noteMove says so where a conversation takes a message for no question.
func noteMove(a *app, b *brain, utterance string) {
	if note, ok := moveNotes[b.lexicon.Move(utterance)]; ok {
		fmt.Fprintf(a.std.out, "In a conversation this is taken for %s. By itself:\n", note)
	}
}

// decisionJSON is what scripts rely on.
type decisionJSON struct {
	Utterance  string               `json:"utterance"`
	Decision   knowledge.Kind       `json:"decision"`
	Confidence knowledge.Confidence `json:"confidence"`
	Entry      *entryJSON           `json:"entry"`
	Candidates []candidateJSON      `json:"candidates"`
	Language   faq.Language         `json:"language"`
	Also       []decisionJSON       `json:"also,omitempty"`
}

type entryJSON struct {
	ID       faq.EntryID `json:"id"`
	Question string      `json:"question"`
	Answer   string      `json:"answer"`
}

type candidateJSON struct {
	ID         faq.EntryID          `json:"id"`
	Question   string               `json:"question"`
	Confidence knowledge.Confidence `json:"confidence"`
}

func asJSON(d knowledge.Decision) decisionJSON {
	out := decisionJSON{
		Utterance: d.Utterance, Decision: d.Kind, Confidence: round(d.Confidence), Candidates: []candidateJSON{}, Language: d.Language,
	}
	if d.Kind == knowledge.Answer {
		answer, _ := d.Best().Answer(d.Language)
		out.Entry = &entryJSON{ID: d.Best().ID, Question: d.Best().QuestionIn(d.Language), Answer: answer.Text}
	}
	for _, c := range d.Candidates {
		out.Candidates = append(out.Candidates, candidateJSON{c.Entry.ID, c.Entry.QuestionIn(d.Language), round(c.Confidence)})
	}
	return out
}

// round keeps four places: more would be noise.
func round(c knowledge.Confidence) knowledge.Confidence {
	return knowledge.Confidence(float64(int(float64(c)*10_000+0.5)) / 10_000)
}

func printDecision(a *app, d knowledge.Decision) {
	switch d.Kind {
	case knowledge.Answer:
		answer, exact := d.Best().Answer(d.Language)
		fmt.Fprintf(a.std.out, "%s  (%s, confidence %.2f)\n\n", d.Best().QuestionIn(d.Language), d.Best().ID, d.Confidence)
		if !exact {
			fmt.Fprintf(a.std.out, "[only in %s]\n\n", answer.Language)
		}
		fmt.Fprintln(a.std.out, channel.Parse(answer.Text).PlainText())
	case knowledge.Clarify:
		fmt.Fprintf(a.std.out, "Not sure (confidence %.2f). It could be:\n", d.Confidence)
		for _, c := range d.Candidates[:d.Offers] {
			fmt.Fprintf(a.std.out, "  %.2f  %s  (%s)\n", c.Confidence, c.Entry.QuestionIn(d.Language), c.Entry.ID)
		}
	default:
		fmt.Fprintf(a.std.out, "Nothing fits (confidence %.2f).\n", d.Confidence)
	}
}
