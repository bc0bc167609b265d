package channeltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

// Fixture is a connector together with the far side of its network. Customers are numbered from 1.
type Fixture struct {
	Channel channel.Channel
	// SayFunc makes a customer write in private.
	SayFunc func(customer int, text string)
	// PressFunc makes a customer press the button with a label under the newest message.
	PressFunc func(customer int, label string) error
	// ShownFunc is what a customer sees of the bot, oldest first.
	ShownFunc func(customer int) []Shown
	// FailFunc makes the network answer the next send as this fate says; nil where the network has no such answers.
	FailFunc func(fate channel.Fate)
	// OneLine says that a text on this network cannot hold a line break.
	OneLine bool
	// Desk is a place with threads; nil where the network has none.
	Desk *Desk
}

// Shown is a message as a customer sees it: text without markup, and the labels of its buttons.
type Shown struct {
	ID      channel.MessageID
	Text    string
	Buttons []string
}

// patience is how long the suite waits for something that must happen; it is a bound for failure, not a measure.
const patience = 20 * time.Second

// TestChannel is the suite. open makes a fresh fixture whose Channel is not running yet, and cleans it up with the test.
func TestChannel(t *testing.T, open func(t *testing.T) Fixture) {
	for name, test := range map[string]func(*testing.T, Fixture){
		"limits can be kept":                                      testLimits,
		"a text arrives as it was written":                        testText,
		"texts of one customer keep their order":                  testOrder,
		"an event whose handling failed comes again":              testRepeat,
		"an answer is shown and its buttons come back":            testButtons,
		"what strangers write is never markup":                    testHostile,
		"the longest message the limits allow is shown":           testLongest,
		"a failure of the network is told as what it is":          testFates,
		"a thread is opened, written to, closed and opened again": testThread,
		"a thread that is deleted is lost":                        testLostThread,
		"where there can be no thread the card stands alone":      testNoThread,
		"Run ends with its context":                               testStop,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func testLimits(t *testing.T, f Fixture) {
	l := f.Channel.Limits()
	if f.Channel.Network() == "" || l.Text < 100 || l.Measure == "" || l.Token > 64 || l.Buttons > 0 && (l.Label < 10 || l.Token < 16) {
		t.Errorf("network %q has limits nobody can keep: %+v", f.Channel.Network(), l)
	}
}

func testText(t *testing.T, f Fixture) {
	r := run(t, f)
	before := time.Now().Add(-24 * time.Hour)
	text := "Hello, *what* is <b>this</b>? ñ 日本 👩‍💻\nsecond line"
	if f.OneLine {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	f.SayFunc(1, text)
	e := r.await(t, func(e channel.Event) bool { return e.Kind == channel.Text })
	if e.Body != text {
		t.Errorf("body %q, want %q", e.Body, text)
	}
	if !e.Address.Private || !e.Addressed || e.Address.Network != f.Channel.Network() || e.Address.Chat == "" {
		t.Errorf("a private text came from %+v, addressed %v", e.Address, e.Addressed)
	}
	if e.ID == "" || e.From.ID == "" || e.At.Before(before) {
		t.Errorf("event lacks ID, sender or time: %q %q %v", e.ID, e.From.ID, e.At)
	}
	f.SayFunc(1, "again")
	if again := r.await(t, func(e channel.Event) bool { return e.Body == "again" }); again.ID == e.ID || again.Address != e.Address {
		t.Errorf("second event has ID %q (first %q) at %+v (first %+v)", again.ID, e.ID, again.Address, e.Address)
	}
}

func testOrder(t *testing.T, f Fixture) {
	r := run(t, f)
	const count = 40
	for i := range count {
		f.SayFunc(1, fmt.Sprint("line ", i))
		f.SayFunc(2, fmt.Sprint("other ", i))
	}
	r.await(t, func(channel.Event) bool { return r.count("line ") == count && r.count("other ") == count })
	for _, prefix := range []string{"line ", "other "} {
		for i, body := range r.bodies(prefix) {
			if want := fmt.Sprint(prefix, i); body != want {
				t.Fatalf("event %d is %q, want %q", i, body, want)
			}
		}
	}
}

func testRepeat(t *testing.T, f Fixture) {
	r := run(t, f)
	r.failOnce("fragile")
	f.SayFunc(1, "fragile")
	r.await(t, func(e channel.Event) bool { return e.Body == "fragile" })
	if ids := r.failedIDs(); len(ids) != 1 {
		t.Fatalf("handling failed %d times, want once", len(ids))
	} else if e := r.await(t, func(e channel.Event) bool { return e.Body == "fragile" }); e.ID != ids[0] {
		t.Errorf("the event came again as %q, first as %q", e.ID, ids[0])
	}
}

func testButtons(t *testing.T, f Fixture) {
	r := run(t, f)
	f.SayFunc(1, "hi")
	to := r.await(t, func(e channel.Event) bool { return e.Kind == channel.Text }).Address
	buttons := []channel.Button{
		{Label: "First", Action: "a:first"}, {Label: "Second, a longer one", Action: strings.Repeat("x", f.Channel.Limits().Token)},
		{Label: "Page", URL: "https://example.com/page?a=1&b=2"},
	}
	id, err := f.Channel.Send(t.Context(), channel.Message{ID: "00000000000000000000000a", To: to, Content: channel.Parse("**Choose** one"), Buttons: buttons})
	if err != nil || id == "" {
		t.Fatalf("send: %q, %v", id, err)
	}
	shown := awaitShown(t, f, 1, 1)[0]
	if !strings.Contains(shown.Text, "Choose") || strings.Contains(shown.Text, "*") {
		t.Errorf("shown %q", shown.Text)
	}
	for _, b := range buttons {
		if !slices.ContainsFunc(shown.Buttons, func(l string) bool { return strings.Contains(l, b.Label) }) {
			t.Errorf("button %q is not among %q", b.Label, shown.Buttons)
		}
	}
	for _, b := range buttons[:2] {
		if err := f.PressFunc(1, b.Label); err != nil {
			t.Fatal(err)
		}
		e := r.await(t, func(e channel.Event) bool { return e.Kind == channel.Press && e.Body == b.Action })
		if e.Address != to {
			t.Errorf("pressed at %+v, want %+v", e.Address, to)
		}
	}
}

// hostile is what a stranger may write in the hope that it is markup somewhere.
const hostile = "@everyone <@123> *b* _i_ ~s~ ~~s~~ `c` ||x|| [l](https://evil.example) <b>h</b> &amp; # h > q - l 1. n ![i](https://e.example/p.png) \\* <script>alert(1)</script> t.me/x"

func testHostile(t *testing.T, f Fixture) {
	r := run(t, f)
	f.SayFunc(1, "hi")
	to := r.await(t, func(e channel.Event) bool { return e.Kind == channel.Text }).Address
	if _, err := f.Channel.Send(t.Context(), channel.Message{ID: "00000000000000000000000b", To: to, Content: channel.PlainDocument(hostile)}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hostile, awaitShown(t, f, 1, 1)[0].Text); diff != "" {
		t.Errorf("the text was not shown as it was written: %s", diff)
	}
}

func testLongest(t *testing.T, f Fixture) {
	r := run(t, f)
	f.SayFunc(1, "hi")
	to := r.await(t, func(e channel.Event) bool { return e.Kind == channel.Text }).Address
	limits := f.Channel.Limits()
	for i, word := range []string{"word ", "*_[]()~`>#+-=|{}.!<&@ ", "日本語👩‍💻 "} {
		text := strings.Repeat(word, limits.Text/len([]rune(word))+10)
		piece := channel.Split(channel.PlainDocument(text), limits.Text, limits.Measure)[0]
		if _, err := f.Channel.Send(t.Context(), channel.Message{ID: fmt.Sprint("00000000000000000000001", i), To: to, Content: piece}); err != nil {
			t.Errorf("%.10q: %v", word, err)
		}
	}
	if got := len(awaitShown(t, f, 1, 3)); got != 3 {
		t.Errorf("%d messages shown, want 3", got)
	}
}

func testFates(t *testing.T, f Fixture) {
	if f.FailFunc == nil {
		t.Skip("this network has no failures to tell of")
	}
	r := run(t, f)
	f.SayFunc(1, "hi")
	to := r.await(t, func(e channel.Event) bool { return e.Kind == channel.Text }).Address
	for i, fate := range []channel.Fate{channel.Wait, channel.Unknown, channel.Refused, channel.Gone} {
		f.FailFunc(fate)
		_, err := f.Channel.Send(t.Context(), channel.Message{ID: fmt.Sprint("00000000000000000000002", i), To: to, Content: channel.PlainDocument("x")})
		got, sendErr := channel.FateOf(err)
		if got != fate {
			t.Errorf("told %q (%v), want %q", got, err, fate)
		}
		if fate == channel.Wait && (sendErr == nil || sendErr.After <= 0) {
			t.Errorf("told to wait, not how long: %v", err)
		}
	}
}

func testStop(t *testing.T, f Fixture) {
	r := run(t, f)
	f.SayFunc(1, "hi")
	r.await(t, func(e channel.Event) bool { return e.Kind == channel.Text })
	r.stop()
	select {
	case err := <-r.ended:
		if err != nil {
			t.Errorf("Run ended with %v", err)
		}
		r.ended <- err
	case <-time.After(patience):
		t.Fatal("Run goes on after its context ended")
	}
}

func awaitShown(t *testing.T, f Fixture, customer, count int) []Shown {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		if got := f.ShownFunc(customer); len(got) >= count || time.Now().After(deadline) {
			if len(got) < count {
				t.Fatalf("customer %d sees %d messages, want %d", customer, len(got), count)
			}
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// recorder is the core's side of a connector under test.
type recorder struct {
	mu     sync.Mutex
	events []channel.Event
	news   chan struct{}
	fragil map[string]bool
	failed []channel.EventID
	stop   context.CancelFunc
	ended  chan error
}

// run starts the connector, and stops it with the test.
func run(t *testing.T, f Fixture) *recorder {
	ctx, cancel := context.WithCancel(t.Context())
	r := &recorder{news: make(chan struct{}), stop: cancel, ended: make(chan error, 1), fragil: map[string]bool{}}
	go func() { r.ended <- f.Channel.Run(ctx, r) }()
	t.Cleanup(func() {
		cancel()
		select {
		case <-r.ended:
		case <-time.After(patience):
			t.Error("Run goes on after the test")
		}
	})
	return r
}

// Handle implements [channel.Handler].
func (r *recorder) Handle(_ context.Context, e channel.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fragil[e.Body] {
		delete(r.fragil, e.Body)
		r.failed = append(r.failed, e.ID)
		return errors.New("the disk is full")
	}
	r.events = append(r.events, e)
	close(r.news)
	r.news = make(chan struct{})
	return nil
}

// Complete implements [channel.Handler].
func (r *recorder) Complete(context.Context, channel.Completion) ([]channel.Choice, error) {
	return []channel.Choice{{Label: "A choice", Value: "A choice"}}, nil
}

func (r *recorder) failOnce(body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fragil[body] = true
}

func (r *recorder) failedIDs() []channel.EventID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.failed)
}

func (r *recorder) bodies(prefix string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, e := range r.events {
		if strings.HasPrefix(e.Body, prefix) {
			out = append(out, e.Body)
		}
	}
	return out
}

func (r *recorder) count(prefix string) int { return len(r.bodies(prefix)) }

// await waits for an event, among those that came already too.
func (r *recorder) await(t *testing.T, want func(channel.Event) bool) channel.Event {
	t.Helper()
	deadline := time.After(patience)
	for {
		r.mu.Lock()
		news, events := r.news, slices.Clone(r.events)
		r.mu.Unlock()
		for _, e := range events {
			if want(e) {
				return e
			}
		}
		select {
		case <-news:
		case <-deadline:
			t.Fatal("the event did not come")
		}
	}
}
