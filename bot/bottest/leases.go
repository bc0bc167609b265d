package bottest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var leaseTests = []test{
	{"a lease has one holder", testLease},
	{"a lease that is not renewed is free", testLapse},
	{"of many who ask at once one gets it", testRace},
}

func acquire(t *testing.T, s Store, name, holder string, term time.Duration) bool {
	t.Helper()
	has, err := s.Acquire(t.Context(), name, holder, term)
	if err != nil {
		t.Fatalf("acquire: %v", err)
	}
	return has
}

func testLease(t *testing.T, s Store) {
	wantSame(t, acquire(t, s, "poll", "a", time.Minute), true)
	wantSame(t, acquire(t, s, "poll", "b", time.Minute), false)
	wantSame(t, acquire(t, s, "poll", "a", time.Minute), true)
	wantSame(t, acquire(t, s, "send", "b", time.Minute), true)
	if err := s.Release(t.Context(), "poll", "b"); err != nil {
		t.Fatal(err)
	}
	wantSame(t, acquire(t, s, "poll", "b", time.Minute), false)
	if err := s.Release(t.Context(), "poll", "a"); err != nil {
		t.Fatal(err)
	}
	wantSame(t, acquire(t, s, "poll", "b", time.Minute), true)
	if err := s.Release(t.Context(), "nothing", "a"); err != nil {
		t.Error(err)
	}
}

func testLapse(t *testing.T, s Store) {
	wantSame(t, acquire(t, s, "poll", "a", 50*time.Millisecond), true)
	time.Sleep(120 * time.Millisecond) // the database's clock decides, and no test sets it
	wantSame(t, acquire(t, s, "poll", "b", time.Minute), true)
	wantSame(t, acquire(t, s, "poll", "a", time.Minute), false)
}

func testRace(t *testing.T, s Store) {
	var winners atomic.Int64
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			has, err := s.Acquire(t.Context(), "poll", fmt.Sprint("holder ", i), time.Minute)
			if err != nil {
				t.Error(err)
			}
			if has {
				winners.Add(1)
			}
		})
	}
	wg.Wait()
	wantSame(t, winners.Load(), int64(1))
}
