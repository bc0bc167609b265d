package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a group whose every batch takes a second of the bubble's time.
func slow(batches *[]int) *group {
	return &group{run: func(jobs []*job) {
		*batches = append(*batches, len(jobs))
		time.Sleep(time.Second)
		for _, j := range jobs {
			j.err = j.do(j.ctx, nil)
		}
	}}
}

func nothing(context.Context, *tx) error { return nil }

func TestGroup_sharesCommits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var batches []int
		g := slow(&batches)
		var wg sync.WaitGroup
		began := time.Now()
		for i := range 300 {
			wg.Go(func() {
				want := fmt.Errorf("error %d", i)
				err := g.enter(&job{ctx: t.Context(), do: func(context.Context, *tx) error { return want }})
				if err != want {
					t.Errorf("job %d got %v", i, err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("300 jobs took %v in batches of %v", took, batches)
		}
	})
}

func TestGroup_withdraws(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var batches []int
		g := slow(&batches)
		var ran atomic.Int64
		count := func(context.Context, *tx) error { ran.Add(1); return nil }
		var wg sync.WaitGroup
		wg.Go(func() { g.enter(&job{ctx: t.Context(), do: count}) })
		synctest.Wait()
		for i := range 10 { // while the first runs, some wait and go; one of those is the next to lead
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(100+i)*time.Millisecond)
			defer cancel()
			if i%2 == 1 {
				ctx = t.Context()
			}
			wg.Go(func() {
				if err := g.enter(&job{ctx: ctx, do: count}); (err != nil) != (i%2 == 0) {
					t.Errorf("job %d got %v", i, err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if ran.Load() != 6 {
			t.Errorf("%d jobs ran, want 6", ran.Load())
		}
		if err := g.enter(&job{ctx: t.Context(), do: nothing}); err != nil {
			t.Error(err)
		}
	})
}

func TestGroup_alone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var batches []int
		g := slow(&batches)
		var wg sync.WaitGroup
		for i := range 7 {
			wg.Go(func() { g.enter(&job{ctx: t.Context(), do: nothing, alone: i == 3}) })
			synctest.Wait()
		}
		wg.Wait()
		if fmt.Sprint(batches) != "[1 2 1 3]" {
			t.Errorf("batches are %v", batches)
		}
	})
}

func TestGroup_survivesPanic(t *testing.T) {
	t.Parallel()
	g := &group{run: func(jobs []*job) {
		for _, j := range jobs {
			j.err = j.do(j.ctx, nil)
		}
	}}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		g.enter(&job{ctx: t.Context(), do: func(context.Context, *tx) error { panic(errors.New("oops")) }})
	}()
	if err := g.enter(&job{ctx: t.Context(), do: nothing}); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}
