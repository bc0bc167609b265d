package discord

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"faqbot/bot/channel"
)

// intake brings events to the core: those of one channel in order, those of different channels side by side.
type intake struct {
	*Channel
	handler channel.Handler
	slots   chan struct{} // Handle at once
	asking  chan struct{} // Complete at once
	pending chan struct{} // events held in memory; when it is full, the gateway waits
	sweeps  chan struct{} // channels that are caught up in the background at once
	places  *places

	mu     sync.Mutex
	lanes  map[string]*lane
	epochs map[int]int64 // READYs by shard
	work   sync.WaitGroup
	ended  bool
}

// lane is the work of one channel, done by one goroutine while there is any.
type lane struct{ jobs []func(context.Context) }

const (
	maxHandling = 32
	maxPending  = 20_000
	maxSweeps   = 4
)

func newIntake(c *Channel, h channel.Handler) *intake {
	return &intake{
		Channel: c, handler: h, slots: make(chan struct{}, maxHandling), asking: make(chan struct{}, maxHandling),
		pending: make(chan struct{}, maxPending), sweeps: make(chan struct{}, maxSweeps),
		places: newPlaces(), lanes: map[string]*lane{}, epochs: map[int]int64{},
	}
}

// start writes reading positions until ctx ends, and once more then.
func (in *intake) start(ctx context.Context) {
	in.work.Go(func() {
		for sleep(ctx, in.timing.flush) == nil {
			if err := in.book.flush(ctx); err != nil && ctx.Err() == nil {
				in.log.Warn("reading positions could not be written; the next time comes soon", "error", err)
			}
		}
	})
}

// wait returns when every handler that was called has returned, having written the reading positions.
func (in *intake) wait() {
	in.mu.Lock()
	in.ended = true
	in.mu.Unlock()
	in.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := in.book.flush(ctx); err != nil {
		in.log.Warn("reading positions could not be written; some messages will be looked at again", "error", err)
	}
}

// spawn runs work that Run waits for.
func (in *intake) spawn(work func()) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.ended {
		return
	}
	in.work.Go(func() {
		defer in.rescue()
		work()
	})
}

// put queues a job for a channel.
func (in *intake) put(ctx context.Context, id string, job func(context.Context)) {
	select {
	case in.pending <- struct{}{}:
	case <-ctx.Done():
		return
	}
	in.mu.Lock()
	l, busy := in.lanes[id]
	if !busy {
		l = &lane{}
		in.lanes[id] = l
	}
	l.jobs = append(l.jobs, job)
	in.mu.Unlock()
	if !busy {
		in.spawn(func() { in.drive(ctx, id, l) })
	}
}

// drive does the jobs of a lane, and closes it when there are none.
func (in *intake) drive(ctx context.Context, id string, l *lane) {
	for {
		in.mu.Lock()
		if len(l.jobs) == 0 {
			delete(in.lanes, id)
			in.mu.Unlock()
			return
		}
		job := l.jobs[0]
		l.jobs = l.jobs[1:]
		in.mu.Unlock()
		if ctx.Err() == nil {
			in.do(ctx, job)
		}
		<-in.pending
	}
}

func (in *intake) do(ctx context.Context, job func(context.Context)) {
	defer in.rescue()
	job(ctx)
}

// rescue keeps a broken event from ending the process.
func (in *intake) rescue() {
	if p := recover(); p != nil {
		in.log.Error("an event was dropped", "panic", p, "stack", string(debug.Stack()))
	}
}

// handle gives an event to the core until the core has it, or the context ends; it reports whether the core has it.
func (in *intake) handle(ctx context.Context, e channel.Event) bool {
	return in.insist(ctx, "an event could not be stored", func() error {
		select {
		case in.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-in.slots }()
		return in.handler.Handle(ctx, e)
	})
}

// insist repeats what must succeed, with growing waits.
func (in *intake) insist(ctx context.Context, what string, try func() error) bool {
	for pause := in.timing.pause / 10; ; pause = min(2*pause, in.timing.maxPause/4) {
		err := try()
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		in.log.Warn(what+"; it is tried again", "error", err, "wait", pause)
		if sleep(ctx, pause) != nil {
			return false
		}
	}
}

// receive takes one raw event from the gateway. It only sorts and queues.
func (in *intake) receive(ctx context.Context, e rawEvent) {
	defer in.rescue()
	f := parseFields(e.Data)
	if f == nil {
		in.log.Debug("an event without a body was dropped", "type", e.Type)
		return
	}
	if e.Type == "READY" {
		in.ready(ctx, e, f)
		return
	}
	if in.identity.Load() == nil {
		return // nothing comes before READY
	}
	if take := sorts[e.Type]; take != nil {
		take(in, ctx, e, f)
	}
}

// sorts says who takes which event; all others are of no interest.
var sorts map[string]func(*intake, context.Context, rawEvent, fields)

func init() {
	sorts = map[string]func(*intake, context.Context, rawEvent, fields){
		"MESSAGE_CREATE":      (*intake).messageCreated,
		"MESSAGE_UPDATE":      (*intake).messageUpdated,
		"MESSAGE_DELETE":      (*intake).messageDeleted,
		"MESSAGE_DELETE_BULK": (*intake).messagesDeleted,
		"INTERACTION_CREATE":  (*intake).interact,
		"GUILD_CREATE":        (*intake).guildCreated,
		"CHANNEL_CREATE":      (*intake).placeSeen,
		"THREAD_CREATE":       (*intake).threadCreated,
		"THREAD_UPDATE":       (*intake).placeSeen,
		"CHANNEL_DELETE":      (*intake).placeGone,
		"THREAD_DELETE":       (*intake).placeGone,
		"TYPING_START":        (*intake).typed,

		"MESSAGE_REACTION_ADD":    (*intake).reactionAdded,
		"MESSAGE_REACTION_REMOVE": (*intake).reactionRemoved,
	}
}

// ready learns who the bot is, and begins to read what came while it was away.
func (in *intake) ready(ctx context.Context, e rawEvent, f fields) {
	id := identity{user: f.user("user").id, application: f.object("application").id("id")}
	if id.user == "" {
		in.log.Error("READY does not say who the bot is")
		return
	}
	if id.application == "" {
		id.application = id.user
	}
	in.identity.Store(&id)
	in.book.open(id.user)
	in.mu.Lock()
	in.epochs[e.Shard]++
	in.mu.Unlock()
	in.spawn(func() { in.sweep(ctx, e.Shard, e.Shards) })
}

func (in *intake) epoch(shard int) int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.epochs[shard]
}
