package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"faqbot/faq/fault"
)

// rawEvent is one event of the gateway as it came.
type rawEvent struct {
	Shard, Shards int
	Type          string
	Data          json.RawMessage
}

// gateway is where events come from: the seam behind which the library's loop is. Run calls receive in the order of each shard, from
// several goroutines where there are several shards, until ctx ends or going on is pointless.
type gateway interface {
	Run(ctx context.Context, receive func(rawEvent)) error
}

// library is the gateway over discordgo.
type library struct {
	settings Settings
	rest     *rest
	log      *slog.Logger
	timing   *timing
}

// plan is what /gateway/bot says.
type plan struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Start  struct {
		Total       int `json:"total"`
		Remaining   int `json:"remaining"`
		ResetAfter  int `json:"reset_after"` // milliseconds
		Concurrency int `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// Run implements [gateway].
func (g *library) Run(ctx context.Context, receive func(rawEvent)) error {
	budget := newBudget(g)
	first, err := budget.ask(ctx)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	count := g.settings.Shards
	if count == 0 {
		count = max(1, first.Shards)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	fatal := make(chan error, count)
	var all sync.WaitGroup
	for id := range count {
		s := &shard{id: id, count: count, gateway: g, budget: budget, receive: receive, log: g.log.With("shard", id)}
		all.Go(func() {
			if err := s.run(ctx); err != nil {
				fatal <- err
				cancel()
			}
		})
	}
	all.Wait()
	select {
	case err := <-fatal:
		return err
	default:
		return nil
	}
}

// unlessStopped drops an error that only says that the end was wished for.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// budget counts IDENTIFYs: Discord allows 1,000 a day over all shards and resets the token past that.
type budget struct {
	gateway *library
	reserve int

	turn sync.Mutex // held while a shard waits, so that they come one after the other

	mu    sync.Mutex
	last  map[int]time.Time
	spent []time.Time
}

// identifyReserve is what is left untouched of the day's IDENTIFYs, for restarts by hand.
const (
	identifyReserve = 20
	identifyDay     = 24 * time.Hour
	identifyLimit   = 1000
)

func newBudget(g *library) *budget {
	return &budget{gateway: g, reserve: identifyReserve, last: map[int]time.Time{}}
}

// ask gets the plan, waiting as long as Discord cannot be reached. A refused token ends it.
func (b *budget) ask(ctx context.Context) (plan, error) {
	t := b.gateway.timing
	for pause := t.pause; ; pause = min(2*pause, t.maxPause) {
		var p plan
		err := b.gateway.rest.call(ctx, request{method: http.MethodGet, path: "gateway/bot"}, &p)
		switch e := asError(err); {
		case err == nil && p.URL != "":
			return p, nil
		case ctx.Err() != nil:
			return p, ctx.Err()
		case e != nil && e.unauthorized():
			return p, errToken
		}
		b.gateway.log.Warn("Discord does not say where its gateway is", "error", err)
		wait, _ := again(err)
		if sleep(ctx, max(pause, wait)) != nil {
			return p, ctx.Err()
		}
	}
}

// take waits until a shard may IDENTIFY.
func (b *budget) take(ctx context.Context, shard int) (plan, error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	for {
		p, err := b.ask(ctx)
		if err != nil {
			return p, err
		}
		slot := shard % max(1, p.Start.Concurrency)
		pause := b.pause(time.Now(), slot, p)
		if pause <= 0 {
			return p, nil
		}
		if err := sleep(ctx, pause); err != nil {
			return p, err
		}
	}
}

// pause is how long to wait before the next IDENTIFY of a slot; 0 books it.
func (b *budget) pause(now time.Time, slot int, p plan) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for n < len(b.spent) && now.Sub(b.spent[n]) >= identifyDay {
		n++
	}
	b.spent = b.spent[n:]
	limit := min(identifyLimit, max(p.Start.Total, 1))
	reserve := min(b.reserve, limit/2)
	switch {
	case p.Start.Remaining <= reserve:
		wait := max(time.Duration(p.Start.ResetAfter)*time.Millisecond, b.gateway.timing.maxPause)
		b.gateway.log.Error("too many sessions were begun today; waiting, because past its limit Discord resets the token",
			"remaining", p.Start.Remaining, "wait", wait)
		return wait
	case len(b.spent) >= limit-reserve:
		wait := b.spent[0].Add(identifyDay).Sub(now)
		b.gateway.log.Error("too many sessions were begun today; waiting, because past its limit Discord resets the token", "begun", len(b.spent), "wait", wait)
		return wait
	}
	if last, ok := b.last[slot]; ok && now.Before(last.Add(b.gateway.timing.identify)) {
		return last.Add(b.gateway.timing.identify).Sub(now)
	}
	b.last[slot] = now
	return 0
}

// spend counts an IDENTIFY that goes out.
func (b *budget) spend(shard int, p plan) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.spent = append(b.spent, now)
	b.last[shard%max(1, p.Start.Concurrency)] = now
}

// jitter is a time around d, so that shards do not come all at once.
func jitter(d time.Duration) time.Duration {
	return d/2 + time.Duration(rand.Int64N(int64(d)+1))
}

// Why a gateway session cannot go on, in words for the owner.
var (
	errToken = fault.New(fault.Forbidden, "discord: the token was refused; copy it anew at https://discord.com/developers/applications, your application, Bot, Reset Token")

	fatalCodes = map[int]error{
		4004: errToken,
		4010: fault.New(fault.Invalid, "discord: the number of shards is wrong (close code 4010); leave shards at 0 to follow Discord"),
		4011: fault.New(fault.Invalid, "discord: this bot is in so many servers that it needs more shards (close code 4011); leave shards at 0 to follow Discord"),
		4012: fault.New(fault.Unavailable, "discord: the gateway does not speak this version any more (close code 4012); a newer faqbot is needed"),
		4013: fault.New(fault.Invalid, "discord: the gateway does not know an intent that was asked for (close code 4013); a newer faqbot is needed"),
		4014: fault.New(fault.Forbidden, "discord: the Message Content intent is not switched on (close code 4014); switch it on at "+
			"https://discord.com/developers/applications, your application, Bot, Privileged Gateway Intents, Message Content Intent, "+
			"or turn off message content in the settings of faqbot"),
	}

	// lostCodes end a session for good without being fatal: a new one is begun.
	lostCodes = map[int]bool{1000: true, 1001: true, 4003: true, 4005: true, 4007: true, 4009: true}
)
