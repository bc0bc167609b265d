package webchat

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// Send implements [channel.Channel]: the message is a line of the visitor's conversation once it returns, whether a page is open or
// not. The network's ID of a message is the number of its line.
func (c *Channel) Send(ctx context.Context, m channel.Message) (channel.MessageID, error) {
	s, err := c.prepare(m)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(body{Shown: s})
	if err != nil {
		return "", fmt.Errorf("encode message: %w", err)
	}
	key := m.ID
	if key == "" {
		key = rand.Text()
	}
	n, err := c.append(ctx, m.To.Chat, Line{Key: keyOut + key, Body: data})
	switch {
	case fault.Is(err, fault.NotFound):
		return "", &channel.SendError{Fate: channel.Gone, Reason: "this visitor has no session"}
	case err != nil:
		return "", fmt.Errorf("store message: %w", err)
	case s.Replaces != 0:
		return m.Replaces, nil
	}
	return messageID(n), nil
}

func (c *Channel) prepare(m channel.Message) (*shown, error) {
	limits := c.Limits()
	refuse := func(format string, args ...any) (*shown, error) {
		return nil, &channel.SendError{Fate: channel.Refused, Reason: fmt.Sprintf(format, args...)}
	}
	s := &shown{Content: m.Content, Buttons: m.Buttons, Quiet: m.Quiet}
	for _, a := range m.Attachments {
		if a.Text == "" {
			return refuse("web chat shows no files")
		}
		s.Content = append(s.Content[:len(s.Content):len(s.Content)], channel.PlainDocument(a.Text)...)
	}
	if length := s.Content.Length(limits.Measure); length > limits.Text {
		return nil, &channel.SendError{Fate: channel.TooLong, Reason: strconv.Itoa(length) + " characters"}
	}
	if len(m.Buttons) > limits.Buttons {
		return refuse("%d buttons", len(m.Buttons))
	}
	if m.Replaces != "" {
		n, ok := parseLineNumber(string(m.Replaces))
		if !ok || n == 0 {
			return refuse("no message %q to edit", m.Replaces)
		}
		s.Replaces = n
	}
	return s, nil
}

// append stores a line and wakes the pages that show it.
func (c *Channel) append(ctx context.Context, visitor channel.ChatID, line Line) (LineNumber, error) {
	line.At = c.options.Now().UTC()
	n, err := c.store.Append(ctx, visitor, line)
	if err == nil {
		c.hub.wake(visitor)
	}
	return n, err
}

// Typing implements [channel.Typer]: dots on the pages that are open at this process.
func (c *Channel) Typing(_ context.Context, to channel.Address) error {
	c.hub.typing(to.Chat)
	return nil
}

// CanEdit implements [channel.Editor].
func (c *Channel) CanEdit() bool { return true }

// PrivateAddress implements [channel.Visitor]: every chat here is private, and its ID is its visitor's.
func (c *Channel) PrivateAddress(_ context.Context, person channel.PersonID) (channel.Address, error) {
	return address(channel.ChatID(person)), nil
}

func address(visitor channel.ChatID) channel.Address {
	return channel.Address{Network: Network, Chat: visitor, Private: true}
}

// Forget deletes what is stored of a visitor's conversation and empties the pages that show it.
func (c *Channel) Forget(ctx context.Context, person channel.PersonID) error {
	visitor := channel.ChatID(person)
	if err := c.store.Forget(ctx, visitor); err != nil {
		return fmt.Errorf("forget visitor: %w", err)
	}
	data, err := json.Marshal(body{Cleared: true})
	if err != nil {
		return fmt.Errorf("encode line: %w", err)
	}
	if _, err := c.append(ctx, visitor, Line{Key: keyOut + "cleared:" + rand.Text(), Body: data}); err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("empty the pages: %w", err)
	}
	return nil
}

// Check implements [channel.Checker].
func (c *Channel) Check(ctx context.Context) []channel.Finding {
	stored := channel.Finding{OK: true, What: "conversations can be read"}
	if _, err := c.store.Lines(ctx, "doctor", 0, 1); err != nil {
		stored = channel.Finding{What: "conversations cannot be read", Mend: "see the database's own check"}
	}
	public := channel.Finding{OK: true, What: "the public address is " + c.settings.PublicURL}
	switch {
	case c.settings.PublicURL == "" && len(c.settings.AllowedSites) == 0:
		public.What = "no public address is set: the page is served under whatever name it is asked for"
	case c.settings.PublicURL == "":
		public = channel.Finding{
			What: "other sites may use the chat, but no public address is set",
			Mend: "set the public URL to the https:// address under which the script is loaded",
		}
	}
	return []channel.Finding{stored, public}
}
