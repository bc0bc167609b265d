package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/telegram/telegramtest"

	"github.com/alecthomas/kong"
)

// long asks for the full number of conversations and kills.
func long() bool { return os.Getenv("FAQBOT_TEST_LONG") == "1" }

// codes is how many entries the FAQ of these tests has: each asks for a code, so that the right answer to each question is known.
const codes = 200

func question(code int) string { return fmt.Sprintf("What is code %d?", code) }
func answer(code int) string   { return fmt.Sprintf("The code is %d.", code) }

// importCodes fills a database, that of the arguments, with the codes.
func importCodes(t *testing.T, args ...string) {
	t.Helper()
	importSome(t, codes, args...)
}

// importSome is importCodes with so many of them.
func importSome(t *testing.T, count int, args ...string) {
	t.Helper()
	var table strings.Builder
	table.WriteString("id,question,answer\n")
	for code := range count {
		fmt.Fprintf(&table, "code-%d,%s,%s\n", code, question(code), answer(code))
	}
	path := filepath.Join(t.TempDir(), "codes.csv")
	if err := os.WriteFile(path, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := faqbot(t, newData(t), "", append(args, "import", path)...); code != exitDone {
		t.Fatalf("import: exit %d, %s", code, stderr)
	}
}

// platforms are both networks. They go on while a bot comes and goes.
type platforms struct {
	telegram *telegramtest.Server
	discord  *discordtest.Server
	flags    []string // connect a bot to them
}

// newPlatforms starts both; delay is how long a call takes at most to reach them, and its answer the way back. Discord's wait of 5 s between
// two sessions is left out of short runs.
func newPlatforms(t *testing.T, delay time.Duration) *platforms {
	return newPlatformsWith(t, delay, telegramtest.Options{}, discordtest.Options{StrictIdentify: long()})
}

func newPlatformsWith(t *testing.T, delay time.Duration, ofTelegram telegramtest.Options, ofDiscord discordtest.Options) *platforms {
	p := &platforms{telegram: telegramtest.New(t, ofTelegram), discord: discordtest.New(t, ofDiscord)}
	p.flags = []string{
		"--telegram-token", p.telegram.Token(), "--telegram-api-url", distant(t, p.telegram.URL(), delay),
		"--discord-token", p.discord.Token(), "--discord-api-url", distant(t, p.discord.URL(), delay),
	}
	return p
}

// awaitGateway waits until the bot listens to Discord.
func (p *platforms) awaitGateway(t *testing.T) {
	t.Helper()
	eventually(t, 30*time.Second, "the gateway is connected", func() bool { return p.discord.Gateway().Connected() > 0 })
}

// distant is the address of a server that is some way off, so that a kill finds calls under way in both directions.
func distant(t *testing.T, address string, delay time.Duration) string {
	if delay == 0 {
		return address
	}
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(*http.Response) error {
			time.Sleep(rand.N(delay))
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { panic(http.ErrAbortHandler) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(rand.N(delay))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		transport.CloseIdleConnections()
	})
	return server.URL
}

// customer is somebody on one of the platforms, who asks for codes.
type customer struct {
	name  string
	say   func(text string)
	shown func() []said
	asked []int
	// once is true on a platform that shows a message once however often it is sent.
	once bool
}

// said is something that the bot said to a customer.
type said struct {
	text string
	at   time.Time
}

// customers are n people on each platform.
func (p *platforms) customers(n int) []*customer {
	var out []*customer
	for i := range n {
		seat, person := p.telegram.Customer(i+1), p.discord.Customer(i+1)
		out = append(out,
			&customer{name: fmt.Sprint("telegram customer ", i), say: func(text string) { seat.Say(text) }, shown: func() []said {
				return saidOf(seat.Shown(), func(v telegramtest.Shown) said { return said{v.Text, v.At} })
			}},
			&customer{name: fmt.Sprint("discord customer ", i), say: func(text string) { person.Say(text) }, shown: func() []said {
				return saidOf(person.Shown(), func(v discordtest.Shown) said { return said{v.Text, v.At} })
			}, once: true})
	}
	return out
}

func saidOf[V any](shown []V, of func(V) said) []said {
	out := make([]said, len(shown))
	for i, v := range shown {
		out[i] = of(v)
	}
	return out
}

// ask asks for a code.
func (c *customer) ask(code int) {
	c.asked = append(c.asked, code)
	c.say(question(code))
}

// introduction is what the bot says before its first answer.
const introduction = "Hello! I am the assistant of our shop, a bot. A person is always one step away."

// answers is how many questions the bot has answered, counting once what it said twice in a row.
func (c *customer) answers() int {
	return len(slices.CompactFunc(c.shown(), func(a, b said) bool { return a.text == b.text })) - 1
}

// await waits until the bot has said so much as was asked.
func (c *customer) await(patience time.Duration) error {
	for deadline := time.Now().Add(patience); c.answers() < len(c.asked); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("%s asked %d questions and got %d answers in %v", c.name, len(c.asked), c.answers(), patience)
		}
	}
	return nil
}

// doubles compares what was said with what was asked: after the introduction each question has its answer, in order. It returns the answers that were given
// anew, as pairs of a copy and the next one.
func (c *customer) doubles() (pairs [][2]said, err error) {
	all := c.shown()
	next := 0
	for i, s := range all {
		switch {
		case i == 0 && s.text == introduction:
		case next < len(c.asked) && s.text == answer(c.asked[next]):
			next++
		case i > 0 && s.text == all[i-1].text:
			pairs = append(pairs, [2]said{all[i-1], s})
		default:
			return pairs, fmt.Errorf("%s: message %d at %v is %q; of the codes %v it comes after %v", c.name, i, s.at, s.text, c.asked, c.asked[:next])
		}
	}
	if next < len(c.asked) {
		return pairs, fmt.Errorf("%s: %d of %d questions were not answered: %v", c.name, len(c.asked)-next, len(c.asked), c.asked[next:])
	}
	return pairs, nil
}

// parseSettings reads flags as `serve` does.
func parseSettings(t *testing.T, flags ...string) Settings {
	t.Helper()
	var c commands
	parser, err := kong.New(&c, options(streams{strings.NewReader(""), discard{}, discard{}})...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append(flags, "serve")); err != nil {
		t.Fatal(err)
	}
	return c.Settings
}
