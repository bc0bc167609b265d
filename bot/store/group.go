package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// group lets goroutines that write at the same moment share one commit, and so one wait for the disk. Whoever comes first leads:
// it runs what is queued, its own work first, and hands over to the next in the queue. So nobody works for others longer than
// for one batch, first come is first served, and no goroutine of its own is needed.
type group struct {
	run func([]*job) // runs work and sets each job's err; it is called by one goroutine at a time

	mu    sync.Mutex
	queue []*job
	busy  bool
}

// job is one transaction's work. One that is alone is run without a transaction, for what SQLite does outside of any.
type job struct {
	ctx   context.Context
	do    work
	alone bool
	err   error
	done  chan struct{}
	lead  chan struct{}
}

const maxBatch = 128

// enter runs a job and returns its error. When ctx ends while the job still waits, it does not take place; afterwards its end is waited for.
func (g *group) enter(j *job) error {
	j.done, j.lead = make(chan struct{}), make(chan struct{}, 1)
	g.mu.Lock()
	g.queue = append(g.queue, j)
	if !g.busy {
		g.busy = true
		j.lead <- struct{}{}
	}
	g.mu.Unlock()
	select {
	case <-j.done:
	case <-j.lead:
		g.work()
	case <-j.ctx.Done():
		if g.withdraw(j) {
			return j.ctx.Err()
		}
		<-j.done
	}
	return j.err
}

// work runs the first jobs of the queue, whose first is the leader's own.
func (g *group) work() {
	g.mu.Lock()
	n := 1
	for n < min(len(g.queue), maxBatch) && !g.queue[0].alone && !g.queue[n].alone {
		n++
	}
	batch := slices.Clone(g.queue[:n])
	g.queue = slices.Delete(g.queue, 0, n)
	g.mu.Unlock()
	finished := false
	defer func() {
		for _, j := range batch {
			if !finished {
				j.err = fmt.Errorf("another transaction of the same commit panicked")
			}
			close(j.done)
		}
		g.mu.Lock()
		g.handOver()
		g.mu.Unlock()
	}()
	g.run(batch)
	finished = true
}

// handOver makes the first of the queue the leader; g.mu is held.
func (g *group) handOver() {
	g.busy = len(g.queue) > 0
	if g.busy {
		g.queue[0].lead <- struct{}{}
	}
}

// withdraw takes a job out of the queue; it is false where the job has been taken up already.
func (g *group) withdraw(j *job) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.queue, j)
	if i < 0 {
		return false
	}
	g.queue = slices.Delete(g.queue, i, i+1)
	select {
	case <-j.lead: // it was to lead
		g.handOver()
	default:
	}
	return true
}
