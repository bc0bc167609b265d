package webhooktest

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/knowledge/insight/webhook"
)

// The receivers of the suite: a queue under test keeps events for the first two.
const (
	Shop  webhook.TargetID = "shop"
	Board webhook.TargetID = "board"
	Other webhook.TargetID = "other"
)

// Fixture is an empty queue under test, and how to put an event into it.
type Fixture struct {
	webhook.Queue
	AnnounceFunc func(kind webhook.Kind, data string, at time.Time)
}

var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// TestQueue holds a queue to its contract.
func TestQueue(t *testing.T, open func(t *testing.T) Fixture) {
	t.Run("each receiver has its own delivery, oldest first", func(t *testing.T) {
		q := open(t)
		wantPending(t, q, Shop)
		q.AnnounceFunc(webhook.GapOpened, `{"n":1}`, began)
		q.AnnounceFunc(webhook.TicketClosed, `{"text":"é <&> \" 日本"}`, began.Add(time.Second))
		q.AnnounceFunc(webhook.GapRising, `{"n":3}`, began.Add(2*time.Second))
		for _, target := range []webhook.TargetID{Shop, Board} {
			wantPending(t, q, target, webhook.GapOpened, webhook.TicketClosed, webhook.GapRising)
		}
		wantPending(t, q, Other)
		two, err := q.Pending(t.Context(), Shop, 2)
		if err != nil || len(two) != 2 {
			t.Fatalf("of at most two there are %d, %v", len(two), err)
		}
		first := two[0]
		first.Event.ID = ""
		want := webhook.Delivery{Event: webhook.Event{Kind: webhook.GapOpened, At: began, Data: json.RawMessage(`{"n":1}`)}, Due: began}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Error(diff)
		}
		var text struct{ Text string }
		if err := json.Unmarshal(two[1].Event.Data, &text); err != nil || text.Text != `é <&> " 日本` {
			t.Errorf("the data is %s, %v", two[1].Event.Data, err)
		}
		if board := pending(t, q, Board); two[0].Event.ID == two[1].Event.ID || board[0].Event.ID != two[0].Event.ID {
			t.Error("an event has not one ID of its own for all receivers")
		}
	})
	t.Run("what arrived is gone for this receiver alone", func(t *testing.T) {
		q := open(t)
		q.AnnounceFunc(webhook.GapOpened, `{}`, began)
		settle(t, q, Shop, webhook.Result{Fate: webhook.Delivered, At: began})
		wantPending(t, q, Shop)
		wantPending(t, q, Board, webhook.GapOpened)
	})
	t.Run("what failed waits behind what is due sooner", func(t *testing.T) {
		q := open(t)
		q.AnnounceFunc(webhook.GapOpened, `{}`, began)
		q.AnnounceFunc(webhook.GapRising, `{}`, began.Add(time.Second))
		settle(t, q, Shop, webhook.Result{Fate: webhook.Retry, At: began, Due: began.Add(time.Minute), Reason: "it sleeps"})
		wantPending(t, q, Shop, webhook.GapRising, webhook.GapOpened)
		d := pending(t, q, Shop)[1]
		if d.Attempts != 1 || !d.TriedAt.Equal(began) || !d.Due.Equal(began.Add(time.Minute)) {
			t.Errorf("after an attempt: %+v", d)
		}
		again := webhook.Result{Fate: webhook.Retry, At: began.Add(time.Minute), Due: began.Add(time.Hour)}
		if err := q.Settle(t.Context(), d.Event.ID, Shop, again); err != nil {
			t.Fatal(err)
		}
		if d := pending(t, q, Shop)[1]; d.Attempts != 2 || !d.TriedAt.Equal(began) || !d.Due.Equal(began.Add(time.Hour)) {
			t.Errorf("after two attempts: %+v", d)
		}
		if d := pending(t, q, Board)[0]; d.Attempts != 0 || !d.TriedAt.IsZero() {
			t.Errorf("the other receiver's: %+v", d)
		}
	})
	t.Run("what was given up does not come back", func(t *testing.T) {
		q := open(t)
		q.AnnounceFunc(webhook.GapOpened, `{}`, began)
		id := pending(t, q, Shop)[0].Event.ID
		for _, result := range []webhook.Result{
			{Fate: webhook.GivenUp, At: began, Reason: "it is gone"}, {Fate: webhook.Retry, At: began, Due: began}, {Fate: webhook.Delivered, At: began},
		} {
			if err := q.Settle(t.Context(), id, Shop, result); err != nil {
				t.Fatal(err)
			}
			wantPending(t, q, Shop)
		}
		wantPending(t, q, Board, webhook.GapOpened)
		if err := q.Settle(t.Context(), "nothing", Shop, webhook.Result{Fate: webhook.Delivered, At: began}); err != nil {
			t.Errorf("of an event that is not there: %v", err)
		}
	})
}

func pending(t *testing.T, q webhook.Queue, target webhook.TargetID) []webhook.Delivery {
	t.Helper()
	out, err := q.Pending(t.Context(), target, 100)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// settle records what became of the first that is pending.
func settle(t *testing.T, q webhook.Queue, target webhook.TargetID, result webhook.Result) {
	t.Helper()
	if err := q.Settle(t.Context(), pending(t, q, target)[0].Event.ID, target, result); err != nil {
		t.Fatal(err)
	}
}

func wantPending(t *testing.T, q webhook.Queue, target webhook.TargetID, want ...webhook.Kind) {
	t.Helper()
	var got []webhook.Kind
	for _, d := range pending(t, q, target) {
		got = append(got, d.Event.Kind)
	}
	if !slices.Equal(got, want) {
		t.Errorf("pending for %s are %v, want %v", target, got, want)
	}
}
