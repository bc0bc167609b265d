package discord

import (
	"context"
	"errors"
	"slices"
	"sync"

	"faqbot/bot/channel"
)

// errNoRoom says that a server holds no more active threads, and none of ours can be archived.
var errNoRoom = errors.New("discord: this server has no room for another thread")

// withRoom makes a call that takes one more active thread, of which a server holds 1,000. Where they are used up the quietest of ours is archived,
// once; writing into it opens it again.
func (c *Channel) withRoom(ctx context.Context, chat string, call func() error) error {
	err := call()
	if !isCode(err, codeTooManyThreads) {
		return err
	}
	if err := c.makeRoom(ctx, chat); err != nil {
		return err
	}
	return call()
}

// makeRoom archives the quietest thread of ours in a channel.
func (c *Channel) makeRoom(ctx context.Context, chat string) error {
	threads, err := c.activeThreads(ctx, chat)
	if err != nil {
		return err
	}
	quietest, since := "", ""
	for _, t := range threads {
		spoken := t.id("last_message_id")
		if spoken == "" {
			spoken = t.id("id")
		}
		if quietest == "" || olderID(spoken, since) {
			quietest, since = t.id("id"), spoken
		}
	}
	if quietest == "" {
		return errNoRoom
	}
	_, err = c.patchThread(ctx, channel.Address{Thread: channel.ThreadID(quietest)}, "", map[string]any{"archived": true})
	return err
}

// activeThreads are those of ours in a channel.
func (c *Channel) activeThreads(ctx context.Context, chat string) ([]fields, error) {
	me, err := c.me(ctx)
	if err != nil {
		return nil, err
	}
	var place, active fields
	if err := c.rest.read(ctx, "channels/"+chat, &place); err != nil {
		return nil, err
	}
	if err := c.rest.read(ctx, "guilds/"+place.id("guild_id")+"/threads/active", &active); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(active.list("threads"), func(t fields) bool { return t.id("owner_id") != me.user || t.id("parent_id") != chat }), nil
}

// cards are those that were shown and have no thread yet, while they wait for their next attempt.
type cards struct {
	mu    sync.Mutex
	shown map[string]channel.MessageID
}

// maxCards bounds the memory; what falls out is shown again unless Discord knows its key.
const maxCards = 1000

func cardKey(m channel.Message) string { return m.ID + " " + string(m.To.Chat) }

// take returns what is remembered and forgets it.
func (c *cards) take(m channel.Message) (channel.MessageID, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, known := c.shown[cardKey(m)]
	delete(c.shown, cardKey(m))
	return id, known
}

// keep remembers; a message without an ID cannot come again.
func (c *cards) keep(m channel.Message, id channel.MessageID) {
	if m.ID == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.shown {
		if len(c.shown) >= maxCards {
			delete(c.shown, key)
		}
	}
	if c.shown == nil {
		c.shown = map[string]channel.MessageID{}
	}
	c.shown[cardKey(m)] = id
}
