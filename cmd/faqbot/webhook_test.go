package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/bot/telegram/telegramtest"
	"faqbot/knowledge/insight/webhook"
)

const (
	webhooksHeading = "Webhooks for your product team"
	toolSecret      = "only the tool knows this too"
)

// tool is the receiver that the README shows, at work.
type tool struct {
	t       *testing.T
	url     string
	printed logged
}

// newTool builds the receiver from the README and starts it.
func newTool(t *testing.T, secret string) *tool {
	t.Helper()
	dir := t.TempDir()
	source, program := filepath.Join(dir, "receiver.go"), filepath.Join(dir, "receiver")
	if err := os.WriteFile(source, []byte(fenced(section(t, webhooksHeading), "go")), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, source)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the README's receiver does not build: %v: %s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	r := &tool{t: t, url: "http://" + addr + "/events"}
	cmd := exec.Command(program, addr)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), "WEBHOOK_SECRET="+secret), &r.printed, &r.printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
			return r
		}
		if time.Now().After(end) {
			t.Fatalf("the receiver does not listen: %v %v", err, r.printed.lines(""))
		}
	}
}

// post sends a request as anybody could, and returns the status.
func (r *tool) post(signature, body string) int {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set(webhook.Header, signature)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// wantEvents looks at how often an event was acted on.
func (r *tool) wantEvents(holding string, n int) {
	r.t.Helper()
	if lines := r.printed.lines(holding); len(lines) != n {
		r.t.Errorf("of %s it did %q", holding, lines)
	}
}

// TestReadme_Webhooks_receiver sends the README's receiver what is genuine and what is not.
func TestReadme_Webhooks_receiver(t *testing.T) {
	t.Parallel()
	r := newTool(t, toolSecret)
	sign := func(secret string, at time.Time, body string) string { return webhook.Sign(secret, at, []byte(body)) }
	body := func(id string) string { return `{"id":"` + id + `","kind":"gap.opened","data":{"title":"zebras"}}` }
	now := time.Now()
	good := sign(toolSecret, now, body("first"))
	for _, c := range []struct {
		what, signature, body string
		want                  int
	}{
		{"a genuine one", good, body("first"), http.StatusNoContent},
		{"the same again", good, body("first"), http.StatusForbidden},
		{"the same with more in its header", good + " ", body("first"), http.StatusForbidden},
		{"the same written otherwise", strings.ToUpper(good[:2]) + good[2:], body("first"), http.StatusForbidden},
		{"the same with another number", strings.Replace(good, "t=", "t=0", 1), body("first"), http.StatusForbidden},
		{"the next attempt of the same event", sign(toolSecret, now.Add(-time.Second), body("first")), body("first"), http.StatusNoContent},
		{"a forged body", sign(toolSecret, now.Add(time.Second), body("second")), body("forged"), http.StatusForbidden},
		{"a forged secret", sign("guessed: 123456789", now, body("forged")), body("forged"), http.StatusForbidden},
		{"an empty secret", sign("", now, body("forged")), body("forged"), http.StatusForbidden},
		{"a forged time", strings.Replace(sign(toolSecret, now.Add(-time.Hour), body("forged")), fmt.Sprint(now.Add(-time.Hour).Unix()), fmt.Sprint(now.Unix()), 1), body("forged"), http.StatusForbidden},
		{"no signature", "", body("forged"), http.StatusForbidden},
		{"nonsense for a signature", "t=1,v1=%s", body("forged"), http.StatusForbidden},
		{"one from six minutes ago", sign(toolSecret, now.Add(-6*time.Minute), body("stale")), body("stale"), http.StatusForbidden},
		{"one from the future", sign(toolSecret, now.Add(6*time.Minute), body("stale")), body("stale"), http.StatusForbidden},
		{"one that was on its way for four minutes", sign(toolSecret, now.Add(-4*time.Minute), body("third")), body("third"), http.StatusNoContent},
		{"one too large", sign(toolSecret, now, strings.Repeat(" ", 2<<20)), strings.Repeat(" ", 2<<20), http.StatusForbidden},
	} {
		if got := r.post(c.signature, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
	r.wantEvents(`first gap.opened {"title":"zebras"}`, 1)
	r.wantEvents("third gap.opened", 1)
	r.wantEvents("", 2)

	unset := newTool(t, "")
	if got := unset.post(sign("", now, body("forged")), body("forged")); got != http.StatusForbidden {
		t.Errorf("without a secret it answers %d", got)
	}
	unset.wantEvents("", 0)
}

// TestReadme_Webhooks_events compares what the README says with what is sent.
func TestReadme_Webhooks_events(t *testing.T) {
	t.Parallel()
	text := section(t, webhooksHeading)
	for _, kind := range webhook.Kinds {
		if !strings.Contains(text, "\n| `"+string(kind)+"` |") {
			t.Errorf("%s is not told of", kind)
		}
	}
	if rows := regexp.MustCompile("\n\\| `(gap|ticket)\\.").FindAllString(text, -1); len(rows) != len(webhook.Kinds) {
		t.Errorf("%d events are told of", len(rows))
	}
	for _, data := range []any{webhook.Gap{}, webhook.Ticket{}} {
		for field := range reflect.TypeOf(data).Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("the field %s of %T is not told of", name, data)
			}
		}
	}
	for _, outcome := range []handoff.Outcome{
		handoff.Solved, handoff.NeedsText, handoff.Product, handoff.Feature, handoff.Price, handoff.Delivery, handoff.Unclear, handoff.Spam, handoff.TakenBack, handoff.Other,
	} {
		if !strings.Contains(text, "`"+string(outcome)+"`") {
			t.Errorf("the outcome %s is not told of", outcome)
		}
	}
	strict := func(raw []byte, into any) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(into); err != nil {
			t.Error(err)
		}
	}
	var event webhook.Event
	var ticket webhook.Ticket
	strict([]byte(fenced(text, "json")), &event)
	strict(event.Data, &ticket)
	if waited := int64(ticket.ClaimedAt.Sub(ticket.OpenedAt).Seconds()); event.Kind != webhook.TicketClosed || ticket.FirstReplySeconds == nil || *ticket.FirstReplySeconds < waited {
		t.Errorf("the example is %+v with %+v", event, ticket)
	}
	settings := t.TempDir()
	for name, content := range map[string]string{"faqbot.yaml": fenced(text, "yaml"), "secrets/webhook": toolSecret + "\n"} {
		path := filepath.Join(settings, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found := doctored(t, newData(t), "--config", filepath.Join(settings, "faqbot.yaml"))
	wantCheck(t, found, "settings", true, "are valid")
	wantCheck(t, found, "webhooks", true, "https://tools.shop.example/… has all there was to tell")
}

// TestServe_Webhooks tells the README's receiver of a ticket that was served at a desk, and of what its customer thinks of it.
func TestServe_Webhooks(t *testing.T) {
	t.Parallel()
	r := newTool(t, toolSecret)
	flags := []string{"--data-dir", newData(t)}
	importSome(t, fewCodes, flags...)
	world := newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock()}, discordtest.Options{Unlimited: true})
	world.flags = append(world.flags, "--discord-message-content", "--webhook-urls", r.url, "--webhook-secret", toolSecret)
	o := newOffice(t, world, flags...)
	s, log := startChanged(t, world, hurry, flags...)
	customer := o.customerOnTelegram(1)
	o.serve(customer, o.onDiscord())
	printed := func() string { return strings.Join(r.printed.lines(""), "") }
	o.await("the receiver knows of it", func() bool { return len(r.printed.lines("ticket.closed")) == 1 }, printed)
	if line := printed(); !strings.Contains(line, `"outcome":"solved"`) || !strings.Contains(line, `"network":"telegram"`) || !strings.Contains(line, `"first_reply_seconds":`) ||
		strings.Contains(line, customer.name) || strings.Contains(line, called(firstStaff+1)) {
		t.Errorf("it is told %s", line)
	}
	if err := o.telegram.Customer(1).Press("4 ★★★★"); err != nil {
		t.Fatal(err)
	}
	o.await("the receiver knows the rating", func() bool { return len(r.printed.lines(`"rating":4`)) == 1 }, printed)
	o.settled(s)
	counts, err := s.store.Counts(t.Context())
	page := httptest.NewRecorder()
	s.metrics.serve(s.store).ServeHTTP(page, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, line := range []string{`faqbot_webhooks_total{fate="delivered"} 2`, `faqbot_stored{kind="webhooks_waiting"} 0`, `faqbot_stored{kind="webhooks_failed"} 0`} {
		if !strings.Contains(page.Body.String(), line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if err != nil || counts.WebhooksWaiting != 0 || counts.WebhooksFailed != 0 || len(log.lines(toolSecret)) > 0 {
		t.Errorf("left are %+v, %v", counts, err)
	}
}

func TestDoctor_Webhooks(t *testing.T) {
	t.Parallel()
	const address = "https://tools.shop.example/in/hidden-text"
	s, target := closeTickets(t, storetest.SQLite(t), address, 3)
	set := []string{"--webhook-urls", address, "--webhook-secret", toolSecret}
	look := func(s *store.Store, flags []string, ok bool, what string) {
		t.Helper()
		a, r := &app{settings: parseSettings(t, flags...)}, &report{}
		var err error
		if a.checked, err = a.settings.check(); err != nil {
			t.Fatal(err)
		}
		(&doctorCommand{}).lookAtWebhooks(t.Context(), a, r, s)
		wantCheck(t, r.Checks, "webhooks", ok, what)
		for _, c := range r.Checks {
			if strings.Contains(c.What+c.Mend, "hidden-text") {
				t.Errorf("it tells a secret: %+v", c)
			}
		}
	}
	settle := func(result webhook.Result) {
		t.Helper()
		pending, err := s.Webhooks().Pending(t.Context(), target.ID, 1)
		if err != nil || len(pending) == 0 {
			t.Fatal(pending, err)
		}
		if err := s.Webhooks().Settle(t.Context(), pending[0].Event.ID, target.ID, result); err != nil {
			t.Fatal(err)
		}
	}
	empty := storetest.Open(t, storetest.SQLite(t), store.Options{})
	look(empty, nil, true, "are off")
	look(empty, set, true, "https://tools.shop.example/… has all there was to tell")
	look(s, set, true, "3 events for https://tools.shop.example/… to be sent")
	settle(webhook.Result{Fate: webhook.GivenUp, At: time.Now(), Reason: "it answered 410 Gone"})
	look(s, set, false, "1 event for https://tools.shop.example/… given up: it answered 410 Gone")
	settle(webhook.Result{Fate: webhook.Retry, At: time.Now(), Due: time.Now().Add(time.Hour), Reason: "it cannot be reached"})
	look(s, set, false, "2 events for https://tools.shop.example/… not delivered yet")
	look(s, nil, true, "2 events for a receiver that webhook_urls has no longer")
	look(s, nil, true, "1 event for a receiver that webhook_urls has no longer")
}

// closeTickets stores tickets that end, of which an address is to be told.
func closeTickets(t *testing.T, settings store.Settings, address string, count int) (*store.Store, webhook.Target) {
	t.Helper()
	target, err := webhook.ParseTarget(address)
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, settings, store.Options{Webhooks: []webhook.TargetID{target.ID}})
	for n := range count {
		closed := handoff.Ticket{ID: handoff.TicketID(fmt.Sprint(n)), Number: int64(n + 1), Status: handoff.Closed, OpenedAt: time.Now(), ClosedAt: time.Now()}
		event := channel.Event{ID: channel.EventID(fmt.Sprint(n)), Kind: channel.Text, At: time.Now()}
		if err := s.Commit(t.Context(), event, bot.Turn{Ticket: &closed}); err != nil {
			t.Fatal(err)
		}
	}
	return s, target
}

// TestServe_Webhooks_killed kills the program when the receiver has an event and has not answered yet. The next process sends it again,
// as the same event and signed anew.
func TestServe_Webhooks_killed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		data := newData(t)
		if settings.URL == "" {
			settings.Dir = data
		}
		type request struct {
			webhook.Event
			signature string
		}
		arrived, answer := make(chan request, 10), make(chan bool)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			got := request{signature: r.Header.Get(webhook.Header)}
			if err == nil {
				err = webhook.Verify(toolSecret, got.signature, body, time.Now())
			}
			if err == nil {
				err = json.Unmarshal(body, &got.Event)
			}
			if err != nil {
				t.Error(err)
			}
			arrived <- got
			select {
			case <-answer:
			case <-r.Context().Done():
			}
		}))
		t.Cleanup(server.Close)
		s, target := closeTickets(t, settings, server.URL, 1)
		importSome(t, fewCodes, "--data-dir", data, "--database-url", settings.URL)
		r := newReplica(t, "--data-dir", data, "--database-url", settings.URL, "--webhook-urls", server.URL, "--webhook-secret", toolSecret)
		next := func() (got request) {
			t.Helper()
			select {
			case got = <-arrived:
			case <-time.After(time.Minute): // a lease passes on after 15 s
				t.Fatal("nothing came")
			}
			return got
		}
		first := next()
		r.kill()
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // a signature is of a second
		r.start()
		second := next()
		if first.ID == "" || first.ID != second.ID || first.Kind != webhook.TicketClosed || first.signature == second.signature {
			t.Errorf("first came %+v, then %+v", first, second)
		}
		close(answer)
		for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			pending, err := s.Webhooks().Pending(t.Context(), target.ID, 1)
			if err != nil || time.Now().After(end) {
				t.Fatal(pending, err)
			}
			if len(pending) == 0 {
				break
			}
		}
		r.stop()
		if len(arrived) > 0 {
			t.Errorf("it came once more: %+v", <-arrived)
		}
	})
}
