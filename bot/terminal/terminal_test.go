package terminal_test

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/terminal"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is what a person sees: each write is a message or a prompt.
type screen struct {
	mu     sync.Mutex
	writes []string
	fail   error
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return 0, s.fail
	}
	s.writes = append(s.writes, string(b))
	return len(b), nil
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.writes, "")
}

var choiceLine = regexp.MustCompile(`^ +(\[\d+\] )?(.*)$`)

// shown reads the messages back; a message with buttons has them after its last empty line.
func (s *screen) shown(withButtons bool) []channeltest.Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []channeltest.Shown
	for _, w := range s.writes {
		lines := strings.Split(strings.TrimRight(w, "\n"), "\n")
		var one channeltest.Shown
		body := lines
		if withButtons {
			for i, l := range lines {
				if l == "" {
					body = lines[:i]
					for _, b := range lines[i+1:] {
						one.Buttons = append(one.Buttons, choiceLine.FindStringSubmatch(b)[2])
					}
					break
				}
			}
		}
		for i, l := range body {
			body[i] = strings.TrimPrefix(l, "  ")
		}
		one.Text = strings.Join(body, "\n")
		out = append(out, one)
	}
	return out
}

func TestChannel(t *testing.T) {
	channeltest.TestChannel(t, func(t *testing.T) channeltest.Fixture {
		in, keys := io.Pipe()
		out := &screen{}
		t.Cleanup(func() { keys.Close() })
		say := func(text string) {
			if _, err := io.WriteString(keys, text+"\n"); err != nil {
				t.Errorf("type: %v", err)
			}
		}
		return channeltest.Fixture{
			Channel: terminal.New(in, out, terminal.Options{}),
			SayFunc: func(_ int, text string) { say(text) },
			PressFunc: func(_ int, label string) error {
				newest := out.shown(true)
				for i, b := range newest[len(newest)-1].Buttons {
					if b == label {
						say(string(rune('1' + i)))
						return nil
					}
				}
				return errors.New("there is no such choice")
			},
			ShownFunc: func(int) []channeltest.Shown {
				return out.shown(t.Name() == "TestChannel/an_answer_is_shown_and_its_buttons_come_back")
			},
			OneLine: true,
		}
	})
}

// core answers what its script says.
type core struct {
	script func(e channel.Event) *channel.Message
	to     *terminal.Channel
	mu     sync.Mutex
	events []channel.Event
	fail   int
}

func (c *core) Handle(ctx context.Context, e channel.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail > 0 {
		c.fail--
		return errors.New("the disk is full")
	}
	c.events = append(c.events, e)
	if c.script == nil {
		return nil
	}
	if m := c.script(e); m != nil {
		m.To, m.ID = e.Address, string(e.ID)
		if _, err := c.to.Send(ctx, *m); err != nil {
			return err
		}
	}
	return nil
}

func (c *core) Complete(context.Context, channel.Completion) ([]channel.Choice, error) {
	return nil, nil
}

// talk runs a conversation whose lines are known, and returns the core and what was shown.
func talk(t *testing.T, input string, options terminal.Options, script func(channel.Event) *channel.Message) (*core, string) {
	t.Helper()
	out := &screen{}
	c := &core{script: script}
	c.to = terminal.New(strings.NewReader(input), out, options)
	if err := c.to.Run(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c, out.text()
}

func wantSame(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not what was expected (-want +got):\n%s", diff)
	}
}

func kinds(events []channel.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, strings.TrimSpace(string(e.Kind)+" "+e.Command+" "+e.Body))
	}
	return out
}

func TestRun_Conversation(t *testing.T) {
	t.Parallel()
	offer := []channel.Button{{Label: "Order", Action: "q:1"}, {Label: "Site", URL: "https://x.example"}, {Label: "Person", Action: "p"}}
	c, shown := talk(t, "2\nhello\n 2 \n3\n٢\n२\n2.\n/Ask me  now\n\n   \n/quit\nnever\n", terminal.Options{Name: "Juniper", Person: "ada", Locale: "pt_BR.UTF-8"},
		func(e channel.Event) *channel.Message {
			if e.Body == "hello" {
				return &channel.Message{Content: channel.Parse("Choose, see [here](https://y.example):"), Buttons: offer}
			}
			return nil
		})
	wantSame(t, kinds(c.events), []string{"arrived", "text  2", "text  hello", "press  p", "text  3", "press  p", "press  p", "text  2.", "command ask me  now"})
	wantSame(t, shown, "Juniper\n  Choose, see here (https://y.example):\n\n  [1] Order\n      Site (https://x.example)\n  [2] Person\n\n")
	first := c.events[0]
	wantSame(t, first.From, channel.Person{ID: "ada", Locale: "pt-BR"})
	wantSame(t, first.Address, channel.Address{Network: "terminal", Chat: "ada", Private: true})
	seen := map[channel.EventID]bool{}
	for _, e := range c.events {
		if seen[e.ID] || !strings.HasPrefix(string(e.ID), "terminal:") || e.At.IsZero() || !e.Addressed {
			t.Errorf("event %+v", e)
		}
		seen[e.ID] = true
	}
	again, _ := talk(t, "hello\n", terminal.Options{}, nil)
	if seen[again.events[0].ID] {
		t.Errorf("another run has the event ID %s too", again.events[0].ID)
	}
}

func TestRun_NumbersMeanTheNewestChoices(t *testing.T) {
	t.Parallel()
	serial := 0
	c, _ := talk(t, "a\n1\nb\n1\n1\n", terminal.Options{}, func(e channel.Event) *channel.Message {
		serial++
		switch e.Body {
		case "a", "b":
			return &channel.Message{Content: channel.PlainDocument(e.Body), Buttons: []channel.Button{{Label: "One", Action: "from " + e.Body}}}
		case "from a":
			return &channel.Message{Content: channel.PlainDocument("no buttons here")}
		}
		return nil
	})
	wantSame(t, kinds(c.events), []string{"arrived", "text  a", "press  from a", "text  b", "press  from b", "press  from b"})
	if c.events[2].Message == "" || c.events[2].Message == c.events[4].Message || c.events[4].Message != c.events[5].Message {
		t.Errorf("presses under %q, %q, %q", c.events[2].Message, c.events[4].Message, c.events[5].Message)
	}
}

// TestRun_NumbersGoThroughAllAnswers has two messages answer one line: each of their choices has a number of its own, until the next are shown.
func TestRun_NumbersGoThroughAllAnswers(t *testing.T) {
	t.Parallel()
	var to *terminal.Channel
	out := &screen{}
	c := &core{}
	c.script = func(e channel.Event) *channel.Message {
		if e.Kind != channel.Text {
			return nil
		}
		for _, part := range []string{" first", " second"} {
			m := channel.Message{ID: string(e.ID) + part, To: e.Address, Content: channel.PlainDocument(e.Body + part)}
			m.Buttons = []channel.Button{{Label: "Yes", Action: e.Body + part + " yes"}, {Label: "No", Action: e.Body + part + " no"}}
			if _, err := to.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	to = terminal.New(strings.NewReader("a\n2\n3\nb\n1\n4\n"), out, terminal.Options{})
	if err := to.Run(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	wantSame(t, kinds(c.events), []string{"arrived", "text  a", "press  a first no", "press  a second yes", "text  b", "press  b first yes", "press  b second no"})
	wantSame(t, out.text(), "  a first\n\n  [1] Yes\n  [2] No\n\n  a second\n\n  [3] Yes\n  [4] No\n\n  b first\n\n  [1] Yes\n  [2] No\n\n  b second\n\n  [3] Yes\n  [4] No\n\n")
}

func TestRun_DrainsAtTheEnd(t *testing.T) {
	t.Parallel()
	var at []string
	for _, input := range []string{"last words", "last words\n/quit\nnever\n"} {
		at = nil
		c, _ := talk(t, input, terminal.Options{Drain: func(context.Context) { at = append(at, "drained") }}, func(e channel.Event) *channel.Message {
			at = append(at, string(e.Kind))
			return nil
		})
		wantSame(t, at, []string{"arrived", "text", "drained"})
		wantSame(t, c.events[1].Body, "last words")
	}
}

func TestRun_RepeatsWhatWasNotStored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &core{fail: 6}
		c.to = terminal.New(strings.NewReader("hello\n"), &screen{}, terminal.Options{})
		start := time.Now()
		if err := c.to.Run(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		wantSame(t, kinds(c.events), []string{"arrived", "text  hello"})
		if waited := time.Since(start); waited < 3*time.Second || waited > time.Minute {
			t.Errorf("six failures took %v", waited)
		}
	})
}

func TestRun_EndsWhileItFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		c := &core{fail: 1_000_000}
		c.to = terminal.New(strings.NewReader("hello\n"), &screen{}, terminal.Options{})
		if err := c.to.Run(ctx, c); err != nil {
			t.Error(err)
		}
	})
}

func TestRun_EndlessLine(t *testing.T) {
	t.Parallel()
	c, _ := talk(t, strings.Repeat("x", 1<<20)+"\nnext\n", terminal.Options{}, nil)
	wantSame(t, []int{len(c.events[1].Body), len(c.events)}, []int{4000, 3})
	wantSame(t, c.events[2].Body, "next")
}

func TestSend(t *testing.T) {
	t.Parallel()
	out := &screen{}
	c := terminal.New(strings.NewReader(""), out, terminal.Options{})
	to := channel.Address{Network: terminal.Network, Chat: "local", Private: true}
	first, err := c.Send(t.Context(), channel.Message{ID: "a", To: to, Content: channel.PlainDocument("once")})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Send(t.Context(), channel.Message{ID: "a", To: to, Content: channel.PlainDocument("once")}); err != nil || again != first {
		t.Errorf("the same message again is %q (%v), first %q", again, err, first)
	}
	wantSame(t, out.text(), "  once\n\n")
	for name, want := range map[string]struct {
		message channel.Message
		fate    channel.Fate
	}{
		"too long":         {channel.Message{To: to, Content: channel.PlainDocument(strings.Repeat("x", 5000))}, channel.TooLong},
		"too many buttons": {channel.Message{To: to, Buttons: make([]channel.Button, 21)}, channel.Refused},
		"a file":           {channel.Message{To: to, Attachments: []channel.Attachment{{Media: channel.Photo, Ref: "x"}}}, channel.Refused},
		"somebody else":    {channel.Message{To: channel.Address{Chat: "x"}}, channel.Gone},
	} {
		want.message.ID = name
		_, err := c.Send(t.Context(), want.message)
		if fate, _ := channel.FateOf(err); fate != want.fate {
			t.Errorf("%s: %q (%v), want %q", name, fate, err, want.fate)
		}
	}
	out.fail = errors.New("the pipe is closed")
	if _, err := c.Send(t.Context(), channel.Message{ID: "b", To: to, Content: channel.PlainDocument("x")}); err == nil {
		t.Error("a message that was not written counts as sent")
	}
}
