package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"faqbot/bot/channel"
)

// sweep catches up in every channel of a shard that was known before a READY: Discord replays nothing to a new session. A first direct
// message during the break cannot be found, for its channel is not known, and presses are lost.
func (in *intake) sweep(ctx context.Context, shard, shards int) {
	var ids []string
	if !in.insist(ctx, "the known channels could not be read", func() (err error) {
		ids, err = in.book.known(ctx, func(p page) bool { return shardOf(p.guild, shards) == shard })
		return err
	}) {
		return
	}
	for _, id := range ids {
		select {
		case in.sweeps <- struct{}{}:
		case <-ctx.Done():
			return
		}
		in.put(ctx, id, func(ctx context.Context) {
			defer func() { <-in.sweeps }()
			in.catchUp(ctx, id, shard)
		})
	}
}

// shardOf is the shard that a server's events come on; direct messages come on the first.
func shardOf(guild string, shards int) int {
	n, err := strconv.ParseUint(guild, 10, 64)
	if err != nil || shards < 2 {
		return 0
	}
	return int(n >> 22 % uint64(shards))
}

// catchUp reads what came to a channel since its position, once for each READY, before anything else of that channel is handled.
// It reports whether the channel's events may be handled now.
func (in *intake) catchUp(ctx context.Context, id string, shard int) bool {
	epoch := in.epoch(shard)
	var p page
	if !in.insist(ctx, "a reading position could not be read", func() (err error) {
		p, err = in.book.find(ctx, id)
		return err
	}) {
		return false
	}
	if p.last == "" || p.epoch == epoch {
		return true
	}
	in.book.turn(id)
	after := p.last
	for {
		batch, err := in.batch(ctx, id, after)
		if err != nil {
			return in.giveUp(ctx, id, err)
		}
		for _, m := range batch {
			if !in.message(ctx, id, p.guild, shard, m) {
				return false
			}
		}
		in.book.caught(id, batch)
		if len(batch) > 0 {
			after = batch[len(batch)-1].id("id")
		}
		if len(batch) < batchSize {
			in.book.fresh(id, epoch)
			return true
		}
	}
}

const batchSize = 100

// batch reads messages after one, oldest first. It insists while the failure may pass.
func (in *intake) batch(ctx context.Context, id, after string) ([]fields, error) {
	q := request{
		method: http.MethodGet, path: fmt.Sprintf("channels/%s/messages?after=%s&limit=%d", id, after, batchSize), route: "channels/" + id + "/messages",
	}
	for pause := in.timing.pause; ; pause = min(2*pause, in.timing.maxPause) {
		var raw []fields
		err := in.rest.call(ctx, q, &raw)
		if err == nil {
			raw = slices.DeleteFunc(raw, func(f fields) bool { return f.id("id") == "" })
			slices.SortFunc(raw, func(a, b fields) int {
				if olderID(a.id("id"), b.id("id")) {
					return -1
				}
				return 1
			})
			return raw, nil
		}
		wait, passing := again(err)
		if ctx.Err() != nil || !passing && !isLong(err) {
			return nil, err
		}
		if err := sleep(ctx, max(pause, wait)); err != nil {
			return nil, err
		}
	}
}

// isLong is true for a failure that passes, only not soon.
func isLong(err error) bool {
	var wait *waitError
	if errors.As(err, &wait) {
		return true
	}
	e := asError(err)
	return e != nil && e.passing()
}

// giveUp forgets a channel that cannot be read: it is gone, or closed to the bot. Its live events are handled all the same.
func (in *intake) giveUp(ctx context.Context, id string, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	in.log.Info("a channel cannot be read any more", "channel", id, "error", err)
	return in.insist(ctx, "a reading position could not be written", func() error { return in.book.forget(ctx, id) })
}

// message handles one message of a channel and moves its position. It reports whether the core has it.
func (in *intake) message(ctx context.Context, id, guild string, shard int, f fields) bool {
	e, wanted := in.messageEvent(ctx, id, guild, f)
	if wanted && !(in.begin(ctx, id, guild, shard, e) && in.handle(ctx, e)) {
		return false
	}
	in.book.advance(id, f.id("id"))
	return true
}

// begin writes a channel down before its first event is handled, as read up to just before it.
func (in *intake) begin(ctx context.Context, id, guild string, shard int, e channel.Event) bool {
	return in.insist(ctx, "a reading position could not be written", func() error {
		p, err := in.book.find(ctx, id)
		if err != nil || p.last != "" {
			return err
		}
		p = page{last: beforeID(eventNumber(e)), guild: guild, epoch: in.epoch(shard)}
		if e.Address.Thread != "" {
			p.parent = string(e.Address.Chat)
		}
		if e.Address.Private {
			p.user = string(e.From.ID)
		}
		return in.book.begin(ctx, id, p)
	})
}
