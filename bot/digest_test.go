package bot_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge/insight"

	"github.com/google/go-cmp/cmp"
)

var digestWeek = insight.WeekOf(time.Date(2026, 11, 11, 12, 0, 0, 0, time.UTC))

// fullDigest is one of a week with all that a digest can tell.
func fullDigest() insight.Digest {
	d := insight.Digest{Week: digestWeek, Closed: []insight.Gap{{ID: 3}, {ID: 8}}}
	d.Weeks[0] = insight.Fared{Conversations: 61, Asked: 52, Counts: insight.Counts{Questions: 80, FellBack: 10}, Buckets: map[insight.Bucket]int{
		insight.Confirmed: 21, insight.Silent: 2, insight.Unsettled: 17, insight.HandedOffSolved: 6, insight.HandedOffOpen: 3, insight.GivenUp: 5}}
	d.Weeks[1] = insight.Fared{Conversations: 44, Asked: 43, Counts: insight.Counts{Questions: 60, FellBack: 20}, Buckets: map[insight.Bucket]int{
		insight.Confirmed: 18, insight.Silent: 14, insight.HandedOffSolved: 8, insight.GivenUp: 4}}
	for i, people := range []int{14, 9, 7, 4, 13} {
		d.ToMend = append(d.ToMend, insight.Weighed{Gap: insight.Gap{ID: insight.GroupID(11 + i), Title: "Do you *wrap* gifts?"},
			Numbers: insight.Numbers{Week: people, Before: [4]int{7, 7, 7, 7}}})
	}
	d.ToMend[4].Numbers.Before = [4]int{1, 0, 0, 0}
	d.Rising = &d.ToMend[4]
	return d
}

// planned is what the owner is told of a digest in a language.
func planned(t *testing.T, d insight.Digest, language faq.Language) []bot.Outgoing {
	t.Helper()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	s := bot.Situation{Event: channel.Event{Address: channel.Address{Network: "memory", Chat: "owner", Private: true}}}
	s.Limits = channel.Limits{Text: 2000, Buttons: 25, Label: 80, Measure: channel.CountVisible}
	return bot.PlanDigest(s, d, texts.In(language)).Messages
}

func TestPlanDigest(t *testing.T) {
	t.Parallel()
	messages := planned(t, fullDigest(), "en")
	if len(messages) != 2 {
		t.Fatalf("%d messages: %+v", len(messages), messages)
	}
	want := strings.Join([]string{
		"Hello! This was the week from 2026-11-09 to 2026-11-15; in brackets the week before.",
		"Conversations with a question: 52 (43).",
		"Confirmed as helped: 21 (18). Handed to your team: 9 (8). Given up: 5 (4).",
		"Silent, so that nobody knows whether it helped: 2 (14). Too early to tell: 17.",
		"Questions for which something was found: 88 % (67 %).",
		"What went unanswered, what to mend first on top – by how many people asked:",
		"#11 · 14 (7) ↑ · Do you *wrap* gifts?",
		"#12 · 9 (7) → · Do you *wrap* gifts?",
		"#13 · 7 (7) → · Do you *wrap* gifts?",
		"#14 · 4 (7) ↓ · Do you *wrap* gifts?",
		"Rises most: #15 “Do you *wrap* gifts?”, 13 (1).",
		"Gaps closed in the week: 2 (#3, #8). Thank you!",
	}, "\n")
	if diff := cmp.Diff(want, messages[0].Message.Content.PlainText()); diff != "" {
		t.Errorf("the digest (-want +got):\n%s", diff)
	}
	if got := labels(messages[0].Message); !cmp.Equal(got, []string{"#11", "#12", "#13", "#14", "#15"}) {
		t.Errorf("the buttons are %q", got)
	}
	files := messages[1].Message.Attachments
	if len(files) != 2 || files[0].Media != channel.Photo || files[0].Type != "image/png" || files[1].Media != channel.File || files[1].Type != "text/markdown" {
		t.Errorf("the files are %+v", files)
	}
	for i, kind := range []string{"png", "md"} {
		if week, got, ok := bot.ReportOf(files[i].Ref, time.UTC); !ok || week != digestWeek || got != kind || files[i].Network != bot.ReportNetwork {
			t.Errorf("%+v stands for %v, %q", files[i], week, got)
		}
	}
}

// TestPlanDigest_InEveryLanguage: all of it is said, and fits under a picture and into a screen.
func TestPlanDigest_InEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range []faq.Language{"en", "de", "es", "fr", "pt", "ru", "ar", "hi"} {
		messages := planned(t, fullDigest(), language)
		text := messages[0].Message.Content.PlainText()
		for _, number := range []string{"52", "43", "21", "18", "88 %", "67 %", "#11", "#15", "#3, #8", "2026-11-09"} {
			if !strings.Contains(text, number) {
				t.Errorf("%s: %q is not in\n%s", language, number, text)
			}
		}
		if lines := strings.Count(text, "\n") + 1; lines != 12 || strings.Contains(text, "desk_") || strings.Contains(text, "<no value>") {
			t.Errorf("%s: %d lines:\n%s", language, lines, text)
		}
		if caption := messages[1].Message.Content.PlainText(); len([]rune(caption)) > 400 || strings.Contains(caption, "desk_") {
			t.Errorf("%s: under the picture stands %q", language, caption)
		}
	}
}

func TestPlanDigest_OfLittle(t *testing.T) {
	t.Parallel()
	quiet := insight.Digest{Week: digestWeek}
	if messages := planned(t, quiet, "en"); len(messages) != 0 {
		t.Errorf("of nothing it is said %+v", messages)
	}
	quiet.Weeks[1] = insight.Fared{Conversations: 2, Asked: 1, Counts: insight.Counts{Questions: 1}, Buckets: map[insight.Bucket]int{insight.Silent: 1}}
	text := planned(t, quiet, "en")[0].Message.Content.PlainText()
	for _, want := range []string{"Conversations with a question: 0 (1).", "0 (1). Too early", "No gap is open: well done!"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "found") || strings.Contains(text, "Rises") || strings.Contains(text, "closed") {
		t.Errorf("more than there is to say:\n%s", text)
	}
}

// TestEngine_DigestTooLate: what waited for a network that was off is not told any more after two days.
func TestEngine_DigestTooLate(t *testing.T) {
	t.Parallel()
	b := lacking(t)
	week := insight.WeekOf(time.Now().UTC())
	late, timely := b.office.Private("late"), b.office.Private("timely")
	for _, told := range []struct {
		to  channel.Address
		age time.Duration
	}{{late, bot.DigestLate + time.Minute}, {timely, bot.DigestLate - time.Minute}} {
		e := channel.Event{ID: channel.EventID("digest of " + told.to.Chat), Kind: channel.Due, Command: string(bot.NoticeDigest), Body: week.From.Format(time.DateOnly),
			At: time.Now().Add(-told.age), Addressed: true, Address: told.to}
		if err := b.engine.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	b.shownAt(timely, "This was the week", "#1 · 8 (0) ↑ · Do you wrap gifts?")
	b.shownAt(timely, "The picture:")
	if got := b.office.ShownAt(late); len(got) > 0 {
		t.Errorf("after two days it is said %+v", got)
	}
}
