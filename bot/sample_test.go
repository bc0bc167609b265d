package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// atDesk has a member of staff do something, and returns what is shown for it.
func (h *history) atDesk(kind channel.Kind, body string) channel.Message {
	h.t.Helper()
	h.wait(2 * time.Second)
	h.shown = nil
	e := h.office.EventAt(hall, "ben", kind, body)
	if kind == channel.Command {
		e.Command, e.Body = body, ""
	}
	h.handle(e)
	if len(h.shown) != 1 {
		h.t.Fatalf("%d messages are shown: %+v", len(h.shown), h.shown)
	}
	return h.shown[0]
}

// asks is a customer who writes.
func (h *history) asks(customer, text string) {
	h.t.Helper()
	h.wait(time.Minute)
	h.handle(h.customers.Event(customer, channel.Text, text))
}

// TestDesk_Sample has staff look at the answers of last week, one after another: what they say is in the figures of that week, and learnt from.
func TestDesk_Sample(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		h := newHistory(t, settings, time.Date(2026, 10, 21, 9, 0, 0, 0, madrid(t)), 1)
		if m := h.atDesk(channel.Command, "sample"); !strings.Contains(m.Content.PlainText(), "From 2026-10-12 to 2026-10-18 there is no answer") {
			t.Errorf("in the first week it says %q", m.Content.PlainText())
		}
		for i := range 30 { // 26 answers to what was asked in own words, of 25 people
			h.asks(fmt.Sprint("ann", i), fmt.Sprint([]string{"alpha", "alpha", "alpha", "alpha", "alpha", "zebra"}[i%6], " number ", i, ", write to ann@example.com @staff?"))
		}
		h.asks("ann0", "alpha once more, number 31, or ann@example.com?")
		h.asks("zoe", "hello") // who presses on a question has not asked it in words of their own
		listed := h.last("zoe", func(b channel.Button) bool { return b.Label == "What is one?" })
		h.handle(h.customers.Event("zoe", channel.Press, listed))
		if pressed := h.store.log[len(h.store.log)-1].turn.Outcomes; len(pressed) != 1 || pressed[0].Kind != bot.Answered {
			t.Errorf("pressing on a question came to %+v", pressed)
		}
		h.wait(6 * 24 * time.Hour) // Tuesday

		judged := map[insight.Verdict]int{}
		m := h.atDesk(channel.Command, "sample")
		for i := range insight.SampleSize {
			text := m.Content.PlainText()
			if want := fmt.Sprintf("%d of 20, from 2026-10-19 to 2026-10-25", i+1); !strings.Contains(text, want) || !strings.Contains(text, "What is one?\nIt is one.") {
				t.Fatalf("it shows %q, want %q in it", text, want)
			}
			if strings.Contains(text, "ann@example.com") || strings.Contains(text, " @staff") || !strings.Contains(text, "alpha") {
				t.Errorf("of the question it shows %q", text)
			}
			if got := strings.Join(labels(m), "|"); got != "Right|Wrong|Skip" {
				t.Fatalf("the buttons are %s", got)
			}
			if i == 7 { // somebody else begins where this one is
				if again := h.atDesk(channel.Command, "sample"); again.Content.PlainText() != text {
					t.Errorf("asked anew it shows %q", again.Content.PlainText())
				}
			}
			verdict := map[int]insight.Verdict{3: insight.RatedWrong, 11: insight.RatedWrong, 12: insight.RatedSkip}[i]
			if verdict == "" {
				verdict = insight.RatedRight
			}
			judged[verdict]++
			button := map[insight.Verdict]int{insight.RatedRight: 0, insight.RatedWrong: 1, insight.RatedSkip: 2}[verdict]
			m = h.atDesk(channel.Press, m.Buttons[button].Action)
		}
		if text := m.Content.PlainText(); !strings.Contains(text, "of the 19 answers that somebody could judge, 2 were wrong") {
			t.Errorf("at the end it says %q", text)
		}
		h.wantRated(19, 2)
		verdicts, err := h.store.Judged(t.Context(), time.Time{}, 100)
		if err != nil || len(verdicts) != 19 {
			t.Fatalf("%d verdicts are kept, %v", len(verdicts), err)
		}
		for _, j := range verdicts {
			judged[insight.Verdict(j.Verdict)]--
			if j.Source != eval.Staff || j.Entry != "one" || j.Person == "" || !j.Masked || strings.Contains(j.Utterance, "ann@") || j.ID != j.Identity() {
				t.Errorf("a verdict is %+v", j)
			}
		}
		if judged[insight.RatedRight] != 0 || judged[insight.RatedWrong] != 0 {
			t.Errorf("verdicts that are not as they were given: %v", judged)
		}
		if popular := h.atDesk(channel.Command, "sample"); !strings.Contains(popular.Content.PlainText(), "2 were wrong") {
			t.Errorf("asked anew it says %q", popular.Content.PlainText())
		}

		// Who is forgotten is not shown any more, and what was said of the answers to them stays counted.
		for i := range 30 {
			if _, err := h.store.Erase(t.Context(), "memory", channel.PersonID(fmt.Sprint("ann", i))); err != nil {
				t.Fatal(err)
			}
		}
		h.wantRated(19, 2)
		if m := h.atDesk(channel.Command, "sample"); !strings.Contains(m.Content.PlainText(), "there is no answer") {
			t.Errorf("of who is forgotten it shows %q", m.Content.PlainText())
		}
	})
}

// wantRated looks at the figure of the week.
func (h *history) wantRated(rated, wrong int) {
	h.t.Helper()
	r, err := insight.NewReport(h.t.Context(), h.store, insight.WeekOf(time.Date(2026, 10, 21, 12, 0, 0, 0, h.clock.Location())), h.clock)
	if err != nil {
		h.t.Fatal(err)
	}
	want := fmt.Sprintf("%v: %d of %d", float64(wrong)/float64(rated), wrong, rated)
	if got := shownBy(r, "count", "value", "part", "whole")["wrong_sampled"]; got != want {
		h.t.Errorf("the figure is %s, want %s", got, want)
	}
}
