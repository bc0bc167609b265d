package bot_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge"
)

// knowsNothing is a matcher without entries.
type knowsNothing struct{ bot.Matcher }

func (knowsNothing) Decide(_ context.Context, q knowledge.Question) ([]knowledge.Decision, error) {
	return []knowledge.Decision{{Utterance: q.Utterance, Kind: knowledge.Fallback}}, nil
}

func (knowsNothing) Languages() []faq.Language { return []faq.Language{"en"} }

func (knowsNothing) Entry(faq.EntryID) (*faq.Entry, bool) { return nil, false }

// office is a team with hours in Berlin, in a simulated time.
type simulated struct {
	t         *testing.T
	customers *channeltest.Network
	staff     *channeltest.Network
	store     *witness
}

var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}()

// simulate runs a bot with a desk from a moment on, and then what a test does with it.
func simulate(t *testing.T, begin time.Time, holidays []string, do func(s *simulated)) {
	simulateLimited(t, begin, holidays, 0, do)
}

// simulateLimited is simulate with a desk that takes so many messages a minute.
func simulateLimited(t *testing.T, begin time.Time, holidays []string, perMinute int, do func(s *simulated)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		hours, err := handoff.ParseHours(berlin, map[string]string{"mon-fri": "09:00-17:00"}, holidays)
		if err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		s := &simulated{t: t, customers: channeltest.NewNetwork("memory", time.Now), staff: channeltest.NewNetwork("office", time.Now), store: &witness{Store: db, t: t}}
		s.staff.Limit(func(l *channel.Limits) { l.PerGroup = perMinute })
		var senders []*bot.Dispatcher
		options := bot.Options{
			Policy: bot.Policy{Business: "Test & Sons", Language: "en", KeptDays: 30, Location: berlin, Hours: hours}, Team: db, Popularity: db,
			Channels: []channel.Channel{s.customers, s.staff}, Logger: slog.New(slog.NewTextHandler(testLog{t}, nil)), Now: time.Now, Poll: time.Hour,
			Committed: func() {
				for _, d := range senders {
					d.Wake()
				}
			},
		}
		engine, err := bot.New(s.store, knowsNothing{}, options)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var runs []func(context.Context) error
		for _, n := range []*channeltest.Network{s.customers, s.staff} {
			sender := bot.NewDispatcher(s.store, db, n, "test", options)
			senders = append(senders, sender)
			clock := bot.NewClock(s.store, n.Network(), engine.Handle, 30*time.Second, options)
			runs = append(runs, sender.Run, clock.Run, func(ctx context.Context) error { return n.Run(ctx, engine) })
		}
		ended := make(chan error, len(runs))
		for _, run := range runs {
			go func() { ended <- run(ctx) }()
		}
		code, err := db.NewCode(ctx, false, time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		e := s.staff.EventAt(hall, "boss", channel.Command, code)
		e.Command = "staff"
		s.staff.Push(e)
		s.until(time.Minute)
		defer func() {
			cancel()
			for range runs {
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}()
		do(s)
	})
}

// until lets time pass.
func (s *simulated) until(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// told are the messages to the customer that hold a text.
func (s *simulated) told(text string) (count int) {
	for _, m := range s.customers.Shown("ann") {
		if strings.Contains(m.Content.PlainText(), text) {
			count++
		}
	}
	return count
}

func (s *simulated) wantTold(text string, least, most int) {
	s.t.Helper()
	if n := s.told(text); n < least || n > most {
		var all []string
		for _, m := range s.customers.Shown("ann") {
			all = append(all, m.Content.PlainText())
		}
		s.t.Errorf("%v: the customer was told %q %d times, want %d to %d:\n%s", time.Now(), text, n, least, most, strings.Join(all, "\n---\n"))
	}
}

func (s *simulated) card() channel.Message {
	s.t.Helper()
	for _, m := range s.staff.ShownAt(hall) {
		if len(m.Buttons) > 0 {
			return m
		}
	}
	s.t.Fatal("there is no card")
	return channel.Message{}
}

func (s *simulated) reply(staff, text string) {
	e := s.staff.EventAt(hall, staff, channel.Text, text)
	e.ReplyTo = s.staff.ID(s.card())
	s.staff.Push(e)
}

func (s *simulated) press(staff, label string) {
	s.t.Helper()
	for _, b := range s.card().Buttons {
		if b.Label == label {
			s.staff.Push(s.staff.EventAt(hall, staff, channel.Press, b.Action))
			return
		}
	}
	s.t.Fatalf("the card has no button %q", label)
}

func at(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, berlin)
}

func TestPromise_AcrossANight(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 16, 50), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.wantTold("place 1 in the queue", 1, 1)
		s.wantTold("tomorrow", 1, 1) // what is left of today may not do
		s.until(16 * time.Hour)      // 8:51
		s.wantTold("takes longer", 0, 1)
		s.until(100 * time.Minute)
		s.reply("ben", "Good morning!")
		s.until(time.Minute)
		s.wantTold("Good morning!", 1, 1)
		s.wantTold("takes longer", 0, 4)
		s.until(48 * time.Hour)
		s.wantTold("takes longer", 0, 4)
		if s.store.last.State != handoff.PromiseKept {
			t.Errorf("the promise is %+v", s.store.last)
		}
	})
}

func TestPromise_AcrossHolidays(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 12, 24, 18, 0), []string{"12-25", "12-26"}, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.wantTold("nobody from our team is here", 1, 1)
		s.wantTold("Monday, 2026-12-28, 09:", 1, 1)
		s.until(86 * time.Hour) // Monday, 8:01
		s.wantTold("takes longer", 0, 0)
		s.until(5 * time.Hour)
		s.wantTold("takes longer", 1, 4)
	})
}

func TestPromise_AcrossAClockChange(t *testing.T) {
	t.Parallel()
	simulate(t, at(2027, 3, 26, 16, 58), nil, func(s *simulated) { // the Friday before the clocks change
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.wantTold("Monday, 2027-03-29, 09:", 1, 1)
		s.until(at(2027, 3, 29, 9, 0).Sub(time.Now()))
		s.wantTold("takes longer", 0, 0)
		s.until(24 * time.Hour)
		s.wantTold("takes longer", 1, 5)
	})
}

func TestPromise_SilentHolder(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.press("ben", "Claim")
		s.until(time.Minute)
		s.wantTold("ben from our team is here", 1, 1)
		s.until(5 * time.Hour)
		tickets, err := s.store.Tickets(s.t.Context(), handoff.Open, 10)
		if err != nil || len(tickets) != 1 || tickets[0].Holder != "" {
			t.Errorf("after hours of silence the tickets that wait are %+v (%v)", tickets, err)
		}
		var reminded int
		for _, m := range s.staff.ShownAt(hall) {
			if text := m.Content.PlainText(); strings.Contains(text, "ben, the customer still waits") || strings.Contains(text, "ben has not answered") {
				reminded++
			}
		}
		if reminded != 2 {
			t.Errorf("the desk was told %d times of the silence", reminded)
		}
		s.wantTold("takes longer", 2, 5)
	})
}

// TestPromise_SilentAfterAFirstAnswer: whoever answers once and goes home does not keep the customer waiting without a word.
func TestPromise_SilentAfterAFirstAnswer(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.reply("ben", "One moment.")
		s.until(2 * time.Hour)
		s.wantTold("kept waiting", 0, 0) // nobody asked anything since
		s.customers.Say("ann", "are you still there?")
		s.until(29 * time.Minute)
		s.wantTold("kept waiting", 0, 0)
		s.until(2 * time.Minute)
		s.wantTold("kept waiting", 1, 1)
		s.until(5 * time.Hour)
		s.wantTold("kept waiting", 1, 1)
		s.wantTold("takes longer", 1, 4)
		tickets, err := s.store.Tickets(s.t.Context(), handoff.Open, 10)
		if err != nil || len(tickets) != 1 || tickets[0].Holder != "" {
			t.Errorf("after hours of silence the tickets that wait are %+v (%v)", tickets, err)
		}
		s.reply("eve", "Here I am.")
		s.until(6 * time.Hour)
		s.wantTold("Here I am.", 1, 1)
		s.wantTold("kept waiting", 1, 1)
	})
}

func TestPromise_DeadDesk(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		for range 1000 {
			s.staff.Fail(&channel.SendError{Fate: channel.Unknown, Reason: "no answer"})
		}
		s.customers.Say("ann", "a person please")
		s.until(30 * time.Second)
		s.wantTold("team sees your question", 0, 0)
		s.until(time.Minute)
		s.wantTold("could not reach our team", 1, 1)
		s.until(8 * time.Hour)
		s.wantTold("team sees your question", 0, 0)
		s.wantTold("takes longer", 1, 5)
	})
}

// testLog shows the bot's log with the test's.
type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}
