package discord

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"faqbot/bot/channel"
)

const portal = "https://discord.com/developers/applications"

// permissions are what a desk's channel needs, of the two kinds of threads for the one that begins there.
var permissions = []struct {
	bit  uint64
	name string
}{
	{1 << 10, "View Channel"}, {1 << 11, "Send Messages"}, {1 << 16, "Read Message History"}, {1 << 14, "Embed Links"},
	{1 << 15, "Attach Files"}, {1 << 35, permissionThreads}, {1 << 36, permissionPrivate}, {1 << 38, "Send Messages in Threads"}, {1 << 34, "Manage Threads"},
}

const (
	permissionAdmin   = 1 << 3
	permissionReact   = 1 << 6 // Add Reactions: asked for, and done without where it is not given
	permissionThreads = "Create Public Threads"
	permissionPrivate = "Create Private Threads"
)

// threadPermission is the one that beginning a thread takes.
func threadPermission(private bool) string {
	if private {
		return permissionPrivate
	}
	return permissionThreads
}

// Flags of an application that tell of the content intent: for large bots, and for those in fewer than 100 servers.
const contentFlags = 1<<18 | 1<<19

var refusedToken = channel.Finding{What: "Discord refuses the token", Mend: "copy it anew at " + portal + ", your application, Bot, Reset Token"}

// Check implements [channel.Checker].
func (c *Channel) Check(ctx context.Context) []channel.Finding {
	var user, application fields
	if err := c.rest.read(ctx, "users/@me", &user); err != nil {
		if e := asError(err); e != nil && e.unauthorized() {
			return []channel.Finding{refusedToken}
		}
		return []channel.Finding{{What: "Discord cannot be reached: " + err.Error(), Mend: "look at the network and at the API address in the settings"}}
	}
	out := []channel.Finding{{OK: true, What: "Discord accepts the token of " + user.text("username")}}
	if err := c.rest.read(ctx, "applications/@me", &application); err != nil {
		return append(out, channel.Finding{What: "the application cannot be read: " + err.Error(), Mend: "try again later"})
	}
	out = append(out, c.checkContent(application), c.checkStart(ctx))
	out = append(out, c.checkGuilds(ctx, application.id("id")))
	for _, chat := range c.settings.Channels {
		out = append(out, c.checkChannel(ctx, user.id("id"), string(chat), "channel "+string(chat), false))
	}
	return out
}

func granted(application fields) bool { return application.number("flags")&contentFlags != 0 }

func (c *Channel) checkContent(application fields) channel.Finding {
	switch {
	case c.settings.MessageContent && !granted(application):
		return channel.Finding{
			What: "the Message Content intent is not switched on: the gateway will refuse the bot",
			Mend: "switch it on at " + portal + ", your application, Bot, Privileged Gateway Intents, or turn off message content in the settings",
		}
	case !c.settings.MessageContent:
		return channel.Finding{OK: true, What: "message content is not asked for: mentions, commands and direct messages are read, staff threads are not"}
	}
	return channel.Finding{OK: true, What: "the Message Content intent is switched on"}
}

func (c *Channel) checkStart(ctx context.Context) channel.Finding {
	var p plan
	if err := c.rest.read(ctx, "gateway/bot", &p); err != nil {
		return channel.Finding{What: "Discord does not say where its gateway is: " + err.Error(), Mend: "try again later"}
	}
	if p.Start.Remaining <= identifyReserve {
		return channel.Finding{
			What: fmt.Sprintf("only %d of %d sessions are left today", p.Start.Remaining, p.Start.Total),
			Mend: "find out why the bot starts so often; past the limit Discord resets the token",
		}
	}
	if n := c.settings.Shards; n != 0 && n < p.Shards {
		return channel.Finding{What: fmt.Sprintf("%d shards are set, Discord recommends %d", n, p.Shards), Mend: "set shards to 0"}
	}
	return channel.Finding{OK: true, What: fmt.Sprintf("%d of %d sessions are left today; shards recommended: %d", p.Start.Remaining, p.Start.Total, p.Shards)}
}

func (c *Channel) checkGuilds(ctx context.Context, application string) channel.Finding {
	var guilds []fields
	q := request{method: http.MethodGet, path: "users/@me/guilds?limit=200", route: "users/@me/guilds"}
	if err := c.rest.call(ctx, q, &guilds); err != nil {
		return channel.Finding{What: "the bot's servers cannot be read: " + err.Error(), Mend: "try again later"}
	}
	if len(guilds) == 0 {
		var all uint64 = permissionReact
		for _, p := range permissions {
			all |= p.bit
		}
		return channel.Finding{
			What: "the bot is in no server",
			Mend: fmt.Sprintf("invite it: https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", application, all),
		}
	}
	return channel.Finding{OK: true, What: fmt.Sprintf("servers that the bot is in: %d", len(guilds))}
}

func effective(guild, place fields, roles []string, self string) uint64 {
	mine := map[string]bool{guild.id("id"): true}
	for _, r := range roles {
		mine[r] = true
	}
	var base uint64
	for _, r := range guild.list("roles") {
		if mine[r.id("id")] {
			base |= bits(r, "permissions")
		}
	}
	var everyone, byRole, own [2]uint64
	for _, o := range place.list("permission_overwrites") {
		change := [2]uint64{bits(o, "deny"), bits(o, "allow")}
		switch id := o.id("id"); {
		case id == guild.id("id"):
			everyone = change
		case id == self:
			own = change
		case mine[id]:
			byRole[0] |= change[0]
			byRole[1] |= change[1]
		}
	}
	for _, change := range [][2]uint64{everyone, byRole, own} {
		base = base&^change[0] | change[1]
	}
	return base
}

func bits(f fields, name string) uint64 {
	n, err := strconv.ParseUint(f.text(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
