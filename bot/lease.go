package bot

import (
	"context"
	"log/slog"
	"time"
)

// Leased runs something that only one replica may do: while this holder has the lease. It waits for the lease, renews it, and
// stops what it runs when it is lost; a holder that died is followed within a term. run ends with its context.
func Leased(ctx context.Context, leases Leases, name, holder string, logger *slog.Logger, run func(ctx context.Context) error) error {
	l := newLease(leases, name, holder, logger)
	for ctx.Err() == nil {
		if ok, _ := l.acquire(ctx); ok {
			if err := l.hold(ctx, run); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(leaseTerm / 4):
		}
	}
	return nil
}

// LeasedOnce runs something that only one replica may do, if nobody else does: it reports false where somebody has the lease. The lease is renewed while it
// runs, and what runs is stopped where that is lost.
func LeasedOnce(ctx context.Context, leases Leases, name, holder string, logger *slog.Logger, run func(ctx context.Context) error) (mine bool, err error) {
	l := newLease(leases, name, holder, logger)
	if ok, err := l.leases.Acquire(ctx, name, holder, leaseTerm); !ok || err != nil {
		return false, err
	}
	return true, l.hold(ctx, run)
}

func newLease(leases Leases, name, holder string, logger *slog.Logger) *lease {
	l := &lease{leases: leases, name: name, holder: holder, logger: logger.With("lease", name)}
	l.trouble = NewTrouble(l.logger, time.Now)
	return l
}

// lease is one that somebody waits for or has.
type lease struct {
	leases       Leases
	name, holder string
	logger       *slog.Logger
	trouble      *Trouble
}

// acquire takes or renews the lease.
func (l *lease) acquire(ctx context.Context) (ok bool, err error) {
	ok, err = l.leases.Acquire(ctx, l.name, l.holder, leaseTerm)
	if ctx.Err() == nil {
		l.trouble.Tell("a lease cannot be acquired", err)
	}
	return ok, err
}

// hold runs while the lease can be renewed. A lease that could not be renewed for a whole term counts as lost.
func (l *lease) hold(ctx context.Context, run func(ctx context.Context) error) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- run(inner) }()
	defer l.release(ctx)
	renewed := time.Now()
	ticker := time.NewTicker(leaseTerm / 4)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-ticker.C:
		}
		ok, err := l.acquire(ctx)
		switch {
		case err == nil && ok:
			renewed = time.Now()
		case err == nil || time.Since(renewed) > leaseTerm*3/4:
			l.logger.Warn("a lease was lost")
			cancel()
			return <-ended
		}
	}
}

func (l *lease) release(ctx context.Context) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := l.leases.Release(ending, l.name, l.holder); err != nil {
		l.logger.Warn("a lease was not given back", "error", err)
	}
}
