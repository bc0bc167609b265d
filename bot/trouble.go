package bot

import (
	"log/slog"
	"sync"
	"time"

	"faqbot/faq/fault"
)

// Trouble keeps the log readable while something fails again and again, such as all that needs a database that is gone: it is said when
// it begins, then at most once a minute per cause, and once when it is over. It is safe for concurrent use.
type Trouble struct {
	logger *slog.Logger
	now    func() time.Time

	mu     sync.Mutex
	causes map[[2]string]*cause // by what fails and why
	spells map[string]*spell    // by what fails now
}

type cause struct {
	told   time.Time
	unsaid int
}

// spell is a time through which something fails.
type spell struct {
	began  time.Time
	failed int
	said   bool
}

// troubleEvery is how often a cause is told of at most.
const troubleEvery = time.Minute

// NewTrouble makes one for a loop, or for several that log to the same place.
func NewTrouble(logger *slog.Logger, now func() time.Time) *Trouble {
	return &Trouble{logger: logger, now: now, causes: map[[2]string]*cause{}, spells: map[string]*spell{}}
}

// Tell takes the outcome of each try: an error, or nil where it went well. what is the line of the log, the same each time ("the outbox
// cannot be read"); args go with it.
func (t *Trouble) Tell(what string, err error, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.over(what)
		return
	}
	now := t.now()
	s := t.spells[what]
	if s == nil {
		s = &spell{began: now}
		t.spells[what] = s
	}
	s.failed++
	// The text of an internal error may differ each time, by a port or an address: all of them are one cause.
	key := [2]string{what, fault.Message(err)}
	c := t.causes[key]
	if c == nil {
		c = &cause{}
		t.causes[key] = c
	}
	c.unsaid++
	if !c.told.IsZero() && now.Sub(c.told) < troubleEvery {
		return
	}
	args = append([]any{"error", err}, args...)
	if c.unsaid > 1 {
		args = append(args, "times", c.unsaid)
	}
	t.logger.Error(what, args...)
	c.told, c.unsaid, s.said = now, 0, true
}

// over says so only of what was told: what comes and goes is told of once a minute as well.
func (t *Trouble) over(what string) {
	if s := t.spells[what]; s != nil && s.said {
		t.logger.Info("over: "+what, "failed", s.failed, "lasted", t.now().Sub(s.began).Round(time.Second))
	}
	delete(t.spells, what)
}
