package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"faqbot/faq"
	"faqbot/faq/fault"

	"github.com/alecthomas/kong"
)

// Settings are everything an owner can set. Each is a flag, FAQBOT_ and its name in the environment, and a key of faqbot.yaml with
// underscores; a flag goes before the environment, the environment before the file.
type Settings struct {
	Config string `placeholder:"FILE" help:"Settings file; faqbot.yaml is read where there is one." group:"Settings"`

	Storage  `embed:"" group:"Settings"`
	Web      `embed:"" group:"Settings"`
	Business `embed:"" group:"Settings"`
	Telegram `embed:"" prefix:"telegram-" group:"Telegram"`
	Discord  `embed:"" prefix:"discord-" group:"Discord"`
	Matching `embed:"" group:"Settings"`
	Logging  `embed:"" prefix:"log-" group:"Settings"`
}

// Storage says where things are kept, and for how long.
type Storage struct {
	DataDir       string `default:"./data" placeholder:"DIR" help:"Folder of the database and the index (${default})."`
	DatabaseURL   string `placeholder:"URL" help:"postgres://… ; empty is SQLite in the data folder."`
	RetentionDays int    `default:"90" help:"Days that conversations are kept (${default})."`
}

// Web is the web chat.
type Web struct {
	HTTPAddr     string   `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Where the web chat listens (${default})."`
	PublicURL    string   `placeholder:"URL" help:"Address under which customers reach the web chat."`
	AllowedSites []string `placeholder:"ORIGIN" help:"Sites that may embed the web chat, such as https://shop.example."`
}

// Business is who answers.
type Business struct {
	BusinessName    string            `default:"our shop" help:"Name that greetings say (${default})."`
	DefaultLanguage string            `default:"en" placeholder:"TAG" help:"Language of the FAQ where an entry names none (${default})."`
	TimeZone        string            `default:"UTC" placeholder:"ZONE" help:"Time zone that decides what day it is, such as Europe/Madrid (${default})."`
	Greeting        map[string]string `mapsep:"|" placeholder:"LANG=TEXT" help:"First greeting, by language; the key “default” is for all others."`
	AutoChats       []string          `placeholder:"CHAT" help:"Groups where the bot answers unasked when it is sure; * is all."`
}

// Telegram is a bot account there; without a token there is none.
type Telegram struct {
	Token         string `placeholder:"TOKEN" help:"Token that BotFather gave."`
	APIURL        string `name:"api-url" default:"https://api.telegram.org" placeholder:"URL" help:"Bot API server (${default})."`
	WebhookURL    string `placeholder:"URL" help:"Receive updates under this https address instead of asking for them."`
	WebhookSecret string `placeholder:"SECRET" help:"Secret that Telegram sends along; made from the token where empty."`
}

// Discord is a bot account there; without a token there is none.
type Discord struct {
	Token  string `placeholder:"TOKEN" help:"Token from the developer portal."`
	APIURL string `name:"api-url" default:"https://discord.com" placeholder:"URL" help:"Server that stands for https://discord.com (${default})."`
	// MessageContent is a privileged intent that must be switched on in the developer portal as well.
	MessageContent bool `help:"Read what is written in server channels without a mention, which Discord must be asked for."`
}

// Matching says how sure an answer must be.
type Matching struct {
	AnswerAt  float64       `default:"0" placeholder:"0..1" help:"Confidence from which the bot answers; 0 is the measured default."`
	ClarifyAt float64       `default:"0" placeholder:"0..1" help:"Confidence from which it offers questions; 0 is the measured default."`
	Burst     time.Duration `default:"1500ms" help:"How long an unsure short message waits for the rest of the thought (${default})."`
}

// Logging says what is written to standard error.
type Logging struct {
	Level  string `enum:"debug,info,warn,error" default:"info" help:"debug, info, warn or error (${default})."`
	Format string `enum:"text,json" default:"text" help:"text or json (${default})."`
}

// defaultFile is read where it exists and no other file is named.
const defaultFile = "faqbot.yaml"

// secrets may be given as the path of a file that holds them, NAME_FILE, as container platforms do.
var secrets = []string{"telegram-token", "telegram-webhook-secret", "discord-token", "database-url"}

// fileResolver answers for flags that neither the command line nor the environment sets: from a secret's file, then from the settings file.
func fileResolver() kong.Resolver {
	var values map[string]setting
	loaded := false
	return kong.ResolverFunc(func(k *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if !loaded {
			loaded = true
			var err error
			if values, err = readSettings(configPath(k), settingNames(k)); err != nil {
				return nil, err
			}
		}
		if slices.ContainsFunc(flag.Envs, func(name string) bool { return os.Getenv(name) != "" }) {
			return nil, nil
		}
		if slices.Contains(secrets, flag.Name) {
			if secret, ok, err := secretFile(flag); err != nil || ok {
				return secret, err
			}
		}
		s := values[settingName(flag.Name)]
		return s.value, s.check(flag)
	})
}

func secretFile(flag *kong.Flag) (string, bool, error) {
	for _, name := range flag.Envs {
		path := os.Getenv(name + "_FILE")
		if path == "" {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return "", false, &settingError{fmt.Sprintf("%s_FILE: %v", name, err)}
		}
		return strings.TrimSpace(string(content)), true, nil
	}
	return "", false, nil
}

func configPath(k *kong.Context) string {
	for _, flag := range k.Flags() {
		if flag.Name == "config" {
			if path, ok := k.FlagValue(flag).(string); ok && path != "" {
				return path
			}
		}
	}
	return ""
}

// settingNames are the keys that a settings file may have.
func settingNames(k *kong.Context) map[string]bool {
	names := map[string]bool{}
	for _, flag := range k.Model.Flags {
		names[settingName(flag.Name)] = flag.Name != "config" && flag.Name != "help"
	}
	return names
}

// readSettings reads the settings file. Only the one that is looked for unasked may be missing.
func readSettings(path string, known map[string]bool) (map[string]setting, error) {
	optional := path == ""
	if optional {
		path = defaultFile
	}
	content, err := os.ReadFile(path)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &settingError{fmt.Sprintf("settings file: %v", err)}
	}
	return settingsIn(path, content, known)
}

// terminalLocale is the language of the terminal, as the environment names it.
func terminalLocale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale, _, _ := strings.Cut(os.Getenv(name), ".")
		if locale != "" && locale != "C" && locale != "POSIX" {
			return locale
		}
	}
	return ""
}

// checked are settings in the form that the parts take.
type checked struct {
	language faq.Language
	location *time.Location
	greeting map[faq.Language]string
}

// check finds what is wrong with the settings before anything is opened.
func (s Settings) check() (checked, error) {
	var c checked
	var err error
	if c.language, err = faq.ParseLanguage(s.DefaultLanguage); err != nil {
		return c, fault.New(fault.Invalid, "default_language: “%s” is not a language tag such as en or pt-BR", s.DefaultLanguage)
	}
	if c.location, err = time.LoadLocation(s.TimeZone); err != nil {
		return c, fault.New(fault.Invalid, "time_zone: “%s” is not a time zone such as Europe/Madrid", s.TimeZone)
	}
	c.greeting = map[faq.Language]string{}
	for key, text := range s.Greeting {
		l := faq.Language("")
		if key != "default" {
			if l, err = faq.ParseLanguage(key); err != nil {
				return c, fault.New(fault.Invalid, "greeting: “%s” is not a language tag, nor “default”", key)
			}
		}
		c.greeting[l] = text
	}
	for name, value := range map[string]string{"data_dir": s.DataDir, "http_addr": s.HTTPAddr} {
		if strings.TrimSpace(value) == "" {
			return c, fault.New(fault.Invalid, "%s: is empty; leave it out for the default", name)
		}
	}
	for name, share := range map[string]float64{"answer_at": s.AnswerAt, "clarify_at": s.ClarifyAt} {
		if share < 0 || share > 1 {
			return c, fault.New(fault.Invalid, "%s: %v is not between 0 and 1", name, share)
		}
	}
	if s.RetentionDays < 1 {
		return c, fault.New(fault.Invalid, "retention_days: %d is less than a day", s.RetentionDays)
	}
	return c, nil
}

// indexDir is where the index is cached.
func (s Settings) indexDir() string { return filepath.Join(s.DataDir, "index") }
