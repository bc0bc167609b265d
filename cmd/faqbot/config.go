package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/webhook"

	"github.com/alecthomas/kong"
)

// Settings are everything an owner can set. Each is a flag, FAQBOT_ and its name in the environment, and a key of faqbot.yaml with
// underscores; a flag goes before the environment, the environment before the file.
type Settings struct {
	Config string `placeholder:"FILE" help:"Settings file; faqbot.yaml is read where there is one." group:"Settings"`

	Storage  `embed:"" group:"Settings"`
	Web      `embed:"" group:"Settings"`
	Business `embed:"" group:"Settings"`
	Office   `embed:"" group:"Settings"`
	Telegram `embed:"" prefix:"telegram-" group:"Telegram"`
	Discord  `embed:"" prefix:"discord-" group:"Discord"`
	Webhooks `embed:"" prefix:"webhook-" group:"Settings"`
	Matching `embed:"" group:"Settings"`
	Logging  `embed:"" prefix:"log-" group:"Settings"`

	// places are where the settings file has those that were taken from it, by name.
	places map[string]string
}

// Storage says where things are kept, and for how long.
type Storage struct {
	DataDir       string   `default:"./data" placeholder:"DIR" help:"Folder of the database and the index (${default})."`
	DatabaseURL   string   `placeholder:"URL" help:"postgres://… ; empty is SQLite in the data folder."`
	Mask          []string `sep:"\n" placeholder:"NAME=REGEXP" help:"What else is personal in questions, such as order=\\bA-\\d{6}\\b: it is kept as [order]."`
	RetentionDays int      `default:"90" help:"Days that conversations are kept (${default})."`
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
	Hours           map[string]string `mapsep:"|" placeholder:"DAYS=HOURS" help:"When your team answers, such as mon-fri=09:00-12:30, 13:30-18:00; without it day and night."`
	Holidays        []string          `sep:"|" placeholder:"DATE" help:"Days on which nobody answers, such as 2026-12-25, or 12-25 for every year; with hours behind it, those hold on that day."`
	Digest          string            `default:"monday 09:00" placeholder:"DAY HH:MM" help:"When the owner is told how the last week was (${default}); off for never."`
	AutoChats       []string          `placeholder:"CHAT" help:"Groups where the bot answers unasked when it is sure; * is all."`
}

// Office is where your team works, and how much.
type Office struct {
	Capacity  int      `default:"0" help:"How many tickets one person of your team is to have at a time; 0 is no limit."`
	Desks     []string `placeholder:"NETWORK:CHAT" help:"Groups and channels that are desks without a code, such as telegram:-1001234567890."`
	OwnerChat string   `placeholder:"NETWORK:CHAT" help:"Who is told what concerns nobody else, such as telegram:4242, without a code."`
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
	WrongAnswers float64       `default:"0.1" placeholder:"0..1" help:"Share of the answers it gives that may be wrong (${default}); the confidence from which it answers follows from it."`
	Unanswerable float64       `default:"0" placeholder:"0..1" help:"Share of questions that the FAQ is expected to have no answer to (0: three in ten at first, then learnt from use)."`
	AnswerAt     float64       `default:"0" placeholder:"0..1" help:"Confidence from which the bot answers, instead of what follows from wrong_answers; 0 leaves it to that."`
	ClarifyAt    float64       `default:"0" placeholder:"0..1" help:"Confidence from which it offers questions; 0 leaves it to the bot."`
	Burst        time.Duration `default:"1500ms" help:"How long an unsure short message waits for the rest of the thought (${default})."`
}

// Logging says what is written to standard error.
type Logging struct {
	Level  string `enum:"debug,info,warn,error" default:"info" help:"debug, info, warn or error (${default})."`
	Format string `enum:"text,json" default:"text" help:"text or json (${default})."`
}

// defaultFile is read where it exists and no other file is named.
const defaultFile = "faqbot.yaml"

// secrets may be given as the path of a file that holds them, under their name and _file, as container platforms do.
// In the settings file that path is relative to it, in the environment to the working folder.
var secrets = []string{"telegram-token", "telegram-webhook-secret", "discord-token", "database-url", "webhook-secret"}

// fileSuffix makes the name of a secret the name of its file.
const fileSuffix = "_file"

// fileResolver answers for flags that neither the command line nor the environment sets: from a secret's file, then from the settings file.
func fileResolver() kong.Resolver {
	return resolver(func(k *kong.Context) (map[string]setting, error) { return readSettings(configPath(k), settingNames(k)) })
}

func resolver(load func(k *kong.Context) (map[string]setting, error)) kong.Resolver {
	var values map[string]setting
	loaded := false
	return kong.ResolverFunc(func(k *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if !loaded {
			loaded = true
			var err error
			if values, err = load(k); err != nil {
				return nil, err
			}
		}
		if slices.ContainsFunc(flag.Envs, func(name string) bool { return os.Getenv(name) != "" }) {
			return nil, nil
		}
		name := settingName(flag.Name)
		s := values[name]
		if slices.Contains(secrets, flag.Name) {
			if secret, ok, err := secretOf(flag); err != nil || ok {
				return secret, err
			}
			var err error
			if s, err = s.orFile(name, values[name+fileSuffix]); err != nil {
				return nil, err
			}
		}
		if err := s.check(flag); err != nil || s.value == nil {
			return nil, err
		}
		remember(k, name, s.place)
		return s.value, nil
	})
}

// remember keeps where a setting was taken from, for what is found to be wrong with it later.
func remember(k *kong.Context, name, place string) {
	c, ok := k.Model.Target.Addr().Interface().(*commands)
	if !ok {
		return
	}
	if c.places == nil {
		c.places = map[string]string{}
	}
	c.places[name] = place
}

// secretOf reads the file that the environment names for a secret.
func secretOf(flag *kong.Flag) (string, bool, error) {
	for _, name := range flag.Envs {
		name += strings.ToUpper(fileSuffix)
		path := os.Getenv(name)
		if path == "" {
			continue
		}
		secret, err := readSecret(path)
		if err != nil {
			return "", false, &settingError{fmt.Sprintf("%s: %v", name, err)}
		}
		return secret, true, nil
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
	for _, secret := range secrets {
		names[settingName(secret)+fileSuffix] = true
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
	hours    handoff.Hours
	digest   digestTime
	masker   insight.Masker
	webhooks []webhook.Target
	// desks are those that the settings make, the owner's chat among them.
	desks []handoff.Desk
}

// problem is what is wrong with a setting, and how to mend it.
type problem struct{ what, mend string }

// check finds what is wrong with the settings before anything is opened.
func (s Settings) check() (checked, error) {
	c, problems := s.problems()
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = &usageError{p.what + "; " + p.mend}
	}
	return c, errors.Join(errs...)
}

// problems is everything that is wrong with the settings.
func (s Settings) problems() (checked, []problem) {
	var c checked
	var found []problem
	wrong := func(name, mend, format string, args ...any) {
		found = append(found, problem{s.named(name) + fmt.Sprintf(format, args...), mend})
	}
	var err error
	if c.language, err = faq.ParseLanguage(s.DefaultLanguage); err != nil {
		wrong("default_language", "write a tag such as en, es or pt-BR", "“%s” is not a language tag", s.DefaultLanguage)
	}
	if c.location, err = time.LoadLocation(s.TimeZone); err != nil {
		wrong("time_zone", "write a name such as Europe/Madrid or UTC", "“%s” is not a time zone", s.TimeZone)
	}
	c.greeting = map[faq.Language]string{}
	for _, key := range slices.Sorted(maps.Keys(s.Greeting)) {
		l, err := greetingLanguage(key)
		if err != nil {
			wrong("greeting", "write a tag such as en, es or pt-BR, or “default”", "“%s” is not a language tag", key)
		}
		c.greeting[l] = s.Greeting[key]
	}
	if c.location != nil {
		c.hours = s.checkHours(c.location, wrong)
	}
	if c.digest, err = parseDigestTime(s.Digest); err != nil {
		wrong("digest", "write a day and a time such as monday 09:00, or off", "%v", err)
	}
	c.masker = s.checkMask(wrong)
	c.desks = s.checkDesks(wrong)
	s.checkForm(wrong)
	s.checkWeb(wrong)
	s.checkMatching(wrong)
	c.webhooks = s.checkWebhooks(wrong)
	return c, found
}

// named begins a message about a setting: with its place in the file, if it comes from there.
func (s Settings) named(name string) string {
	if place := s.places[name]; place != "" {
		return place + ": " + name + ": "
	}
	return name + ": "
}

func greetingLanguage(key string) (faq.Language, error) {
	if key == "default" {
		return "", nil
	}
	return faq.ParseLanguage(key)
}

// wrongFunc takes what is wrong with a setting.
type wrongFunc func(name, mend, format string, args ...any)

// checkHours reads the business hours; each line of what is wrong with them names its place and ends with how to mend it.
func (s Settings) checkHours(zone *time.Location, wrong wrongFunc) handoff.Hours {
	hours, err := handoff.ParseHours(zone, s.Hours, s.Holidays)
	if err == nil {
		return hours
	}
	for line := range strings.Lines(err.Error()) {
		name, what, _ := strings.Cut(strings.TrimSpace(line), ": ")
		what, mend := toMend(what)
		wrong(name, mend, "%s", what)
	}
	return handoff.Hours{}
}

// toMend parts what is wrong from how to mend it, which is behind the last semicolon.
func toMend(text string) (what, mend string) {
	if i := strings.LastIndex(text, "; "); i >= 0 {
		return text[:i], text[i+2:]
	}
	return text, "write it as the README shows"
}

func (s Settings) checkForm(wrong wrongFunc) {
	for _, v := range []struct{ name, value string }{{"data_dir", s.DataDir}, {"http_addr", s.HTTPAddr}} {
		if strings.TrimSpace(v.value) == "" {
			wrong(v.name, "leave it out for the default", "is empty")
		}
	}
	if _, _, err := net.SplitHostPort(s.HTTPAddr); err != nil && strings.TrimSpace(s.HTTPAddr) != "" {
		wrong("http_addr", "write host and port, such as 127.0.0.1:8080, or :8080 for all networks", "“%s” is no address to listen at", s.HTTPAddr)
	}
	if s.RetentionDays < 1 {
		wrong("retention_days", "write 1 or more", "%d is less than a day", s.RetentionDays)
	}
	if s.Capacity < 0 {
		wrong("capacity", "write how many tickets one person is to have, or 0 for no limit", "%d is less than none", s.Capacity)
	}
	if s.Burst < 0 {
		wrong("burst", "write a time such as 1500ms, or 0s for no wait", "%v is less than no wait", s.Burst)
	}
}

func (s Settings) checkWeb(wrong wrongFunc) {
	if s.PublicURL != "" {
		if u, ok := webAddress(s.PublicURL); !ok || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
			wrong("public_url", "write it as browsers show it, up to the path: https://faq.shop.example",
				"“%s” is not the address of a page", withoutPassword(s.PublicURL))
		}
	}
	for _, site := range s.AllowedSites {
		u, ok := webAddress(strings.TrimSuffix(site, "/"))
		if !ok || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.ContainsAny(u.Host, "*;,' ") {
			wrong("allowed_sites", "write each as https://shop.example: scheme, host and, where there is one, port; no path and no *",
				"“%s” is not an origin", withoutPassword(site))
		}
	}
}

// withoutPassword is an address as somebody wrote it, as long as there is no password in it.
func withoutPassword(text string) string {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		return u.Redacted()
	}
	return text
}

func webAddress(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	return u, err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

func (s Settings) checkMatching(wrong wrongFunc) {
	for _, v := range []struct {
		name  string
		share float64
	}{{"answer_at", s.AnswerAt}, {"clarify_at", s.ClarifyAt}} {
		if !(v.share >= 0 && v.share <= 1) { // NaN is neither
			wrong(v.name, "write a share such as 0.8, or leave it out for the measured default", "%v is not between 0 and 1", v.share)
		}
	}
	for _, v := range []struct {
		name  string
		share float64
		fine  bool
	}{{"wrong_answers", s.WrongAnswers, s.WrongAnswers > 0}, {"unanswerable", s.Unanswerable, s.Unanswerable >= 0}} {
		if !v.fine || v.share >= 1 {
			wrong(v.name, "write a share such as 0.1: none at all, or all, is nothing that can be measured", "%v is not between 0 and 1", v.share)
		}
	}
	if s.AnswerAt > 0 && s.ClarifyAt > s.AnswerAt {
		wrong("clarify_at", "make it at most answer_at, so that there is room to offer questions",
			"%v is more than answer_at (%v)", s.ClarifyAt, s.AnswerAt)
	}
}

// indexDir is where the index is cached.
func (s Settings) indexDir() string { return filepath.Join(s.DataDir, "index") }

// learnt is the file of what was learnt of the FAQ.
func (s Settings) learnt() string { return filepath.Join(s.DataDir, "learnt") }
