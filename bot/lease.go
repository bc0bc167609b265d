package bot

import (
	"context"
	"log/slog"
	"time"
)

// Leased runs something that only one replica may do: while this holder has the lease. It waits for the lease, renews it, and
// stops what it runs when it is lost; a holder that died is followed within a term. run ends with its context.
func Leased(ctx context.Context, leases Leases, name, holder string, logger *slog.Logger, run func(ctx context.Context) error) error {
	for ctx.Err() == nil {
		ok, err := leases.Acquire(ctx, name, holder, leaseTerm)
		if err != nil && ctx.Err() == nil {
			logger.Error("a lease cannot be acquired", "lease", name, "error", err)
		}
		if ok {
			if err := hold(ctx, leases, name, holder, logger, run); err != nil {
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

// hold runs while the lease can be renewed. A lease that could not be renewed for a whole term counts as lost.
func hold(ctx context.Context, leases Leases, name, holder string, logger *slog.Logger, run func(ctx context.Context) error) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- run(inner) }()
	defer release(ctx, leases, name, holder, logger)
	renewed := time.Now()
	ticker := time.NewTicker(leaseTerm / 4)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-ticker.C:
		}
		ok, err := leases.Acquire(ctx, name, holder, leaseTerm)
		switch {
		case err == nil && ok:
			renewed = time.Now()
		case err == nil || time.Since(renewed) > leaseTerm*3/4:
			logger.Warn("a lease was lost", "lease", name)
			cancel()
			return <-ended
		}
	}
}

func release(ctx context.Context, leases Leases, name, holder string, logger *slog.Logger) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := leases.Release(ending, name, holder); err != nil {
		logger.Warn("a lease was not given back", "lease", name, "error", err)
	}
}
