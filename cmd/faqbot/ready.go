package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"faqbot/bot"
	"faqbot/faq/fault"
)

const (
	// probeEvery is how often a readiness is looked at anew at most: each look writes to the disk.
	probeEvery = 5 * time.Second
	// probePatience is how long whoever asks is kept waiting; SQLite waits longer than that for a lock.
	probePatience = 3 * time.Second
)

// readiness says whether what customers write can be kept. It is safe for concurrent use.
type readiness struct {
	probe   func(ctx context.Context) error
	trouble *bot.Trouble

	mu   sync.Mutex
	last *probed
}

// probed is a look that is under way until done is closed.
type probed struct {
	began time.Time
	done  chan struct{}
	err   error
}

var errSlow = fault.New(fault.Unavailable, "the database does not answer")

// check is what the last look found, or a new one where that was long ago.
func (r *readiness) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	p := r.newest()
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return errSlow
	}
}

// newest begins a look where none is under way and the last one is old.
func (r *readiness) newest() *probed {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last != nil && (!r.last.over() || time.Since(r.last.began) < probeEvery) {
		return r.last
	}
	p := &probed{began: time.Now(), done: make(chan struct{})}
	r.last = p
	go func() {
		defer close(p.done)
		// Whoever asked first may hang up: the others wait for the same.
		ctx, cancel := context.WithTimeout(context.Background(), probeEvery)
		defer cancel()
		p.err = r.probe(ctx)
		r.trouble.Tell("not ready", p.err)
	}()
	return p
}

func (p *probed) over() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// close waits for a look that is under way.
func (r *readiness) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last != nil {
		<-r.last.done
	}
	return nil
}

// ServeHTTP answers whoever watches the bot, with nothing that a stranger could use.
func (r *readiness) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if err := r.check(request.Context()); err != nil {
		http.Error(w, message(err), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}
