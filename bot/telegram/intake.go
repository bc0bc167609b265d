package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// intake is the way of updates to the handler, for polling and webhook alike.
type intake struct {
	c       *Channel
	handler channel.Handler
	tasks   sync.WaitGroup
}

func (c *Channel) newIntake(handler channel.Handler) *intake { return &intake{c: c, handler: handler} }

// wait waits for what runs beside the storing of updates.
func (in *intake) wait() { in.tasks.Wait() }

// job is an update that was read: an event to handle, something to put aside, or neither.
type job struct {
	id    int64
	event *channel.Event
	aside *Aside
}

func (j job) address() channel.Address {
	if j.event == nil {
		return channel.Address{}
	}
	return j.event.Address
}

// read reads one update by itself, so that what cannot be read spoils nothing else. Presses and inline queries are answered beside the
// storing, which may take longer than people wait.
func (in *intake) read(ctx context.Context, raw json.RawMessage) (j job) {
	u, err := decode(raw)
	j.id = u.ID
	if err == nil {
		j.event, err = in.understand(u)
	}
	if err != nil {
		j.event, j.aside = nil, &Aside{ID: u.ID, Raw: raw, Reason: err.Error()}
		return j
	}
	if u.Press != nil {
		in.answer(ctx, pressTime, func(ctx context.Context) error {
			return in.c.api.call(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": u.Press.ID}, nil)
		})
	}
	if u.Inline != nil && u.Inline.From != nil {
		in.answer(ctx, inlineTime, func(ctx context.Context) error { return in.suggest(ctx, u.Inline) })
	}
	return j
}

// understand turns an update into an event; a panic over a shape that nobody thought of is an error like others.
func (in *intake) understand(u update) (e *channel.Event, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	r := reader{bot: in.c.bot, username: in.c.username(), now: in.c.options.Now()}
	return r.event(u), nil
}

// store hands over an event, or puts an update aside.
func (in *intake) store(ctx context.Context, j job) error {
	switch {
	case j.event != nil:
		return in.handler.Handle(ctx, *j.event)
	case j.aside != nil:
		in.c.log.Error("an update cannot be read and is put aside", "update", j.id, "bytes", len(j.aside.Raw))
		if in.c.options.AsideFunc != nil {
			return in.c.options.AsideFunc(ctx, *j.aside)
		}
	}
	return nil
}

// How long people wait for the spinner to stop, and for suggestions.
const (
	pressTime  = 10 * time.Second
	inlineTime = 5 * time.Second
	thinkTime  = time.Second
)

// answer runs beside the storing of updates. Queries that are too old by now are of no interest.
func (in *intake) answer(ctx context.Context, within time.Duration, do func(context.Context) error) {
	in.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		select {
		case in.c.answers <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-in.c.answers }()
		if err := do(ctx); err != nil && !asCallError(err).old() {
			in.c.log.Warn("cannot answer a query", "error", err)
		}
	})
}

func (e *callError) old() bool { return e != nil && e.says("query is too old") }

// Bounds of suggestions: the platform takes 50 results; the longest is what one can type in a query.
const (
	maxChoices = 50
	maxChoice  = 256
)

type article struct {
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Content map[string]any `json:"input_message_content"`
}

// suggest answers an inline query. Anybody may send one from anywhere, and the platform says who but not where; the handler decides who is
// suggested anything, and others get an empty list. Nothing is kept by the platform.
func (in *intake) suggest(ctx context.Context, q *inlineQuery) error {
	thinking, cancel := context.WithTimeout(ctx, thinkTime)
	choices, err := in.handler.Complete(thinking, channel.Completion{
		From: person(q.From), Address: channel.Address{Network: Network}, Typed: clean(q.Query),
	})
	cancel()
	if err != nil {
		choices = nil
	}
	results := []article{}
	for _, choice := range choices {
		if choice.Label == "" || choice.Value == "" || len(results) == maxChoices {
			continue
		}
		results = append(results, article{"article", strconv.Itoa(len(results)), cut(choice.Label, maxChoice), map[string]any{
			"message_text": cut(choice.Value, maxText), "link_preview_options": map[string]any{"is_disabled": true},
		}})
	}
	raw, err := json.Marshal(results)
	if err != nil {
		return err
	}
	return in.c.api.call(ctx, "answerInlineQuery", tgbotapi.Params{
		"inline_query_id": q.ID, "results": string(raw), "cache_time": "0", "is_personal": "true",
	}, nil)
}
