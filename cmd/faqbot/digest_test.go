package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/telegram/telegramtest"
	"faqbot/knowledge/insight"
)

func TestParseDigestTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]digestTime{
		"monday 09:00": {day: time.Monday, hour: 9}, "Fri  17:30": {day: time.Friday, hour: 17, minute: 30}, "SUNDAY 0:00": {day: time.Sunday}, "off": {off: true}, " Off ": {off: true},
	} {
		if got, err := parseDigestTime(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "monday", "09:00", "monday 9", "monday 24:00", "moonday 09:00", "m 09:00", "monday 09:00 sharp", "off 09:00"} {
		if got, err := parseDigestTime(text); err == nil {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

// TestDigestTime_Last: a digest is due from its hour on, where the business is, for two days.
func TestDigestTime_Last(t *testing.T) {
	t.Parallel()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	nine := digestTime{day: time.Monday, hour: 9}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 10, day, hour, minute, 0, 0, madrid) }
	for _, c := range []struct {
		what string
		now  time.Time
		due  time.Time // zero is none
	}{
		{"a minute before", at(26, 8, 59), time.Time{}},
		{"at nine, the day after clocks were put back", at(26, 9, 0), at(26, 9, 0)},
		{"in the evening", at(26, 22, 0), at(26, 9, 0)},
		{"back on Wednesday early", at(28, 8, 59), at(26, 9, 0)},
		{"back on Wednesday too late", at(28, 9, 0), time.Time{}},
		{"on Sunday", at(25, 12, 0), time.Time{}},
	} {
		if due, ok := nine.last(c.now); ok != !c.due.IsZero() || ok && !due.Equal(c.due) {
			t.Errorf("%s: %v, %v", c.what, due, ok)
		}
	}
	if next := nine.next(at(26, 9, 0)); !next.Equal(time.Date(2026, 11, 2, 9, 0, 0, 0, madrid)) {
		t.Errorf("the next one is %v", next)
	}
	if _, ok := (digestTime{off: true}).last(at(26, 10, 0)); ok {
		t.Error("it is off, and due")
	}
}

// owned is a store with owners who have been so since a moment, for a bot that is started with flags.
func owned(t *testing.T, data string, since time.Time, flags ...string) *system {
	t.Helper()
	a := &app{settings: parseSettings(t, append(flags, "--data-dir", data)...), std: streams{strings.NewReader(""), io.Discard, io.Discard}}
	var err error
	if a.checked, err = a.settings.check(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	known, err := s.Desks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []handoff.DeskID{"ada", "ben"} {
		if len(known) > 0 {
			break // they were before a restart
		}
		d := handoff.Desk{ID: id, Owner: true, BoundAt: since, Address: channel.Address{Network: "test", Chat: channel.ChatID(id), Private: true}}
		e := channel.Event{ID: channel.EventID("bind " + id), Kind: channel.Text, Address: d.Address}
		if err := s.Commit(t.Context(), e, bot.Turn{TeamChange: bot.TeamChange{Desks: []handoff.Desk{d}}}); err != nil {
			t.Fatal(err)
		}
	}
	return &system{app: a, store: s, logger: a.logger()}
}

// told are the digests that are to be planned, and plans them.
func told(t *testing.T, s *store.Store, now time.Time) (weeks []string) {
	t.Helper()
	events, err := s.Deferred(t.Context(), "test", now, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		weeks = append(weeks, fmt.Sprint(e.Address.Chat, " ", e.Body))
		if e.Kind != channel.Due || e.Command != string(bot.NoticeDigest) {
			t.Errorf("the event is %+v", e)
		}
		if err := s.Commit(t.Context(), e, bot.Turn{}); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(weeks)
	return weeks
}

// TestTellWeek_Once: each owner is told of each week once, whatever is started, stopped and set otherwise meanwhile; what was missed for long is left out.
func TestTellWeek_Once(t *testing.T) {
	t.Parallel()
	data := newData(t)
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		what string
		now  time.Time
		when string
		want []string
	}{
		{"before nine", monday.Add(-time.Minute), "monday 09:00", nil},
		{"at nine", monday.Add(time.Second), "monday 09:00", []string{"ada 2026-11-09", "ben 2026-11-09"}},
		{"a minute later", monday.Add(time.Minute), "monday 09:00", nil},
		{"just before two days later", monday.Add(48*time.Hour - time.Second), "monday 09:00", nil},
		{"another day was set, which comes once more in that week", monday.AddDate(0, 0, 4).Add(time.Hour), "friday 09:00", nil},
		{"back on Tuesday of the next week", monday.AddDate(0, 0, 8), "monday 09:00", []string{"ada 2026-11-16", "ben 2026-11-16"}},
		{"back on Thursday of the week after that", monday.AddDate(0, 0, 17), "monday 09:00", nil},
		{"off", monday.AddDate(0, 0, 21), "off", nil},
	} {
		s := owned(t, data, monday.AddDate(0, 0, -10), "--digest", step.when)
		for range 2 { // two replicas, one after the other
			if err := s.tellWeek(t.Context(), step.now); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
		}
		if got := told(t, s.store, step.now); !slices.Equal(got, step.want) {
			t.Errorf("%s: %q, want %q", step.what, got, step.want)
		}
		for range 2 { // and once it was acted on
			if err := s.tellWeek(t.Context(), step.now); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
		}
		if got := told(t, s.store, step.now); len(got) > 0 {
			t.Errorf("%s: once more %q", step.what, got)
		}
		s.forgetEvents(t, data)
	}
}

// forgetEvents closes the store and makes it forget which events it has seen, as it does after some days.
func (s *system) forgetEvents(t *testing.T, data string) {
	t.Helper()
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	later, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{Now: func() time.Time { return time.Now().AddDate(0, 0, 3) }})
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	if err := later.Prune(t.Context(), store.Retention{Inbox: time.Now().AddDate(0, 0, 3)}); err != nil {
		t.Fatal(err)
	}
}

// TestTellWeek_NewOwner: who became the owner after the hour is told of the next week.
func TestTellWeek_NewOwner(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	s := owned(t, newData(t), monday.Add(time.Hour))
	defer s.store.Close()
	for now, want := range map[time.Time]int{monday.Add(2 * time.Hour): 0, monday.AddDate(0, 0, 7): 2} {
		if err := s.tellWeek(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if got := told(t, s.store, now); len(got) != want {
			t.Errorf("at %v %q are told", now, got)
		}
	}
}

// TestDoctor_Digest: it is said when the owner is told next, where there is one.
func TestDoctor_Digest(t *testing.T) {
	t.Parallel()
	data := newData(t)
	if err := owned(t, data, time.Now()).store.Close(); err != nil {
		t.Fatal(err)
	}
	out, _, _ := faqbot(t, data, "", "doctor", "--digest", "fri 17:30", "--time-zone", "Europe/Madrid")
	if !regexp.MustCompile(`(?m)^ok +digest +the owner is told how the week was on Fri \d+ \w+ \d{4}, 17:30 CES?T$`).MatchString(out) {
		t.Errorf("doctor says\n%s", out)
	}
}

// TestDigest_ReachesTheOwner goes the whole way on both networks: the message, the picture and the file come once, and a press shows a gap.
func TestDigest_ReachesTheOwner(t *testing.T) {
	t.Parallel()
	due := time.Now().UTC().Add(-time.Hour).Truncate(time.Minute)
	week := insight.WeekOf(due).Before()
	data := missedAt(t, week.To.Add(-time.Hour))
	w := team{t, newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock()}, discordtest.Options{Unlimited: true}), data}
	helped(t, data, week.To.Add(-time.Hour), 3)
	s, _ := startChanged(t, w.platforms, hurry, "--data-dir", data, "--digest", due.Format("Monday 15:04"))
	ada, ben := w.telegram.Customer(9), w.discord.Customer(9)
	mine := func() []string { return w.inRoom(ben.Direct())() }
	ada.Say(w.desk("code", "--owner"))
	w.reads(onTelegram(ada), "You are the owner now")
	ben.Say(w.desk("code", "--owner"))
	w.reads(mine, "You are the owner now")
	w.ownsSince(s.store, due.AddDate(0, 0, -7))
	eventually(t, 30*time.Second, "the questions are sorted", func() bool {
		gaps, err := s.store.Gaps(t.Context(), insight.GapNew, 10)
		return err == nil && len(gaps) >= 3
	})
	for range 2 {
		if err := s.tellWeek(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}

	first, last := week.From.Format(time.DateOnly), week.To.AddDate(0, 0, -1).Format(time.DateOnly)
	for _, shown := range []func() []string{onTelegram(ada), mine} {
		digest := w.reads(shown, "This was the week from "+first+" to "+last, "Conversations with a question: 3 (0)", "Confirmed as helped: 3 (0)", "found: 100 % (–)", "What went unanswered", "Rises most")
		if lines := strings.Count(digest, "\n") + 1; lines > 12 || !strings.Contains(digest, " · 5 (0) ↑ · ") {
			t.Errorf("in %d lines the digest says\n%s", lines, digest)
		}
		w.reads(shown, "The picture:")
	}
	wantDone(t, s.store)
	w.wantFiles(ada, ben, first)
	gifts := "#" + gapWith(t, data, "is gift wrapping possible")
	w.press(func() error { return ada.Press(gifts) })
	w.reads(onTelegram(ada), gifts, "people in all: 5", "is gift wrapping possible")
	w.pressed(ben, ben.Direct(), gifts)
	w.reads(mine, gifts, "people in all: 5", "is gift wrapping possible")
	for _, shown := range []func() []string{onTelegram(ada), mine} {
		if n := strings.Count(strings.Join(shown(), "\n"), "This was the week"); n != 1 {
			t.Errorf("it is told %d times", n)
		}
	}
}

// wantFiles looks that both owners have a picture and a file about a week, once.
func (w team) wantFiles(ada telegramtest.Seat, ben *discordtest.Customer, first string) {
	w.Helper()
	kinds, files := []string{}, []string{}
	for _, v := range ada.Shown() {
		if v.Media == "" {
			continue
		}
		kinds = append(kinds, v.Media)
		if v.Media == "document" {
			files = append(files, v.File)
		}
		if v.Size < 1000 {
			w.Errorf("a %s has %d bytes", v.Media, v.Size)
		}
	}
	if !slices.Equal(kinds, []string{"photo", "document"}) || !slices.Equal(files, []string{"report-" + first + ".md"}) {
		w.Errorf("on Telegram there are %q, with the files %q", kinds, files)
	}
	files = nil
	for _, v := range ben.Shown() {
		files = append(files, v.Files...)
	}
	if !slices.Equal(files, []string{"trends-" + first + ".png", "report-" + first + ".md"}) {
		w.Errorf("on Discord there are the files %q", files)
	}
}

// helped has so many customers ask at a moment, and confirm that it helped.
func helped(t *testing.T, data string, at time.Time, count int) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range count {
		id := fmt.Sprint("helped", i)
		tally := insight.Tally{Conversation: id, Person: insight.PersonOf("test", id), Network: "test", Language: "en", Started: at, At: at,
			Counts: insight.Counts{Questions: 1, Answers: 1}, Standing: insight.Met, Confirmed: true}
		e := channel.Event{ID: channel.EventID(id), Kind: channel.Text, Address: channel.Address{Network: "test", Chat: channel.ChatID(id), Private: true}}
		if err := s.Commit(t.Context(), e, bot.Turn{Tallies: []insight.Tally{tally}}); err != nil {
			t.Fatal(err)
		}
	}
}

// ownsSince has the owners been so for some time.
func (w team) ownsSince(s *store.Store, since time.Time) {
	w.Helper()
	desks, err := s.Desks(w.Context())
	if err != nil || len(desks) != 2 {
		w.Fatalf("%d desks, %v", len(desks), err)
	}
	for i := range desks {
		desks[i].BoundAt = since
	}
	if err := s.Commit(w.Context(), channel.Event{ID: "since", Kind: channel.Text, Address: desks[0].Address}, bot.Turn{TeamChange: bot.TeamChange{Desks: desks}}); err != nil {
		w.Fatal(err)
	}
}

// TestOpenReport_MakesWhatIsNamed: a file about any week can be made at any time, and nothing else is opened by such a name.
func TestOpenReport_MakesWhatIsNamed(t *testing.T) {
	t.Parallel()
	s := owned(t, missedAt(t, time.Date(2026, 11, 11, 12, 0, 0, 0, time.UTC)), time.Now())
	defer s.store.Close()
	var err error
	if s.brain, err = s.app.think(t.Context(), s.store, caches{}); err != nil {
		t.Fatal(err)
	}
	defer s.brain.index.Close()
	for ref, want := range map[string]string{
		"report/2026-11-09.md": "# Mon 9 Nov 2026", "report/2026-11-09.png": "\x89PNG", "report/2026-11-09.exe": "", "report/soon.md": "", "../faqbot.db": "", "": "",
	} {
		content, err := s.open(context.Background(), channel.Attachment{Network: bot.ReportNetwork, Ref: ref})
		if (err == nil) != (want != "") {
			t.Errorf("%q: %v", ref, err)
		}
		if err != nil {
			continue
		}
		data, err := io.ReadAll(content)
		if err != nil || !strings.HasPrefix(string(data), want) {
			t.Errorf("%q begins %.40q, %v", ref, data, err)
		}
		if strings.HasSuffix(ref, ".md") && !strings.Contains(string(data), "\n## What closing gaps would bring\n") {
			t.Errorf("%q does not say what is to be expected:\n%s", ref, data)
		}
	}
}
