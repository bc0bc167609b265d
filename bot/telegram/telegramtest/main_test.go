package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"faqbot/bot/telegram/telegramtest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bot calls the API as a program without any library would.
type bot struct {
	t      *testing.T
	server *telegramtest.Server
	http   http.Client
}

func newBot(t *testing.T, o telegramtest.Options) (*bot, *telegramtest.Server) {
	t.Helper()
	s := telegramtest.New(t, o)
	b := &bot{t: t, server: s}
	t.Cleanup(b.http.CloseIdleConnections)
	return b, s
}

type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call makes a call; params are name, value, name, value.
func (b *bot) call(method string, params ...string) reply {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	return b.post(method, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (b *bot) post(method, kind string, body io.Reader) reply {
	b.t.Helper()
	response, err := b.http.Post(b.server.URL()+"/bot"+b.server.Token()+"/"+method, kind, body)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var out reply
	if err := json.NewDecoder(response.Body).Decode(&out); err != nil {
		b.t.Fatal(err)
	}
	if out.OK != (response.StatusCode == http.StatusOK) {
		b.t.Errorf("%s: status %d for %+v", method, response.StatusCode, out)
	}
	return out
}

// upload makes a call with a file.
func (b *bot) upload(method, field, name string, data []byte, params ...string) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(params); i += 2 {
		_ = w.WriteField(params[i], params[i+1])
	}
	part, _ := w.CreateFormFile(field, name)
	_, _ = part.Write(data)
	_ = w.Close()
	return b.post(method, w.FormDataContentType(), &body)
}

// must makes a call that has to succeed, and checks its result against the specification.
func (b *bot) must(result, method string, params ...string) json.RawMessage {
	b.t.Helper()
	r := b.call(method, params...)
	if !r.OK {
		b.t.Fatalf("%s: %d %s", method, r.Code, r.Description)
	}
	if problem := telegramtest.Check(result, r.Result); problem != "" {
		b.t.Errorf("%s answers what the specification does not know: %s\n%s", method, problem, r.Result)
	}
	return r.Result
}

// refused makes a call that has to fail with a code and a description that begins so; where violation is true the rules forbid it.
func (b *bot) refused(code int, description string, violation bool, method string, params ...string) reply {
	b.t.Helper()
	r := b.call(method, params...)
	if r.OK || r.Code != code || !strings.HasPrefix(r.Description, description) {
		b.t.Errorf("%s %q: %d %q, want %d %q", method, params, r.Code, r.Description, code, description)
	}
	if found := b.server.TakeViolations(); violation != (len(found) > 0) {
		b.t.Errorf("%s %q: violations %q", method, params, found)
	}
	return r
}

// newListener serves at an address until the test ends.
func newListener(t *testing.T, handle http.HandlerFunc) string {
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}
