package discord

import (
	"context"
	"errors"
	"net/http"
	"time"

	"faqbot/bot/channel"
)

// The kinds of interactions, and of first responses to them.
const (
	interactCommand  = 2
	interactButton   = 3
	interactComplete = 4

	flagHasThread = 1 << 5

	respondLater  = 5
	respondQuiet  = 6
	respondChoice = 8
)

// call is one interaction.
type call struct {
	id, token, application string
	kind                   int
	place, guild           string
	from                   channel.Person
	data                   fields
	message                string
	thread                 string // that hangs under the message
	at                     time.Time
}

func readCall(f fields) (call, bool) {
	c := call{
		id: f.id("id"), token: f.text("token"), application: f.id("application_id"), kind: f.number("type"), place: f.id("channel_id"),
		guild: f.id("guild_id"), data: f.object("data"), message: f.object("message").id("id"),
	}
	if under := f.object("message"); under.number("flags")&flagHasThread != 0 || under["thread"] != nil {
		c.thread = c.message // such a thread has its message's ID
	}
	if c.place == "" {
		c.place = f.object("channel").id("id")
	}
	user := f.user("user")
	if member := f.object("member"); member != nil {
		user = member.user("user")
		c.from = user.person(member.text("nick"))
	} else {
		c.from = user.person("")
	}
	c.from.Locale = f.text("locale")
	c.at = snowflakeTime(c.id)
	return c, c.id != "" && c.token != "" && c.place != "" && user.id != "" && c.data != nil
}

// interact takes a command, a press or a completion. Discord wants the first response within 3 s: it goes out at once, beside the
// queue; the event waits for it in its channel's lane, so that an answer never comes before the deferral.
func (in *intake) interact(ctx context.Context, e rawEvent, f fields) {
	c, ok := readCall(f)
	if !ok {
		return
	}
	if c.application == "" {
		c.application = in.identity.Load().application
	}
	in.places.learn(f.object("channel"))
	if c.kind == interactComplete {
		in.spawn(func() { in.complete(ctx, c) })
		return
	}
	event, ok := in.callEvent(c)
	if !ok {
		return
	}
	deferred := make(chan bool, 1)
	in.spawn(func() {
		alive := false
		defer func() { deferred <- alive }()
		alive = in.deferral(ctx, c)
	})
	in.put(ctx, c.place, func(ctx context.Context) {
		select {
		case alive := <-deferred:
			if alive {
				event.Ticket = in.ticket(c)
			}
		case <-ctx.Done():
			return
		}
		if !in.catchUp(ctx, c.place, e.Shard) {
			return
		}
		event.Address = in.address(ctx, c.place, c.guild)
		if in.begin(ctx, c.place, c.guild, e.Shard, event) {
			in.handle(ctx, c.inThread(event))
		}
	})
}

// callEvent is the event of a command or a press.
func (in *intake) callEvent(c call) (channel.Event, bool) {
	e := channel.Event{
		ID: in.eventID("i", c.id), At: c.at, From: c.from, Addressed: true,
		Address: channel.Address{Network: Network, Chat: channel.ChatID(c.place), Private: c.guild == ""},
	}
	switch c.kind {
	case interactCommand:
		e.Kind, e.Command, e.Body = channel.Command, c.data.text("name"), c.option(false)
		return e, e.Command != ""
	case interactButton:
		e.Kind, e.Body, e.Message = channel.Press, c.data.text("custom_id"), channel.MessageID(c.message)
		return e, e.Body != ""
	}
	return e, false
}

// inThread is a press under a card as one in the card's thread, at whose head the card is shown though it is in the channel. The ticket is dropped: an
// answer through it would stand in the channel.
func (c call) inThread(e channel.Event) channel.Event {
	if c.thread != "" && e.Address.Thread == "" && !e.Address.Private {
		e.Address.Thread, e.Ticket = channel.ThreadID(c.thread), nil
	}
	return e
}

// option is the text of a command's first option, or of the one that is being typed.
func (c call) option(focused bool) string {
	for _, o := range c.data.list("options") {
		if !focused || as[bool](o["focused"]) {
			return o.text("value")
		}
	}
	return ""
}

// deferral answers an interaction on screen: a command by "is thinking", in public, a press by nothing at all. It reports whether the
// interaction's token may be used: an answer that says "already" means that an earlier try arrived.
func (in *intake) deferral(ctx context.Context, c call) bool {
	kind := respondLater
	if c.kind == interactButton {
		kind = respondQuiet
	}
	err := in.respond(ctx, c, map[string]any{"type": kind}, in.timing.defers)
	if err == nil || isCode(err, codeAcknowledged) {
		return true
	}
	in.log.Warn("an interaction could not be answered in time", "error", err)
	e := asError(err)
	return e != nil && (e.lost != "" && !e.certain || e.garbled || e.status >= 500)
}

// respond sends the first response, again while it may still be of use.
func (in *intake) respond(ctx context.Context, c call, body any, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	q := request{
		method: http.MethodPost, path: "interactions/" + c.id + "/" + escapeToken(c.token) + "/callback", route: "interactions/" + c.id,
		body: body, free: true, hook: true, timeout: within / 2,
	}
	for {
		err := in.rest.call(ctx, q, nil)
		wait, passing := again(err)
		if err == nil || !passing {
			return err
		}
		if sleep(ctx, max(wait, 50*time.Millisecond)) != nil {
			return err
		}
	}
}

// complete suggests questions. It cannot be deferred, so a late answer is an empty one, and so is one while very many ask.
func (in *intake) complete(ctx context.Context, c call) {
	begun := time.Now()
	choices := []map[string]string{}
	select {
	case in.asking <- struct{}{}:
		var err error
		if choices, err = in.suggest(ctx, c); err != nil {
			in.log.Debug("no suggestions", "error", err)
		}
		<-in.asking
	default:
	}
	body := map[string]any{"type": respondChoice, "data": map[string]any{"choices": choices}}
	if err := in.respond(ctx, c, body, in.timing.defers-time.Since(begun)); err != nil && !isCode(err, codeAcknowledged) {
		in.log.Debug("suggestions came too late", "error", err)
	}
}

func (in *intake) suggest(ctx context.Context, c call) ([]map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, in.timing.complete)
	defer cancel()
	type result struct {
		choices []channel.Choice
		err     error
	}
	done := make(chan result, 1)
	in.spawn(func() {
		address := channel.Address{Network: Network, Chat: channel.ChatID(c.place), Private: c.guild == ""}
		if parent, _ := in.places.parent(c.place); parent != "" {
			address.Chat, address.Thread = channel.ChatID(parent), channel.ThreadID(c.place)
		}
		choices, err := in.handler.Complete(ctx, channel.Completion{
			From: c.from, Address: address, Command: c.data.text("name"), Typed: c.option(true),
		})
		done <- result{choices, err}
	})
	out := []map[string]string{}
	select {
	case r := <-done:
		for _, choice := range r.choices {
			label, value := cut(choice.Label, maxChoice), cut(choice.Value, maxChoice)
			if label != "" && value != "" && len(out) < maxChoices {
				out = append(out, map[string]string{"name": label, "value": value})
			}
		}
		return out, r.err
	case <-ctx.Done():
		return out, errors.New("the suggestions took too long")
	}
}
