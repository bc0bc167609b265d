package discord

import (
	"context"
	"time"

	"faqbot/bot/channel"
)

// typingLasts is how long Discord's app shows that somebody types: what is told later is over.
const typingLasts = 8 * time.Second

// typed passes on who types in a direct chat or in a thread; in channels nothing is done about it. It is never worth waiting for: where very much goes on
// it is dropped.
func (in *intake) typed(ctx context.Context, _ rawEvent, f fields) {
	watcher, ok := in.handler.(channel.Watcher)
	place, guild, user := f.id("channel_id"), f.id("guild_id"), f.id("user_id")
	at := channel.Address{Network: Network, Chat: channel.ChatID(place), Private: guild == ""}
	parent, _ := in.places.parent(place)
	late := in.now().Sub(time.Unix(int64(f.number("timestamp")), 0)) > typingLasts
	if !ok || late || place == "" || user == "" || user == in.identity.Load().user || guild != "" && parent == "" {
		return
	}
	if guild != "" {
		at.Chat, at.Thread = channel.ChatID(parent), channel.ThreadID(place)
	}
	select {
	case in.asking <- struct{}{}:
		in.spawn(func() {
			defer func() { <-in.asking }()
			ctx, cancel := context.WithTimeout(ctx, in.timing.complete)
			defer cancel()
			watcher.Typing(ctx, channel.Person{ID: channel.PersonID(user)}, at)
		})
	default:
	}
}
