package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/transfer"
	"faqbot/knowledge/eval"

	"golang.org/x/term"
)

// consent is how an editor says that what was found is meant so.
type consent struct {
	Yes bool `help:"Do it without asking, whatever the review finds."`
}

// review looks at what is about to be saved, beside what is served now.
func (a *app) review(ctx context.Context, s *store.Store, draft eval.Draft) (eval.Findings, error) {
	b, err := a.thinkHard(ctx, s)
	if err != nil {
		return eval.Findings{}, err
	}
	defer b.index.Close()
	stored, err := bot.StoredQuestions(ctx, s, b.lexicon, a.today())
	if err != nil {
		return eval.Findings{}, err
	}
	draft.Today = a.today()
	return eval.Review(ctx, b.own(), draft, stored)
}

func (a *app) today() faq.Date { return faq.DateOf(time.Now().In(a.checked.location)) }

// standing are the newest texts of all entries that are not withdrawn.
func standing(records []faq.Record) []faq.Entry {
	var out []faq.Entry
	for _, r := range records {
		if r.Head.Status != faq.Archived {
			out = append(out, r.Head.Content)
		}
	}
	return out
}

// draftOf is what a plan would publish and save.
func draftOf(plan transfer.Plan, records []faq.Record) eval.Draft {
	draft := eval.Draft{Stored: standing(records)}
	for _, step := range plan.Steps {
		if step.Action == transfer.Keep {
			continue
		}
		switch e := step.Item.Entry; step.Item.Status {
		case faq.Published:
			draft.Changes = append(draft.Changes, asServed(e))
		case faq.Archived:
			draft.Changes = append(draft.Changes, faq.Change{Entry: e.ID})
		default:
			draft.Saved = append(draft.Saved, e)
		}
	}
	return draft
}

// reviewPlan looks at nothing where a plan does nothing.
func (a *app) reviewPlan(ctx context.Context, s *store.Store, plan transfer.Plan, records []faq.Record) (eval.Findings, error) {
	if plan.Empty() {
		return eval.NoFindings(), nil
	}
	return a.review(ctx, s, draftOf(plan, records))
}

// asServed is a text as if it were published.
func asServed(e faq.Entry) faq.Change {
	return faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Status: faq.Published, Content: e}}
}

// mostShown are printed of either list; an import of a large FAQ is not drowned in them.
const mostShown = 20

// showReview prints a review: what somebody has to decide is marked, and comes first.
func (a *app) showReview(f eval.Findings) {
	out := a.std.err
	mark := map[bool]string{true: "decide", false: "warning"}
	for _, w := range f.List[:min(len(f.List), mostShown)] {
		fmt.Fprintf(out, "%s: %s: %s\n", mark[w.Asks], w.Entry, strings.TrimSpace(w.Place+" "+w.Text))
	}
	if more := len(f.List) - mostShown; more > 0 {
		fmt.Fprintf(out, "… and %s\n", counted(more, "more warning", "more warnings"))
	}
	if f.Uncompared > 0 {
		fmt.Fprintf(out, "… and %s not compared with the other entries: there are too many at once\n", counted(f.Uncompared, "way to ask is", "ways to ask are"))
	}
	a.showBroken(f)
	if len(f.Changed) == 0 {
		return
	}
	fmt.Fprintf(out, "Of %s that customers asked, %d would be decided otherwise:\n", counted(f.Questions, "question", "questions"), len(f.Changed))
	for _, c := range f.Changed[:min(len(f.Changed), mostShown)] {
		fmt.Fprintf(out, "%s%s\n", map[bool]string{true: "decide: ", false: "  "}[c.Asks], c)
	}
	if more := len(f.Changed) - mostShown; more > 0 {
		fmt.Fprintf(out, "… and %s\n", counted(more, "more question", "more questions"))
	}
}

// showBroken prints questions of the test set that would not find their entry any more.
func (a *app) showBroken(f eval.Findings) {
	if len(f.Broken) == 0 {
		return
	}
	fmt.Fprintf(a.std.err, "Of %s with a known answer, %d would lose it or get a wrong one:\n", counted(f.Known, "question", "questions"), len(f.Broken))
	for _, b := range f.Broken[:min(len(f.Broken), mostShown)] {
		fmt.Fprintf(a.std.err, "decide: %s\n", b)
	}
	if more := len(f.Broken) - mostShown; more > 0 {
		fmt.Fprintf(a.std.err, "… and %s\n", counted(more, "more question", "more questions"))
	}
}

// declined says that nothing was published, because somebody has to say that it is meant so.
type declined struct{ text string }

// Error implements error.
func (e *declined) Error() string { return e.text }

// agree asks whether to publish where a review has something to decide. The answer is a declined error, or none.
func (a *app) agree(ctx context.Context, f eval.Findings, c consent) error {
	return a.agreeTo(ctx, f, c, "Publish?", "nothing was published")
}

// agreeTo asks in other words, and says in others what did not happen.
func (a *app) agreeTo(ctx context.Context, f eval.Findings, c consent, ask, refused string) error {
	if c.Yes || f.Asks() == 0 {
		return nil
	}
	return a.confirm(ctx, f, ask, refused)
}

// confirm asks whoever is at the terminal; where nobody is, it says what is to decide on, and how.
func (a *app) confirm(ctx context.Context, f eval.Findings, ask, refused string) error {
	file, ok := a.std.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		if n := f.Asks(); n > 0 {
			refused += fmt.Sprintf(": %s to decide on; if it is meant so, say --yes", counted(n, "thing is", "things are"))
		} else {
			refused += ": nobody is at a terminal to be asked; if it is meant so, say --yes"
		}
		return &declined{refused}
	}
	fmt.Fprintf(a.std.err, "%s [y/N] ", ask)
	answer, err := readLine(ctx, file)
	if err != nil {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer == "y" || answer == "yes" {
		return nil
	}
	return &declined{refused}
}

// readLine does not outlast Ctrl-C, though the read that it leaves behind lasts as long as the process.
func readLine(ctx context.Context, file *os.File) (string, error) {
	read := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(file).ReadString('\n') // the end of the input is no yes
		read <- line
	}()
	select {
	case line := <-read:
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
