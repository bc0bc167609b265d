package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// HTTPClient makes requests, as [http.Client] does.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// client makes calls to the Bot API.
type client struct {
	token   string
	base    string
	http    HTTPClient
	timeout time.Duration
}

// maxAnswer bounds an answer; the platform's longest, a batch of updates, is 4 MiB.
const maxAnswer = 32 << 20

func newClient(token, base string, o Options) *client {
	c := &client{token: token, base: base, http: o.HTTPClient, timeout: o.Timeout}
	if c.http == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = parallel
		// Without pings a connection that died under HTTP/2 would hold up every call until its own timeout.
		transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second}
		c.http = &http.Client{
			Transport: transport,
			// The address holds the token: it is not carried anywhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return c
}

// call makes a call and decodes its result, unless result is nil. Every error is a [callError].
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	return c.do(ctx, method, c.timeout, result, func(bot *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return bot.MakeRequest(method, params)
	})
}

// upload makes a call that carries a file.
func (c *client) upload(ctx context.Context, method string, params tgbotapi.Params, file tgbotapi.RequestFile, result any) error {
	return c.do(ctx, method, 5*c.timeout, result, func(bot *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return bot.UploadFiles(method, params, []tgbotapi.RequestFile{file})
	})
}

func (c *client) do(ctx context.Context, method string, timeout time.Duration, result any, request func(*tgbotapi.BotAPI) (*tgbotapi.APIResponse, error)) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	way := &way{ctx: ctx, client: c}
	bot := &tgbotapi.BotAPI{Token: c.token, Client: way}
	bot.SetAPIEndpoint(strings.ReplaceAll(c.base, "%", "%%") + "/bot%s/%s")
	response, err := request(bot)
	if err == nil && result != nil {
		if err = json.Unmarshal(response.Result, result); err != nil {
			err = fmt.Errorf("decode the result: %w", err)
		}
	}
	if err == nil {
		return nil
	}
	failed := &callError{method: method, cause: c.redact(err), sent: way.sent}
	var refused *tgbotapi.Error
	if errors.As(err, &refused) {
		// An upload's error has lost its code, though not what came with it; the way there has seen the code.
		failed.code, failed.description, failed.sent = way.code, refused.Message, true
		failed.retryAfter = time.Duration(refused.RetryAfter) * time.Second
		failed.movedTo = refused.MigrateToChatID
	}
	return failed
}

// redact keeps the token out of an error's text.
func (c *client) redact(err error) error {
	if text := err.Error(); strings.Contains(text, c.token) {
		return errors.New(strings.ReplaceAll(text, c.token, "TOKEN"))
	}
	return err
}

// callError is a call that did not succeed.
type callError struct {
	method string
	// code is the platform's or a proxy's, 0 where no answer could be read.
	code        int
	description string
	retryAfter  time.Duration
	movedTo     int64
	// sent says that the call may have reached the platform.
	sent  bool
	cause error
}

func (e *callError) Error() string {
	switch {
	case e.code != 0:
		return fmt.Sprintf("%s: %d %s", e.method, e.code, e.description)
	default:
		return fmt.Sprintf("%s: %v", e.method, e.cause)
	}
}

func (e *callError) Unwrap() error { return e.cause }

func asCallError(err error) *callError {
	var e *callError
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// way is the path of one call. The library takes no context and hides statuses, so both are bound here.
type way struct {
	ctx    context.Context
	client *client
	sent   bool
	code   int
}

// Do implements the library's HTTPClient. It returns an answer that the library can read, or an error without the address in it.
func (w *way) Do(request *http.Request) (*http.Response, error) {
	asked, wrote := false, false
	request = request.WithContext(httptrace.WithClientTrace(w.ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { asked = true },
		WroteHeaders: func() { wrote = true },
	}))
	response, err := w.client.http.Do(request)
	if err != nil {
		err = bare(err)
		var network *net.OpError
		dialed := errors.As(err, &network) && network.Op == "dial"
		w.sent = !dialed && (wrote || !asked)
		return nil, err
	}
	defer response.Body.Close()
	w.sent = true
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", bare(err))
	}
	w.code = response.StatusCode
	if response.StatusCode >= http.StatusMultipleChoices {
		body = w.refusal(response, body)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// refusal is the platform's own error where the body is one, else one made of the status: proxies answer with pages.
func (w *way) refusal(response *http.Response, body []byte) []byte {
	var answer tgbotapi.APIResponse
	if err := json.Unmarshal(body, &answer); err == nil && !answer.Ok && answer.ErrorCode != 0 {
		w.code = answer.ErrorCode
		return body
	}
	answer = tgbotapi.APIResponse{ErrorCode: response.StatusCode, Description: http.StatusText(response.StatusCode) + " (not from the platform itself)"}
	if seconds, err := time.ParseDuration(response.Header.Get("Retry-After") + "s"); err == nil && seconds > 0 {
		answer.Parameters = &tgbotapi.ResponseParameters{RetryAfter: int(seconds.Seconds())}
	}
	body, _ = json.Marshal(answer)
	return body
}

// bare takes off the part of a network error that repeats the address, in which the token stands.
func bare(err error) error {
	var address *url.Error
	if errors.As(err, &address) {
		return address.Err
	}
	return err
}

// download opens a file of the platform's; the caller closes it. The platform's own library fixes the host, so the address is built here.
func (c *client) download(ctx context.Context, path string) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	address := c.base + "/file/bot" + c.token + "/" + (&url.URL{Path: path}).EscapedPath()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		cancel()
		return nil, &callError{method: "download", cause: c.redact(bare(err))}
	}
	late := time.AfterFunc(c.timeout, cancel)
	response, err := c.http.Do(request)
	if err != nil {
		cancel()
		return nil, &callError{method: "download", cause: c.redact(bare(err))}
	}
	late.Stop()
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		cancel()
		return nil, &callError{method: "download", code: response.StatusCode, description: http.StatusText(response.StatusCode), sent: true}
	}
	return &body{response.Body, cancel}, nil
}

// body ends its request when it is closed.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
