// Package terminal is the connector for a terminal: one person, a line at a time, by keyboard alone. Buttons are numbered choices.
package terminal

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"faqbot/bot/channel"

	"golang.org/x/term"
)

// Network is the name under which conversations in a terminal are stored.
const Network channel.Network = "terminal"

const (
	// quit is what ends a run.
	quit = "/quit"
	// maxText is how many characters of a line are taken.
	maxText = 4000
	// maxLine is how many bytes of a line are read; what is longer is no text that somebody typed.
	maxLine = 64 << 10
)

// Options are what the program around it provides; all may be left out.
type Options struct {
	// Name stands above what the bot says, such as the name of the business.
	Name string
	// Person is who sits at the terminal, and names the conversation; empty is "local".
	Person channel.PersonID
	// Locale is the person's, as LC_ALL or LANG has it ("de_AT.UTF-8").
	Locale string
	// Color allows colours; they are used where out is a terminal. Leave it false where NO_COLOR is set.
	Color bool
	// Width is how many columns there are, asked for each message; 0 or less wraps nothing. nil asks the terminal, and wraps nothing
	// where out is none.
	Width func() int
	// Drain is called when the input has ended or "/quit" was said, before Run returns: it waits for the answers that are still to be sent.
	Drain  func(ctx context.Context)
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now
}

// Channel is the connector.
type Channel struct {
	in      io.Reader
	options Options
	prefix  string // makes the IDs of this run unique
	locale  string

	lines chan string // closed at the end of the input

	mu      sync.Mutex
	screen  screen
	serial  int
	sent    map[string]channel.MessageID
	choices []choice // those of what was said since the person's last line, in the order of their numbers
	settled bool     // the person has written since: what comes next is numbered anew
}

// choice is a button that can be pressed by its number.
type choice struct {
	action  string
	message channel.MessageID
}

// New makes a connector that reads lines from in and shows messages on out.
func New(in io.Reader, out io.Writer, options Options) *Channel {
	if options.Person == "" {
		options.Person = "local"
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	file, isTerminal := out.(*os.File)
	isTerminal = isTerminal && term.IsTerminal(int(file.Fd()))
	if options.Width == nil {
		options.Width = func() int { return 0 }
		if isTerminal {
			options.Width = func() int {
				width, _, err := term.GetSize(int(file.Fd()))
				if err != nil {
					return 80
				}
				return width
			}
		}
	}
	return &Channel{
		in: in, options: options, prefix: strings.ToLower(rand.Text()[:10]), locale: parseLocale(options.Locale),
		lines: make(chan string), sent: map[string]channel.MessageID{},
		screen: screen{out: out, live: isTerminal, color: options.Color && isTerminal},
	}
}

// Network implements [channel.Channel].
func (c *Channel) Network() channel.Network { return Network }

// Limits implements [channel.Channel].
func (c *Channel) Limits() channel.Limits {
	return channel.Limits{Text: 4000, Measure: channel.CountVisible, Buttons: 20, Label: 100, Token: 64}
}

// Run implements [channel.Channel]. It ends with ctx, and after Drain at "/quit" and at the end of the input. A read of the input that
// is under way when ctx ends cannot be broken off; it ends with the input. It runs once.
func (c *Channel) Run(ctx context.Context, handler channel.Handler) error {
	done := make(chan struct{})
	defer close(done)
	go c.read(done)
	if !c.handle(ctx, handler, channel.Event{Kind: channel.Arrived}) {
		return nil
	}
	for {
		c.prompt()
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-c.lines:
			switch {
			case !more, strings.EqualFold(strings.TrimSpace(line), quit):
				if c.options.Drain != nil {
					c.options.Drain(ctx)
				}
				return nil
			case !c.take(ctx, handler, line):
				return nil
			}
		}
	}
}

// read hands the lines of the input over, one at a time.
func (c *Channel) read(done <-chan struct{}) {
	defer close(c.lines)
	for r := bufio.NewReaderSize(c.in, maxLine); ; {
		line, cut, err := r.ReadLine()
		text := string(line)
		for cut && err == nil {
			_, cut, err = r.ReadLine()
		}
		if err != nil && text == "" {
			return
		}
		select {
		case c.lines <- text:
		case <-done:
			return
		}
	}
}

// take makes an event of a line; it reports whether to go on.
func (c *Channel) take(ctx context.Context, handler channel.Handler, line string) bool {
	c.mu.Lock()
	c.screen.prompted = false // the person's Enter has ended the line
	c.mu.Unlock()
	text := cleanInput(line)
	if text == "" {
		return true
	}
	e := channel.Event{Kind: channel.Text, Body: text}
	if chosen, ok := c.choose(text); ok {
		e = channel.Event{Kind: channel.Press, Body: chosen.action, Message: chosen.message}
	} else if name, rest, ok := parseCommand(text); ok {
		e = channel.Event{Kind: channel.Command, Command: name, Body: rest}
	}
	return c.handle(ctx, handler, e)
}

// choose is the choice that a number stands for. Numbers go through all that was said in answer to one line, two answers for example; the next
// line's begin anew, and until then the old ones hold.
func (c *Channel) choose(text string) (choice, bool) {
	n, err := strconv.Atoi(latinDigits(text))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settled = true
	if err != nil || n < 1 || n > len(c.choices) {
		return choice{}, false
	}
	return c.choices[n-1], true
}

// handle gives an event to the core until it is stored, with growing waits; it reports whether to go on.
func (c *Channel) handle(ctx context.Context, handler channel.Handler, e channel.Event) bool {
	c.mu.Lock()
	c.serial++
	id := fmt.Sprintf("%s.%d", c.prefix, c.serial)
	c.mu.Unlock()
	e.ID, e.At = channel.EventID(string(Network)+":"+id), c.options.Now().UTC()
	e.From = channel.Person{ID: c.options.Person, Locale: c.locale}
	e.Address = channel.Address{Network: Network, Chat: channel.ChatID(c.options.Person), Private: true}
	e.Addressed = true
	if e.Message == "" && e.Kind != channel.Arrived {
		e.Message = channel.MessageID(id)
	}
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := handler.Handle(ctx, e)
		if err == nil {
			return true
		}
		if ctx.Err() == nil {
			c.options.Logger.WarnContext(ctx, "terminal: event is not stored", "error", err)
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(wait):
		}
	}
}

// Send implements [channel.Channel].
func (c *Channel) Send(_ context.Context, m channel.Message) (channel.MessageID, error) {
	content, err := c.content(m)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, ok := c.sent[m.ID]; ok && m.ID != "" {
		return id, nil
	}
	before := c.choices
	pressable := actions(m.Buttons)
	if c.settled && len(pressable) > 0 {
		before = nil
	}
	if err := c.screen.show(c.options.Name, content, numbered{m.Buttons, len(before)}, c.options.Width()); err != nil {
		return "", fmt.Errorf("write message: %w", err)
	}
	c.serial++
	id := channel.MessageID(fmt.Sprintf("%s.%d", c.prefix, c.serial))
	c.sent[m.ID] = id
	if len(pressable) > 0 {
		c.settled = false
	}
	for _, b := range pressable {
		before = append(before, choice{b.Action, id})
	}
	c.choices = before
	return id, nil
}

func (c *Channel) content(m channel.Message) (channel.Document, error) {
	content := m.Content
	for _, a := range m.Attachments {
		if a.Text == "" {
			return nil, &channel.SendError{Fate: channel.Refused, Reason: "a terminal shows no files"}
		}
		content = append(content[:len(content):len(content)], channel.PlainDocument(a.Text)...)
	}
	limits := c.Limits()
	if length := content.Length(limits.Measure); length > limits.Text {
		return nil, &channel.SendError{Fate: channel.TooLong, Reason: strconv.Itoa(length) + " characters"}
	}
	if len(m.Buttons) > limits.Buttons {
		return nil, &channel.SendError{Fate: channel.Refused, Reason: strconv.Itoa(len(m.Buttons)) + " buttons"}
	}
	if chat := channel.ChatID(c.options.Person); m.To.Chat != chat {
		return nil, &channel.SendError{Fate: channel.Gone, Reason: "somebody else sits at this terminal"}
	}
	return content, nil
}

func actions(buttons []channel.Button) []channel.Button {
	var out []channel.Button
	for _, b := range buttons {
		if b.Action != "" {
			out = append(out, b)
		}
	}
	return out
}

func (c *Channel) prompt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.screen.prompt()
}
