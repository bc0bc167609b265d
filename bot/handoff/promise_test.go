package handoff_test

import (
	"testing"
	"time"

	"faqbot/bot/handoff"

	"github.com/google/go-cmp/cmp"
)

// TestPromise has made a promise at 10:00 for 10:20 to 10:40.
func TestPromise(t *testing.T) {
	t.Parallel()
	clock := func(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, time.UTC) }
	made := handoff.NewPromise(handoff.FirstReply, handoff.Range{From: clock(10, 20), To: clock(10, 40)}, clock(10, 0))
	moved := made
	moved.State, moved.Due, moved.MovedAt, moved.Moves = handoff.PromiseMoved, clock(11, 0), clock(10, 38), 1
	ended := func(p handoff.Promise, state handoff.PromiseState, at time.Time) handoff.Promise {
		p.State, p.EndedAt = state, at
		return p
	}
	kept, broken := ended(made, handoff.PromiseKept, clock(10, 30)), ended(made, handoff.PromiseBroken, clock(10, 40))
	for name, c := range map[string]struct{ got, want handoff.Promise }{
		"made":               {made, handoff.Promise{Kind: handoff.FirstReply, From: clock(10, 20), Due: clock(10, 40), State: handoff.PromiseOpen, MadeAt: clock(10, 0)}},
		"kept":               {made.Keep(clock(10, 30)), kept},
		"kept at the last":   {made.Keep(clock(10, 40)), ended(made, handoff.PromiseKept, clock(10, 40))},
		"done too late":      {made.Keep(clock(10, 41)), ended(made, handoff.PromiseBroken, clock(10, 41))},
		"moved":              {made.Move(clock(11, 0), clock(10, 38)), moved},
		"moved and kept":     {moved.Keep(clock(10, 50)), ended(moved, handoff.PromiseKept, clock(10, 50))},
		"moved and broken":   {moved.Break(clock(11, 0)), ended(moved, handoff.PromiseBroken, clock(11, 0))},
		"broken":             {made.Break(clock(10, 40)), broken},
		"broken before Due":  {made.Break(clock(10, 39)), made},
		"moved to the same":  {made.Move(clock(10, 40), clock(10, 30)), made},
		"moved to before":    {made.Move(clock(10, 35), clock(10, 30)), made},
		"moved too late":     {made.Move(clock(11, 0), clock(10, 41)), made},
		"kept, then broken":  {kept.Break(clock(10, 41)), kept},
		"kept twice":         {kept.Keep(clock(10, 35)), kept},
		"kept, then moved":   {kept.Move(clock(11, 0), clock(10, 35)), kept},
		"broken, then kept":  {broken.Keep(clock(10, 40)), broken},
		"broken, then moved": {broken.Move(clock(11, 0), clock(10, 40)), broken},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	twice := moved.Move(clock(12, 0), clock(10, 59))
	if twice.Moves != 2 || !twice.Due.Equal(clock(12, 0)) || !twice.MovedAt.Equal(clock(10, 59)) || !twice.Pending() {
		t.Errorf("moved twice: %+v", twice)
	}
}

func TestPromise_Remind(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	promise := func(length time.Duration) handoff.Promise {
		return handoff.NewPromise(handoff.Resolve, handoff.Range{From: made, To: made.Add(length)}, made)
	}
	for name, c := range map[string]struct {
		p         handoff.Promise
		now, want time.Duration // since it was made
	}{
		"a tenth":                   {promise(40 * time.Minute), 0, 36 * time.Minute},
		"at least a minute":         {promise(5 * time.Minute), 0, 4 * time.Minute},
		"at most ten":               {promise(20 * time.Hour), 0, 20*time.Hour - 10*time.Minute},
		"now":                       {promise(40 * time.Minute), 37 * time.Minute, 37 * time.Minute},
		"gone by":                   {promise(40 * time.Minute), time.Hour, time.Hour},
		"shorter than the margin":   {promise(30 * time.Second), 0, 0},
		"moved: a tenth of the new": {promise(40*time.Minute).Move(made.Add(55*time.Minute), made.Add(35*time.Minute)), 0, 53 * time.Minute},
	} {
		if got := c.p.Remind(made.Add(c.now)).Sub(made); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for name, p := range map[string]handoff.Promise{
		"kept":   promise(time.Hour).Keep(made.Add(time.Minute)),
		"broken": promise(time.Hour).Break(made.Add(time.Hour)),
		"none":   {},
	} {
		if got := p.Remind(made); !got.IsZero() {
			t.Errorf("%s: reminds at %v", name, got)
		}
	}
}
