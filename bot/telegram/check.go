package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Check implements [channel.Checker].
func (c *Channel) Check(ctx context.Context) []channel.Finding {
	if err := c.Identify(ctx); err != nil {
		return []channel.Finding{identityFinding(err)}
	}
	me := c.identity.Load()
	found := []channel.Finding{{OK: true, What: "Telegram knows the bot as @" + me.Username}}
	if me.ReadsAll {
		found = append(found, channel.Finding{OK: true, What: "In groups the bot sees all messages (privacy mode is off)"})
	} else {
		found = append(found, channel.Finding{OK: true,
			What: "In groups the bot sees commands, mentions and replies only (privacy mode is on)",
			Mend: "For a staff group make the bot an administrator, or switch privacy mode off at @BotFather (/setprivacy) and add the bot anew"})
	}
	if !me.Inline {
		found = append(found, inlineOff)
	}
	var info webhookInfo
	if err := c.api.call(ctx, "getWebhookInfo", nil, &info); err != nil {
		return append(found, channel.Finding{What: "Telegram does not say how updates are delivered: " + asCallError(err).reason(), Mend: "Try again later"})
	}
	return append(found, c.webhookFinding(info))
}

var inlineOff = channel.Finding{OK: true, What: "Suggestions while staff type are off",
	Mend: "Switch inline mode on at @BotFather (/setinline) if staff want to search answers as they type"}

func identityFinding(err error) channel.Finding {
	e := asCallError(err)
	switch {
	case e.code == http.StatusUnauthorized || e.code == http.StatusNotFound:
		return channel.Finding{What: "Telegram refuses the bot's token", Mend: "Copy the token anew from @BotFather (/token); with a server of your own check its address too"}
	case e.code == 0:
		return channel.Finding{What: "Telegram's API cannot be reached: " + e.reason(), Mend: "Check the network, a proxy, and the API address in the settings"}
	}
	return channel.Finding{What: "Telegram's API does not answer as it should: " + e.reason(), Mend: "Try again later"}
}

// recent is how long a failed delivery stays worth telling.
const recent = time.Hour

func (c *Channel) webhookFinding(info webhookInfo) channel.Finding {
	want := c.settings.Webhook.URL
	failed := info.FailedAt != 0 && c.options.Now().Sub(time.Unix(info.FailedAt, 0)) < recent
	switch {
	case want == "" && info.URL != "":
		return channel.Finding{What: "A webhook is set for this bot although it is to take updates by long polling; " + info.pending(),
			Mend: "faqbot serve removes it when it starts; if another program set it, give faqbot a bot of its own"}
	case want == "":
		return channel.Finding{OK: true, What: "Updates are taken by long polling; " + info.pending()}
	case info.URL != want:
		return channel.Finding{What: "Telegram does not deliver to the webhook in the settings",
			Mend: "faqbot serve sets it when it starts; if another program set one, give faqbot a bot of its own"}
	case failed:
		return channel.Finding{What: fmt.Sprintf("Telegram could not deliver to the webhook: %s; %s", info.LastError, info.pending()),
			Mend: "Check that the address is reachable from outside, with a valid certificate, and leads to faqbot"}
	}
	return channel.Finding{OK: true, What: "Telegram delivers to the webhook; " + info.pending()}
}

// Longest entries of the command menu.
const (
	maxCommands    = 100
	maxDescription = 256
)

// Register implements [channel.Registrar]. The platform keeps one menu for each language of two letters, and one for all others. In a
// language without a text for a command the default text stands.
func (c *Channel) Register(ctx context.Context, commands []channel.CommandText) error {
	commands = slices.DeleteFunc(slices.Clone(commands), func(c channel.CommandText) bool { return c.Staff }) // there is one menu for all
	languages := map[string]string{"": ""}                                                                    // the platform's code → ours
	for _, command := range commands {
		for language := range command.Descriptions {
			code, _, _ := strings.Cut(strings.ToLower(language), "-")
			if known, ok := languages[code]; len(code) == 2 && (!ok || language < known) {
				languages[code] = language
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(languages)) {
		params := tgbotapi.Params{"commands": menu(commands, languages[code])}
		params.AddNonEmpty("language_code", code)
		if err := c.api.call(ctx, "setMyCommands", params, nil); err != nil {
			return fmt.Errorf("publish the commands in %q: %w", code, err)
		}
	}
	return nil
}

type menuEntry struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

func menu(commands []channel.CommandText, language string) string {
	entries := []menuEntry{}
	for _, command := range commands {
		text := strings.TrimSpace(command.Descriptions[language])
		if text == "" {
			text = strings.TrimSpace(command.Descriptions[""])
		}
		if text == "" {
			text = command.Name
		}
		if len(entries) < maxCommands {
			entries = append(entries, menuEntry{strings.ToLower(command.Name), cut(text, maxDescription)})
		}
	}
	raw, _ := json.Marshal(entries)
	return string(raw)
}
