// Package bot is the conversation: one turn from an event to messages, with its state, policy and texts.
//
// The [Engine] loads a [Situation], has it read by the matcher, plans a [Turn] with [Plan], a pure function, and commits it in one
// transaction. The [Dispatcher] sends what was committed; the [Clock] brings back what is due.
package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	mathrand "math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/faq/fault"
)

// Engine handles events of all channels. It is safe for concurrent use.
type Engine struct {
	store   Store
	matcher Matcher
	speech
	policy Policy
	shop
	channels map[channel.Network]channel.Channel
	logger   *slog.Logger
	now      func() time.Time
	done     func()
	keyed
	typing
}

// speech is what the bot understands and says of its own.
type speech struct {
	lexicon *Lexicon
	texts   *Texts
}

// shop is what is known of the business: what is asked often, where staff are, and how gaps are closed.
type shop struct {
	popular *popularList
	desks   *deskList
	mender  *Mender
}

// keyed gives out a lock for each conversation: a channel, for a mutex would not let go of who is told to stop.
type keyed struct {
	seed  maphash.Seed
	locks *[256]chan struct{}
}

func newKeyed() keyed {
	k := keyed{seed: maphash.MakeSeed(), locks: new([256]chan struct{})}
	for i := range k.locks {
		k.locks[i] = make(chan struct{}, 1)
	}
	return k
}

// lock waits until nobody else is at work on a conversation.
func (k keyed) lock(ctx context.Context, key string) (unlock func(), err error) {
	lock := k.locks[maphash.String(k.seed, key)%uint64(len(k.locks))]
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Options are what an engine is built from, besides its store and matcher.
type Options struct {
	Policy     Policy
	Popularity Popularity
	// First are the entries that are offered while nothing has been asked yet.
	First    func() []faq.EntryID
	Channels []channel.Channel
	Logger   *slog.Logger
	Now      func() time.Time
	// Team is what staff need of the database; without it there are no desks.
	Team Team
	// Mender closes gaps from where staff work; without it they cannot.
	Mender *Mender
	// Poll is how often a dispatcher looks for messages that nobody told it of; 0 is every second.
	Poll time.Duration
	// Committed is called after each turn that was committed, to wake who sends.
	Committed func()
	// TypingFunc shows at an address that an answer is being written, if that can be shown now; nil shows nothing.
	TypingFunc func(ctx context.Context, to channel.Address)
}

// New makes an engine.
func New(store Store, matcher Matcher, options Options) (*Engine, error) {
	lexicon, err := NewLexicon()
	if err != nil {
		return nil, err
	}
	texts, err := NewTexts(options.Policy.Language)
	if err != nil {
		return nil, err
	}
	if options.Policy.Location == nil {
		options.Policy.Location = time.UTC
	}
	e := &Engine{
		store: store, matcher: matcher, speech: speech{lexicon, texts}, policy: options.Policy, logger: options.Logger, now: options.Now,
		shop: shop{
			popular: &popularList{source: options.Popularity, first: options.First}, desks: &deskList{team: options.Team, now: options.Now}, mender: options.Mender,
		},
		channels: map[channel.Network]channel.Channel{}, keyed: newKeyed(), done: options.Committed,
		typing: typing{typingFunc: options.TypingFunc},
	}
	for _, c := range options.Channels {
		e.channels[c.Network()] = c
	}
	return e, nil
}

// Texts are the bot's own words.
func (e *Engine) Texts() *Texts { return e.texts }

// Handle implements [channel.Handler]: nil means that the event was acted on or stored to be tried again.
func (e *Engine) Handle(ctx context.Context, event channel.Event) error {
	unlock, err := e.lock(ctx, KeyOf(event))
	if err != nil {
		return err
	}
	defer unlock()
	err = e.turn(ctx, event)
	switch {
	case err == nil, errors.Is(err, ErrSeen):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	wait := retryAfter
	if errors.Is(err, ErrLater) || fault.Is(err, fault.Conflict) {
		wait = laterAfter
	} else {
		e.logger.Error("an event could not be acted on; it is tried again", "event", event.ID, "kind", event.Kind, "error", err)
	}
	if err := e.store.Defer(ctx, event, err, e.now().Add(wait)); err != nil {
		return fmt.Errorf("store event %s: %w", event.ID, err)
	}
	return nil
}

const (
	// retryAfter is when an event that failed is tried again.
	retryAfter = 5 * time.Second
	// laterAfter is when one is tried again that came before what it is about.
	laterAfter = time.Second
	// conflicts bounds how often a turn is planned anew because somebody else was quicker.
	conflicts = 8
)

func (e *Engine) turn(ctx context.Context, event channel.Event) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	for i := range conflicts {
		err = e.try(ctx, event)
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		e.desks.forget() // it may be one of them that somebody else changed
		select {         // two replicas, with a customer's backlog and that of staff: who is there again at once loses again
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(mathrand.N(2 * time.Millisecond << i)):
		}
	}
	return err
}

func (e *Engine) try(ctx context.Context, event channel.Event) error {
	if overheard, err := e.overheard(ctx, event); overheard || err != nil {
		return err
	}
	if unheeded, err := e.unheeded(ctx, event); unheeded || err != nil {
		return err
	}
	s, err := e.store.Load(ctx, event)
	if err != nil {
		return fmt.Errorf("load situation: %w", err)
	}
	if s.Seen {
		return ErrSeen
	}
	e.complete(&s, event)
	turn, err := e.plan(ctx, &s)
	if err != nil || turn.nothing() && !s.Deferred { // then nothing is kept; what was stored is done with
		return err
	}
	if err := e.store.Commit(ctx, event, turn); err != nil {
		return err
	}
	if turn.Erase {
		e.forget(ctx, event)
	}
	if len(turn.Desks) > 0 || turn.MovedTo != "" {
		e.desks.forget()
	}
	if e.done != nil {
		e.done()
	}
	return nil
}

// plan has an event planned by whose it is: a customer's, or a desk's.
func (e *Engine) plan(ctx context.Context, s *Situation) (Turn, error) {
	if s.Event.Kind == channel.Moved {
		return Turn{TeamChange: TeamChange{MovedTo: channel.ChatID(s.Event.Body)}}, nil
	}
	if err := e.staff(ctx, s); err != nil {
		return Turn{}, err
	}
	if isNotice(s.Event) {
		return e.planNotice(ctx, s)
	}
	if s.Desk != nil || s.Event.Kind == channel.Settled {
		return PlanDesk(*s, e.policy, e.texts), nil
	}
	if s.Event.Kind == channel.Reacted {
		return PlanReaction(*s, e.policy, e.texts), nil
	}
	r, err := e.read(ctx, s)
	if err != nil {
		return Turn{}, err
	}
	if later, err := e.newsLater(ctx, s); later || err != nil {
		return Turn{}, errors.Join(err, ErrLater)
	}
	e.findPrivate(ctx, s, r)
	turn := Plan(*s, r, e.policy, e.texts)
	if len(turn.Threads) == 0 && !waitsAnew(s, turn.Ticket) && !turn.again {
		return turn, nil
	}
	// Staff are called: they see what was said before, and the customer is told when to expect them.
	if err := errors.Join(e.transcript(ctx, s), e.outlook(ctx, s, cmp.Or(turn.Ticket, s.Ticket)), e.earlier(ctx, s, turn.Ticket)); err != nil {
		return Turn{}, err
	}
	return Plan(*s, r, e.policy, e.texts), nil
}

// waitsAnew says whether a customer begins to wait for a person, also with a ticket that was there before.
func waitsAnew(s *Situation, t *handoff.Ticket) bool {
	if t == nil || t.Status != handoff.Open {
		return false
	}
	return t.Version == 0 || s.Lately != nil || s.Ticket != nil && s.Ticket.Cause != t.Cause
}

// overheard reports whether an event is talk among others in a group where the bot is silent unless it is addressed: it is not looked at.
func (e *Engine) overheard(ctx context.Context, event channel.Event) (bool, error) {
	if event.Addressed || event.Kind != channel.Text || e.policy.interrupts(event.Address.Chat) {
		return false, nil
	}
	desk, err := e.desks.has(ctx, event.Address)
	return !desk, err
}

// forget has the network forget as well, where it is ours.
func (e *Engine) forget(ctx context.Context, event channel.Event) {
	forgetter, ok := channel.As[channel.Forgetter](e.channels[event.Address.Network])
	if !ok {
		return
	}
	if err := forgetter.Forget(ctx, event.From.ID); err != nil {
		e.logger.Error("a network did not forget a person", "network", event.Address.Network, "error", err)
	}
}

// complete adds what the store does not know.
func (e *Engine) complete(s *Situation, event channel.Event) {
	s.Event, s.Now = event, e.now()
	if event.Kind == channel.Text {
		s.Action = s.Conversation.State.chosen(event.Body)
	}
	s.Reach = map[channel.Network]channel.Limits{}
	for network, c := range e.channels {
		s.Reach[network] = c.Limits()
	}
	s.Fresh.Seed = strings.ToLower(rand.Text()[:16])
	if c := e.channels[event.Address.Network]; c != nil {
		s.Limits = c.Limits()
		if linker, ok := channel.As[channel.Linker](c); ok {
			s.StartLink = linker.StartLink
		}
	}
	if s.Limits.Text == 0 {
		s.Limits = channel.Limits{Text: 2000, Measure: channel.CountVisible}
	}
}

// findPrivate looks up the customer's private address where a person was asked for in a group: the one case that needs it.
func (e *Engine) findPrivate(ctx context.Context, s *Situation, r Reading) {
	wants := r.Move == WantsHelp || s.Event.Kind == channel.Command && (s.Event.Command == "human" || s.Event.Command == "person") ||
		s.Action != nil && (s.Action.Kind == ActPerson || s.Action.Kind == ActKeep)
	if s.Event.Address.Private || !wants || s.StartLink != nil {
		return
	}
	visitor, ok := channel.As[channel.Visitor](e.channels[s.Event.Address.Network])
	if !ok {
		return
	}
	address, err := visitor.PrivateAddress(ctx, s.Event.From.ID)
	if err != nil {
		e.logger.Warn("a private chat cannot be opened; the conversation stays where it is", "network", s.Event.Address.Network, "error", err)
		return
	}
	s.Private = &address
}
