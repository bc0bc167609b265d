package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"faqbot/bot/store"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

type gapsCommand struct {
	List   gapsList   `cmd:"" help:"List what customers asked and nothing answers, what to mend first at the top."`
	Show   gapsShow   `cmd:"" help:"Show one gap: its questions, its numbers, the entries that are nearest."`
	Add    gapsAdd    `cmd:"" help:"Give an entry the ways to ask of a gap, and close it with that."`
	Write  gapsWrite  `cmd:"" help:"Write a new entry for a gap, and close it with that."`
	Set    gapsSet    `cmd:"" help:"Say what is decided about a gap: its status, owner, due day, area, what was done."`
	Rename gapsRename `cmd:"" help:"Give a gap a title that stays."`
	Merge  gapsMerge  `cmd:"" help:"Make one gap a part of another: they mean the same."`
	Split  gapsSplit  `cmd:"" help:"Take questions out of a gap into a new one: they mean something else."`
	Move   gapsMove   `cmd:"" help:"Bring questions from one gap to another."`
}

type gapsList struct {
	Status string `help:"Only those of this status: new, planned, answered, product or dismissed. Without it, those that are open and were asked for in the last five weeks."`
	Limit  int    `default:"30" help:"How many are listed."`
	JSON   bool   `help:"Print JSON."`
}

// Help implements kong's help.
func (gapsList) Help() string {
	return "The order is by people of the last five weeks times growth, and a person more for each quarter of an hour that your team spent.\n" +
		"Growth is this week's people over the mean of the four weeks before, each with one more; 3 at most.\n\nExamples:\n  faqbot gaps list\n  faqbot gaps list --status product --json"
}

// Run lists.
func (c *gapsList) Run(ctx context.Context, a *app) error {
	status := insight.GapStatus(c.Status)
	if status != "" && !slices.Contains(insight.GapStatuses, status) {
		return &usageError{fmt.Sprintf("--status: “%s” is none; there are new, planned, answered, product and dismissed", c.Status)}
	}
	if c.Limit < 1 {
		return &usageError{"--limit: write 1 or more"}
	}
	return a.withGaps(ctx, func(s *store.Store) error {
		list, err := c.find(ctx, s, status)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(append([]insight.Weighed{}, list...)) // none is a list too
		}
		w := tabwriter.NewWriter(a.std.out, 0, 4, 2, ' ', 0)
		if len(list) > 0 {
			fmt.Fprintln(w, "GAP\tSTATUS\tWEEK\tBEFORE\tPEOPLE\tMINUTES\tTITLE")
		} else {
			fmt.Fprintln(a.std.err, c.none())
		}
		for _, v := range list {
			fmt.Fprintf(w, "%d\t%s\t%d\t%d\t%d\t%d\t%s\n", v.Gap.ID, v.Gap.State, v.Numbers.Week, v.Numbers.Before[0], v.Numbers.People, v.Numbers.Minutes, cutLine(v.Gap.Title))
		}
		return w.Flush()
	})
}

func (c *gapsList) find(ctx context.Context, s *store.Store, status insight.GapStatus) ([]insight.Weighed, error) {
	if status == "" {
		return insight.ToMend(ctx, s, time.Now(), c.Limit)
	}
	gaps, err := s.Gaps(ctx, status, c.Limit)
	if err != nil {
		return nil, err
	}
	return insight.Weigh(ctx, s, time.Now(), gaps)
}

// none says why nothing is listed.
func (c *gapsList) none() string {
	if c.Status != "" {
		return fmt.Sprintf("No gap is “%s”. “faqbot gaps list” shows those that are open.", c.Status)
	}
	return "No gap is open: nothing was asked in vain in the last five weeks, or all of it is decided about. What customers ask and nothing answers is put " +
		"here by itself, beside what means the same."
}

// plainLine is a text of strangers on one line, without what a terminal would act on.
func plainLine(text string) string { return insight.Words(text).String() }

// titleWidth is how many characters of a title are listed.
const titleWidth = 80

// cutLine is the beginning of such a text, for a table.
func cutLine(text string) string {
	runes := []rune(plainLine(text))
	if len(runes) <= titleWidth {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:titleWidth-1])) + "…"
}

type gapsShow struct {
	Gap  insight.GroupID `arg:"" help:"The gap's number."`
	JSON bool            `help:"Print JSON."`
}

// Help implements kong's help.
func (gapsShow) Help() string { return "Example: faqbot gaps show 12" }

// shownMisses is how many questions of a gap are shown.
const shownMisses = 50

// gapShown is a gap with all that is known of it.
type gapShown struct {
	insight.Weighed
	Near      []insight.Candidate `json:"near"`
	Languages []string            `json:"languages"`
	Networks  []string            `json:"networks"`
	Misses    []insight.Miss      `json:"misses"`
}

// Run shows.
func (c *gapsShow) Run(ctx context.Context, a *app) error {
	return a.withGaps(ctx, func(s *store.Store) error {
		v, err := c.find(ctx, s)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(v)
		}
		return c.print(a, v)
	})
}

func (c *gapsShow) find(ctx context.Context, s *store.Store) (gapShown, error) {
	var v gapShown
	var err error
	if v.Gap, err = s.Gap(ctx, c.Gap); err != nil {
		return v, err
	}
	numbers, err := s.Numbers(ctx, time.Now(), v.Gap.ID)
	if err != nil {
		return v, err
	}
	v.Numbers = numbers[v.Gap.ID]
	if v.Misses, err = s.MissesOf(ctx, v.Gap.ID, 500); err != nil {
		return v, err
	}
	v.Near = insight.Nearest(v.Misses, 5)
	for _, m := range v.Misses {
		if l := string(m.Language); !slices.Contains(v.Languages, l) {
			v.Languages = append(v.Languages, l)
		}
		if !slices.Contains(v.Networks, m.Network) {
			v.Networks = append(v.Networks, m.Network)
		}
	}
	v.Misses = v.Misses[:min(len(v.Misses), shownMisses)]
	return v, nil
}

func (c *gapsShow) print(a *app, v gapShown) error {
	g, n := v.Gap, v.Numbers
	out := a.std.out
	fmt.Fprintf(out, "%d  %s\n", g.ID, plainLine(g.Title))
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fact := func(name, value string) {
		if value = plainLine(value); value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	fact("status", string(g.State))
	fact("people", fmt.Sprintf("%d in all, %d this week, before that %v", n.People, n.Week, n.Before))
	fact("asked", fmt.Sprintf("%s – %s", a.day(n.FirstAt), a.day(n.LastAt)))
	fact("team", fmt.Sprintf("%d minutes in five weeks", n.Minutes))
	fact("languages", strings.Join(v.Languages, ", "))
	fact("networks", strings.Join(v.Networks, ", "))
	fact("owner", g.Owner)
	fact("due", string(g.Due))
	fact("area", g.Area)
	fact("entry", string(g.Entry))
	fact("matter", string(g.Matter))
	fact("done", g.Done)
	fact("reason", g.Reason)
	for _, note := range g.Notes {
		fact("note", fmt.Sprintf("%s, %s: %s", a.day(note.At), note.By, note.Text))
	}
	for _, near := range v.Near {
		fact("near", fmt.Sprintf("%s (%.0f %%)", near.Entry, 100*near.Confidence))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, m := range v.Misses {
		fmt.Fprintf(out, "  %s  %s  %s  %s\n", m.ID, a.day(m.At), m.Reason, plainLine(m.Utterance))
	}
	return nil
}

// day is a day on the clock of the business; empty is none.
func (a *app) day(t time.Time) string {
	if t.IsZero() || t.Unix() == 0 {
		return ""
	}
	return t.In(a.checked.location).Format(time.DateOnly)
}

// gapsSet has pointers where an empty text means to have none from now on.
type gapsSet struct {
	Gap    insight.GroupID `arg:"" help:"The gap's number."`
	Status string          `help:"new, planned, answered (with --entry), product (with --matter) or dismissed (with --reason)."`
	Entry  *string         `help:"The entry that answers it."`
	Matter *string         `help:"What a product issue is about: product, feature, price or delivery."`
	Reason *string         `help:"Why it is dismissed."`
	Done   *string         `help:"What was done about it."`
	Owner  *string         `help:"Who looks after it."`
	Due    *string         `help:"By which day, as 2006-01-02."`
	Area   *string         `help:"The part of the product or of the business that it is about."`
	Note   string          `help:"A note to add."`
}

// Help implements kong's help.
func (gapsSet) Help() string {
	return "An empty text takes away what was there: --owner \"\".\n\nExamples:\n  faqbot gaps set 12 --status planned --owner Ada --due 2030-01-31\n  faqbot gaps set 12 --status product --matter delivery --area checkout\n" +
		"  faqbot gaps set 12 --done \"the shop says so beside the price now\"\n  faqbot gaps set 12 --status dismissed --reason \"not our trade\""
}

// Run changes a gap.
func (c *gapsSet) Run(ctx context.Context, a *app) error {
	return a.withStore(ctx, func(s *store.Store) error {
		g, err := s.Gap(ctx, c.Gap)
		if err != nil {
			return err
		}
		before := g.State
		if c.Status != "" {
			g = g.Move(insight.GapStatus(c.Status), time.Now())
		}
		c.change(&g, a.checked.masker.Mask)
		if g.State == insight.GapProduct && g.Matter == "" {
			return fault.New(fault.Invalid, "status: say with --matter what the product issue is about: product, feature, price or delivery")
		}
		if g.State == insight.GapAnswered && (before != insight.GapAnswered || c.Entry != nil) {
			if r, err := s.Find(ctx, g.Entry); err != nil || r.Live == nil {
				return fault.New(fault.Invalid, "--entry: there is no published entry “%s”", g.Entry)
			}
		}
		if err := s.SaveGap(ctx, g); err != nil {
			return err
		}
		fmt.Fprintf(a.std.out, "%d: %s\n", g.ID, g.State)
		return nil
	})
}

// change writes into a gap what is given; what is not given stays.
func (c *gapsSet) change(g *insight.Gap, mask func(string) string) {
	given(&g.Entry, c.Entry, keep)
	given(&g.Matter, c.Matter, keep)
	given(&g.Due, c.Due, keep)
	given(&g.Owner, c.Owner, keep)
	given(&g.Area, c.Area, mask)
	given(&g.Done, c.Done, mask)
	given(&g.Reason, c.Reason, mask)
	if c.Note != "" {
		g.Notes = append(g.Notes, insight.Note{By: who(), At: time.Now(), Text: mask(c.Note)})
	}
}

func keep(text string) string { return text }

// given sets a text where there is one, an empty one too.
func given[T ~string](into *T, text *string, mask func(string) string) {
	if text != nil {
		*into = T(mask(*text))
	}
}
