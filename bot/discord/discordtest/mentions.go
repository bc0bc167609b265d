package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

var (
	userMention = regexp.MustCompile(`<@!?(\d+)>`)
	roleMention = regexp.MustCompile(`<@&(\d+)>`)
)

// checkMentions records a violation where a message could mention somebody who was not named exactly. It is stricter than
// Discord: leaving allowed_mentions to its default is wrong even where the text mentions nobody.
func (c *call) checkMentions(p *place) {
	allowed, ok := c.property("allowed_mentions").(object)
	if !ok {
		c.server.violate("%s: no allowed_mentions, so everything in the text would be live", c.route)
		return
	}
	parse, ok := allowed["parse"].([]any)
	switch {
	case !ok:
		c.server.violate("%s: allowed_mentions.parse is %v, which Discord reads as everything", c.route, allowed["parse"])
	case len(parse) > 0:
		c.server.violate("%s: allowed_mentions.parse lets %v through", c.route, parse)
	case allowed["replied_user"] == true:
		c.server.violate("%s: allowed_mentions.replied_user mentions whom it replies to", c.route)
	}
	for _, who := range c.pinged(parse, allowed) {
		c.server.violate("%s: the message mentions %s in %s", c.route, who, p.id)
	}
	c.checkNamed(allowed)
}

// checkNamed records a violation where those who are named are not exactly those whom the text calls. Discord would show a dead name, or ignore an ID.
func (c *call) checkNamed(allowed object) {
	live := map[string]bool{}
	for _, m := range Render(c.text("content")).Live {
		if found := userMention.FindStringSubmatch(m); found != nil {
			live[found[1]] = true
		}
	}
	users, _ := allowed["users"].([]any)
	for _, id := range users {
		if name, _ := id.(string); live[name] {
			delete(live, name)
			continue
		}
		c.server.violate("%s: allowed_mentions.users names %v, whom the text does not call", c.route, id)
	}
	for id := range live {
		c.server.violate("%s: the text calls %s, whom allowed_mentions.users does not name", c.route, id)
	}
}

// pinged lists who would be mentioned without having been named.
func (c *call) pinged(parse []any, allowed object) []string {
	content := c.text("content")
	var out []string
	if slices.Contains(parse, any("everyone")) && (strings.Contains(content, "@everyone") || strings.Contains(content, "@here")) {
		out = append(out, "everyone")
	}
	for kind, pattern := range map[string]*regexp.Regexp{"users": userMention, "roles": roleMention} {
		for _, m := range pattern.FindAllStringSubmatch(content, -1) {
			if slices.Contains(parse, any(kind)) {
				out = append(out, kind+" "+m[1])
			}
		}
	}
	return out
}
