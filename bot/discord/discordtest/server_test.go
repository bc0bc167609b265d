package discordtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

// client is a bot that makes mistakes.
type client struct {
	t *testing.T
	s *discordtest.Server
}

func (c client) call(method, path, body string) (int, map[string]any) {
	c.t.Helper()
	status, raw := c.raw(method, path, body)
	var out map[string]any
	_ = json.Unmarshal(raw, &out) // lists stay nil
	return status, out
}

func (c client) list(path string) []map[string]any {
	c.t.Helper()
	_, raw := c.raw(http.MethodGet, path, "")
	var out []map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		c.t.Error(err)
	}
	return out
}

func (c client) raw(method, path, body string) (int, []byte) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.s.URL()+"/api/v9"+path, bytes.NewBufferString(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+c.s.Token())
	r.Header.Set("User-Agent", "test")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	raw, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	return response.StatusCode, raw
}

func TestServer_HoldsCallsAgainstTheSpecification(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{Unlimited: true})
	c := client{t, s}
	place := s.Customer(1).Direct()
	const quiet = `,"allowed_mentions":{"parse":[],"replied_user":false}`
	for name, bad := range map[string]struct{ method, path, body, violation string }{
		"unknown route":           {"POST", "/channels/1/shout", `{}`, "no such route"},
		"unknown method":          {"PUT", "/channels/" + place + "/messages", `{}`, "no such route"},
		"unknown body property":   {"POST", "/channels/" + place + "/messages", `{"contents":"x"` + quiet + `}`, "body.contents: unknown property"},
		"unknown nested property": {"POST", "/channels/" + place + "/messages", `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"l","customid":"x"}]}]` + quiet + `}`, "customid: unknown property"},
		"missing property":        {"POST", "/channels/" + place + "/messages", `{"content":"x","message_reference":{}` + quiet + `}`, "message_reference.message_id: missing"},
		"wrong type":              {"POST", "/channels/" + place + "/messages", `{"content":5` + quiet + `}`, "body.content: is number"},
		"too long for the spec":   {"POST", "/channels/" + place + "/messages", `{"content":"` + strings.Repeat("x", 4001) + `"` + quiet + `}`, "4001 characters"},
		"too long for Discord":    {"POST", "/channels/" + place + "/messages", `{"content":"` + strings.Repeat("x", 2001) + `"` + quiet + `}`, "content of 2001 characters"},
		"long nonce":              {"POST", "/channels/" + place + "/messages", `{"content":"x","nonce":"` + strings.Repeat("x", 26) + `"` + quiet + `}`, "26 characters"},
		"long label":              {"POST", "/channels/" + place + "/messages", `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"` + strings.Repeat("x", 81) + `","custom_id":"x"}]}]` + quiet + `}`, "81 characters"},
		"too many buttons":        {"POST", "/channels/" + place + "/messages", `{"content":"x","components":[{"type":1,"components":[` + strings.TrimSuffix(strings.Repeat(`{"type":2,"style":5,"label":"l","url":"https://e.example"},`, 6), ",") + `]}]` + quiet + `}`, "6 items"},
		"same custom_id":          {"POST", "/channels/" + place + "/messages", `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"l","custom_id":"x"},{"type":2,"style":1,"label":"l","custom_id":"x"}]}]` + quiet + `}`, "one custom_id"},
		"no body":                 {"POST", "/channels/" + place + "/messages", ``, "body: missing"},
		"empty message":           {"POST", "/channels/" + place + "/messages", `{"content":" "` + quiet + `}`, "an empty message"},
		"body where none is":      {"POST", "/channels/" + place + "/typing", `{"x":1}`, "this route has none"},
		"unknown query":           {"GET", "/channels/" + place + "/messages?since=1", ``, "query.since"},
		"query out of bounds":     {"GET", "/channels/" + place + "/messages?limit=101", ``, "out of bounds"},
		"no snowflake":            {"GET", "/channels/general", ``, "not a snowflake"},
		"archive duration":        {"POST", "/channels/" + place + "/threads", `{"name":"x","type":11,"auto_archive_duration":5}`, "5 is not one of"},
		"default mentions":        {"POST", "/channels/" + place + "/messages", `{"content":"x"}`, "no allowed_mentions"},
		"null mentions":           {"POST", "/channels/" + place + "/messages", `{"content":"x","allowed_mentions":{"parse":null}}`, "reads as everything"},
		"everyone":                {"POST", "/channels/" + place + "/messages", `{"content":"@everyone","allowed_mentions":{"parse":["everyone"]}}`, "mentions everyone"},
		"mentions nobody":         {"POST", "/channels/" + place + "/messages", `{"content":"\\<@5>","allowed_mentions":{"parse":[],"users":["5"]}}`, "whom the text does not call"},
		"mentions without a name": {"POST", "/channels/" + place + "/messages", `{"content":"<@5>","allowed_mentions":{"parse":[],"users":[]}}`, "does not name"},
		"bad locale":              {"PUT", "/applications/" + s.BotID() + "/commands", `[{"name":"a","description":"b","description_localizations":{"en":"x"}}]`, "not a locale"},
	} {
		status, answer := c.call(bad.method, bad.path, bad.body)
		got := strings.Join(s.TakeViolations(), "; ")
		if !strings.Contains(got, bad.violation) || status == 200 && !strings.Contains(name, "mentions") && name != "everyone" {
			t.Errorf("%s: HTTP %d %v, violation %q", name, status, answer, got)
		}
	}
	if status, _ := c.call("POST", "/channels/"+place+"/messages", `{"content":"fine","nonce":"1","enforce_nonce":true`+quiet+`}`); status != 200 {
		t.Errorf("a good call: %d", status)
	}
	if shown := s.Customer(1).Shown(); shown[len(shown)-1].Text != "fine" {
		t.Errorf("shown %+v", shown)
	}
}

func TestServer_BansWhoIsRefusedTooOften(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{Unlimited: true, InvalidLimit: 3})
	c := client{t, s}
	s.Customer(1).Block(true)
	for range 3 {
		c.call("POST", "/channels/"+s.Customer(1).Direct()+"/messages", `{"content":"x","allowed_mentions":{"parse":[]}}`)
	}
	if status, answer := c.call("GET", "/users/@me", ""); status != 429 || answer != nil || !s.Banned() {
		t.Errorf("HTTP %d %v; a ban is a page", status, answer)
	}
}

func TestServer_Limits(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{})
	c := client{t, s}
	var codes []int
	for range 6 {
		status, answer := c.call("POST", "/channels/"+s.Customer(1).Direct()+"/messages", `{"content":"x","allowed_mentions":{"parse":[]}}`)
		codes = append(codes, status)
		if after, _ := answer["retry_after"].(float64); status == 429 && after <= 0 {
			t.Errorf("answer %v", answer)
		}
	}
	if !slices.Equal(codes, []int{200, 200, 200, 200, 200, 429}) {
		t.Errorf("codes %v", codes)
	}
	for i := range 60 {
		if status, answer := c.call("GET", "/users/@me", ""); status == 429 {
			if answer["global"] != true || i < 40 {
				t.Errorf("call %d: %v", i, answer)
			}
			return
		}
	}
	t.Error("60 calls at once are too many")
}

// gateway is a client of the gateway that reads packets.
type gateway struct {
	t    *testing.T
	conn *websocket.Conn
}

func dial(t *testing.T, s *discordtest.Server, path string) gateway {
	t.Helper()
	conn, response, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL(), "http")+path+"?v=9&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return gateway{t, conn}
}

type packet struct {
	Op   int            `json:"op"`
	Type string         `json:"t"`
	Seq  int            `json:"s"`
	Data map[string]any `json:"d"`
}

func (g gateway) read() (packet, error) {
	_ = g.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	var p packet
	_, raw, err := g.conn.ReadMessage()
	if err == nil {
		_ = json.Unmarshal(raw, &p) // a body that is no object stays nil
	}
	return p, err
}

func (g gateway) write(text string) {
	g.t.Helper()
	if err := g.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		g.t.Fatal(err)
	}
}

func TestGateway_Codes(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{NoMessageContent: true})
	identify := func(fields string) string {
		return fmt.Sprintf(`{"op":2,"d":{"token":%q,"properties":{"os":"x"}%s}}`, s.Token(), fields)
	}
	for name, c := range map[string]struct {
		send string
		code int
	}{
		"wrong token":        {`{"op":2,"d":{"token":"x","properties":{},"intents":1}}`, 4004},
		"no intents":         {identify(``), 4013},
		"unknown intents":    {identify(`,"intents":1073741824`), 4013},
		"content":            {identify(`,"intents":32768`), 4014},
		"members":            {identify(`,"intents":2`), 4014},
		"bad shard":          {identify(`,"intents":1,"shard":[2,2]`), 4010},
		"no JSON":            {`{`, 4002},
		"unknown op":         {`{"op":77}`, 4001},
		"resume, bad token":  {`{"op":6,"d":{"token":"x","session_id":"y","seq":1}}`, 4004},
		"identified already": {identify(`,"intents":1`), 0},
	} {
		g := dial(t, s, "/gateway")
		if hello, err := g.read(); err != nil || hello.Op != 10 || hello.Data["heartbeat_interval"] != 45000.0 {
			t.Fatalf("%s: %+v, %v", name, hello, err)
		}
		g.write(c.send)
		ready, err := g.read()
		if c.code == 0 && (err != nil || ready.Type != "READY" || ready.Data["resume_gateway_url"] == "" || ready.Data["session_id"] == "") {
			t.Errorf("%s: %+v, %v", name, ready, err)
		}
		if c.code == 0 {
			g.write(`{"op":1,"d":1}`)
			if ack, _ := g.read(); ack.Op != 11 {
				t.Errorf("no answer to a heartbeat: %+v", ack)
			}
			g.write(c.send)
			_, err = g.read()
			c.code = 4005
		}
		if !websocket.IsCloseError(err, c.code) {
			t.Errorf("%s: %v, want %d", name, err, c.code)
		}
	}
}

func TestGateway_ResumeReplays(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{})
	g := dial(t, s, "/gateway")
	_, _ = g.read()
	g.write(fmt.Sprintf(`{"op":2,"d":{"token":%q,"properties":{},"intents":37377}}`, s.Token()))
	ready, err := g.read()
	if err != nil {
		t.Fatal(err)
	}
	s.Customer(1).Say("one")
	one, _ := g.read()
	_ = g.conn.NetConn().Close()
	s.Customer(1).Say("two")
	again := dial(t, s, "/gateway/resume")
	_, _ = again.read()
	again.write(fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":%d}}`, s.Token(), ready.Data["session_id"], one.Seq))
	two, _ := again.read()
	resumed, _ := again.read()
	if two.Data["content"] != "two" || resumed.Type != "RESUMED" {
		t.Errorf("%+v, then %+v", two, resumed)
	}
	s.Gateway().Invalidate(false)
	if p, _ := again.read(); p.Op != 9 {
		t.Errorf("%+v", p)
	}
	third := dial(t, s, "/gateway")
	_, _ = third.read()
	third.write(fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":%d}}`, s.Token(), ready.Data["session_id"], 1))
	if p, _ := third.read(); p.Op != 9 {
		t.Errorf("an invalid session was resumed: %+v", p)
	}
}

func TestGateway_IdentifyBudget(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{IdentifyBudget: 2})
	c := client{t, s}
	identify := fmt.Sprintf(`{"op":2,"d":{"token":%q,"properties":{},"intents":1}}`, s.Token())
	for i := range 3 {
		if i == 2 {
			_, plan := c.call("GET", "/gateway/bot", "")
			if start, _ := plan["session_start_limit"].(map[string]any); start["remaining"] != 0.0 {
				t.Errorf("plan %v", plan)
			}
		}
		g := dial(t, s, "/gateway")
		_, _ = g.read()
		g.write(identify)
		if _, err := g.read(); (err != nil) != (i == 2) {
			t.Errorf("IDENTIFY %d: %v", i, err)
		}
	}
	if status, _ := c.call("GET", "/users/@me", ""); status != 200 {
		t.Errorf("HTTP %d with the new token", status)
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]discordtest.Display{
		"**b** _i_ __u__ ~~s~~ `c`": {Text: "b i u s c", Styles: []string{"**", "_", "__", "~~", "`"}},
		`\*\*b\*\* \_ \a`:           {Text: `**b** _ \a`},
		"snake_case_name":           {Text: "snake_case_name"},
		"a *b* c":                   {Text: "a b c", Styles: []string{"*"}},
		"2 * 3 * 4":                 {Text: "2 * 3 * 4"},
		"**a\nb**":                  {Text: "a\nb", Styles: []string{"**"}},
		"||x||":                     {Text: "x", Styles: []string{"||"}, Live: []string{"spoiler"}},
		"<@1> <@&2> <#3>":           {Text: "⟦<@1>⟧ ⟦<@&2>⟧ ⟦<#3>⟧", Live: []string{"<@1>", "<@&2>", "<#3>"}},
		"@everyone :smile:":         {Text: "@everyone :smile:", Live: []string{"@everyone", ":smile:"}},
		"[a](https://b.example)":    {Text: "a (https://b.example)", Links: []string{"https://b.example"}, Unfolds: []string{"https://b.example"}},
		"[a [b]](<https://c.d/e>)":  {Text: "a [b] (https://c.d/e)", Links: []string{"https://c.d/e"}},
		"https://b.example.":        {Text: "https://b.example.", Links: []string{"https://b.example"}, Unfolds: []string{"https://b.example"}},
		"<https://b.example>":       {Text: "https://b.example", Links: []string{"https://b.example"}},
		"discord.gg/abc":            {Text: "discord.gg/abc", Unfolds: []string{"discord.gg/abc"}},
		"# t\ntext\n-# small":       {Text: "t\ntext\nsmall", Styles: []string{"#", "-#"}},
		"- a\n  - b\n3. c":          {Text: "• a\n  • b\n3. c", Styles: []string{"list", "list", "list"}},
		"> q\n> **r**\nt":           {Text: "> q\n> r\nt", Styles: []string{">", "**"}},
		"```go\nx := *p\n``` y":     {Text: "x := *p y", Styles: []string{"```"}},
		"`` a`b ``":                 {Text: " a`b ", Styles: []string{"`"}},
	} {
		got := discordtest.Render(content)
		got.Text, want.Text = strings.TrimRight(got.Text, " "), strings.TrimRight(want.Text, " ")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", content, diff)
		}
	}
}
