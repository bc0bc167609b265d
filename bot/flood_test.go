package bot_test

import (
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/knowledge"
)

// TestPlan_Backlog reads many messages at one moment: a flood if they were written so, none if they waited while the bot was away.
func TestPlan_Backlog(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		apart time.Duration
		flood bool
	}{
		"written within a moment":         {100 * time.Millisecond, true},
		"written over a minute of outage": {4 * time.Second, false},
		"dated in the future":             {-time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s bot.Situation
			flood := false
			for n := range 15 {
				s.Now, s.Fresh.Seed = now, "abcdefghijklmnop"
				s.Limits = channel.Limits{Text: 1000, Measure: channel.CountVisible, Buttons: 10}
				s.Event = channel.Event{Kind: channel.Text, At: now.Add(time.Duration(n-15) * c.apart), Addressed: true, Body: "What is it?"}
				turn := bot.Plan(s, bot.Reading{Text: s.Event.Body, Decisions: []knowledge.Decision{{Kind: knowledge.Fallback}}}, bot.Policy{Language: "en"}, texts)
				flood = flood || len(turn.Conversation.State.Collecting) > 0
				s.Conversation = turn.Conversation
				s.Conversation.Version++
			}
			if flood != c.flood {
				t.Errorf("taken for a flood: %v, want %v", flood, c.flood)
			}
		})
	}
}
