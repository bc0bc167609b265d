package bot_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/insighttest"
)

func masker(t testing.TB, patterns ...string) insight.Masker {
	t.Helper()
	var all []insight.Pattern
	for _, text := range patterns {
		p, err := insight.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return insight.NewMasker(all...)
}

// TestEngine_KeepsNoPersonalData has 500 made-up customers write what is personal, and say of the answers whether they helped, and searches what the
// database then has of it outside of the conversations: not in what was missed, nor in what was said of answers.
func TestEngine_KeepsNoPersonalData(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Masker = masker(t, insighttest.Patterns...) })
	count := 500
	if faqtest.Raced {
		count = 100
	}
	messages := insighttest.Messages(count)
	var customers sync.WaitGroup
	for worker := range 8 {
		customers.Go(func() {
			for i := worker; i < len(messages) && !t.Failed(); i += 8 {
				if err := b.confide(fmt.Sprintf("p%d", i), i, messages[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	customers.Wait()
	writers := map[string]insighttest.Message{}
	for i, m := range messages {
		writers[insight.PersonOf("memory", fmt.Sprintf("p%d", i))] = m
	}
	kept := map[string]int{}
	remembered := map[string]bool{}
	for table, rows := range b.dumped("misses", "judged") {
		for _, row := range rows {
			kept[table]++
			var body map[string]any
			if err := json.Unmarshal([]byte(row["body"].(string)), &body); err != nil {
				t.Fatal(err)
			}
			person, _ := body["person"].(string)
			m, known := writers[person]
			if !known {
				t.Fatalf("nobody wrote %v", row)
			}
			remembered[person] = true
			for _, text := range append(texts(row, "body"), texts(body)...) {
				if left := m.Left(text); len(left) > 0 {
					t.Errorf("%s has %q of %q: %q", table, left, m.Text, text)
				}
			}
		}
	}
	t.Logf("kept %v of %d people", kept, len(remembered))
	if kept["misses"] < count*4/5 || kept["judged"] < count/25 || len(remembered) < count*98/100 {
		t.Errorf("kept are %v of %d people: too little to tell", kept, len(remembered))
	}
}

// confide has a customer write a message, and say of what comes back that it helped, or did not.
func (b *shop) confide(customer string, number int, m insighttest.Message) error {
	handle := func(kind channel.Kind, body string) error {
		e := b.network.Event(customer, kind, body)
		e.From.Name, e.From.Username, e.From.Locale = m.Name, m.Username, "en"
		return b.engine.Handle(b.t.Context(), e)
	}
	if err := handle(channel.Text, m.Text); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	shown, err := b.network.Await(ctx, customer, 2) // it introduces itself first
	if err != nil {
		return fmt.Errorf("%q is answered with %v: %w", m.Text, shown, err)
	}
	presses := []string{"That helped", "Not what I meant", "None of these"}
	for _, label := range presses[number%2:] {
		for _, s := range shown {
			if i := slices.Index(labels(s), label); i >= 0 {
				if err := handle(channel.Press, s.Buttons[i].Action); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// dumped are the rows of tables, by their columns.
func (b *shop) dumped(tables ...string) map[string][]map[string]any {
	b.t.Helper()
	var file bytes.Buffer
	if err := b.store.Dump(b.t.Context(), &file); err != nil {
		b.t.Fatal(err)
	}
	zip, err := gzip.NewReader(&file)
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string][]map[string]any{}
	var table struct {
		Table   string   `json:"table"`
		Columns []string `json:"columns"`
	}
	for lines := bufio.NewReader(zip); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return out
		}
		var row []any
		if json.Unmarshal(line, &row) != nil {
			_ = json.Unmarshal(line, &table)
			continue
		}
		if !slices.Contains(tables, table.Table) {
			continue
		}
		named := map[string]any{}
		for i, column := range table.Columns {
			named[column] = row[i]
		}
		out[table.Table] = append(out[table.Table], named)
	}
}

// texts are all that is written in a value, but what has these keys, and names and times that are made of digits.
func texts(value any, without ...string) []string {
	var out []string
	switch v := value.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, item := range v {
			out = append(out, texts(item)...)
		}
	case map[string]any:
		for key, item := range v {
			if !slices.Contains(append(without, "id", "person", "conversation", "at"), key) {
				out = append(out, texts(item)...)
			}
		}
	}
	return out
}

// TestDesk_TeachKeepsNoPersonalData makes a draft of what is full of personal data, the owner's and the customer's own among it.
func TestDesk_TeachKeepsNoPersonalData(t *testing.T) {
	t.Parallel()
	teacher, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	ann := channel.Person{ID: "ann", Name: "Ann Low", Username: "annlow"}
	desk := handoff.Desk{ID: "d", Address: channel.Address{Network: "office", Chat: "hall"}}
	ticket := handoff.Ticket{ID: "t", Number: 7, Status: handoff.Claimed, Language: "en", Customer: handoff.Customer{Person: ann}}
	ticket.Question = "where is A-123456 of Ann Low at 12 Oak Hill Road?"
	turn := bot.PlanDesk(bot.Situation{
		Event:  channel.Event{Kind: channel.Command, Command: "teach", Address: desk.Address, From: channel.Person{ID: "ben", Name: "Ben"}},
		Desk:   &desk,
		Ticket: &ticket,
		Work: bot.Work{Staff: handoff.Staff{ID: "office:ben", Name: "Ben"}, Desks: []handoff.Desk{desk},
			Lines: []bot.Line{{By: "Ben", Text: "Dear Ann, **A-123456** left for ann@example.com"}}},
		Fresh: bot.Fresh{Seed: "abcdefghijklmnop"}, Now: time.Unix(1_800_000_000, 0),
	}, bot.Policy{Language: "en", Masker: masker(t, `order=\bA-\d{6}\b`)}, teacher)
	if turn.Draft == nil {
		t.Fatalf("there is no draft: %+v", turn)
	}
	want := faq.Answer{Language: "en", Text: "Dear [name], **[order]** left for [e-mail]"}
	if got := turn.Draft.Content; got.Question != "where is [order] of [name] at [address]?" || len(got.Answers) != 1 || got.Answers[0].Text != want.Text {
		t.Errorf("the draft is %+v", got)
	}
}
