package handoff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/handoff"
)

// waiting is a ticket that was opened some minutes after ten.
func waiting(number int64, minute int, pressing bool) handoff.Ticket {
	t := handoff.Ticket{Number: number, Status: handoff.Open, OpenedAt: monday.Add(time.Duration(minute) * time.Minute), Matter: handoff.Matter{Question: fmt.Sprint("q", number)}}
	t.Pressing = pressing
	return t
}

func numbers(q handoff.Queue) (out []int64) {
	for _, t := range q {
		out = append(out, t.Number)
	}
	return out
}

func TestQueue_Sorted(t *testing.T) {
	t.Parallel()
	q := handoff.Queue{waiting(1, 0, false), waiting(2, 10, false), waiting(3, 29, true), waiting(4, 31, true), waiting(5, 50, false), waiting(6, 0, true)}
	if got, want := numbers(q.Sorted()), []int64{6, 3, 1, 4, 2, 5}; !slices.Equal(got, want) {
		t.Errorf("the order is %v, want %v", got, want)
	}
	if got := numbers(q); !slices.Equal(got, []int64{1, 2, 3, 4, 5, 6}) {
		t.Errorf("sorting changed the queue to %v", got)
	}
}

// Pressing customers come every minute without end; who is patient is overtaken by those of half an hour, and by no more.
func TestQueue_NobodyStarves(t *testing.T) {
	t.Parallel()
	q := handoff.Queue{waiting(1, 0, false)}
	for i := range 300 {
		q = append(q, waiting(int64(i+2), i, true))
	}
	rand.Shuffle(len(q), func(i, j int) { q[i], q[j] = q[j], q[i] })
	if before := slices.Index(numbers(q.Sorted()), 1); before != 30 {
		t.Errorf("%d went before who came first", before)
	}
}

func TestPlan_Queue(t *testing.T) {
	t.Parallel()
	mine := waiting(3, 20, false)
	mine.Holder, mine.HolderName, mine.Status = ben.ID, "Ben", handoff.Claimed
	all := []handoff.Ticket{waiting(1, 0, false), waiting(2, 5, true), mine}
	for _, test := range []struct {
		name, say string
		queue     []handoff.Ticket
		want      []string
	}{
		{"pressing first, and marked", "queue", all, []string{"❗ 🔔 #2 ", "🔔 #1 ", "💬 #3 "}},
		{"mine alone", "mine", all, []string{"💬 #3 "}},
		{"an empty one", "queue", nil, []string{"desk_queue_empty"}},
		{"none of mine", "mine", all[:2], []string{"desk_mine_empty"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := commanded(test.say)
			s.Ticket, s.Found.Queue = nil, test.queue
			text := handoff.Plan(s).Posts[0].Content.PlainText()
			at := -1
			for _, want := range test.want {
				next := strings.Index(text, want)
				if next <= at {
					t.Errorf("%q is not in its place in\n%s", want, text)
				}
				at = next
			}
			if n := strings.Count(text, "#"); n > len(test.want) {
				t.Errorf("%d tickets in\n%s", n, text)
			}
		})
	}
}

func TestPlan_LongQueue(t *testing.T) {
	t.Parallel()
	s := commanded("queue")
	s.Ticket = nil
	for i := range 25 {
		s.Found.Queue = append(s.Found.Queue, waiting(int64(i), i, false))
	}
	if text := handoff.Plan(s).Posts[0].Content.PlainText(); strings.Count(text, "#") != 20 || !strings.Contains(text, "desk_more map[Count:5]") {
		t.Errorf("the queue shows\n%s", text)
	}
}
