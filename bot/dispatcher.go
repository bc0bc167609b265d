package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"

	"golang.org/x/time/rate"
)

// Dispatcher sends what was committed, for one network: in order within a chat, within the network's rates, urgent messages first.
type Dispatcher struct {
	outbox  Outbox
	leases  Leases
	channel channel.Channel
	holder  string
	logger  *slog.Logger
	trouble *Trouble
	now     func() time.Time
	poll    time.Duration
	wake    chan struct{}
	rates
}

const (
	// inFlight bounds sends at once.
	inFlight = 64
	// pollOutbox is how often the outbox is looked at when nobody says that there is something: another replica may have written.
	pollOutbox = time.Second
	// leaseTerm is how long a sender that died keeps others waiting, renewed three times in that time.
	leaseTerm = 12 * time.Second
	// firstRetry doubles with each attempt up to longestRetry; after maxAttempts a message counts as not delivered.
	firstRetry   = time.Second
	longestRetry = time.Minute
	maxAttempts  = 30
	// sendTimeout bounds one call to a network.
	sendTimeout = 40 * time.Second
)

// NewDispatcher makes a dispatcher for a channel; holder names this process among replicas.
func NewDispatcher(outbox Outbox, leases Leases, c channel.Channel, holder string, options Options) *Dispatcher {
	d := &Dispatcher{
		outbox: outbox, leases: leases, channel: c, holder: holder, logger: options.Logger.With("network", c.Network()), now: options.Now, poll: cmp.Or(options.Poll, pollOutbox),
		wake: make(chan struct{}, 1),
	}
	d.keepTo(c.Limits())
	d.trouble = NewTrouble(d.logger, d.now)
	return d
}

// Wake says that there may be something to send. It never blocks.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, while this process holds the network's lease.
func (d *Dispatcher) Run(ctx context.Context) error {
	lease := "send:" + string(d.channel.Network())
	held := false
	var renew time.Time
	results := make(chan SendResult, inFlight)
	flying := 0
	defer func() { d.drain(ctx, results, flying, lease) }()
	for ctx.Err() == nil {
		// A lease is taken over only with nothing in flight, so that what this process sends itself is not taken for what a dead one left.
		if !d.now().Before(renew) && (held || flying == 0) {
			held = d.acquire(ctx, lease, held)
			renew = d.now().Add(leaseTerm / 3)
			d.leads.Store(held)
		}
		if held && flying < inFlight {
			flying += d.take(ctx, inFlight-flying, results)
		}
		timer := time.NewTimer(d.pause(ctx, held))
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-timer.C:
		case r := <-results:
			n, recorded := d.settle(ctx, r, results)
			flying -= n
			held = held && recorded // taking the lease over anew makes good what was not recorded
		}
		timer.Stop()
	}
	return nil
}

// pause is how long there is nothing to do unless something happens.
func (d *Dispatcher) pause(ctx context.Context, held bool) time.Duration {
	if !held {
		return d.poll
	}
	next, err := d.outbox.Next(ctx, d.channel.Network(), d.now())
	if err != nil || next.IsZero() {
		return d.poll
	}
	return max(10*time.Millisecond, min(d.poll, next.Sub(d.now())))
}

// acquire renews the lease; who takes it over makes sendable what its last holder left in flight.
func (d *Dispatcher) acquire(ctx context.Context, lease string, had bool) bool {
	ok, err := d.leases.Acquire(ctx, lease, d.holder, leaseTerm)
	if ctx.Err() != nil {
		return false
	}
	d.trouble.Tell("the sending lease cannot be renewed", err)
	if err != nil || !ok || had {
		return ok && err == nil
	}
	err = d.outbox.Recover(ctx, d.channel.Network())
	if ctx.Err() == nil {
		d.trouble.Tell("messages in flight cannot be recovered", err)
	}
	return err == nil
}

// take starts sending what is next in each chat.
func (d *Dispatcher) take(ctx context.Context, room int, results chan<- SendResult) int {
	rows, err := d.outbox.Take(ctx, d.channel.Network(), d.now(), room)
	if ctx.Err() == nil {
		d.trouble.Tell("the outbox cannot be read", err)
	}
	if err != nil {
		return 0
	}
	for _, row := range rows {
		go func() { results <- d.send(ctx, row) }()
	}
	return len(rows)
}

func (d *Dispatcher) send(ctx context.Context, row Sending) SendResult {
	m := row.Outgoing.Message
	r := SendResult{ID: row.ID}
	if err := d.turn(ctx, d.chat(m.To), row.Outgoing.Urgent); err != nil { // stopping: it was not sent
		r.Retry, r.At = d.now(), d.now()
		return r
	}
	// A stop does not cut off what is on its way: the answer would be lost and the message sent twice.
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	err := d.deliver(sending, row.Outgoing, &r)
	r.At = d.now()
	if err == nil {
		return r
	}
	return d.failed(r, row, err)
}

// acted stands for the message that an act on a thread does not leave.
const acted channel.MessageID = "done"

// deliver does what a row says. What a network has no means for is done with what it has, or not at all.
func (d *Dispatcher) deliver(ctx context.Context, o Outgoing, r *SendResult) (err error) {
	m, threads := o.Message, o.Post.Act != handoff.Shows
	threader, ok := channel.As[channel.Threader](d.channel)
	r.Message = acted
	switch {
	case o.Post.Act == handoff.Reacts, o.Post.Act == handoff.Unreacts:
		err = d.react(ctx, m, o.Post)
	case o.Post.Act == handoff.OpensThread && ok:
		var opened channel.OpenedThread
		opened, err = d.open(ctx, threader, o)
		r.Message, r.Thread, r.Lacks = opened.Card, opened.Address.Thread, opened.Lacks
	case o.Post.Act == handoff.ChangesCard && (!d.edits() || m.Replaces == ""): // without a card, a new one is on its way
	case o.Post.Act == handoff.OpensThread, o.Post.Act == handoff.ChangesCard, !threads:
		r.Message, err = d.channel.Send(ctx, m)
	case !ok || m.To.Thread == "":
	case o.Post.Act == handoff.LetsIn:
		r.Lacks, err = d.letIn(ctx, m.To, channel.PersonID(o.Post.Title))
	case o.Post.Act == handoff.ClosesThread:
		if err = threader.CloseThread(ctx, m.To); err == nil {
			d.title(ctx, threader, m.To, o.Post.Title)
		}
	case o.Post.Act == handoff.ReopensThread:
		if err = threader.ReopenThread(ctx, m.To); err == nil {
			d.title(ctx, threader, m.To, o.Post.Title)
		}
	case o.Post.Act == handoff.TitlesThread:
		d.title(ctx, threader, m.To, o.Post.Title)
	}
	if err != nil {
		r.Message = ""
	}
	return err
}

// title names a thread where that can be done now. A name is an aid: what waits behind it is not held up (Discord takes two names in ten minutes).
func (d *Dispatcher) title(ctx context.Context, threader channel.Threader, thread channel.Address, title string) {
	if err := threader.TitleThread(ctx, thread, title); err != nil {
		d.logger.Debug("a thread was not named", "error", err)
	}
}

func (d *Dispatcher) edits() bool {
	editor, ok := channel.As[channel.Editor](d.channel)
	return ok && editor.CanEdit()
}

// failed decides what becomes of a message that could not be sent.
func (d *Dispatcher) failed(r SendResult, row Sending, err error) SendResult {
	fate, sendErr := channel.FateOf(err)
	r.Reason = err.Error()
	wait := min(longestRetry, firstRetry<<min(row.Attempts, 10))
	switch {
	case fate == channel.Gone:
		r.Gone = true
	case fate == channel.Lost && row.Outgoing.Post.Desk != "" && row.Outgoing.Post.Act == handoff.Shows:
		r.Lost = true
	case fate == channel.Lost && row.Outgoing.Post.Desk != "" && row.Outgoing.Post.Act != handoff.OpensThread:
		r.Message, r.Reason = acted, "" // a thread that somebody deleted needs no name and no card; the next message opens another
	case fate == channel.TooLong, fate == channel.Lost, fate == channel.Refused && sendErr.MovedTo == "":
		d.logger.Error("a message was refused", "row", row.ID, "error", err)
	case row.Attempts+1 >= maxAttempts && fate != channel.Wait: // who is asked to wait is not refused
		d.logger.Error("a message could not be delivered", "row", row.ID, "attempts", row.Attempts+1, "error", err)
	case sendErr != nil && sendErr.MovedTo != "":
		r.MovedTo, r.Retry = sendErr.MovedTo, r.At
	case fate == channel.Wait:
		r.Retry = r.At.Add(max(sendErr.After, 100*time.Millisecond))
	case errors.Is(err, context.DeadlineExceeded), fate == channel.Unknown:
		r.Unknown, r.Retry = true, r.At.Add(wait)
	default:
		r.Retry = r.At.Add(wait)
	}
	return r
}

// settle records a result, and those that came meanwhile, in one transaction. It returns how many, and whether they are recorded.
func (d *Dispatcher) settle(ctx context.Context, first SendResult, more <-chan SendResult) (count int, recorded bool) {
	batch := []SendResult{first}
	for len(batch) < inFlight {
		select {
		case r := <-more:
			batch = append(batch, r)
			continue
		default:
		}
		break
	}
	return len(batch), d.record(ctx, batch)
}

// record tries for a while until the database takes it: a result that is lost is a message sent twice.
func (d *Dispatcher) record(ctx context.Context, batch []SendResult) bool {
	writing := context.WithoutCancel(ctx)
	for attempt := range 5 {
		err := d.outbox.Settle(writing, batch...)
		d.trouble.Tell("results of sending cannot be stored", err, "count", len(batch))
		if err == nil {
			return true
		}
		select {
		case <-ctx.Done():
		case <-time.After(firstRetry << attempt):
		}
	}
	return false
}

// drain waits for what is on its way, records it and gives the lease back.
func (d *Dispatcher) drain(ctx context.Context, results <-chan SendResult, flying int, lease string) {
	for flying > 0 {
		n, _ := d.settle(ctx, <-results, results)
		flying -= n
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := d.leases.Release(ending, lease, d.holder); err != nil {
		d.logger.Warn("the sending lease was not given back", "error", err)
	}
}

// Typing shows that an answer is being written, where the network can show it, this process sends for it, and nothing else wants to go there: it is
// worth no message's place.
func (d *Dispatcher) Typing(ctx context.Context, to channel.Address) {
	typer, ok := channel.As[channel.Typer](d.channel)
	if chat := d.chat(to); !ok || !d.leads.Load() || !spare(chat, chat.Burst()) || !spare(d.overall, d.overall.Burst()/2) {
		return
	}
	if err := typer.Typing(ctx, to); err != nil {
		d.logger.Debug("it is not shown that somebody types", "error", err)
	}
}

// spare takes a place in a rate, if there are so many left.
func spare(l *rate.Limiter, least int) bool {
	return l.Limit() == rate.Inf || l.Tokens() >= float64(least) && l.Allow()
}
