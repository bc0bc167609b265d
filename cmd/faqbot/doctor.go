package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/store"
	"faqbot/bot/telegram"
	"faqbot/faq/fault"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

type doctorCommand struct {
	JSON bool `help:"Print JSON."`
}

// Help implements kong's help.
func (doctorCommand) Help() string {
	return "Prints the settings in use and what each check found. Exits with 1 where something must be mended.\n\nExample: faqbot doctor"
}

// report collects findings by topic.
type report struct {
	Settings map[string]string `json:"settings"`
	Checks   []check           `json:"checks"`
}

type check struct {
	Topic string `json:"topic"`
	channel.Finding
}

func (r *report) ok(topic, format string, args ...any) {
	r.Checks = append(r.Checks, check{topic, channel.Finding{OK: true, What: fmt.Sprintf(format, args...)}})
}

func (r *report) bad(topic, mend, format string, args ...any) {
	r.Checks = append(r.Checks, check{topic, channel.Finding{What: fmt.Sprintf(format, args...), Mend: mend}})
}

// Run checks.
func (c *doctorCommand) Run(ctx context.Context, a *app) error {
	r := &report{Settings: a.settings.shown()}
	c.look(ctx, a, r)
	broken := 0
	for _, check := range r.Checks {
		if !check.OK {
			broken++
		}
	}
	if c.JSON {
		if err := json.NewEncoder(a.std.out).Encode(r); err != nil {
			return err
		}
	} else {
		printReport(a, r)
	}
	if broken > 0 {
		return failed("%s found something to mend", counted(broken, "check", "checks"))
	}
	return nil
}

func printReport(a *app, r *report) {
	fmt.Fprintln(a.std.out, "Settings in use:")
	names := make([]string, 0, len(r.Settings))
	for name := range r.Settings {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(a.std.out, "  %-24s %s\n", name, cmp.Or(r.Settings[name], "(none)"))
	}
	fmt.Fprintln(a.std.out)
	for _, check := range r.Checks {
		mark := "ok  "
		if !check.OK {
			mark = "MEND"
		}
		fmt.Fprintf(a.std.out, "%s  %-9s %s\n", mark, check.Topic, check.What)
		if check.Mend != "" {
			fmt.Fprintf(a.std.out, "                → %s\n", check.Mend)
		}
	}
}

func (c *doctorCommand) look(ctx context.Context, a *app, r *report) {
	read, problems := a.settings.problems()
	for _, p := range problems {
		r.bad("settings", p.mend, "%s", p.what)
	}
	if len(problems) > 0 {
		return
	}
	r.ok("settings", "are valid")
	s, err := a.open(ctx)
	if err != nil {
		r.bad("database", "see the message; the settings are data_dir and database_url", "%v", err)
	} else {
		defer s.Close()
		c.lookAtStore(ctx, a, r, s)
		c.lookAtWebhooks(ctx, a, r, s)
		c.lookAtFolder(ctx, a, r, s)
	}
	networks := c.lookAtNetworks(ctx, a, r)
	if err == nil {
		c.lookAtDesks(ctx, r, s, intended{networks, read.desks})
		c.lookAtDigest(ctx, a, r, s)
	}
}

func (c *doctorCommand) lookAtStore(ctx context.Context, a *app, r *report, s *store.Store) {
	counts, err := s.Counts(ctx)
	if err != nil {
		r.bad("database", "see the message", "%v", err)
		return
	}
	r.ok("database", "answers: %s, %s, %s",
		counted(int(counts.Entries), "entry", "entries"), counted(int(counts.Conversations), "conversation", "conversations"),
		counted(int(counts.OpenTickets), "open ticket", "open tickets"))
	if counts.OutboxFailed > 0 {
		r.bad("outbox", "see the log for the reason; the customers concerned were not reached", "%s could not be delivered",
			counted(int(counts.OutboxFailed), "message", "messages"))
	}
	aside, err := s.SetAside(ctx, 5)
	if err != nil {
		r.bad("events", "see the message", "%v", err)
	}
	for _, e := range aside {
		cause, _, _ := strings.Cut(e.Cause, "\n")
		r.bad("events", "report it; the customer may not have had an answer", "event %s failed %s: %s", e.Event.ID, counted(e.Attempts, "time", "times"), cause)
	}
	c.lookAtUnread(ctx, r, s)
	b, err := a.thinkHard(ctx, s)
	if err != nil {
		r.bad("entries", "see the message", "%v", err)
		return
	}
	defer b.index.Close()
	if len(b.matcher.Entries()) == 0 {
		r.bad("entries", "publish some: faqbot entry list, faqbot entry publish ID", "no entry is served, so every question falls back")
		return
	}
	r.ok("entries", "served: %d, in %v", len(b.matcher.Entries()), b.matcher.Languages())
	if b.source.Sampling() {
		r.ok("entries", "%s", sampleNotice)
	}
	r.ok("confidence", "%s", confidence(b.matcher))
}

// confidence says from when the bot answers, and what that costs.
func confidence(m *knowledge.Matcher) string {
	bands := m.Bands()
	aim := m.Aim()
	text := fmt.Sprintf("answers from %.2f, offers questions from %.2f, so that at most %.0f %% of given answers are wrong where %.0f %% of questions have none",
		bands.Answer, bands.Clarify, 100*aim.Budget, 100*aim.Unanswerable)
	c := m.Cost()
	if c == nil {
		return text + "; the FAQ has too few phrasings, or too many entries, to be tried out: these are what has held for others"
	}
	return fmt.Sprintf("%s. Tried out on the FAQ itself, phrasings and entries left out, which is harder than what customers ask (%d questions): of those with an answer %.0f %% get it, %.0f %% more would below that; "+
		"of those without %.0f %% are refused; %.0f %% of given answers are wrong; questions are offered for %.0f %%, of which %.0f %% hold what was meant",
		text, c.Trials, 100*c.InScope, 100*c.Withheld, 100*c.Refused, 100*c.Wrong, 100*c.Offered, 100*c.Meant)
}

func (c *doctorCommand) lookAtUnread(ctx context.Context, r *report, s *store.Store) {
	unread, err := s.Cursors(ctx, "aside/")
	if err != nil {
		r.bad("updates", "see the message", "%v", err)
	}
	for key := range unread {
		r.bad("updates", "report it with the update's form, not its content", "%s could not be read and is kept", strings.TrimPrefix(key, "aside/"))
	}
}

// lookAtFolder looks at what `serve` keeps in the data folder, and leaves it as it is.
func (c *doctorCommand) lookAtFolder(ctx context.Context, a *app, r *report, s *store.Store) {
	release, err := store.LockFolder(a.settings.DataDir)
	if fault.Is(err, fault.Conflict) {
		r.ok("index", "is in use by the “faqbot serve” that runs now")
		return
	}
	if err != nil {
		r.bad("folder", "let the user that runs faqbot write there, or choose another data_dir", "%v", err)
		return
	}
	if err := release(); err != nil {
		r.bad("folder", "see the message", "%v", err)
		return
	}
	id, err := databaseID(ctx, s)
	if err != nil {
		r.bad("database", "see the message", "%v", err)
		return
	}
	c.lookAtIndex(r, a.settings.indexDir(), id)
}

func (c *doctorCommand) lookAtIndex(r *report, folder, database string) {
	switch _, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		r.ok("index", "is not there yet: “faqbot serve” builds it in %s", folder)
		return
	case err != nil:
		r.bad("index", mendIndex, "%v", err)
		return
	}
	if err := writable(folder); err != nil {
		r.bad("index", mendIndex, "cannot be written, so that each start takes longer: %v", err)
		return
	}
	whole, err := opens(folder, database)
	switch {
	case err != nil:
		r.bad("index", mendIndex, "%v", err)
	case whole:
		r.ok("index", "in %s can be opened", folder)
	default:
		r.ok("index", "in %s is old, altered or was not closed: “faqbot serve” builds it anew", folder)
	}
}

const mendIndex = "let the user that runs faqbot own it, or delete it: it is built anew from the database"

func writable(folder string) error {
	probe, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// opens reports whether an index can be used as it is. It opens a copy: opening alters an index, and `serve` may start at any moment.
func opens(folder, database string) (whole bool, err error) {
	dir, err := os.MkdirTemp("", "faqbot-")
	if err != nil {
		return false, fmt.Errorf("make a folder for a copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		return false, fmt.Errorf("read the index: %w", err)
	}
	x, err := index.Open(dir, index.Options{Database: database})
	if err != nil {
		return false, err
	}
	return x.Cursor() > 0, x.Close()
}

// checkTime bounds what a network may take to answer.
const checkTime = 30 * time.Second

// lookAtNetworks looks at those that are on, and returns them to look further.
func (c *doctorCommand) lookAtNetworks(ctx context.Context, a *app, r *report) map[channel.Network]channel.DeskChecker {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	on := map[channel.Network]channel.DeskChecker{}
	if a.settings.Telegram.Token == "" {
		r.ok("telegram", "is off: no telegram_token")
	} else {
		t, err := telegram.New(telegram.Settings{Token: a.settings.Telegram.Token, API: a.settings.Telegram.APIURL, Webhook: a.settings.Telegram.webhook()},
			telegram.Options{Logger: a.quiet(), Now: time.Now})
		if c.findings(ctx, r, "telegram", t, err) {
			on[telegram.Network] = t
		}
	}
	if a.settings.Discord.Token == "" {
		r.ok("discord", "is off: no discord_token")
		return on
	}
	d, err := a.discord()
	if c.findings(ctx, r, "discord", d, err) {
		on[discord.Network] = d
	}
	return on
}

// findings reports false where there is nothing to look at.
func (c *doctorCommand) findings(ctx context.Context, r *report, topic string, of channel.Checker, err error) bool {
	if err != nil {
		r.bad(topic, "correct the setting", "%v", err)
		return false
	}
	for _, f := range of.Check(ctx) {
		r.Checks = append(r.Checks, check{topic, f})
	}
	return true
}

// shown are the settings in use with secrets left out.
func (s Settings) shown() map[string]string {
	secret := func(v string) string {
		if v == "" {
			return "(none)"
		}
		return "(set)"
	}
	out := map[string]string{
		"data_dir": s.DataDir, "database_url": "(SQLite in the data folder)", "http_addr": s.HTTPAddr, "public_url": withoutPassword(s.PublicURL),
		"allowed_sites": strings.Join(s.AllowedSites, ", "), "business_name": s.BusinessName, "default_language": s.DefaultLanguage,
		"time_zone": s.TimeZone, "retention_days": fmt.Sprint(s.RetentionDays), "hours": counted(len(s.Hours), "line", "lines"), "holidays": counted(len(s.Holidays), "day", "days"), "auto_chats": strings.Join(s.AutoChats, ", "),
		"capacity": s.limit(), "digest": s.Digest, "desks": strings.Join(s.Desks, ", "), "owner_chat": s.OwnerChat,
		"telegram_token": secret(s.Telegram.Token), "telegram_api_url": redacted(s.Telegram.APIURL), "telegram_webhook_url": redacted(s.WebhookURL),
		"telegram_webhook_secret": secret(s.WebhookSecret), "discord_token": secret(s.Discord.Token), "discord_api_url": redacted(s.Discord.APIURL),
		"discord_message_content": fmt.Sprint(s.MessageContent),
		"webhook_urls":            strings.Join(shownAll(s.Webhooks.URLs), ", "), "webhook_secret": secret(s.Webhooks.Secret),
		"greeting": counted(len(s.Greeting), "text", "texts"), "burst": s.Burst.String(), "log_level": s.Level, "log_format": s.Format,
		"config": s.file(), "wrong_answers": fmt.Sprint(s.WrongAnswers), "unanswerable": orMeasured(s.Unanswerable), "answer_at": orMeasured(s.AnswerAt), "clarify_at": orMeasured(s.ClarifyAt),
	}
	if s.DatabaseURL != "" {
		out["database_url"] = "(PostgreSQL)"
	}
	return out
}

// limit is how many tickets one person is to have.
func (s Settings) limit() string {
	if s.Capacity == 0 {
		return "no limit"
	}
	return counted(s.Capacity, "ticket", "tickets") + " for each person"
}

// file is the settings file that was read, or where one would be.
func (s Settings) file() string {
	if s.Config != "" {
		return s.Config
	}
	if _, err := os.Stat(defaultFile); err == nil {
		return defaultFile
	}
	folder, err := os.Getwd()
	if err != nil {
		return "(none)"
	}
	return fmt.Sprintf("(none: there is no %s in %s)", defaultFile, folder)
}

// redacted is an address without the password that a proxy in front of it may want.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(not an address)"
	}
	return u.Redacted()
}

func orMeasured(share float64) string {
	if share == 0 {
		return "(measured default)"
	}
	return fmt.Sprint(share)
}
