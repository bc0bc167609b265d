package telegram

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// maxUpdate bounds what the webhook reads of a request, in bytes.
const maxUpdate = 1 << 20

// serve keeps the webhook set and lets updates in until the context ends. The webhook stays set then: other replicas may serve it, and
// the platform keeps what comes meanwhile for a day.
func (c *Channel) serve(ctx context.Context, handler channel.Handler) error {
	in := c.newIntake(handler)
	c.gate.open(ctx, in)
	defer in.wait()
	defer c.gate.close()
	if err := c.insist(ctx, "setWebhook", c.setWebhook, http.StatusBadRequest); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func (c *Channel) setWebhook(ctx context.Context) error {
	params := tgbotapi.Params{
		"url": c.settings.Webhook.URL, "secret_token": c.settings.Webhook.Secret, "allowed_updates": allowedUpdates,
	}
	params["max_connections"] = strconv.Itoa(cmp.Or(c.settings.Webhook.Connections, parallel))
	return c.api.call(ctx, "setWebhook", params, nil)
}

// Webhook receives updates in webhook mode; the program mounts it at the address in [Settings]. It answers 200 to what was stored and 503 to
// what was not, which the platform then sends again. While Run does not run everything is 503.
func (c *Channel) Webhook() http.Handler { return http.HandlerFunc(c.receive) }

func (c *Channel) receive(w http.ResponseWriter, r *http.Request) {
	if !c.knowsSecret(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	running, in, leave := c.gate.enter()
	if in == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer leave()
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		status := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		w.WriteHeader(status)
		return
	}
	// Storing ends with the program or with the platform's patience, whichever is first.
	ctx, cancel := context.WithCancel(running)
	defer cancel()
	defer context.AfterFunc(r.Context(), cancel)()
	j := in.read(running, raw)
	release, err := c.lanes.enter(ctx, j.address())
	if err == nil {
		err = in.store(ctx, j)
		release()
	}
	if err != nil {
		c.log.Error("an update is not stored yet", "update", j.id, "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// knowsSecret compares in a time that tells nothing of the secret, not even its length.
func (c *Channel) knowsSecret(given string) bool {
	want, got := sha256.Sum256([]byte(c.settings.Webhook.Secret)), sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && c.settings.Webhook.URL != ""
}

// gate lets deliveries in while Run runs, and waits for those inside when it ends.
type gate struct {
	mu     sync.Mutex
	ctx    context.Context
	in     *intake
	inside sync.WaitGroup
}

func (g *gate) open(ctx context.Context, in *intake) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ctx, g.in = ctx, in
}

func (g *gate) enter() (context.Context, *intake, func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.in == nil {
		return nil, nil, nil
	}
	g.inside.Add(1)
	return g.ctx, g.in, g.inside.Done
}

func (g *gate) close() {
	g.mu.Lock()
	g.in = nil
	g.mu.Unlock()
	g.inside.Wait()
}

// lanes lets one delivery at a time into an address. The platform keeps the order of a chat's messages, but presses come beside them, and a
// delivery that took too long comes again while the first is still at work.
type lanes struct {
	mu   sync.Mutex
	busy map[channel.Address]*lane
}

type lane struct {
	turn    chan struct{}
	waiting int
}

func (l *lanes) enter(ctx context.Context, at channel.Address) (release func(), err error) {
	l.mu.Lock()
	one := l.busy[at]
	if one == nil {
		one = &lane{turn: make(chan struct{}, 1)}
		l.busy[at] = one
	}
	one.waiting++
	l.mu.Unlock()
	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if one.waiting--; one.waiting == 0 {
			delete(l.busy, at)
		}
	}
	select {
	case one.turn <- struct{}{}:
		return func() { <-one.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// webhookInfo is what the platform says of the webhook.
type webhookInfo struct {
	URL       string `json:"url"`
	Pending   int    `json:"pending_update_count"`
	FailedAt  int64  `json:"last_error_date"`
	LastError string `json:"last_error_message"`
}

func (i webhookInfo) pending() string { return strconv.Itoa(i.Pending) + " updates wait" }
