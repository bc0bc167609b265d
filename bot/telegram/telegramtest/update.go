package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// queue is what the bot has yet to take.
type queue struct {
	list []update
	next int64
	// allowed are the kinds that the bot asked for; nil is the platform's default.
	allowed []string
	wake    chan struct{}
	// poll ends the long poll that is waiting, with an error.
	poll chan *apiError
}

type update struct {
	id   int64
	kind string
	// lane orders a webhook's deliveries: one at a time and in order within a lane.
	lane string
	body []byte
	at   time.Time
}

// firstUpdate is where update IDs begin.
const firstUpdate = 500_000_001

func newQueue() queue { return queue{next: firstUpdate, wake: make(chan struct{})} }

// unasked are the kinds that come only to those who name them.
var unasked = []string{"chat_member", "message_reaction", "message_reaction_count"}

// life is how long the platform keeps an update.
func life(kind string) time.Duration {
	switch kind {
	case "callback_query":
		return 150 * time.Second
	case "inline_query":
		return 30 * time.Second
	}
	return 24 * time.Hour
}

// push adds an update. The server is locked.
func (s *Server) push(kind, lane string, payload any) int64 {
	q := &s.queue
	if q.allowed == nil && slices.Contains(unasked, kind) || q.allowed != nil && !slices.Contains(q.allowed, kind) {
		return 0
	}
	raw, err := json.Marshal(obj{kind: payload})
	if err != nil {
		panic(fmt.Sprintf("telegramtest: encode an update: %v", err))
	}
	return s.pushRaw(kind, lane, string(raw[1:len(raw)-1]))
}

func (s *Server) pushRaw(kind, lane, fields string) int64 {
	q := &s.queue
	id := q.next
	q.next++
	body := fmt.Sprintf(`{"update_id":%d,%s}`, id, fields)
	q.list = append(q.list, update{id: id, kind: kind, lane: lane, body: []byte(body), at: s.options.Now()})
	s.wakeQueue()
	return id
}

func (s *Server) wakeQueue() {
	close(s.queue.wake)
	s.queue.wake = make(chan struct{})
}

// Inject queues an update that the test wrote: the fields of the object besides update_id, such as `"message":{…}`. It need not be what the
// platform sends, but it must be JSON. It returns the update's ID.
func (s *Server) Inject(fields string) int64 {
	mustBeJSON(`{"update_id":1,` + fields + `}`)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pushRaw("injected", "injected", fields)
}

func mustBeJSON(body string) {
	if !json.Valid([]byte(body)) {
		panic("telegramtest: injected what is not JSON: " + body)
	}
}

// InjectWhole queues a whole update object as it is, with or without an ID of its own. It must be JSON, though not an object.
func (s *Server) InjectWhole(body string) {
	mustBeJSON(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.pushRaw("injected", "injected", "")
	for i, u := range s.queue.list {
		if u.id == id {
			s.queue.list[i].body = []byte(body)
		}
	}
}

// Pending is how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.queue.list)
}

// RestartIDs numbers the updates to come from a lower number on, as the platform may after a week without any.
func (s *Server) RestartIDs(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue.list) > 0 || next >= s.queue.next {
		panic("telegramtest: update IDs restart lower, and when nothing is pending")
	}
	s.queue.next = next
}

func (s *Server) expire() {
	now := s.options.Now()
	s.queue.list = slices.DeleteFunc(s.queue.list, func(u update) bool { return now.Sub(u.at) > life(u.kind) })
}

func (s *Server) readAllowed(c *call) *apiError {
	var allowed []string
	if !c.decode("allowed_updates", &allowed) {
		return nil
	}
	known := readSpec().types["Update"]
	for _, kind := range allowed {
		if _, ok := known.field(kind); !ok || kind == "update_id" {
			s.violate(c.method, "allowed_updates: there is no kind %q", kind)
			return badRequest("wrong allowed_updates")
		}
	}
	if s.queue.allowed = allowed; len(allowed) == 0 {
		s.queue.allowed = nil
	}
	return nil
}

// Bounds of getUpdates: so many updates and bytes at once.
const (
	maxBatch = 100
	maxBytes = 4 << 20
)

func (s *Server) getUpdates(ctx context.Context, c *call) (any, *apiError) {
	limit, timeout := int(c.integer("limit")), min(time.Duration(c.integer("timeout"))*time.Second, s.options.LongestPoll)
	if limit == 0 {
		limit = maxBatch
	}
	s.mu.Lock()
	if s.hook.url != "" {
		s.mu.Unlock()
		return nil, failure(http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if problem := s.readAllowed(c); problem != nil {
		s.mu.Unlock()
		return nil, problem
	}
	batch := s.take(c.integer("offset"), limit)
	if len(batch) > 0 || timeout <= 0 {
		s.mu.Unlock()
		return batch, nil
	}
	s.endPoll("terminated by other getUpdates request; make sure that only one bot instance is running")
	ended := make(chan *apiError, 1)
	s.queue.poll = ended
	s.mu.Unlock()
	defer s.forgetPoll(ended)
	return s.wait(ctx, c.integer("offset"), limit, timeout, ended)
}

// wait is a long poll; the older of two gets a conflict.
func (s *Server) wait(ctx context.Context, offset int64, limit int, timeout time.Duration, ended chan *apiError) (any, *apiError) {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		batch, wake := s.take(offset, limit), s.queue.wake
		s.mu.Unlock()
		if len(batch) > 0 {
			return batch, nil
		}
		select {
		case <-wake:
		case problem := <-ended:
			return nil, problem
		case <-ctx.Done():
			return batch, nil
		case <-s.closing:
			return batch, nil
		case <-deadline.C:
			return batch, nil
		}
	}
}

// endPoll ends a waiting long poll with a conflict. The server is locked.
func (s *Server) endPoll(reason string) {
	if s.queue.poll != nil {
		s.queue.poll <- failure(http.StatusConflict, "Conflict: "+reason)
		s.queue.poll = nil
	}
}

func (s *Server) forgetPoll(poll chan *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poll == poll {
		s.queue.poll = nil
	}
}

// take confirms everything below the offset and returns what follows. An offset far in the future confirms nothing.
func (s *Server) take(offset int64, limit int) []json.RawMessage {
	s.expire()
	q := &s.queue
	switch {
	case offset > q.next+10:
	case offset > 0:
		q.list = slices.DeleteFunc(q.list, func(u update) bool { return u.id < offset })
	case offset < 0:
		q.list = q.list[max(0, len(q.list)+int(offset)):]
	}
	out, size := []json.RawMessage{}, 0
	for _, u := range q.list {
		if size += 50 + len(u.body); len(out) == limit || size > maxBytes && len(out) > 0 {
			break
		}
		out = append(out, u.body)
	}
	return out
}
