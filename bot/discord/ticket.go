package discord

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"faqbot/bot/channel"
)

// tickets remembers what became of the placeholder of each deferred command ("is thinking"): the first answer edits it, all others are
// follow-ups. What is not remembered (after a restart) is asked for.
type tickets struct {
	mu    sync.Mutex
	known map[string]*ticketState // by interaction token
	swept time.Time
	doubts
}

type ticketState struct {
	expires time.Time
	taken   string // the ID of the message that edits the placeholder
}

// A ticket's secret is "c" for a command or "b" for a button, the application, and the interaction's token.
const (
	secretCommand = "c"
	secretButton  = "b"
)

type secret struct{ kind, application, token string }

func parseSecret(s string) (secret, bool) {
	parts := strings.SplitN(s, ":", 3)
	if len(parts) != 3 || !isSnowflake(parts[1]) || parts[2] == "" {
		return secret{}, false
	}
	return secret{parts[0], parts[1], parts[2]}, true
}

// escapeToken makes a token safe as a part of an address.
func escapeToken(token string) string { return url.PathEscape(token) }

func (s secret) path() string { return "webhooks/" + s.application + "/" + escapeToken(s.token) }

func (s secret) request(method, below string, body any) request {
	return request{method: method, path: s.path() + below, body: body, route: "webhooks/" + s.application + "/" + cut(s.token, 16), free: true, hook: true}
}

// ticket lets the core answer an interaction that was deferred.
func (in *intake) ticket(c call) *channel.ReplyTicket {
	kind := secretCommand
	if c.kind == interactButton {
		kind = secretButton
	}
	expires := c.at.Add(tokenLife)
	if kind == secretCommand {
		in.tickets.learn(in.now(), c.token, expires)
	}
	return &channel.ReplyTicket{Secret: kind + ":" + c.application + ":" + c.token, Expires: expires}
}

func (t *tickets) learn(now time.Time, token string, expires time.Time) *ticketState {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil {
		t.known = map[string]*ticketState{}
	}
	if now.Sub(t.swept) > time.Minute {
		t.swept = now
		for token, s := range t.known {
			if now.After(s.expires) {
				delete(t.known, token)
			}
		}
	}
	if t.known[token] == nil {
		t.known[token] = &ticketState{expires: expires}
	}
	return t.known[token]
}

// claim gives the placeholder to a message. It reports whether the message has it, and whether the ticket was known at all.
func (t *tickets) claim(token, message string) (has, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.known[token]
	if s == nil {
		return false, false
	}
	if s.taken == "" {
		s.taken = message
	}
	return s.taken == message, true
}

// usable reports whether a ticket can still be answered to, with a little time to spare.
func (c *Channel) usable(t *channel.ReplyTicket) (secret, bool) {
	if t == nil || !c.now().Before(t.Expires.Add(-5*time.Second)) {
		return secret{}, false
	}
	return parseSecret(t.Secret)
}

// reply sends through an interaction where that is possible; false where the message has to go to the channel: the ticket lapsed, or
// this is a further message in a direct chat, where the channel is as good and knows an idempotency key, which interactions do not.
func (c *Channel) reply(ctx context.Context, m channel.Message, body outgoing) (channel.MessageID, bool, error) {
	s, ok := c.usable(m.Ticket)
	if !ok {
		return "", false, nil
	}
	if s.kind == secretCommand {
		id, done, err := c.replyFirst(ctx, s, m, body)
		if done || err != nil {
			return id, done, err
		}
	}
	if m.To.Private {
		return "", false, nil
	}
	return c.followUp(ctx, s, m, body)
}

// replyFirst edits the placeholder, unless another message has.
func (c *Channel) replyFirst(ctx context.Context, s secret, m channel.Message, body outgoing) (channel.MessageID, bool, error) {
	has, known := c.tickets.claim(s.token, m.ID)
	if !known {
		original, err := c.original(ctx, s)
		switch {
		case lapsed(err):
			return "", false, nil
		case err != nil:
			return "", false, err
		case original.content == trimContent(body.Content) && !original.waiting:
			return channel.MessageID(original.id), true, nil // an earlier try of this message
		}
		c.tickets.learn(c.now(), s.token, m.Ticket.Expires)
		if !original.waiting {
			c.tickets.claim(s.token, "another message")
		}
		has, _ = c.tickets.claim(s.token, m.ID)
	}
	if !has {
		return "", false, nil
	}
	q := s.request(http.MethodPatch, "/messages/@original", body.forHook(true))
	id, err := c.deliver(ctx, q, body)
	if lapsed(err) {
		return "", false, nil
	}
	return id, err == nil, err
}

// followUp adds a message to an interaction in a server. It has no idempotency key: where an earlier try may have arrived, the channel is
// looked at first.
func (c *Channel) followUp(ctx context.Context, s secret, m channel.Message, body outgoing) (channel.MessageID, bool, error) {
	if c.tickets.doubts.has(m.ID) {
		if id := c.findOwn(ctx, target(m.To), body.Content); id != "" {
			c.tickets.doubts.drop(m.ID)
			return id, true, nil
		}
	}
	id, err := c.deliver(ctx, s.request(http.MethodPost, "?wait=true", body.forHook(false)), body)
	switch e := asError(err); {
	case lapsed(err):
		return "", false, nil
	case e != nil && e.fate(m.To) == channel.Unknown:
		c.tickets.doubts.add(m.ID)
	case err == nil:
		c.tickets.doubts.drop(m.ID)
	}
	return id, err == nil, err
}

// lapsed is true where an interaction's token cannot be used any more, or its placeholder is gone.
func lapsed(err error) bool {
	e := asError(err)
	return e != nil && (e.status == http.StatusNotFound || e.status == http.StatusUnauthorized || e.code == codeBadHookToken || e.code == codeUnknownHook)
}

// original is the placeholder of a deferred command, or what it became.
type original struct {
	id, content string
	waiting     bool
}

const flagLoading = 1 << 7

func (c *Channel) original(ctx context.Context, s secret) (original, error) {
	var f fields
	if err := c.rest.call(ctx, s.request(http.MethodGet, "/messages/@original", nil), &f); err != nil {
		return original{}, err
	}
	return original{id: f.id("id"), content: f.text("content"), waiting: f.number("flags")&flagLoading != 0}, nil
}

// doubts are the messages whose fate is unknown and that have no idempotency key.
type doubts struct {
	lock sync.Mutex
	ids  map[string]bool
}

func (d *doubts) has(id string) bool {
	d.lock.Lock()
	defer d.lock.Unlock()
	return d.ids[id]
}

func (d *doubts) add(id string) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.ids == nil || len(d.ids) > 10_000 {
		d.ids = map[string]bool{}
	}
	d.ids[id] = true
}

func (d *doubts) drop(id string) {
	d.lock.Lock()
	defer d.lock.Unlock()
	delete(d.ids, id)
}
