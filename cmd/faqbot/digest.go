package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

const (
	// digestLease is held by who sees to it that digests are sent.
	digestLease = "digest"
	// digestEvery is how often it is looked whether one is due.
	digestEvery = time.Minute
	// digestCursor begins the keys under which it is kept which week each owner was told of.
	digestCursor = "digest/"
)

// digestTime is when in a week the owner is told of the one before.
type digestTime struct {
	off          bool
	day          time.Weekday
	hour, minute int
}

// parseDigestTime reads "monday 09:00", a day's first three letters are enough, or "off".
func parseDigestTime(text string) (digestTime, error) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 1 && words[0] == "off" {
		return digestTime{off: true}, nil
	}
	if len(words) != 2 {
		return digestTime{}, fmt.Errorf("“%s” is no day and time", text)
	}
	at, err := time.Parse("15:04", words[1])
	if err != nil {
		return digestTime{}, fmt.Errorf("“%s” is no time of day", words[1])
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := strings.ToLower(day.String()); words[0] == name || words[0] == name[:3] {
			return digestTime{day: day, hour: at.Hour(), minute: at.Minute()}, nil
		}
	}
	return digestTime{}, fmt.Errorf("“%s” is no day of the week", words[0])
}

// next is the first such moment after another one, on the clock of that one's time zone.
func (d digestTime) next(after time.Time) time.Time {
	y, m, first := after.Date()
	for day := first; ; day++ {
		at := time.Date(y, m, day, d.hour, d.minute, 0, 0, after.Location())
		if at.Weekday() == d.day && at.After(after) {
			return at
		}
	}
}

// last is the latest such moment that is not after now, if a digest can still be sent for it.
func (d digestTime) last(now time.Time) (time.Time, bool) {
	if d.off {
		return time.Time{}, false
	}
	at := d.next(now.Add(-bot.DigestLate))
	return at, !at.After(now)
}

// digest tells the owner each week how the last one was.
func (s *system) digest(ctx context.Context) error {
	return s.leased(digestLease, func(ctx context.Context) error {
		trouble := bot.NewTrouble(s.logger, time.Now)
		return every(ctx, now(), digestEvery, func() {
			err := s.tellWeek(ctx, time.Now())
			if ctx.Err() == nil {
				trouble.Tell("the owner cannot be told how the week was", err)
			}
		})
	})(ctx)
}

// tellWeek tells each owner of the last week, once, if it is time for that. Who became the owner after that time is told of the next.
func (s *system) tellWeek(ctx context.Context, now time.Time) error {
	due, ok := s.app.checked.digest.last(now.In(s.app.checked.location))
	if !ok {
		return nil
	}
	day := insight.WeekOf(due).Before().From.Format(time.DateOnly)
	told, err := s.store.Cursors(ctx, digestCursor)
	if err != nil {
		return err
	}
	desks, err := s.store.Desks(ctx)
	if err != nil {
		return err
	}
	for _, d := range desks {
		key := digestCursor + string(d.ID)
		if !d.Owner || d.Gone || d.BoundAt.After(due) || told[key] >= day {
			continue
		}
		if err := s.store.Notify(ctx, digestEvent(d, day, now)); err != nil {
			return err
		}
		// The event's own ID keeps it from being kept twice; this does so once that ID is forgotten, where another day was set meanwhile.
		if err := s.store.SetCursor(ctx, key, day); err != nil {
			return err
		}
	}
	return nil
}

func digestEvent(d handoff.Desk, day string, now time.Time) channel.Event {
	return channel.Event{
		ID:   channel.EventID(fmt.Sprintf("digest:%s:%s", day, d.ID)),
		Kind: channel.Due, Command: string(bot.NoticeDigest), Body: day, Address: d.Address, At: now, Addressed: true,
	}
}

// openReport makes a file about a week.
func (s *system) openReport(ctx context.Context, ref string) (io.ReadCloser, error) {
	now := time.Now().In(s.app.checked.location)
	week, kind, ok := bot.ReportOf(ref, s.app.checked.location)
	if !ok {
		return nil, fault.New(fault.NotFound, "there is no report “%s”", ref)
	}
	var content bytes.Buffer
	write := s.writeReport
	if kind == "png" {
		write = s.writePicture
	}
	if err := write(ctx, &content, week, now); err != nil {
		return nil, err
	}
	return io.NopCloser(&content), nil
}

func (s *system) writeReport(ctx context.Context, w io.Writer, week insight.Period, now time.Time) error {
	r, err := insight.NewReport(ctx, s.store, week, now)
	if err != nil {
		return err
	}
	if err := r.AddGaps(ctx, s.store); err != nil {
		return err
	}
	if err := r.AddOutlook(ctx, s.store, s.app.mender(s.store, s.brain)); err != nil {
		return err
	}
	return r.Write(w, insight.Markdown)
}

func (s *system) writePicture(ctx context.Context, w io.Writer, week insight.Period, now time.Time) error {
	d, err := insight.NewDigest(ctx, s.store, week, now)
	if err != nil {
		return err
	}
	return d.WritePicture(w)
}

// lookAtDigest says when the owner is told of the week, and whether there is one.
func (c *doctorCommand) lookAtDigest(ctx context.Context, a *app, r *report, s *store.Store) {
	checked, err := a.settings.check()
	if err != nil || checked.digest.off {
		r.ok("digest", "is off")
		return
	}
	desks, err := s.Desks(ctx)
	if err != nil {
		r.bad("digest", "see the message", "%v", err)
		return
	}
	owners := 0
	for _, d := range desks {
		if d.Owner && !d.Gone {
			owners++
		}
	}
	next := checked.digest.next(time.Now().In(checked.location)).Format("Mon 2 Jan 2006, 15:04 MST")
	if owners == 0 {
		r.suggest("digest", "faqbot desk code --owner", "there is no owner to be told how the week was; the next time is %s", next)
		return
	}
	r.ok("digest", "the owner is told how the week was on %s", next)
}
