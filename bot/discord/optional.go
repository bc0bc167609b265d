package discord

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

var (
	_ channel.Channel   = (*Channel)(nil)
	_ channel.Typer     = (*Channel)(nil)
	_ channel.Editor    = (*Channel)(nil)
	_ channel.Opener    = (*Channel)(nil)
	_ channel.Visitor   = (*Channel)(nil)
	_ channel.Registrar = (*Channel)(nil)
	_ channel.Checker   = (*Channel)(nil)
	_ channel.Forgetter = (*Channel)(nil)
)

// Forget implements [channel.Forgetter]: whose direct chats the bot has read is not known any more.
func (c *Channel) Forget(ctx context.Context, person channel.PersonID) error {
	c.book.leave(string(person))
	return c.book.flush(ctx)
}

// Typing implements [channel.Typer].
func (c *Channel) Typing(ctx context.Context, to channel.Address) error {
	if !isSnowflake(target(to)) {
		return fault.New(fault.Invalid, "this address is not one of Discord's")
	}
	return c.rest.call(ctx, request{method: http.MethodPost, path: "channels/" + target(to) + "/typing"}, nil)
}

// CanEdit implements [channel.Editor].
func (c *Channel) CanEdit() bool { return true }

// PrivateAddress implements [channel.Visitor]: it opens the direct chat. Whether the person takes messages shows when one is sent.
func (c *Channel) PrivateAddress(ctx context.Context, person channel.PersonID) (channel.Address, error) {
	if !isSnowflake(string(person)) {
		return channel.Address{}, fault.New(fault.Invalid, "this person is not one of Discord's")
	}
	var f fields
	err := c.rest.retry(ctx, request{method: http.MethodPost, path: "users/@me/channels", body: map[string]string{"recipient_id": string(person)}}, &f)
	switch e := asError(err); {
	case e != nil && e.status >= 400 && e.status < 500 && e.status != http.StatusTooManyRequests && !e.unauthorized():
		return channel.Address{}, fault.Wrap(fault.NotFound, err, "this person cannot be written to on Discord")
	case err != nil:
		return channel.Address{}, err
	case f.id("id") == "":
		return channel.Address{}, fault.New(fault.Unavailable, "Discord does not name the direct chat")
	}
	return channel.Address{Network: Network, Chat: channel.ChatID(f.id("id")), Private: true}, nil
}

// locales are Discord's names for languages; others are left out of what is published.
var locales = map[string][]string{
	"ar": {"ar"}, "bg": {"bg"}, "cs": {"cs"}, "da": {"da"}, "de": {"de"}, "el": {"el"}, "en": {"en-GB", "en-US"}, "es": {"es-ES", "es-419"},
	"fi": {"fi"}, "fr": {"fr"}, "he": {"he"}, "hi": {"hi"}, "hr": {"hr"}, "hu": {"hu"}, "id": {"id"}, "it": {"it"}, "ja": {"ja"},
	"ko": {"ko"}, "lt": {"lt"}, "nl": {"nl"}, "no": {"no"}, "nb": {"no"}, "pl": {"pl"}, "pt": {"pt-BR"}, "ro": {"ro"}, "ru": {"ru"}, "sv": {"sv-SE"},
	"th": {"th"}, "tr": {"tr"}, "uk": {"uk"}, "vi": {"vi"}, "zh": {"zh-CN", "zh-TW"},
}

func discordLocales(language string) []string {
	for _, names := range locales {
		if slices.Contains(names, language) {
			return []string{language}
		}
	}
	base, _, _ := strings.Cut(language, "-")
	return locales[base]
}

// command is a slash command as Discord wants it.
type command struct {
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Translated  map[string]string `json:"description_localizations,omitempty"`
	Options     []option          `json:"options,omitempty"`
	// Permissions are those that a member needs to be shown it, unless the server's settings say otherwise; nil shows it to everybody.
	Permissions  *int64 `json:"default_member_permissions,omitempty"`
	Contexts     []int  `json:"contexts"`
	Integrations []int  `json:"integration_types"`
	Type         int    `json:"type"`
}

type option struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Translated   map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required"`
	Autocomplete bool              `json:"autocomplete"`
}

const optionString = 3

// maxDescription is in characters.
const maxDescription = 100

// Register implements [channel.Registrar]: it replaces all commands of the application, everywhere. They work in servers and in direct
// chats with the bot.
func (c *Channel) Register(ctx context.Context, commands []channel.CommandText) error {
	me, err := c.me(ctx)
	if err != nil {
		return err
	}
	list := []command{}
	for _, text := range commands {
		name := strings.ToLower(text.Name)
		if name == "start" {
			continue // belongs to Telegram's links; typed, it still works
		}
		list = append(list, newCommand(name, text))
	}
	return c.rest.retry(ctx, request{method: http.MethodPut, path: "applications/" + me.application + "/commands", body: list}, nil)
}

// staffPermission is what members need to be shown the team's commands: Manage Messages, which customers do not have.
const staffPermission = 1 << 13

// newCommand is a command as Discord is told of it; the team's are for servers alone.
func newCommand(name string, text channel.CommandText) command {
	one := command{Name: name, Type: 1, Contexts: []int{0, 1}, Integrations: []int{0}}
	one.Description, one.Translated = descriptions(text)
	if text.Staff {
		needed := int64(staffPermission)
		one.Permissions, one.Contexts = &needed, []int{0}
	}
	if takes := text.Takes; takes != nil {
		one.Options = []option{{
			Type: optionString, Name: takes.Name, Description: one.Description, Translated: one.Translated, Required: takes.Required, Autocomplete: takes.Completed,
		}}
	}
	return one
}

func descriptions(text channel.CommandText) (usual string, translated map[string]string) {
	usual = text.Descriptions[""]
	if usual == "" {
		usual = text.Descriptions["en"]
	}
	if usual == "" {
		usual = text.Name
	}
	translated = map[string]string{}
	for language, description := range text.Descriptions {
		if utf8.RuneCountInString(description) == 0 {
			continue
		}
		for _, locale := range discordLocales(language) {
			translated[locale] = cut(description, maxDescription)
		}
	}
	return cut(usual, maxDescription), translated
}
