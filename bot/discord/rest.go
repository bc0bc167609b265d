package discord

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// rest makes calls through the library with everything turned off that it does of its own accord: its retries (a 429 without end, a 502 as
// a duplicate), and its rate limiter (it sleeps without a context and keeps a bucket per address for ever).
type rest struct {
	session *discordgo.Session
	limiter *limiter
	guard   *guard
	timing  *timing
	token   string
	base    *url.URL
	inner   http.RoundTripper
}

func newRest(s Settings, base *url.URL, inner http.RoundTripper, log *slog.Logger, t *timing) (*rest, error) {
	if inner == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = 64
		own.IdleConnTimeout = 30 * time.Second
		own.ResponseHeaderTimeout = time.Minute
		inner = own
	}
	r := &rest{limiter: newLimiter(s.Rate), guard: newGuard(log), timing: t, token: s.Token, base: base, inner: inner}
	session, err := r.newSession()
	if err != nil {
		return nil, err
	}
	session.Client = &http.Client{Transport: &transport{inner: inner, base: base}, CheckRedirect: noRedirect}
	r.session = session
	return r, nil
}

// newSession makes a session of the library that does nothing by itself.
func (r *rest) newSession() (*discordgo.Session, error) {
	s, err := discordgo.New("Bot " + r.token)
	if err != nil {
		return nil, errors.New("discord: the library refuses the token")
	}
	s.SyncEvents = true
	s.StateEnabled = false
	s.ShouldReconnectOnError = false
	s.ShouldReconnectVoiceOnSessionError = false
	s.ShouldRetryOnRateLimit = false
	s.MaxRestRetries = 0
	s.Compress = false
	s.LogLevel = -1 // its messages hold addresses with tokens
	s.UserAgent = "DiscordBot (https://github.com/bwmarrin/discordgo, v" + discordgo.VERSION + ") faqbot"
	return s, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (r *rest) idle() {
	if t, ok := r.inner.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// request is one call. Path is below the API's version, without a slash before it.
type request struct {
	method, path string
	body         any
	files        []*discordgo.File
	// route names what shares a rate limit: the path with the ID of a channel, server or webhook; "" is the path.
	route string
	// free is for calls that no global limit holds for (interactions), hook for those whose 401 is not about the bot's token.
	free, hook bool
	timeout    time.Duration
}

// read gets a resource.
func (r *rest) read(ctx context.Context, path string, into any) error {
	return r.call(ctx, request{method: http.MethodGet, path: path}, into)
}

// call makes one call once. Its errors are *apiError; none holds a token.
func (r *rest) call(ctx context.Context, q request, into any) error {
	if q.route == "" {
		q.route, _, _ = strings.Cut(q.path, "?")
	}
	q.route = q.method + " " + q.route
	if err := r.guard.allow(time.Now()); err != nil {
		return err
	}
	kind, raw, err := q.encode()
	if err != nil {
		return err
	}
	if err := r.limiter.wait(ctx, q); err != nil {
		return err
	}
	x := &exchange{}
	defer r.limiter.done(q, x)
	timeout := q.timeout
	if timeout == 0 {
		timeout = r.timing.call
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	bucket := &discordgo.Bucket{} // thrown away: the library's own are never forgotten
	bucket.Lock()
	address := discordgo.EndpointAPI + q.path
	answer, err := r.session.RequestWithLockedBucket(q.method, address, kind, raw, bucket, 0, discordgo.WithContext(withExchange(ctx, x)))
	r.guard.note(time.Now(), x, q.hook)
	return r.outcome(q, x, answer, err, into)
}

func (q request) encode() (kind string, raw []byte, err error) {
	switch {
	case len(q.files) > 0:
		return discordgo.MultipartBodyWithJSON(q.body, q.files)
	case q.body == nil:
		return "application/json", nil, nil
	}
	raw, err = json.Marshal(q.body)
	return "application/json", raw, err
}

// outcome turns what happened on the wire into an error or a result; the library's own error is not looked at, for it loses the status
// of some answers and keeps tokens in its text.
func (r *rest) outcome(q request, x *exchange, answer []byte, err error, into any) error {
	switch {
	case x.status == 0 || x.broken != nil:
		return &apiError{route: q.label(), lost: r.redact(x.cause(err)), certain: x.refused, closed: x.closed(err)}
	case x.status >= 300:
		e := &apiError{route: q.label(), status: x.status, html: x.html}
		e.read(x.body)
		if x.status == http.StatusTooManyRequests {
			e.after = x.retryAfter()
		}
		return e
	case into == nil || x.status == http.StatusNoContent:
		return nil
	}
	if len(answer) == 0 {
		answer = x.body
	}
	if json.Unmarshal(answer, into) != nil {
		return &apiError{route: q.label(), status: x.status, garbled: true}
	}
	return nil
}

// label is the route without what is secret or personal: IDs become {}, tokens too.
func (q request) label() string {
	method, route, _ := strings.Cut(q.route, " ")
	parts := strings.Split(route, "/")
	for i, p := range parts {
		if isSnowflake(p) || len(p) > 24 {
			parts[i] = "{}"
		}
	}
	return method + " " + strings.Join(parts, "/")
}

// retry makes a call again that may be repeated safely, while its failure is a passing one. It gives up with the context or after a
// few tries.
func (r *rest) retry(ctx context.Context, q request, into any) error {
	const tries = 4
	for try := 1; ; try++ {
		err := r.call(ctx, q, into)
		pause, again := again(err)
		if !again || try == tries || ctx.Err() != nil {
			return err
		}
		if sleep(ctx, max(pause, r.timing.pause<<try/8)) != nil {
			return err
		}
	}
}

// again says whether a call may succeed later, and when at the earliest.
func again(err error) (time.Duration, bool) {
	var wait *waitError
	if errors.As(err, &wait) {
		return wait.after, wait.after < time.Minute
	}
	e := asError(err)
	if e == nil || !e.passing() || e.after > time.Minute {
		return 0, false
	}
	return e.after, true
}

// sleep waits, or ends with the context.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// redact removes the bot's token from a text; interaction tokens are never in one, because addresses are taken out of errors whole.
func (r *rest) redact(text string) string { return strings.ReplaceAll(text, r.token, "[token]") }

func drain(body io.ReadCloser) {
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 1<<16))
	_ = body.Close()
}
