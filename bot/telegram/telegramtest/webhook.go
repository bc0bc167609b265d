package telegramtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"
)

// hook delivers updates to an address. Updates of one lane go one at a time and in order; presses have a lane of their own for each
// person, apart from the chat's messages, as on the platform.
type hook struct {
	url, secret string
	most        int
	cancel      context.CancelFunc
	running     sync.WaitGroup
	busy        map[string]bool
	retries     map[int64]retry
	failedAt    time.Time
	failure     string
}

type retry struct {
	count int
	due   time.Time
}

func (h *hook) stop() {
	if h.cancel != nil {
		h.cancel()
	}
	h.cancel, h.url, h.secret = nil, "", ""
}

var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Server) setWebhook(c *call) (any, *apiError) {
	address := c.params["url"]
	if address == "" {
		return s.deleteWebhook(c)
	}
	// The platform itself wants https; a self-hosted server, which this one is, takes http too.
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, badRequest("invalid webhook URL specified")
	}
	if secret, given := c.params["secret_token"]; given && !secretPattern.MatchString(secret) {
		s.violate(c.method, "secret_token: holds a character that is not allowed")
		return nil, badRequest("secret token contains unallowed characters")
	}
	if problem := s.readAllowed(c); problem != nil {
		return nil, problem
	}
	s.endPoll("terminated by setWebhook request")
	if c.isTrue("drop_pending_updates") {
		s.queue.list = nil
	}
	h := &s.hook
	h.stop()
	h.url, h.secret, h.most = address, c.params["secret_token"], int(c.integer("max_connections"))
	if h.most == 0 {
		h.most = 40
	}
	h.busy, h.retries, h.failure, h.failedAt = map[string]bool{}, map[int64]retry{}, "", time.Time{}
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	h.running.Go(func() { s.deliverAll(ctx) })
	return true, nil
}

func (s *Server) deleteWebhook(c *call) (any, *apiError) {
	if c.isTrue("drop_pending_updates") {
		s.queue.list = nil
	}
	s.hook.stop()
	return true, nil
}

func (s *Server) getWebhookInfo(*call) (any, *apiError) {
	s.expire()
	out := obj{"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.queue.list)}
	if s.hook.failure != "" {
		out["last_error_date"], out["last_error_message"] = s.hook.failedAt.Unix(), s.hook.failure
	}
	if s.queue.allowed != nil {
		out["allowed_updates"] = s.queue.allowed
	}
	return out, nil
}

// deliverAll runs until the webhook is changed.
func (s *Server) deliverAll(ctx context.Context) {
	// A transport of its own: who closes the idle connections of the default one may cut off an answer without a body that has just come.
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: s.hook.most}}
	defer client.CloseIdleConnections()
	var deliveries sync.WaitGroup
	defer deliveries.Wait()
	slots := make(chan struct{}, s.hook.most)
	for ctx.Err() == nil {
		s.mu.Lock()
		u, wait := s.nextDelivery(ctx)
		wake, address, secret := s.queue.wake, s.hook.url, s.hook.secret
		s.mu.Unlock()
		if u == nil {
			timer := time.NewTimer(wait)
			select {
			case <-wake:
			case <-timer.C:
			case <-ctx.Done():
			}
			timer.Stop()
			continue
		}
		slots <- struct{}{}
		deliveries.Go(func() {
			err := deliver(ctx, client, address, secret, u.body)
			<-slots
			s.delivered(ctx, *u, err)
		})
	}
}

// nextDelivery takes the oldest update whose lane is free and marks the lane; nil says how long to wait for one. The server is locked.
func (s *Server) nextDelivery(ctx context.Context) (*update, time.Duration) {
	s.expire()
	wait, now := time.Hour, time.Now()
	if ctx.Err() != nil {
		return nil, 0
	}
	held := map[string]bool{}
	for _, u := range s.queue.list {
		if s.hook.busy[u.lane] || held[u.lane] {
			continue
		}
		if due := s.hook.retries[u.id].due; due.After(now) {
			held[u.lane] = true
			wait = min(wait, due.Sub(now))
			continue
		}
		s.hook.busy[u.lane] = true
		return &u, 0
	}
	return nil, wait
}

func deliver(ctx context.Context, client *http.Client, address, secret string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("connection failed: %w", err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("wrong response from the webhook: %s", response.Status)
	}
	return nil
}

func (s *Server) delivered(ctx context.Context, u update, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.wakeQueue()
	if ctx.Err() != nil {
		return // the webhook was changed meanwhile; the update stays
	}
	h := &s.hook
	delete(h.busy, u.lane)
	if err == nil {
		delete(h.retries, u.id)
		for i, o := range s.queue.list {
			if o.id == u.id {
				s.queue.list = append(s.queue.list[:i:i], s.queue.list[i+1:]...)
				break
			}
		}
		return
	}
	r := h.retries[u.id]
	r.due = time.Now().Add(s.options.RetryBase << min(r.count, 10))
	r.count++
	h.retries[u.id] = r
	h.failure, h.failedAt = err.Error(), s.options.Now()
}
