package insight_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"faqbot/faq/faqtest"
	"faqbot/knowledge/insight"
)

// many makes up misses: half ask one of so many questions in words of their own, as real ones would; half are like no other.
func many(n int) func(yield func(insight.Miss, insight.Place) bool) {
	return func(yield func(insight.Miss, insight.Place) bool) {
		for i := range n {
			m, group := madeUp(i)
			if !yield(m, insight.Place{Group: group, Part: int64(group)}) {
				return
			}
		}
	}
}

// topics is how many questions are asked again and again.
const topics = 20_000

func madeUp(i int) (insight.Miss, insight.GroupID) {
	random := rand.New(rand.NewPCG(uint64(i), 3))
	group := insight.GroupID(topics + 1 + i)
	about := rand.New(rand.NewPCG(uint64(i), 4))
	if i%2 == 0 {
		group = insight.GroupID(1 + random.IntN(topics))
		about = rand.New(rand.NewPCG(uint64(group), 5))
	}
	text := frames[random.IntN(len(frames))]
	for range 4 {
		text += " " + word(about)
	}
	text += " " + word(random)
	return insight.Miss{ID: fmt.Sprint("m", i), Person: fmt.Sprint("p", i/3), Utterance: text, Language: "en"}, group
}

var frames = []string{"how do I", "can you tell me about", "what is the", "why does my", "please help with the", "I want to", "is there a", "when will my"}

// word is one of 30,000, some far more often than others, as in a language.
func word(random *rand.Rand) string {
	n := int(30_000 * random.Float64() * random.Float64() * random.Float64())
	out := ""
	for n += 30; n > 0; n /= 30 {
		out += []string{"ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "pa", "de", "fi", "go", "hu", "ja", "ce", "si", "to", "wu", "bra", "kle", "pri", "sto", "tru", "cha", "she", "thi", "pho", "quu"}[n%30]
	}
	return out
}

// TestGrouper_Place_million shows that a miss among a million is placed in time, that a start takes seconds, and how it grows. What placing takes is told as
// it passes and as processor time, which alone is held to its bound: the rest is the machine's, whoever else is at work on it.
func TestGrouper_Place_million(t *testing.T) {
	faqtest.ComputesAlone(t)
	sizes, more, long := []int{10_000}, 500, os.Getenv("FAQBOT_TEST_LONG") == "1"
	if long {
		sizes, more = []int{10_000, 100_000, 1_000_000}, 5000
	}
	_, published := third(readSet(t, "banking77"), 1)
	lesson := insight.Learn(published, "en")
	for _, n := range sizes {
		before := heap()
		g, start := startedFrom(t, lesson, n)
		passed, worked, regrouped := placing(g, n, more)
		held := heap() - before
		t.Logf("%7d misses in %6d groups: placed in %v, of a processor %v; regrouped in %v at most; %v; %d MB held",
			n, len(g.Groups()), shares(passed), shares(worked), regrouped.Round(time.Millisecond), start, held>>20)
		if !long {
			continue
		}
		if slow := worked[more*99/100]; slow > 5*time.Millisecond {
			t.Errorf("with %d misses one of a hundred takes %v to be placed, want less than 5 ms", n, slow)
		}
		if start.restored+start.read > 10*time.Minute { // seconds where nobody else is at work
			t.Errorf("with %d misses a start takes too long: %v", n, start)
		}
		if held > 1<<30 {
			t.Errorf("%d misses hold %d MB, want less than 1 GB", n, held>>20)
		}
	}
}

// start is what a start from what is stored and one from a snapshot take.
type start struct {
	restored, written, read time.Duration
	size                    int
}

func (s start) String() string {
	return fmt.Sprintf("restored in %v, snapshot of %d MB written in %v and read in %v",
		s.restored.Round(time.Millisecond), s.size>>20, s.written.Round(time.Millisecond), s.read.Round(time.Millisecond))
}

// startedFrom is a grouper that knows so many misses, from a snapshot.
func startedFrom(t *testing.T, lesson *insight.Lesson, n int) (*insight.Grouper, start) {
	t.Helper()
	var s start
	began := time.Now()
	lap := func() time.Duration {
		took := time.Since(began)
		began = time.Now()
		return took
	}
	g := insight.NewGrouper(lesson)
	g.Restore(insight.Recorded{Misses: many(n)})
	s.restored = lap()
	var kept bytes.Buffer
	if err := g.Write(&kept); err != nil {
		t.Fatal(err)
	}
	s.written, s.size = lap(), kept.Len()
	g, err := insight.ReadGrouper(&kept, lesson)
	if err != nil {
		t.Fatal(err)
	}
	s.read = lap()
	return g, s
}

// placing places more misses after n, and returns how long each took and how much of a processor's time, in order, and how long the most regrouping did.
func placing(g *insight.Grouper, n, more int) (passed, worked []time.Duration, regrouped time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range more {
		m, _ := madeUp(n + i)
		began, before := time.Now(), spent()
		g.Place(m)
		worked = append(worked, spent()-before)
		passed = append(passed, time.Since(began))
		began = time.Now()
		g.Regroup()
		regrouped = max(regrouped, time.Since(began))
	}
	slices.Sort(passed)
	slices.Sort(worked)
	return passed, worked, regrouped
}

// shares tells what half of sorted times are below, and 99 of a hundred, and the longest.
func shares(sorted []time.Duration) string {
	n := len(sorted)
	return fmt.Sprintf("%.1f ms (99 %%: %.1f, at most %.1f)", milliseconds(sorted[n/2]), milliseconds(sorted[n*99/100]), milliseconds(sorted[n-1]))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkGrouper_Place(b *testing.B) {
	_, published := third(readSet(b, "banking77"), 1)
	g := insight.NewGrouper(insight.Learn(published, "en"))
	g.Restore(insight.Recorded{Misses: many(50_000)})
	n := 50_000
	for b.Loop() {
		m, _ := madeUp(n)
		g.Place(m)
		n++
	}
}
