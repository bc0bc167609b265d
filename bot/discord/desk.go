package discord

import (
	"context"
	"errors"
	"strings"

	"faqbot/bot/channel"
)

var _ channel.DeskChecker = (*Channel)(nil)

// CheckDesk implements [channel.DeskChecker]: whether the bot has the rights that it needs in the channel, and reads what staff write.
func (c *Channel) CheckDesk(ctx context.Context, at channel.Address, private bool) []channel.Finding {
	if at.Private {
		return []channel.Finding{c.checkDirect(ctx, string(at.Chat))}
	}
	me, err := c.me(ctx)
	if err != nil {
		return []channel.Finding{untold(err)}
	}
	var application fields
	found := []channel.Finding{c.checkChannel(ctx, me.user, string(at.Chat), "this channel", private)}
	if err := c.rest.read(ctx, "applications/@me", &application); err != nil {
		return append(found, untold(err))
	}
	return append(found, c.checkSight(application))
}

func untold(err error) channel.Finding {
	if e := asError(err); e != nil && e.unauthorized() {
		return refusedToken
	}
	return channel.Finding{What: "Discord does not say what the bot may do here: " + err.Error(), Mend: "“faqbot doctor” looks again"}
}

// checkSight looks whether the bot reads what staff write in threads.
func (c *Channel) checkSight(application fields) channel.Finding {
	if f := c.checkContent(application); c.settings.MessageContent {
		return f
	}
	mend := "set discord_message_content: true and start faqbot anew"
	if !granted(application) {
		mend = "switch the Message Content intent on at " + portal + ", your application, Bot, Privileged Gateway Intents; then " + mend
	}
	return channel.Finding{What: "the bot does not read what your team writes in threads: it does not ask for message content", Mend: mend}
}

// checkDirect looks whether a direct chat is there.
func (c *Channel) checkDirect(ctx context.Context, chat string) channel.Finding {
	var place fields
	if !isSnowflake(chat) {
		return channel.Finding{What: "this is no chat of Discord's", Mend: mendOwner}
	}
	if err := c.rest.read(ctx, "channels/"+chat, &place); err != nil {
		return channel.Finding{What: "the direct chat cannot be seen: " + err.Error(), Mend: mendOwner}
	}
	return channel.Finding{OK: true, What: "Discord knows the direct chat"}
}

const mendOwner = "write to the bot in private, and show it a new code there (faqbot desk code --owner)"

// checkChannel looks at a channel, which is called so.
func (c *Channel) checkChannel(ctx context.Context, self, chat, called string, private bool) channel.Finding {
	if !isSnowflake(chat) {
		return channel.Finding{What: called + " is no ID of Discord's", Mend: "copy the channel's ID (developer mode, right click, Copy Channel ID)"}
	}
	missing, err := c.lacking(ctx, self, chat, private)
	switch {
	case errors.Is(err, errNoServer):
		return channel.Finding{What: called + " is in no server", Mend: "name a text channel of a server"}
	case errors.Is(err, errNoPrivate):
		return channel.Finding{What: "no private threads can begin in " + called, Mend: "choose a text channel that is not for announcements"}
	case errors.Is(err, errNoText):
		return channel.Finding{What: "no threads can hang in " + called, Mend: "choose a text channel"}
	case err != nil:
		return channel.Finding{What: called + " cannot be seen: " + err.Error(), Mend: "give the bot's role View Channel there, or invite the bot to that server"}
	case len(missing) > 0:
		return channel.Finding{
			What: "in " + called + " the bot lacks: " + strings.Join(missing, ", "),
			Mend: "in that channel's settings, Permissions, allow these to the bot's role",
		}
	}
	return channel.Finding{OK: true, What: "the bot has what it needs in " + called}
}

var (
	errNoServer  = errors.New("discord: this channel is in no server")
	errNoText    = errors.New("discord: this channel holds no threads")
	errNoPrivate = errors.New("discord: this channel holds no private threads")
)

// textKinds are the kinds of channels that threads hang in: text, and announcements.
var textKinds = map[int]bool{0: true, kindNews: true}

const kindNews = 5

// lacking computes what the bot may not do in a channel, as Discord's documentation says: roles first, then the channel's exceptions for
// everyone, for roles, for the member.
func (c *Channel) lacking(ctx context.Context, self, chat string, private bool) (missing []string, err error) {
	var place, guild, member fields
	err = c.rest.read(ctx, "channels/"+chat, &place)
	if err == nil && place.id("guild_id") == "" {
		err = errNoServer
	}
	if err == nil && !textKinds[place.number("type")] {
		err = errNoText
	}
	if err == nil && private && place.number("type") == kindNews {
		err = errNoPrivate
	}
	if err == nil {
		err = c.rest.read(ctx, "guilds/"+place.id("guild_id"), &guild)
	}
	if err == nil {
		err = c.rest.read(ctx, "guilds/"+place.id("guild_id")+"/members/"+self, &member)
	}
	if err != nil {
		return nil, err
	}
	has := effective(guild, place, member.ids("roles"), self)
	other := threadPermission(!private)
	for _, p := range permissions {
		if p.name != other && has&p.bit == 0 && has&permissionAdmin == 0 {
			missing = append(missing, p.name)
		}
	}
	return missing, nil
}
