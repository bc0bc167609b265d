package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"faqbot/faq/fault"
)

// maxBody is the most that a request may hold, in bytes.
const maxBody = 64 << 10

func (c *Channel) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.pages.serve)
	for _, a := range c.pages.assets {
		mux.Handle("GET "+a.path, a)
	}
	mux.Handle("/chat/settings", c.api(http.MethodGet, c.serveSettings))
	mux.Handle("/chat/session", c.api(http.MethodPost, c.serveSession))
	mux.Handle("/chat/events", c.api(http.MethodPost, c.serveEvent))
	mux.Handle("/chat/typing", c.api(http.MethodPost, c.serveTyping))
	mux.Handle("/chat/history", c.api(http.MethodGet, c.serveHistory))
	mux.Handle("/chat/stream", c.api(http.MethodGet, c.serveStream))
	return mux
}

// api is what all parts of the protocol share: who may ask, how often, and how errors are told.
func (c *Channel) api(method string, serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		var err error
		switch {
		case !c.gate.origins.admit(w, r):
			err = fault.New(fault.Forbidden, "this site is not among the allowed sites")
		case r.Method == http.MethodOptions:
			preflight(w)
		case r.Method != method:
			h.Set("Allow", method+", OPTIONS")
			err = errMethod
		default:
			if err = slow(c.gate.addresses.take(c.gate.remoteKey(r))); err == nil {
				err = serve(w, r)
			}
		}
		if err != nil {
			c.fail(w, r, err)
		}
	})
}

var (
	errMethod   = &wireError{http.StatusMethodNotAllowed, "this address is used another way"}
	errNoToken  = &wireError{http.StatusUnauthorized, "this conversation is not known; begin a new one"}
	errTooLarge = &wireError{http.StatusRequestEntityTooLarge, "the request is too large"}
	errNotJSON  = &wireError{http.StatusUnsupportedMediaType, "send JSON"}
)

// slowDown asks to come back.
type slowDown struct{ after time.Duration }

func (e *slowDown) Error() string { return "too much at once; come back in a moment" }

func slow(after time.Duration) error {
	if after <= 0 {
		return nil
	}
	return &slowDown{after}
}

// away says that the bot cannot take anything now.
func away() error {
	return fault.New(fault.Unavailable, "the bot is starting or stopping; come back in a moment")
}

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Forbidden: http.StatusForbidden, fault.Unavailable: http.StatusServiceUnavailable,
}

// wireError is an error that has a status of HTTP but no kind.
type wireError struct {
	status  int
	message string
}

func (e *wireError) Error() string { return e.message }

// fail tells the page what went wrong. An error without a kind is ours: the page repeats what it sent, the log has the reason.
func (c *Channel) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, message := http.StatusServiceUnavailable, "the bot cannot take this now; come back in a moment"
	var slow *slowDown
	var other *wireError
	if known, ok := statuses[fault.KindOf(err)]; ok {
		status, message = known, fault.Message(err)
	} else if errors.As(err, &other) {
		status, message = other.status, other.message
	} else if errors.As(err, &slow) {
		status, message = http.StatusTooManyRequests, slow.Error()
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(slow.after.Seconds()))))
	} else if r.Context().Err() == nil {
		c.log.WarnContext(r.Context(), "web chat: request failed", "path", r.URL.Path, "error", err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	c.reply(w, status, struct {
		Error string `json:"error"`
	}{message})
}

func (c *Channel) reply(w http.ResponseWriter, status int, v any) {
	data, err := encode(v)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":"internal"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(data) // whoever hung up asks again
}

// read decodes the body of a request. The type of content is checked because a form of another site can send every other one unasked.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	if !isJSON(r.Header.Get("Content-Type")) {
		return errNotJSON
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return errTooLarge
	case err != nil:
		return fault.Wrap(fault.Invalid, err, "the request was cut off")
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fault.Wrap(fault.Invalid, err, "the request is not the JSON that is wanted here")
	}
	return nil
}

func (c *Channel) serveSettings(w http.ResponseWriter, _ *http.Request) error {
	c.reply(w, http.StatusOK, struct {
		Business string `json:"business"`
	}{c.settings.BusinessName})
	return nil
}

func (c *Channel) notice(ctx context.Context) string {
	if c.settings.Notice == nil {
		return ""
	}
	return c.settings.Notice(ctx)
}
