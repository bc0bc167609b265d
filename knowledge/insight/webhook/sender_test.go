package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/knowledge/insight/webhook"
	"faqbot/knowledge/insight/webhook/webhooktest"
)

// The address and the answers hold what must never be logged.
const (
	address = "https://hooks.shop.example/in?key=hidden-text"
	written = "the receiver wrote hidden-text"
)

// receiver is a server in memory. It checks signature and form of all that comes, and answers as it is told.
type receiver struct {
	t      *testing.T
	answer func(n int, r *http.Request) (*http.Response, error) // of the nth request, from 0
	mu     sync.Mutex
	got    []arrival
}

type arrival struct {
	webhook.Event
	at        time.Time
	signature string
}

// RoundTrip implements [http.RoundTripper].
func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	a := arrival{at: time.Now(), signature: request.Header.Get(webhook.Header)}
	if err := json.Unmarshal(body, &a.Event); err != nil {
		r.t.Errorf("%s: %v", body, err)
	}
	if err := webhook.Verify(secret, a.signature, body, a.at); err != nil || request.Method != http.MethodPost || request.URL.String() != address ||
		request.Header.Get("Content-Type") != "application/json" {
		r.t.Errorf("%s %s %v: %v", request.Method, request.URL, request.Header, err)
	}
	r.mu.Lock()
	r.got = append(r.got, a)
	n := len(r.got) - 1
	r.mu.Unlock()
	return r.answer(n, request)
}

// arrived are the requests that came so far.
func (r *receiver) arrived() []arrival {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func status(code int, headers ...string) *http.Response {
	r := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(written))}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func always(code int) func(int, *http.Request) (*http.Response, error) {
	return func(int, *http.Request) (*http.Response, error) { return status(code), nil }
}

func parse(t *testing.T, address string) webhook.Target {
	t.Helper()
	target, err := webhook.ParseTarget(address)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// sending is a sender at work in a bubble, with its clock.
type sending struct {
	*webhook.Sender
	queue    *webhooktest.Memory
	receiver *receiver
	log      *bytes.Buffer
	fates    []webhook.Fate
	stop     func()
}

// send starts a sender for one receiver.
func send(t *testing.T, queue *webhooktest.Memory, answer func(int, *http.Request) (*http.Response, error)) *sending {
	t.Helper()
	s := &sending{queue: queue, receiver: &receiver{t: t, answer: answer}, log: &bytes.Buffer{}}
	s.Sender = webhook.NewSender(queue, []webhook.Target{parse(t, address)}, secret, webhook.Options{
		Logger: slog.New(slog.NewTextHandler(s.log, nil)), Transport: s.receiver, SettledFunc: func(f webhook.Fate) { s.fates = append(s.fates, f) },
	})
	s.stop = start(t, s.Sender)
	return s
}

// start runs a sender until the function it returns is called.
func start(t *testing.T, s *webhook.Sender) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// end stops it, and looks that the log told no secret.
func (s *sending) end(t *testing.T) {
	t.Helper()
	s.stop()
	if text := s.log.String(); strings.Contains(text, "hidden-text") || strings.Contains(text, secret) || strings.Contains(text, "v1=") {
		t.Errorf("the log tells a secret: %s", text)
	}
}

func newQueue(t *testing.T) *webhooktest.Memory {
	t.Helper()
	return webhooktest.NewMemory(parse(t, address).ID)
}

// TestSender_ReceiverDownForAnHour loses nothing: what happens before, meanwhile and afterwards arrives once, signed anew each time.
func TestSender_ReceiverDownForAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		queue := newQueue(t)
		s := send(t, queue, func(n int, _ *http.Request) (*http.Response, error) {
			switch {
			case down.Load() && n%2 == 0:
				return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
			case down.Load():
				return status(http.StatusBadGateway), nil
			}
			return status(http.StatusNoContent), nil
		})
		announced := 0
		during := func(minutes int) {
			for range minutes {
				queue.Announce(webhook.TicketClosed, fmt.Sprintf(`{"number":%d}`, announced), time.Now())
				announced++
				s.Wake()
				time.Sleep(time.Minute)
			}
		}
		during(5)
		down.Store(true)
		during(60)
		down.Store(false)
		back := time.Now()
		failed := len(s.receiver.arrived())
		during(5)
		time.Sleep(time.Hour)
		s.end(t)

		arrived := map[webhook.EventID]int{}
		signatures := map[string]bool{}
		for i, a := range s.receiver.arrived() {
			if signatures[a.signature] {
				t.Error("a signature was used twice")
			}
			signatures[a.signature] = true
			if i < 5 || i >= failed {
				arrived[a.ID]++
			}
			if a.at.Sub(back) > time.Hour {
				t.Errorf("an event came %v after the receiver was back", a.at.Sub(back))
			}
		}
		for id, n := range arrived {
			if n != 1 {
				t.Errorf("%s arrived %d times", id, n)
			}
		}
		if len(arrived) != announced || failed <= announced || len(s.queue.GivenUp()) > 0 {
			t.Errorf("%d of %d arrived after %d requests, given up: %v", len(arrived), announced, failed, s.queue.GivenUp())
		}
		if n := strings.Count(s.log.String(), "cannot be delivered"); n != 1 || strings.Count(s.log.String(), "delivered again") != 1 {
			t.Errorf("the hour is told of %d times: %s", n, s.log)
		}
	})
}

// TestSender_Waits looks at the times of all attempts at an event that nobody ever takes.
func TestSender_Waits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := send(t, newQueue(t), always(http.StatusInternalServerError))
		began := time.Now()
		s.queue.Announce(webhook.GapOpened, `{}`, began)
		s.Wake()
		time.Sleep(4 * 24 * time.Hour)
		s.end(t)
		got := s.receiver.arrived()
		var at []time.Duration
		for _, a := range got {
			at = append(at, a.at.Sub(began))
			if a.ID != got[0].ID {
				t.Error("an attempt has another ID")
			}
		}
		want := []time.Duration{0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second, 31 * time.Second, 63 * time.Second}
		if len(at) < 80 || !slices.Equal(at[:len(want)], want) {
			t.Fatalf("%d attempts at %v", len(at), at)
		}
		for i := 13; i < len(at)-1; i++ {
			if wait := at[i] - at[i-1]; wait != time.Hour {
				t.Errorf("attempt %d comes %v after the one before", i, wait)
			}
		}
		if last := at[len(at)-1]; last != 3*24*time.Hour {
			t.Errorf("the last attempt is after %v", last)
		}
		if reasons := s.queue.GivenUp(); len(reasons) != 1 || reasons[0] != "it answered 500 Internal Server Error" {
			t.Errorf("given up: %v", reasons)
		}
	})
}

// TestSender_Answers shows what follows from an answer to the first attempt, where the second is taken.
func TestSender_Answers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(*http.Request) (*http.Response, error)
		again  time.Duration // 0: not at all
		reason string        // why it was given up
	}{
		"taken":                  {answer: func(*http.Request) (*http.Response, error) { return status(200), nil }},
		"taken without a word":   {answer: func(*http.Request) (*http.Response, error) { return status(204), nil }},
		"taken to be done later": {answer: func(*http.Request) (*http.Response, error) { return status(202), nil }},
		"gone":                   {answer: func(*http.Request) (*http.Response, error) { return status(410), nil }, reason: "it answered 410 Gone"},
		"refused":                {answer: func(*http.Request) (*http.Response, error) { return status(403), nil }, again: time.Second},
		"not found":              {answer: func(*http.Request) (*http.Response, error) { return status(404), nil }, again: time.Second},
		"sent elsewhere": {answer: func(*http.Request) (*http.Response, error) {
			return status(308, "Location", "https://evil.example/"), nil
		}, again: time.Second},
		"broken":                     {answer: func(*http.Request) (*http.Response, error) { return status(503), nil }, again: time.Second},
		"asked for a pause":          {answer: func(*http.Request) (*http.Response, error) { return status(429, "Retry-After", "90"), nil }, again: 90 * time.Second},
		"asked for a very long one":  {answer: func(*http.Request) (*http.Response, error) { return status(503, "Retry-After", "99999999999"), nil }, again: time.Hour},
		"asked for nothing sensible": {answer: func(*http.Request) (*http.Response, error) { return status(503, "Retry-After", "-5"), nil }, again: time.Second},
		"no answer":                  {answer: hang, again: 11 * time.Second},
		"not HTTP": {answer: func(*http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("malformed HTTP response %q", written)
		}, again: time.Second},
		"an endless answer": {answer: func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(endless{})}, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := send(t, newQueue(t), func(n int, r *http.Request) (*http.Response, error) {
					if n == 0 {
						return c.answer(r)
					}
					return status(200), nil
				})
				s.queue.Announce(webhook.GapOpened, `{}`, time.Now())
				s.Wake()
				time.Sleep(2 * time.Hour)
				s.end(t)
				got := s.receiver.arrived()
				switch {
				case c.again == 0 && len(got) != 1, c.again > 0 && len(got) != 2:
					t.Fatalf("%d attempts", len(got))
				case c.again > 0 && got[1].at.Sub(got[0].at) != c.again:
					t.Errorf("tried again after %v", got[1].at.Sub(got[0].at))
				}
				if given := strings.Join(s.queue.GivenUp(), ""); given != c.reason {
					t.Errorf("given up: %q", given)
				}
				if last := s.fates[len(s.fates)-1]; (last == webhook.GivenUp) != (c.reason != "") || len(s.fates) != len(got) {
					t.Errorf("told are %v", s.fates)
				}
			})
		})
	}
}

// hang answers nothing until nobody waits any more.
func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

type endless struct{}

// Read implements [io.Reader].
func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestSender_KilledBeforeTheRecord ends a sender when the receiver has acted and nobody has noted it.
func TestSender_KilledBeforeTheRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := newQueue(t)
		queue.Announce(webhook.TicketClosed, `{"number":7}`, time.Now())
		first := send(t, queue, func(int, *http.Request) (*http.Response, error) {
			queue.Break(errors.New("the power is off"))
			return status(200), nil
		})
		synctest.Wait()
		first.end(t)
		queue.Break(nil)
		time.Sleep(time.Minute)
		second := send(t, queue, always(200))
		time.Sleep(time.Minute)
		second.end(t)
		before, after := first.receiver.arrived(), second.receiver.arrived()
		if len(before) != 1 || len(after) != 1 || before[0].ID != after[0].ID || before[0].signature == after[0].signature {
			t.Errorf("first %+v, then %+v", before, after)
		}
	})
}

// TestSender_StoppedWhileSending counts nothing for an attempt that its own end has cut off.
func TestSender_StoppedWhileSending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := newQueue(t)
		queue.Announce(webhook.TicketClosed, `{}`, time.Now())
		s := send(t, queue, func(_ int, r *http.Request) (*http.Response, error) { return hang(r) })
		synctest.Wait()
		began := time.Now()
		s.end(t)
		d, err := queue.Pending(t.Context(), parse(t, address).ID, 1)
		if err != nil || len(d) != 1 || d[0].Attempts != 0 || !time.Now().Equal(began) {
			t.Errorf("%+v, %v, after %v", d, err, time.Since(began))
		}
	})
}

// TestSender_Several holds no receiver up for another one.
func TestSender_Several(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, quick := parse(t, "https://slow.example"), parse(t, "https://quick.example")
		queue := webhooktest.NewMemory(slow.ID, quick.ID)
		began := time.Now()
		for n := range 20 {
			queue.Announce(webhook.GapRising, `{}`, began.Add(time.Duration(n)))
		}
		var mu sync.Mutex
		var order []webhook.EventID
		s := webhook.NewSender(queue, []webhook.Target{slow, quick}, secret, webhook.Options{Transport: trip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "slow.example" {
				return hang(r)
			}
			var e webhook.Event
			err := json.NewDecoder(r.Body).Decode(&e)
			mu.Lock()
			order = append(order, e.ID)
			mu.Unlock()
			return status(200), err
		})})
		stop := start(t, s)
		time.Sleep(time.Second)
		stop()
		if len(order) != 20 || !slices.IsSorted(order) {
			t.Errorf("the quick one has %v", order)
		}
	})
}

type trip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSender_QueueBroken goes on when what is to be sent can be read again, and does not fill the log until then.
func TestSender_QueueBroken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := newQueue(t)
		queue.Break(errors.New("the database is gone"))
		s := send(t, queue, always(200))
		time.Sleep(time.Hour)
		queue.Break(nil)
		queue.Announce(webhook.GapOpened, `{}`, time.Now())
		time.Sleep(time.Minute)
		s.end(t)
		if n := strings.Count(s.log.String(), "cannot be read"); len(s.receiver.arrived()) != 1 || n > 70 {
			t.Errorf("%d arrived, and it is logged %d times", len(s.receiver.arrived()), n)
		}
	})
}
