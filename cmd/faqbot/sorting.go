package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// sortLease is held by who puts misses into groups: one process at a time.
const sortLease = "gaps"

// sortEvery is how often it is looked for misses that nobody told of, risingEvery for gaps that rise.
const (
	sortEvery   = 2 * time.Second
	risingEvery = time.Hour
	keepEvery   = 10 * time.Minute
)

// sorter makes one that knows the published entries.
func (a *app) sorter(s *store.Store, entries func() []*faq.Entry, cache insight.SortCache) *insight.Sorter {
	return insight.NewSorter(s, insight.SortOptions{Entries: entries, Language: a.checked.language, Cache: cache, Logger: a.logger(), Now: time.Now,
		// A day before they are deleted: who sorts takes them out of their groups before.
		OldestFunc: func(now time.Time) time.Time { return oldestMiss(now).AddDate(0, 0, 1) }})
}

// sortAlone sorts and carries out what is wanted, for commands that find no bot running. It reports false where one does.
func (a *app) sortAlone(ctx context.Context, s *store.Store, holder string) (mine bool, err error) {
	return bot.LeasedOnce(ctx, s, sortLease, holder, a.logger(), func(ctx context.Context) error {
		err := a.sortOnce(ctx, s)
		if ctx.Err() != nil {
			return nil // somebody else sorts by now, or nobody waits any more
		}
		return err
	})
}

// sortOnce sorts what there is to sort.
func (a *app) sortOnce(ctx context.Context, s *store.Store) error {
	b, err := a.think(ctx, s, caches{learnt: a.settings.learnt()})
	if err != nil {
		return err
	}
	defer b.index.Close()
	sorter := a.sorter(s, b.own().Entries, nil)
	for more := true; more && err == nil; {
		more, err = sorter.Round(ctx)
	}
	return err
}

// withGaps runs a command that shows gaps. Where no bot runs that sorts questions, it does so first.
func (a *app) withGaps(ctx context.Context, do func(s *store.Store) error) error {
	return a.withStore(ctx, func(s *store.Store) error {
		waiting, err := s.Unplaced(ctx, time.Now().Add(-time.Minute), 1)
		if err != nil {
			return err
		}
		if len(waiting) > 0 {
			if _, err := a.sortAlone(ctx, s, holderName("command")); err != nil {
				return err
			}
		}
		return do(s)
	})
}

// sort puts misses into groups as they come, has those told who asked to be, and tells the owner of what rises.
func (s *system) sort(ctx context.Context) error {
	cache := groupCache{s.app.settings.DataDir}
	if err := cache.drop(groupFile + ".new"); err != nil { // of a process that was killed
		s.logger.Warn("what is left of groups cannot be deleted", "reason", err)
	}
	return s.leased(sortLease, func(ctx context.Context) error {
		sorter := s.app.sorter(s.store, s.brain.matcher.Entries, cache)
		wake, stop := s.store.Watch(store.Misses)
		defer stop()
		trouble := bot.NewTrouble(s.logger, time.Now)
		tell := func(what string, err error) {
			if ctx.Err() == nil { // what ends with the process is no trouble
				trouble.Tell(what, err)
			}
		}
		var risen, kept time.Time
		err := every(ctx, wake, sortEvery, func() {
			for more := true; more && ctx.Err() == nil; {
				var err error
				more, err = sorter.Round(ctx)
				tell("unanswered questions cannot be put into groups", err)
			}
			if ctx.Err() != nil {
				return
			}
			_, err := s.store.News(ctx, time.Now(), newsBatch)
			tell("those who asked to be told cannot be told", err)
			if now := time.Now(); now.Sub(risen) >= risingEvery {
				risen = now
				tell("it cannot be seen which gaps rise", s.tellRising(ctx, now))
			}
			if now := time.Now(); now.Sub(kept) >= keepEvery {
				kept = now
				tell("what is known of groups cannot be kept", sorter.Save())
			}
		})
		return errors.Join(err, sorter.Save())
	})(ctx)
}

// newsBatch is how many are told in one go.
const newsBatch = 500

// tellRising tells the owner of the gaps that rise, each at most once a week.
func (s *system) tellRising(ctx context.Context, now time.Time) error {
	days, gaps, err := insight.RisingAt(ctx, s.store, now)
	if err != nil {
		return err
	}
	desks, err := s.store.Desks(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range days {
		id := d.Gap
		g, there := gaps[id]
		if !there || g.State == insight.GapDismissed || g.State == insight.GapAnswered || now.Sub(g.RisingAt) < insight.RisingAgain {
			continue
		}
		g.RisingAt = now
		// First the message, which has an ID of its own for each day: who ends here tells it again.
		err := s.notifyRising(ctx, id, desks, now)
		if err == nil {
			err = s.store.SaveGap(ctx, g)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func (s *system) notifyRising(ctx context.Context, id insight.GroupID, desks []handoff.Desk, now time.Time) error {
	for _, d := range desks {
		if !d.Owner || d.Gone {
			continue
		}
		e := channel.Event{
			ID:   channel.EventID(fmt.Sprintf("rising:%d:%s:%s", id, now.Format(time.DateOnly), d.ID)),
			Kind: channel.Due, Command: string(bot.NoticeRising), Body: fmt.Sprint(id), Address: d.Address, At: now, Addressed: true,
		}
		if err := s.store.Notify(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
