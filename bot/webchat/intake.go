package webchat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"faqbot/bot/channel"
	"faqbot/faq/fault"

	"golang.org/x/text/language"
)

const (
	maxText = 4000 // characters of a visitor's message
	maxName = 64   // characters of the name that a site gives
	// handlePatience is how long the core may take to store one event, also when the page has hung up.
	handlePatience = 30 * time.Second
)

// sent is one thing that a page sends.
type sent struct {
	// ID is made by the page and makes the event unique: sent again, it is the same event.
	ID string `json:"id"`
	// Kind is "text", "press" or "arrived".
	Kind channel.Kind `json:"kind"`
	Text string       `json:"text"`
	// Line and Action are the button: the line that shows it and its token.
	Line   LineNumber `json:"line"`
	Action string     `json:"action"`
	Locale string     `json:"locale"`
	Name   string     `json:"name"`
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// serveEvent stores what a page sent, first as a line, so that an answer cannot stand above its question, then with the core. Only then
// is it acknowledged; the page repeats it until then, and both steps know it by its ID.
func (c *Channel) serveEvent(w http.ResponseWriter, r *http.Request) error {
	visitor, err := c.visitor(r.Context(), r)
	if err != nil {
		return err
	}
	if err := slow(c.gate.visitors.take(string(visitor))); err != nil {
		return err
	}
	var s sent
	if err := read(w, r, &s); err != nil {
		return err
	}
	if err := s.clean(r); err != nil {
		return err
	}
	run, done := c.begin()
	if run == nil {
		return away()
	}
	defer done()
	release, err := c.turns.take(r.Context(), visitor)
	if err != nil {
		return err
	}
	defer release()
	select {
	case c.handling <- struct{}{}:
		defer func() { <-c.handling }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), handlePatience)
	defer cancel()
	n, err := c.take(ctx, run.handler, visitor, s)
	if err != nil {
		return err
	}
	c.reply(w, http.StatusOK, struct {
		Number LineNumber `json:"n,omitempty"`
	}{n})
	return nil
}

// serveTyping passes on that the visitor types, where somebody is to see it. It is kept nowhere and waits for nothing.
func (c *Channel) serveTyping(w http.ResponseWriter, r *http.Request) error {
	visitor, err := c.visitor(r.Context(), r)
	if err != nil {
		return err
	}
	run, done := c.begin()
	if run == nil {
		return away()
	}
	defer done()
	var answer struct {
		Seen bool `json:"seen"`
	}
	if watcher, ok := run.handler.(channel.Watcher); ok {
		answer.Seen = watcher.Typing(r.Context(), channel.Person{ID: channel.PersonID(visitor)}, address(visitor))
	}
	c.reply(w, http.StatusOK, answer)
	return nil
}

func (c *Channel) take(ctx context.Context, handler channel.Handler, visitor channel.ChatID, s sent) (LineNumber, error) {
	e := channel.Event{
		ID: channel.EventID(fmt.Sprintf("%s:%s:%s", Network, visitor, s.ID)), Kind: s.Kind, At: c.options.Now().UTC(),
		From:    channel.Person{ID: channel.PersonID(visitor), Name: s.Name, Locale: s.Locale},
		Address: address(visitor), Addressed: true, Body: s.Text,
	}
	var line body
	switch s.Kind {
	case channel.Text:
		line.Said = &said{s.Text}
		if name, rest, ok := parseCommand(s.Text); ok {
			e.Kind, e.Command, e.Body = channel.Command, name, rest
		}
	case channel.Press:
		p, message, err := c.button(ctx, visitor, s)
		if err != nil {
			return 0, err
		}
		line.Pressed, e.Message, e.Body = p, message, s.Action
	}
	var n LineNumber
	if line != (body{}) {
		var err error
		if n, err = c.keep(ctx, visitor, s.ID, line); err != nil {
			return 0, err
		}
	}
	if line.Said != nil {
		e.Message = messageID(n)
	}
	if err := handler.Handle(ctx, e); err != nil {
		return 0, fmt.Errorf("handle event: %w", err)
	}
	return n, nil
}

func (c *Channel) keep(ctx context.Context, visitor channel.ChatID, id string, b body) (LineNumber, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return 0, fmt.Errorf("encode line: %w", err)
	}
	n, err := c.append(ctx, visitor, Line{Key: keyIn + id, Body: data})
	switch {
	case fault.Is(err, fault.NotFound):
		return 0, errNoToken
	case err != nil:
		return 0, fmt.Errorf("store line: %w", err)
	}
	return n, nil
}

// button finds the button that was pressed in the visitor's own conversation: an action that was never offered there is refused, and
// the label is the one that was shown.
func (c *Channel) button(ctx context.Context, visitor channel.ChatID, s sent) (*pressed, channel.MessageID, error) {
	gone := fault.New(fault.NotFound, "there is no such button any more")
	if s.Line < 1 {
		return nil, "", gone
	}
	lines, err := c.store.Lines(ctx, visitor, s.Line-1, 1)
	if err != nil {
		return nil, "", fmt.Errorf("find line: %w", err)
	}
	if len(lines) == 0 || lines[0].Number != s.Line {
		return nil, "", gone
	}
	b, err := readBody(lines[0])
	if err != nil || b.Shown == nil {
		return nil, "", gone
	}
	for _, button := range b.Shown.Buttons {
		if button.Action != "" && button.Action == s.Action {
			return &pressed{Line: s.Line, Action: s.Action, Label: button.Label}, b.Shown.target(s.Line), nil
		}
	}
	return nil, "", gone
}

// clean checks what a page sent and brings its texts into a form that every store and log can hold.
func (s *sent) clean(r *http.Request) error {
	if !idPattern.MatchString(s.ID) {
		return fault.New(fault.Invalid, "id: 8–64 of A–Z a–z 0–9 _ - are wanted")
	}
	s.Name = cleanName(s.Name)
	s.Locale = locale(s.Locale, r.Header.Get("Accept-Language"))
	switch s.Kind {
	case channel.Text:
		s.Text = cleanText(s.Text)
		if strings.TrimSpace(s.Text) == "" {
			return fault.New(fault.Invalid, "text: it is empty")
		}
		if utf8.RuneCountInString(s.Text) > maxText {
			return fault.New(fault.Invalid, "text: more than %d characters", maxText)
		}
	case channel.Press, channel.Arrived:
		s.Text = ""
	default:
		return fault.New(fault.Invalid, "kind: text, press or arrived is wanted")
	}
	return nil
}

// cleanText keeps line breaks and tabs and drops other control characters, among them NUL, which PostgreSQL cannot hold.
func cleanText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

func cleanName(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(s); len(runes) > maxName {
		s = string(runes[:maxName])
	}
	return s
}

// locale is what the page says, else what the browser prefers, as a canonical tag; "" where neither says anything.
func locale(page, accepted string) string {
	if len(page) <= 35 {
		if tag, err := language.Parse(page); err == nil && tag != language.Und {
			return tag.String()
		}
	}
	if len(accepted) > 200 {
		return ""
	}
	tags, _, err := language.ParseAcceptLanguage(accepted)
	if err != nil || len(tags) == 0 || tags[0] == language.Und {
		return ""
	}
	return tags[0].String()
}

var commandPattern = regexp.MustCompile(`(?s)^/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+(.*))?$`)

// parseCommand reads "/name rest".
func parseCommand(text string) (name, rest string, ok bool) {
	m := commandPattern.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return strings.ToLower(m[1]), strings.TrimSpace(m[2]), true
}
