package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxAnswer bounds the body of an answer.
const maxAnswer = 32 << 20

// exchange is what happened on the wire of one call; the transport fills it in.
type exchange struct {
	status  int
	header  http.Header
	body    []byte
	html    bool
	refused bool  // the connection was never made, so nothing was sent
	broken  error // the answer broke off, or there was none
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// transport stands between the library and the network. It sends calls to the base address, reads the answer whole, turns an error that
// is not JSON (a proxy's, or the page of a banned address) into one that is, and hides rate limit headers from the library.
type transport struct {
	inner http.RoundTripper
	base  *url.URL
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	if x == nil {
		x = &exchange{}
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = t.base.Scheme, t.base.Host, t.base.Host
	if r.URL.RawPath != "" {
		r.URL.RawPath = strings.TrimRight(t.base.EscapedPath(), "/") + r.URL.RawPath
	}
	r.URL.Path = strings.TrimRight(t.base.Path, "/") + r.URL.Path
	if r.ContentLength == 0 {
		r.Body = http.NoBody
		r.Header.Del("Content-Type")
	}
	response, err := t.inner.RoundTrip(r)
	if err != nil {
		x.broken, x.refused = err, neverSent(err)
		return nil, err
	}
	x.status, x.header = response.StatusCode, response.Header.Clone()
	x.body, x.broken = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	_ = response.Body.Close()
	if x.broken != nil {
		return nil, x.broken
	}
	if x.status >= 400 && !isObject(x.body) {
		x.html = true
		x.body = []byte(`{"message":"` + http.StatusText(x.status) + `","code":0}`)
	}
	for name := range response.Header {
		if strings.HasPrefix(name, "X-Ratelimit-") {
			response.Header.Del(name)
		}
	}
	response.Body = io.NopCloser(bytes.NewReader(x.body))
	response.ContentLength = int64(len(x.body))
	return response, nil
}

func isObject(body []byte) bool {
	var o map[string]json.RawMessage
	return json.Unmarshal(body, &o) == nil && o != nil
}

// neverSent is true where no connection was made.
func neverSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

// cause is the text of what went wrong, without the address that was called.
func (x *exchange) cause(err error) string {
	if x.broken != nil {
		err = x.broken
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if err == nil {
		return "no answer"
	}
	return err.Error()
}

// closed is true where a connection that had been kept alive turned out to be closed, which happens after a 429.
func (x *exchange) closed(err error) bool {
	if x.broken != nil {
		err = x.broken
	}
	return x.status == 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE))
}

// retryAfter is what a 429 asks for: its body is exact, its header in whole seconds. An HTML 429 is Cloudflare's ban of the address.
func (x *exchange) retryAfter() time.Duration {
	var body struct {
		After float64 `json:"retry_after"`
	}
	if !x.html && json.Unmarshal(x.body, &body) == nil && body.After > 0 {
		return asSeconds(body.After)
	}
	if s, err := strconv.ParseFloat(x.header.Get("Retry-After"), 64); err == nil && s > 0 {
		return asSeconds(s)
	}
	if x.html {
		return 10 * time.Minute
	}
	return time.Second
}

func asSeconds(s float64) time.Duration {
	return min(time.Duration(min(s, 1e6)*float64(time.Second)), 24*time.Hour)
}
