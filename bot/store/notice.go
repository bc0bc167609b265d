package store

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"faqbot/bot"
)

const (
	// notifyChannel is where replicas tell each other what changed: "process topic topic".
	notifyChannel = "faqbot"
	// slowPoll wakes everyone in case a notice was lost.
	slowPoll = 5 * time.Second
)

const (
	untold = "other replicas could not be told of a change; they will look by themselves"
	deaf   = "listening to the database was cut; until it is back it is looked at every few seconds"
)

// notices are sent after a commit, not in it: PostgreSQL commits transactions that notify one after the other, which would make
// each turn wait for the disk alone. One that is lost with its process is made good by the slow poll.
type notices struct {
	me   string
	send func(ctx context.Context, payload string) error

	mu      sync.Mutex
	running bool
	pending map[Topic]bool
	kick    chan struct{}
}

// add notes topics for the running sender; it is false where none runs.
func (n *notices) add(topics []Topic) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.running {
		return false
	}
	for _, t := range topics {
		n.pending[t] = true
	}
	select {
	case n.kick <- struct{}{}:
	default:
	}
	return true
}

func (n *notices) payload(topics []Topic) string {
	words := []string{n.me}
	for _, t := range topics {
		words = append(words, string(t))
	}
	return strings.Join(words, " ")
}

func (n *notices) take() []Topic {
	n.mu.Lock()
	defer n.mu.Unlock()
	var topics []Topic
	for t := range n.pending {
		topics = append(topics, t)
	}
	clear(n.pending)
	return topics
}

func (n *notices) start(running bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.running, n.pending, n.kick = running, map[Topic]bool{}, make(chan struct{}, 1)
}

// run sends what is pending, so that many commits make few notices.
func (n *notices) run(ctx context.Context, trouble *bot.Trouble) error {
	n.mu.Lock()
	kick := n.kick
	n.mu.Unlock()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-kick:
		}
		if topics := n.take(); len(topics) > 0 {
			if err := n.send(ctx, n.payload(topics)); ctx.Err() == nil {
				trouble.Tell(untold, err)
			}
		}
	}
}

func (p *postgres) notify(ctx context.Context, payload string) error {
	_, err := p.pool.ExecContext(ctx, `SELECT pg_notify($1, $2)`, notifyChannel, payload)
	return err
}

func (p *postgres) tell(ctx context.Context, topics []Topic) {
	if p.notices.add(topics) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), slowPoll)
	defer cancel()
	p.trouble.Tell(untold, explain(p, p.notify(ctx, p.notices.payload(topics))))
}

func (p *postgres) listen(ctx context.Context, wake func([]Topic)) error {
	p.notices.start(true)
	defer p.notices.start(false)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.notices.run(ctx, p.trouble) })
	g.Go(func() error { return p.hear(ctx, wake) })
	g.Go(func() error {
		for ticker := time.NewTicker(slowPoll); ; {
			select {
			case <-ctx.Done():
				ticker.Stop()
				return nil
			case <-ticker.C:
				wake(nil)
			}
		}
	})
	return g.Wait()
}

// hear keeps a connection that listens, a new one where it is cut, until ctx ends.
func (p *postgres) hear(ctx context.Context, wake func([]Topic)) error {
	for attempt := 1; ; attempt = min(attempt+1, 9) {
		heard, err := p.hearOnce(ctx, wake)
		if ctx.Err() != nil {
			return nil
		}
		if heard {
			attempt = 1
		}
		p.trouble.Tell(deaf, explain(p, err))
		pause(ctx, attempt)
	}
}

func (p *postgres) hearOnce(ctx context.Context, wake func([]Topic)) (heard bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, p.config.Copy())
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+notifyChannel); err != nil {
		return false, err
	}
	p.trouble.Tell(deaf, nil)
	wake(nil) // for what happened before
	for {
		notice, err := conn.WaitForNotification(ctx)
		if err != nil {
			return true, err
		}
		words := strings.Fields(notice.Payload)
		if len(words) < 2 || words[0] == p.notices.me {
			continue
		}
		topics := make([]Topic, 0, len(words)-1)
		for _, w := range words[1:] {
			topics = append(topics, Topic(w))
		}
		wake(topics)
	}
}
