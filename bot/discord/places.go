package discord

import (
	"context"
	"sync"

	"faqbot/bot/channel"
)

// The kinds of channels that are threads.
var threadKinds = map[int]bool{10: true, 11: true, 12: true}

// places remembers which channels are threads, and which role is the bot's own in each server. It is a cache: what is not in it is asked.
type places struct {
	mu      sync.Mutex
	parents map[string]string // of a channel; "" for one that is no thread
	roles   map[string]string // of a server
}

const maxPlaces = 50_000

func newPlaces() *places { return &places{parents: map[string]string{}, roles: map[string]string{}} }

func (p *places) role(guild string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.roles[guild]
}

func (p *places) parent(id string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parent, known := p.parents[id]
	return parent, known
}

// learn takes a channel in; it returns the parent where it is a thread.
func (p *places) learn(f fields) string {
	id, parent := f.id("id"), ""
	if threadKinds[f.number("type")] {
		parent = f.id("parent_id")
	}
	if id == "" || f["type"] == nil {
		return parent
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.parents) >= maxPlaces {
		clear(p.parents)
	}
	p.parents[id] = parent
	return parent
}

func (p *places) drop(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.parents, id)
}

// parent is the channel that a thread hangs in, "" for a channel. An unknown one is asked for.
func (in *intake) parent(ctx context.Context, id string) string {
	if parent, known := in.places.parent(id); known {
		return parent
	}
	if p, err := in.book.find(ctx, id); err == nil && p.parent != "" {
		return p.parent
	}
	var f fields
	if err := in.rest.retry(ctx, request{method: "GET", path: "channels/" + id}, &f); err != nil {
		in.log.Warn("a channel could not be looked up; it is taken for no thread", "channel", id, "error", err)
		return ""
	}
	return in.places.learn(f)
}

func (in *intake) guildCreated(ctx context.Context, e rawEvent, f fields) {
	for _, place := range f.list("channels") {
		in.places.learn(place)
	}
	for _, thread := range f.list("threads") {
		in.places.learn(thread)
		in.ours(ctx, e, f.id("id"), thread, 0)
	}
	self := in.identity.Load().user
	for _, role := range f.list("roles") {
		if guild := f.id("id"); guild != "" && role.object("tags").id("bot_id") == self {
			in.places.mu.Lock()
			in.places.roles[guild] = role.id("id")
			in.places.mu.Unlock()
		}
	}
}

func (in *intake) placeSeen(_ context.Context, _ rawEvent, f fields) { in.places.learn(f) }

func (in *intake) threadCreated(ctx context.Context, e rawEvent, f fields) {
	in.places.learn(f)
	in.ours(ctx, e, f.id("guild_id"), f, in.epoch(e.Shard))
}

// ours writes a thread that the bot began down as read up to its beginning: the first word in it is then found though the bot was away when it was
// said. epoch is after which READY nothing of it can have been missed.
func (in *intake) ours(ctx context.Context, e rawEvent, guild string, f fields, epoch int64) {
	id, parent := f.id("id"), f.id("parent_id")
	if id == "" || guild == "" || parent == "" || f.id("owner_id") != in.identity.Load().user {
		return
	}
	in.put(ctx, id, func(ctx context.Context) {
		begun := false
		in.insist(ctx, "a reading position could not be written", func() error {
			p, err := in.book.find(ctx, id)
			if begun = err == nil && p.last == ""; begun {
				err = in.book.begin(ctx, id, page{last: id, guild: guild, parent: parent, epoch: epoch})
			}
			return err
		})
		if begun {
			in.catchUp(ctx, id, e.Shard)
		}
	})
}

// placeGone tells that a channel or thread was deleted.
func (in *intake) placeGone(ctx context.Context, _ rawEvent, f fields) {
	id, guild := f.id("id"), f.id("guild_id")
	if id == "" || guild == "" {
		return
	}
	in.put(ctx, id, func(ctx context.Context) {
		p, err := in.book.find(ctx, id)
		address := channel.Address{Network: Network, Chat: channel.ChatID(id)}
		if parent := in.places.learn(f); parent != "" {
			address.Chat, address.Thread = channel.ChatID(parent), channel.ThreadID(id)
		}
		in.places.drop(id)
		if err != nil || p.last == "" {
			return // nobody ever spoke to the bot there
		}
		if in.handle(ctx, channel.Event{ID: in.eventID("g", id), Kind: channel.Departed, At: in.now(), Address: address}) {
			_ = in.book.forget(ctx, id) // once more at the next READY, then
		}
	})
}
