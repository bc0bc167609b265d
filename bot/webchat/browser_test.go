package webchat_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tab is one tab of a headless Chromium.
type tab struct {
	t   *testing.T
	ctx context.Context

	expected string // a complaint that belongs to the test

	mu       sync.Mutex
	problems []string // errors of scripts and of the content security policy
}

// chromium is the one browser of this test run; each test has a context of its own in it.
var chromium struct {
	start sync.Once
	ctx   context.Context
	err   error
	stop  func() error
}

var errNoChromium = errors.New("there is no Chromium on this machine")

func closeChromium() error {
	if chromium.stop == nil {
		return nil
	}
	return chromium.stop()
}

func startChromium() {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		chromium.err = errNoChromium
		return
	}
	profile, err := os.MkdirTemp("", "faqbot-chromium")
	if err != nil {
		chromium.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	)
	// The context of the first call ends with the browser, so it has no deadline.
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocated)
	chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
	chromium.stop = func() error {
		err := chromedp.Cancel(ctx)
		cancel()
		stop()
		return errors.Join(err, os.RemoveAll(profile))
	}
}

// browser opens a tab in a fresh profile; tests that need one are skipped where there is no Chromium.
func browser(t *testing.T) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: short runs start no browser")
	}
	chromium.start.Do(startChromium)
	if errors.Is(chromium.err, errNoChromium) && os.Getenv("FAQBOT_TEST_REQUIRE_CHROMIUM") == "" {
		t.Skipf("SKIPPED, the page was not tried in a browser: %v", chromium.err)
	} else if chromium.err != nil {
		t.Fatalf("start the browser: %v", chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	b := &tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		b.complaints()
	})
	b.prepare()
	return b
}

// prepare sets a new tab up and collects what its page complains of.
func (b *tab) prepare() {
	b.t.Helper()
	err := chromedp.Listen(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.problems = append(b.problems, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
		case *cdplog.EventEntryAdded:
			// What a network that is down says is part of the tests.
			if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
				b.problems = append(b.problems, fmt.Sprint(e.Entry.Source, ": ", e.Entry.Text))
			}
		}
	})
	if err != nil {
		b.t.Fatalf("browser: %v", err)
	}
	b.do(chromedp.EmulateViewport(1100, 800))
	call(b, cdplog.Enable, cdp.Empty{})
	call(b, runtime.Enable, cdp.Empty{})
}

func (b *tab) complaints() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		if b.expected != "" && strings.Contains(p, b.expected) {
			continue
		}
		b.t.Errorf("the page complained: %s", p)
	}
}

// another opens one more tab of the same browser.
func (b *tab) another() *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	other := &tab{t: b.t, ctx: ctx}
	b.t.Cleanup(func() {
		cancel()
		other.complaints()
	})
	other.prepare()
	return other
}

// patience bounds every step of a browser; it is a bound for failure, not a measure.
const patience = 30 * time.Second

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

func call[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		b.t.Fatalf("browser: %s: %v", command.Method, err)
	}
}

func (b *tab) visit(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// keys presses keys on whatever has the focus.
func (b *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// value evaluates a script. "chat" in it is the root of the chat, on our page or in the shadow tree of another site.
func value[T any](b *tab, script string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](`(() => { const chat = document.querySelector('.faqbot')?.shadowRoot ?? document; return `+script+`; })()`))
	if err != nil {
		b.t.Fatalf("browser: %s: %v", script, err)
	}
	return out
}

// lines are the lines that are seen, each as "side: text", without what only a screen reader hears.
func (b *tab) lines() []string {
	b.t.Helper()
	return value[[]string](b, `[...chat.querySelectorAll('.fq-line')].map((l) => {
		const bubble = l.querySelector('.fq-bubble').cloneNode(true);
		bubble.querySelectorAll('.fq-sr').forEach((e) => e.remove());
		bubble.querySelectorAll('br').forEach((e) => e.replaceWith('\n'));
		return l.dataset.side + ': ' + bubble.textContent;
	})`)
}

// await waits until a script is true.
func (b *tab) await(what, script string) {
	b.t.Helper()
	for start := time.Now(); !value[bool](b, "Boolean("+script+")"); time.Sleep(30 * time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			b.shoot("failed-" + b.t.Name())
			b.t.Fatalf("waited in vain: %s; the lines are %q", what, b.lines())
		}
	}
}

func (b *tab) awaitLines(want ...string) {
	b.t.Helper()
	var got []string
	for start := time.Now(); time.Since(start) < 25*time.Second; time.Sleep(30 * time.Millisecond) {
		if got = b.lines(); fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
	}
	b.shoot("failed-" + b.t.Name())
	b.t.Fatalf("the page shows\n%q\nwant\n%q", got, want)
}

// shoot saves a picture where FAQBOT_SCREENSHOTS says, else into the test's own folder.
func (b *tab) shoot(name string) {
	b.t.Helper()
	folder := os.Getenv("FAQBOT_SCREENSHOTS")
	if folder == "" {
		folder = b.t.TempDir()
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatalf("browser: screenshot: %v", err)
	}
	path := filepath.Join(folder, filepath.Base(name)+".png")
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		b.t.Error(err)
	}
	if len(picture) < 1000 {
		b.t.Errorf("%s is no picture", path)
	}
}

// media sets features of the reader's system, such as "prefers-color-scheme", "dark".
func (b *tab) media(features ...string) {
	b.t.Helper()
	var p emulation.SetEmulatedMediaParams
	for i := 0; i+1 < len(features); i += 2 {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	call(b, emulation.SetEmulatedMedia, p)
}

// say types into the field, which must have the focus, and sends.
func (b *tab) say(text string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`(document.querySelector('.faqbot')?.shadowRoot ?? document).querySelector('.fq-input').focus()`))
	b.keys(text)
	b.keys(kb.Enter)
}

// click presses a button of the chat by its text.
func (b *tab) click(text string) {
	b.t.Helper()
	found := value[bool](b, fmt.Sprintf(`(() => {
		const one = [...chat.querySelectorAll('button')].filter((e) => e.textContent.trim() === %q || e.getAttribute('aria-label') === %q).pop();
		one?.click();
		return Boolean(one);
	})()`, text, text))
	if !found {
		b.t.Fatalf("there is no button %q", text)
	}
}
