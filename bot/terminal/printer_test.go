package terminal_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"unicode"

	"faqbot/bot/channel"
	"faqbot/bot/terminal"
)

// printed is a message as a terminal of a width shows it.
func printed(t *testing.T, width int, m channel.Message) string {
	t.Helper()
	out := &screen{}
	c := terminal.New(strings.NewReader(""), out, terminal.Options{Width: func() int { return width }})
	m.To = channel.Address{Network: terminal.Network, Chat: "local", Private: true}
	if _, err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.text(), "\n\n")
}

func TestPrint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width          int
		markdown, want string
	}{
		"wrapped at words":          {30, "A sentence of **some** words that is long.", "  A sentence of some words\n  that is long."},
		"not wrapped":               {0, strings.Repeat("word ", 40) + "end", "  " + strings.Repeat("word ", 40) + "end"},
		"a long word is cut":        {20, "abcdefghijklmnopqrstuvwxyz", "  abcdefghijklmnopqr\n  stuvwxyz"},
		"wide characters":           {20, "日本語日本語日本語日本語", "  日本語日本語日本語\n  日本語"},
		"lists hang":                {24, "- one two three four five six\n- b\n\n1. x\n2. y", "  • one two three four\n    five six\n  • b\n\n  1. x\n  2. y"},
		"a list in a list":          {0, "- a\n  - b\n    - c", "  • a\n    • b\n      • c"},
		"quotes keep their bar":     {21, "> quoted words that go on\n>\n> and on", "  │ quoted words that\n  │ go on\n  │\n  │ and on"},
		"code keeps its lines":      {0, "```\na  b\n\n  c\n```", "  a  b\n  \n    c"},
		"headings, rules, breaks":   {0, "# Title\n\nx\\\ny\n\n---", "  Title\n\n  x\n  y\n\n  ———"},
		"links in brackets":         {0, "[a](https://x.example) https://y.example <a@b.example> ![pic](https://z.example/i.png)", "  a (https://x.example) https://y.example a@b.example pic (https://z.example/i.png)"},
		"narrower than its frame":   {4, "words and words", "  words\n  and\n  words"},
		"exactly as wide":           {12, "1234567890 12345", "  1234567890\n  12345"},
		"blanks at a break go":      {10, "12345678 abc", "  12345678\n  abc"},
		"more than one blank stays": {0, "a  b", "  a  b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantSame(t, printed(t, c.width, channel.Message{ID: "x", Content: channel.Parse(c.markdown)}), c.want)
		})
	}
}

func TestPrint_Buttons(t *testing.T) {
	t.Parallel()
	var buttons []channel.Button
	for range 10 {
		buttons = append(buttons, channel.Button{Label: "A question that is long", Action: "a"})
	}
	got := printed(t, 26, channel.Message{ID: "x", Content: channel.PlainDocument("Choose"), Buttons: buttons})
	want := "  Choose\n\n   [1] A question that is\n       long\n"
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n  [10] A question that is\n       long") {
		t.Errorf("got\n%s", got)
	}
}

// Nothing that strangers write acts on the terminal.
func TestPrint_Hostile(t *testing.T) {
	t.Parallel()
	text := "a\x1b[2Jb\x07c\u009b31md\x7fe\u202Ef\u2066g\u2028h\ti"
	m := channel.Message{ID: "x", Content: channel.PlainDocument(text), Buttons: []channel.Button{{Label: "\x1b]0;title\x07", Action: "a"}, {Label: "l\nine", URL: "https://x.example/\x1b[31m"}}}
	got := printed(t, 0, m)
	for _, r := range got {
		if unicode.IsControl(r) && r != '\n' || r == '\u202E' {
			t.Errorf("%U came through in %q", r, got)
		}
	}
	if !strings.HasPrefix(got, "  a␛[2Jb␇c\uFFFD31md␡efg h  i\n\n  [1] ␛]0;title␇\n      l ine (") {
		t.Errorf("shown as %q", got)
	}
}

func FuzzPrint(f *testing.F) {
	f.Add("> - `x` **y** [z](https://a.b)\n\n```\n\x1b\n```", 20)
	f.Add("\x1b[31m\u202e日本 👩‍💻", 3)
	f.Fuzz(func(t *testing.T, source string, width int) {
		for _, d := range []channel.Document{channel.Parse(source), channel.PlainDocument(source)} {
			if d.Length(channel.CountVisible) > 4000 {
				continue
			}
			got := printed(t, width%200, channel.Message{ID: "x", Content: d})
			for _, r := range got {
				if unicode.IsControl(r) && r != '\n' {
					t.Fatalf("%U came through in %q", r, got)
				}
			}
			squeeze := func(s string) string {
				return strings.Map(func(r rune) rune {
					if unicode.IsLetter(r) || unicode.IsDigit(r) {
						return r
					}
					return -1
				}, s)
			}
			if want := squeeze(d.PlainText()); squeeze(got) != want {
				t.Fatalf("%q is shown as %q", want, squeeze(got))
			}
		}
	})
}

func TestLive_PromptAndColours(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	out := &screen{}
	c := &core{script: func(e channel.Event) *channel.Message {
		return &channel.Message{Content: channel.Parse("**Hello** [x](https://x.example)"), Buttons: []channel.Button{{Label: "B", Action: "b"}}}
	}}
	c.to = terminal.New(in, out, terminal.Options{Name: "Bot", Color: true})
	c.to.MakeLive()
	ended := make(chan error, 1)
	go func() { ended <- c.to.Run(t.Context(), c) }()
	_, _ = io.WriteString(keys, "hi\n")
	keys.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	message := "\x1b[0;1;36mBot\x1b[0m\n  \x1b[0;1mHello\x1b[0m \x1b[0;36mx\x1b[0;2m (https://x.example)\x1b[0m\n\n  [1] B\n\n"
	wantSame(t, out.text(), message+"> "+message+"> ")
	// A message that comes while the prompt waits takes its place.
	if _, err := c.to.Send(context.Background(), channel.Message{ID: "later", To: c.events[0].Address, Content: channel.PlainDocument("later")}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.text(), "> \r  \r\x1b[0;1;36mBot\x1b[0m\n  later\n\n> ") {
		t.Errorf("shown %q", out.text())
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain": "plain", "\x1b[Aup\x1b[1;5Cright\x1bOPf1": "uprightf1", "tab\there": "tab here", "bell\x07\x00": "bell", " \x1b[A ": "", "a\xffb": "a\uFFFDb",
		"👩‍💻 *b* <i>": "👩‍💻 *b* <i>", "\r": "", "x\r": "x",
	} {
		wantSame(t, terminal.CleanInput(in), want)
	}
	for in, want := range map[string]string{"de_AT.UTF-8": "de-AT", "C": "", "POSIX": "", "C.UTF-8": "", "": "", "sr_RS@latin": "sr-RS", "en": "en", "nonsense!": ""} {
		wantSame(t, terminal.ParseLocale(in), want)
	}
}
