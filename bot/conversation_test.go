package bot_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// said is something that a customer writes, in a state of the conversation, with what must come of it.
type said struct {
	language faq.Language
	// must is a move, or "question", "upset", "calm", "urgent" or "unhurried".
	must string
	// state is "fresh", "answered", "offered" (a list of entries) or "waiting" (for a person).
	state, text string
}

// sayings reads the cases of every language.
func sayings(t *testing.T, folder string) []said {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil || len(files) != 8 {
		t.Fatalf("%s has cases in %d languages, want 8 (%v)", folder, len(files), err)
	}
	var out []said
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, row := range rows[1:] {
			out = append(out, said{faq.Language(strings.TrimSuffix(filepath.Base(file), ".csv")), row[0], row[1], row[2]})
		}
	}
	return out
}

// outcomes are what the figures must say of a move in a state.
var outcomes = map[string]bot.OutcomeKind{
	"greeting fresh": bot.SmallTalk, "thanks answered": bot.SmallTalk, "bye answered": bot.SmallTalk, "identity fresh": bot.SmallTalk,
	"rejection answered": bot.NotMeant, "rejection offered": bot.Refused, "helped answered": bot.Helped, "person fresh": bot.HandedOff,
	"no_person fresh": bot.SmallTalk, "withdrawal waiting": bot.TookBack, "question fresh": bot.FellBack,
}

// listener understands what is said as the engine does, in front of a FAQ that has no answer.
type listener struct {
	lexicon *bot.Lexicon
	texts   *bot.Texts
}

// misread tells what was made of a case that is not what must be; empty where it is read well.
func (l listener) misread(c said) string {
	move, upset, urgent := l.lexicon.Move(c.text), l.lexicon.Upset(c.text), l.lexicon.Urgent(c.text)
	switch c.must {
	case "upset", "calm":
		return differs(c.must == "upset", upset, "upset")
	case "urgent", "unhurried":
		return differs(c.must == "urgent", urgent, "urgent")
	case "question":
		if move != bot.NoMove {
			return string(move)
		}
	default:
		if move != bot.Move(c.must) && !sameMove[c.must][move] {
			return fmt.Sprintf("move %q", move)
		}
	}
	turn := bot.Plan(situation(c), reading(c, move, upset, urgent), bot.Policy{Business: "Test & Sons", Language: "en"}, l.texts)
	kinds := []bot.OutcomeKind{}
	for _, o := range turn.Outcomes {
		kinds = append(kinds, o.Kind)
	}
	if want := outcomes[c.must+" "+c.state]; len(kinds) != 1 || kinds[0] != want {
		return fmt.Sprintf("move %q but outcomes %v, want %s", move, kinds, want)
	}
	return ""
}

// sameMove are moves that come to the same in the state of the cases: who never wanted a person and who wants none any more, say.
var sameMove = map[string]map[bot.Move]bool{
	"no_person": {bot.TakesBack: true}, "withdrawal": {bot.RefusesHelp: true, bot.Solves: true}, "helped": {bot.Solves: true},
}

func differs(want, got bool, what string) string {
	if want == got {
		return ""
	}
	return fmt.Sprintf("%s %v", what, got)
}

func reading(c said, move bot.Move, upset, urgent bool) bot.Reading {
	r := bot.Reading{Text: c.text, Move: move, Upset: upset, Urgent: urgent, Others: map[faq.EntryID]*faq.Entry{"other": {ID: "other", Question: "Another question?"}}}
	if move != bot.WantsHelp {
		r.Decisions = []knowledge.Decision{{Utterance: c.text, Kind: knowledge.Fallback}}
	}
	return r
}

// situation is a conversation in the state of a case.
func situation(c said) bot.Situation {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	address := channel.Address{Network: "memory", Chat: "c", Private: true}
	s := bot.Situation{
		Event:        channel.Event{Kind: channel.Text, Address: address, Body: c.text, Addressed: true, At: now},
		Surroundings: bot.Surroundings{Limits: channel.Limits{Text: 4000, Buttons: 10, Label: 60}}, Fresh: bot.Fresh{Seed: "aaaaaaaaaaaaaaaa", Number: 2}, Now: now,
	}
	s.Conversation = bot.Conversation{ID: "x", Version: 1, LastAt: now.Add(-time.Minute), Address: address, Profile: bot.Profile{Greeted: true}}
	asked := bot.Asked{Utterance: "how long does delivery take", At: now.Add(-time.Minute), Candidates: []insight.Candidate{{Entry: "other", Confidence: 0.2}}}
	switch c.state {
	case "answered":
		asked.Entry = "delivery"
		s.Conversation.State.Asked = asked
	case "offered":
		asked.Offered = true
		s.Conversation.State.Asked = asked
	case "waiting":
		s.Ticket = &handoff.Ticket{ID: "t", Number: 1, Status: handoff.Open, Matter: handoff.Matter{Question: "my parcel"}, Version: 1}
	}
	return s
}

// rates are how many cases of a kind in a language are read well.
type rates map[string]map[faq.Language][2]int

func (r rates) add(c said, well bool) {
	for _, kind := range []string{c.must, "all"} {
		if r[kind] == nil {
			r[kind] = map[faq.Language][2]int{}
		}
		n := r[kind][c.language]
		n[1]++
		if well {
			n[0]++
		}
		r[kind][c.language] = n
	}
}

var kinds = []string{"greeting", "thanks", "bye", "rejection", "helped", "upset", "calm", "urgent", "unhurried", "person", "no_person", "withdrawal", "identity", "question", "all"}

func (r rates) String() string {
	languages := []faq.Language{"en", "es", "de", "fr", "pt", "ru", "ar", "hi"}
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s", "read well")
	for _, l := range languages {
		fmt.Fprintf(&b, " %8s", l)
	}
	for _, kind := range kinds {
		fmt.Fprintf(&b, "\n%-12s", kind)
		for _, l := range languages {
			n := r[kind][l]
			fmt.Fprintf(&b, " %8s", fmt.Sprintf("%d/%d", n[0], n[1]))
		}
	}
	return b.String() + "\n"
}

// sets are the cases by how they were used: words and rules were mended with those whose misread cases are shown. The second was written with the
// first, the third before what was mended with the fourth, and both are left alone: they tell what the others cannot.
var sets = []struct {
	name, folder string
	shown        bool
}{
	{"mended with", ".", true}, {"written before the mending, not mended with", "held", false},
	{"written after the mending, not mended with", "late", false}, {"written before the second mending, mended with", "fresh", true},
}

// TestConversation_Report holds the figures of every set, and what is misread of those that were mended with, in a file: a change is seen in its diff.
func TestConversation_Report(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	l := listener{lexicon: newLexicon(t), texts: texts}
	var b strings.Builder
	for _, set := range sets {
		r, misread := rates{}, []string{}
		for _, c := range sayings(t, filepath.Join("testdata", "conversation", set.folder)) {
			wrong := l.misread(c)
			r.add(c, wrong == "")
			if wrong != "" && set.shown {
				misread = append(misread, fmt.Sprintf("misread: %s, %s, %s: %q is %s", c.language, c.must, c.state, c.text, wrong))
			}
		}
		fmt.Fprintf(&b, "# %s\n%s%s\n", set.name, r, strings.Join(append(misread, ""), "\n"))
	}
	golden := filepath.Join("testdata", "conversation", "report.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("what is read well has changed (-update accepts it):\n%s", diff)
	}
}
