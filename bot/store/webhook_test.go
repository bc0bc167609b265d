package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight/webhook"
	"faqbot/knowledge/insight/webhook/webhooktest"
)

// told opens a store that keeps events for the shop.
func told(t *testing.T, settings store.Settings) *store.Store {
	t.Helper()
	return storetest.Open(t, settings, store.Options{Webhooks: []webhook.TargetID{webhooktest.Shop}, Now: func() time.Time { return noon }})
}

// arrive are the events that wait for the shop, with what a ticket's data says. They wait no longer.
func arrive(t *testing.T, s *store.Store) (kinds []webhook.Kind, tickets []webhook.Ticket) {
	t.Helper()
	deliveries, err := s.Webhooks().Pending(t.Context(), webhooktest.Shop, 100)
	must(t, err)
	for _, d := range deliveries {
		var ticket webhook.Ticket
		must(t, json.Unmarshal(d.Event.Data, &ticket))
		kinds, tickets = append(kinds, d.Event.Kind), append(tickets, ticket)
		must(t, s.Webhooks().Settle(t.Context(), d.Event.ID, webhooktest.Shop, webhook.Result{Fate: webhook.Delivered}))
	}
	return kinds, tickets
}

// change commits a turn that changes the ticket of a customer.
func change(t *testing.T, s *store.Store, n int, do func(*handoff.Ticket)) error {
	t.Helper()
	e := says(marker, n)
	v := situation(t, s, e)
	if v.Ticket == nil {
		tickets, err := s.Tickets(t.Context(), handoff.Closed, 1)
		must(t, err)
		v.Ticket = &tickets[0]
	}
	do(v.Ticket)
	return s.Commit(t.Context(), e, bot.Turn{Conversation: v.Conversation, Ticket: v.Ticket})
}

// TestStore_Commit_tellsOfTickets keeps an event with the turn that closes or rates a ticket, and for none else.
func TestStore_Commit_tellsOfTickets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := told(t, settings)
		opened := handOff(says(marker, 1), bot.Conversation{}, 12)
		opened.Ticket.Language = "de"
		must(t, s.Commit(t.Context(), says(marker, 1), opened))
		must(t, change(t, s, 2, func(k *handoff.Ticket) {
			k.Status, k.HolderName, k.ClaimedAt, k.RepliedAt = handoff.Claimed, "Ben", noon.Add(time.Minute), noon.Add(90*time.Second)
		}))
		wantKinds(t, s)
		closing := func(k *handoff.Ticket) {
			k.Status, k.Outcome, k.ClosedAt = handoff.Closed, handoff.Delivery, noon.Add(time.Hour)
		}
		must(t, change(t, s, 3, closing))
		waited := int64(90)
		want := webhook.Ticket{Number: 12, Outcome: "delivery", Language: "de", Network: "test", OpenedAt: noon, ClaimedAt: noon.Add(time.Minute),
			ClosedAt: noon.Add(time.Hour), FirstReplySeconds: &waited}
		kinds, tickets := arrive(t, s)
		wantSame(t, kinds, []webhook.Kind{webhook.TicketClosed})
		wantSame(t, tickets, []webhook.Ticket{want})

		must(t, change(t, s, 4, func(k *handoff.Ticket) { k.Taught = "returns" }))
		wantKinds(t, s)
		must(t, change(t, s, 5, func(k *handoff.Ticket) { k.Rating, k.Word = 5, "from "+marker }))
		want.Rating = 5
		kinds, tickets = arrive(t, s)
		wantSame(t, kinds, []webhook.Kind{webhook.TicketRated})
		wantSame(t, tickets, []webhook.Ticket{want})

		must(t, change(t, s, 6, func(k *handoff.Ticket) { k.Status, k.ClosedAt = handoff.Open, time.Time{} }))
		wantKinds(t, s)
		must(t, change(t, s, 7, closing))
		wantKinds(t, s, webhook.TicketClosed)
	})
}

func wantKinds(t *testing.T, s *store.Store, want ...webhook.Kind) {
	t.Helper()
	kinds, _ := arrive(t, s)
	wantSame(t, kinds, want)
}

// TestStore_Commit_tellsWithTheTurn tells nothing of a turn that was not committed, and names nobody.
func TestStore_Commit_tellsWithTheTurn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, db := told(t, settings), raw(t, settings)
		must(t, s.Commit(t.Context(), says(marker, 1), handOff(says(marker, 1), bot.Conversation{}, 12)))
		closing := func(k *handoff.Ticket) { k.Status, k.ClosedAt, k.Word = handoff.Closed, noon, marker }
		wantKind(t, change(t, s, 2, func(k *handoff.Ticket) { closing(k); k.Version-- }), fault.Conflict)
		wantKind(t, change(t, s, 2, func(k *handoff.Ticket) { closing(k); k.Version++ }), fault.Conflict)
		v := situation(t, s, says(marker, 2))
		closing(v.Ticket)
		v.Conversation.Version-- // the ticket is right, and the conversation was changed meanwhile
		wantKind(t, s.Commit(t.Context(), says(marker, 2), bot.Turn{Conversation: v.Conversation, Ticket: v.Ticket}), fault.Conflict)
		wantKinds(t, s)
		if err := change(t, s, 1, closing); !errors.Is(err, bot.ErrSeen) {
			t.Errorf("an event that was seen: %v", err)
		}
		wantKinds(t, s)
		wake, stop := s.Watch(store.Webhooks)
		defer stop()
		must(t, change(t, s, 2, closing))
		select {
		case <-wake:
		default:
			t.Error("nobody was woken")
		}
		wantSame(t, traces(t, db, []string{"webhooks"}), map[string]int{})
		wantKinds(t, s, webhook.TicketClosed)

		silent := open(t, settings) // where nobody is to be told
		must(t, change(t, silent, 3, func(k *handoff.Ticket) { k.Status, k.ClosedAt = handoff.Open, time.Time{} }))
		must(t, change(t, silent, 4, closing))
		wantKinds(t, s)
		must(t, s.Commit(t.Context(), says("bob", 1), func() bot.Turn { // opened and closed at once
			turn := handOff(says("bob", 1), bot.Conversation{}, 13)
			turn.Ticket.Status, turn.Ticket.ClosedAt = handoff.Closed, noon
			return turn
		}()))
		wantKinds(t, s, webhook.TicketClosed)
	})
}

// TestStore_Erase_events leaves of an event that waits what is about no one.
func TestStore_Erase_events(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := told(t, settings)
		e := says("ada", 1)
		e.Body = `title`
		must(t, s.Commit(t.Context(), e, handOff(e, bot.Conversation{}, 1)))
		other := says("bob", 1)
		other.Body = `"title", he said`
		must(t, s.Commit(t.Context(), other, handOff(other, bot.Conversation{}, 2)))
		data := map[string]any{"title": "title", "all": []string{"title", other.Body, "title"}, "last": "title", "mentions": `of "title", say`}
		must(t, store.Announce(t.Context(), s, webhook.GapOpened, data, noon))
		_, err := s.Erase(t.Context(), "test", "ada")
		must(t, err)
		d, err := s.Webhooks().Pending(t.Context(), webhooktest.Shop, 1)
		must(t, err)
		var left map[string]any
		must(t, json.Unmarshal(d[0].Event.Data, &left))
		wantSame(t, left, map[string]any{"title": "", "all": []any{"", other.Body, ""}, "last": "", "mentions": `of "title", say`})
	})
}

func TestStore_Backlogs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := told(t, settings)
		q := s.Webhooks()
		for n := range 3 {
			must(t, store.Announce(t.Context(), s, webhook.GapOpened, n, noon.Add(time.Duration(n)*time.Second)))
		}
		d, err := q.Pending(t.Context(), webhooktest.Shop, 3)
		must(t, err)
		must(t, q.Settle(t.Context(), d[0].Event.ID, webhooktest.Shop, webhook.Result{Fate: webhook.GivenUp, At: noon, Reason: "it is gone"}))
		must(t, q.Settle(t.Context(), d[2].Event.ID, webhooktest.Shop, webhook.Result{Fate: webhook.Retry, At: noon, Due: noon, Reason: "it sleeps"}))
		backlogs, err := q.Backlogs(t.Context())
		must(t, err)
		wantSame(t, backlogs, []store.Backlog{
			{Target: webhooktest.Board, Events: 3, Oldest: noon},
			{Target: webhooktest.Shop, Events: 2, Oldest: noon.Add(time.Second), Attempts: 1, Reason: "it sleeps"},
			{Target: webhooktest.Shop, GivenUp: true, Events: 1, Oldest: noon, Attempts: 1, Reason: "it is gone"},
		})
		counts, err := s.Counts(t.Context())
		must(t, err)
		wantSame(t, []int64{counts.WebhooksWaiting, counts.WebhooksFailed}, []int64{5, 1})
	})
}

// TestStore_Prune_events forgets what was given up after a while, and what waits when nobody sends it any more.
func TestStore_Prune_events(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
		must(t, store.Announce(t.Context(), s, webhook.GapOpened, 1, noon)) // for two
		d, err := s.Webhooks().Pending(t.Context(), webhooktest.Shop, 1)
		must(t, err)
		must(t, s.Webhooks().Settle(t.Context(), d[0].Event.ID, webhooktest.Shop, webhook.Result{Fate: webhook.GivenUp, At: noon.Add(3 * day)}))
		for _, c := range []struct {
			after           time.Duration
			waiting, failed int64
		}{{9 * day, 1, 1}, {11 * day, 1, 0}, {29 * day, 1, 0}, {31 * day, 0, 0}} {
			now = noon.Add(c.after)
			must(t, s.Prune(t.Context(), store.Retention{Lines: now.Add(-10 * day), Outbox: now.Add(-7 * day)}))
			counts, err := s.Counts(t.Context())
			must(t, err)
			wantSame(t, []int64{counts.WebhooksWaiting, counts.WebhooksFailed}, []int64{c.waiting, c.failed})
		}
	})
}

// shop is a receiver on this machine that can be shut and opened again at the same port.
type shop struct {
	t      *testing.T
	addr   string
	server *http.Server
	mu     sync.Mutex
	got    map[webhook.EventID]int
	change chan struct{} // something came
	act    func()        // with each that comes, before anybody knows of it
}

const shopSecret = "what the shop and the bot know"

// ServeHTTP implements [http.Handler].
func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = webhook.Verify(shopSecret, r.Header.Get(webhook.Header), body, time.Now())
	}
	var e webhook.Event
	if err == nil {
		err = json.Unmarshal(body, &e)
	}
	if err != nil {
		s.t.Error(err)
	}
	if s.act != nil {
		s.act()
	}
	s.mu.Lock()
	s.got[e.ID]++
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
	select {
	case s.change <- struct{}{}:
	default:
	}
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, addr: "127.0.0.1:0", got: map[webhook.EventID]int{}, change: make(chan struct{}, 1)}
	s.open()
	t.Cleanup(s.shut)
	return s
}

func (s *shop) open() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.addr)
	must(s.t, err)
	s.addr, s.server = listener.Addr().String(), &http.Server{Handler: s}
	go func() { _ = s.server.Serve(listener) }()
}

func (s *shop) shut() { _ = s.server.Close() }

// await waits until so many different events came.
func (s *shop) await(n int) map[webhook.EventID]int {
	s.t.Helper()
	for end := time.After(time.Minute); ; {
		s.mu.Lock()
		enough := len(s.got) >= n
		got := maps.Clone(s.got)
		s.mu.Unlock()
		if enough {
			return got
		}
		select {
		case <-s.change:
		case <-end:
			s.t.Fatalf("%d of %d events came", len(got), n)
		}
	}
}

// sends runs a sender of a store to a shop until the function it returns is called.
func sends(t *testing.T, queue webhook.Queue, to *shop) (sender *webhook.Sender, stop func()) {
	t.Helper()
	target, err := webhook.ParseTarget("http://" + to.addr + "/events")
	must(t, err)
	sender = webhook.NewSender(renamed{queue}, []webhook.Target{target}, shopSecret, webhook.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sender.Run(ctx) }()
	return sender, sync.OnceFunc(func() {
		cancel()
		must(t, <-ended)
	})
}

// renamed gives whoever asks what is for the shop of this package's tests.
type renamed struct{ webhook.Queue }

// Pending implements [webhook.Queue].
func (r renamed) Pending(ctx context.Context, _ webhook.TargetID, limit int) ([]webhook.Delivery, error) {
	return r.Queue.Pending(ctx, webhooktest.Shop, limit)
}

// Settle implements [webhook.Queue].
func (r renamed) Settle(ctx context.Context, e webhook.EventID, _ webhook.TargetID, result webhook.Result) error {
	return r.Queue.Settle(ctx, e, webhooktest.Shop, result)
}

// TestStore_Webhooks_receiverRestarted shuts a real receiver, ends the sender as well, and opens both again.
func TestStore_Webhooks_receiverRestarted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, receiver := told(t, settings), newShop(t)
		tell := func(from, to int) {
			for n := from; n < to; n++ {
				must(t, store.Announce(t.Context(), s, webhook.TicketClosed, webhook.Ticket{Number: int64(n)}, time.Now()))
			}
		}
		tell(0, 10)
		sender, stop := sends(t, s.Webhooks(), receiver)
		defer func() { stop() }()
		receiver.await(10)
		receiver.shut()
		tell(10, 20)
		sender.Wake()
		awaitAttempts(t, s)
		stop()
		receiver.open()
		_, stop = sends(t, s.Webhooks(), receiver)
		for id, n := range receiver.await(20) {
			if n != 1 {
				t.Errorf("%s came %d times", id, n)
			}
		}
	})
}

// awaitAttempts waits until some of what waits was tried.
func awaitAttempts(t *testing.T, s *store.Store) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		backlogs, err := s.Webhooks().Backlogs(t.Context())
		must(t, err)
		for _, b := range backlogs {
			if b.Target == webhooktest.Shop && b.Attempts > 0 && !strings.Contains(b.Reason, "cannot be reached") {
				t.Fatalf("%+v", b)
			} else if b.Target == webhooktest.Shop && b.Attempts > 0 {
				return
			}
		}
	}
	t.Fatal("nothing was tried")
}

// TestStore_Webhooks_downForAnHour has a receiver in the bubble that is down for an hour of its clock, with an event a minute. PostgreSQL, which is
// outside of it, keeps to the same suite.
func TestStore_Webhooks_downForAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t, storetest.SQLite(t), store.Options{Now: time.Now})
		var mu sync.Mutex
		down, got := true, map[webhook.EventID]int{}
		target, err := webhook.ParseTarget("https://shop.example")
		must(t, err)
		sender := webhook.NewSender(renamed{s.Webhooks()}, []webhook.Target{target}, shopSecret, webhook.Options{Transport: trip(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			var e webhook.Event
			if err == nil {
				err = errors.Join(webhook.Verify(shopSecret, r.Header.Get(webhook.Header), body, time.Now()), json.Unmarshal(body, &e))
			}
			mu.Lock()
			defer mu.Unlock()
			if down || err != nil {
				return nil, errors.Join(err, errors.New("nobody listens"))
			}
			got[e.ID]++
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		})})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- sender.Run(ctx) }()
		for n := range 60 {
			must(t, store.Announce(t.Context(), s, webhook.TicketClosed, webhook.Ticket{Number: int64(n)}, time.Now()))
			sender.Wake()
			time.Sleep(time.Minute)
		}
		mu.Lock()
		down = false
		mu.Unlock()
		time.Sleep(time.Hour)
		cancel()
		must(t, <-ended)
		for id, n := range got {
			if n != 1 {
				t.Errorf("%s came %d times", id, n)
			}
		}
		counts, err := s.Counts(t.Context())
		must(t, err)
		// What is for the other receiver waits, for nobody sends it here.
		if len(got) != 60 || counts.WebhooksWaiting != 60 || counts.WebhooksFailed != 0 {
			t.Errorf("%d of 60 came; %+v", len(got), counts)
		}
	})
}

type trip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestStore_Webhooks_killedBeforeTheRecord ends everything when the receiver has an event and the store does not know; it is sent again
// under the same ID.
func TestStore_Webhooks_killedBeforeTheRecord(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		first, err := store.Open(t.Context(), settings, store.Options{})
		must(t, err)
		must(t, store.Announce(t.Context(), first, webhook.TicketClosed, webhook.Ticket{Number: 7}, noon))
		receiver := newShop(t)
		receiver.act = sync.OnceFunc(func() { // what is written from here on is lost, as with a process that was killed
			if err := first.Close(); err != nil {
				t.Error(err)
			}
		})
		_, stop := sends(t, first.Webhooks(), receiver)
		receiver.await(1)
		stop()
		receiver.act = nil
		second := open(t, settings)
		_, stop = sends(t, second.Webhooks(), receiver)
		defer stop()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if d, err := second.Webhooks().Pending(t.Context(), webhooktest.Shop, 1); err != nil || len(d) == 0 {
				must(t, err)
				break
			}
		}
		stop()
		got := receiver.await(1)
		if came := slices.Collect(maps.Values(got)); !slices.Equal(came, []int{2}) {
			t.Errorf("came: %v", got)
		}
	})
}
