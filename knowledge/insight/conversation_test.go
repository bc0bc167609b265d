package insight_test

import (
	"testing"
	"time"

	"faqbot/knowledge/insight"
)

var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

func TestConversation_Bucket(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	asked, answered := insight.Counts{Questions: 1}, insight.Counts{Questions: 1, Answers: 1}
	fell := insight.Counts{Questions: 1, FellBack: 1}
	open := &insight.Handoff{OpenedAt: noon}
	for _, c := range []struct {
		name  string
		talk  insight.Conversation
		quiet time.Duration
		want  insight.Bucket
	}{
		{"a greeting", insight.Conversation{}, 0, insight.NoQuestion},
		{"a question, a moment ago", insight.Conversation{Counts: answered, Standing: insight.Met}, time.Minute, insight.Unsettled},
		{"answered, six days ago", insight.Conversation{Counts: answered, Standing: insight.Met}, 7*day - time.Second, insight.Unsettled},
		{"answered, a week ago", insight.Conversation{Counts: answered, Standing: insight.Met}, 7 * day, insight.Silent},
		{"answered, and back within the week", insight.Conversation{Counts: answered, Standing: insight.Met, Returned: true}, day, insight.GivenUp},
		{"it helped", insight.Conversation{Counts: answered, Standing: insight.Met, Confirmed: true}, 0, insight.Confirmed},
		{"it helped, and they came back with something else", insight.Conversation{Counts: answered, Standing: insight.Met, Confirmed: true, Returned: true}, 0, insight.Confirmed},
		{"it helped, and then nothing fitted", insight.Conversation{Counts: fell, Standing: insight.Unmet, Confirmed: true}, day, insight.GivenUp},
		{"nothing fitted, and they may go on", insight.Conversation{Counts: fell, Standing: insight.Unmet}, day - time.Second, insight.Unsettled},
		{"nothing fitted", insight.Conversation{Counts: fell, Standing: insight.Unmet}, day, insight.GivenUp},
		{"an offer that nobody chose from", insight.Conversation{Counts: asked, Standing: insight.Unmet}, 8 * day, insight.GivenUp},
		{"a person was asked for", insight.Conversation{Handoff: open}, 8 * day, insight.HandedOffOpen},
		{"a person was asked for after an answer that helped", insight.Conversation{Counts: answered, Standing: insight.Met, Confirmed: true, Handoff: open}, 0, insight.HandedOffOpen},
		{"staff closed it", insight.Conversation{Counts: fell, Standing: insight.Unmet, Handoff: &insight.Handoff{End: insight.ByStaff}}, 0, insight.HandedOffSolved},
		{"taken back after a reply", insight.Conversation{Handoff: &insight.Handoff{End: insight.ByCustomer, RepliedAt: noon}}, 0, insight.HandedOffSolved},
		{"taken back, and nothing was asked", insight.Conversation{Handoff: &insight.Handoff{End: insight.ByCustomer}}, 0, insight.NoQuestion},
		{"taken back, for an answer helped", insight.Conversation{Counts: answered, Standing: insight.Met, Confirmed: true, Handoff: &insight.Handoff{End: insight.ByCustomer}}, 0, insight.Confirmed},
		{"spam", insight.Conversation{Counts: fell, Standing: insight.Unmet, Handoff: &insight.Handoff{End: insight.AsSpam}}, 0, insight.NoQuestion},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.talk.Ended = noon
			if got := c.talk.Bucket(noon.Add(c.quiet)); got != c.want {
				t.Errorf("it came to %s, want %s", got, c.want)
			}
		})
	}
}

func TestAlias(t *testing.T) {
	t.Parallel()
	if insight.Alias("") != "" {
		t.Error("nothing has a name")
	}
	a, b := insight.Alias("conversation1"), insight.Alias("conversation2")
	if a == b || a != insight.Alias("conversation1") || len(a) != 24 {
		t.Errorf("the names are %q and %q", a, b)
	}
}
