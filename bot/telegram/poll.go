package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"golang.org/x/sync/errgroup"
)

// pollTime is how long the platform holds a poll open; it allows no more.
const pollTime = 50 * time.Second

// poll takes updates by long polling. The library's own loop confirms a batch before it is handled; this one confirms what is stored.
func (c *Channel) poll(ctx context.Context, handler channel.Handler) error {
	if err := c.insist(ctx, "deleteWebhook", c.removeWebhook); err != nil {
		return err
	}
	in := c.newIntake(handler)
	defer in.wait()
	wait, offset := c.newWait(), int64(0)
	for ctx.Err() == nil {
		batch, err := c.updates(ctx, offset)
		if err != nil {
			if final := pointless(err); final != nil {
				return final
			}
			c.afterPoll(ctx, err)
			wait.pause(ctx, err)
			continue
		}
		last, ok := in.batch(ctx, batch)
		switch {
		case ctx.Err() != nil:
			return nil
		case !ok:
			wait.pause(ctx, nil)
			continue
		// IDs restart lower after a quiet week: the next offset follows the last update, whatever came before. An empty answer
		// says that everything is confirmed, and an offset kept beyond that could confirm lower IDs unseen.
		case len(batch) == 0:
			offset = 0
		default:
			offset = last + 1
		}
		wait = c.newWait()
	}
	return nil
}

func (c *Channel) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	params := tgbotapi.Params{"timeout": strconv.Itoa(int(pollTime.Seconds())), "allowed_updates": allowedUpdates}
	params.AddNonZero64("offset", offset)
	var batch []json.RawMessage
	patient := *c.api
	patient.timeout += pollTime
	err := patient.call(ctx, "getUpdates", params, &batch)
	return batch, err
}

// afterPoll logs a poll that failed, and mends what can be: a webhook that somebody set meanwhile.
func (c *Channel) afterPoll(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	c.log.Warn("cannot take updates", "error", err)
	e := asCallError(err)
	if e == nil || e.code != http.StatusConflict {
		return
	}
	if !e.says("webhook") {
		c.log.Error("another program takes this bot's updates with the same token")
		return
	}
	if err := c.removeWebhook(ctx); err != nil {
		c.log.Warn("cannot remove the webhook", "error", err)
	}
}

func (c *Channel) removeWebhook(ctx context.Context) error {
	return c.api.call(ctx, "deleteWebhook", nil, nil)
}

// batch stores all updates of a batch: those of one address in order, different ones at once. It returns the last ID, and false where none
// can be confirmed. It tries until everything is stored or the context ends.
func (in *intake) batch(ctx context.Context, raws []json.RawMessage) (last int64, ok bool) {
	queues := map[channel.Address][]job{}
	ok = len(raws) == 0
	for _, raw := range raws {
		j := in.read(ctx, raw)
		if j.id != 0 {
			last, ok = j.id, true
		} else if ok {
			last++ // IDs count up, so the one that cannot be read is the next
		}
		if j.event != nil || j.aside != nil {
			queues[j.address()] = append(queues[j.address()], j)
		}
	}
	var group errgroup.Group
	group.SetLimit(parallel)
	for _, queue := range queues {
		group.Go(func() error {
			for _, j := range queue {
				in.insist(ctx, j)
			}
			return nil
		})
	}
	_ = group.Wait()
	return last, ok
}

// insist stores one update, however often that takes, until the context ends.
func (in *intake) insist(ctx context.Context, j job) {
	wait := in.c.newWait()
	for ctx.Err() == nil {
		err := in.store(ctx, j)
		if err == nil {
			return
		}
		if ctx.Err() == nil {
			in.c.log.Error("an update is not stored yet", "update", j.id, "error", err)
		}
		wait.pause(ctx, nil)
	}
}
