package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// The error codes of Discord that are acted on.
const (
	codeAcknowledged      = 40060
	codeUnknownChannel    = 10003
	codeUnknownMessage    = 10008
	codeUnknownHook       = 10015
	codeUnknownInteract   = 10062
	codeTooLarge          = 40005
	codeBadHookToken      = 50027
	codeBadForm           = 50035
	codeArchived          = 50083
	codeHasThread         = 160004
	codeLocked            = 160005
	codeTooManyThreads    = 160006
	codeBodyTooLargeProxy = http.StatusRequestEntityTooLarge
)

// apiError is a call that did not succeed. Its text holds no token, no address and nothing that people wrote.
type apiError struct {
	route   string
	status  int
	code    int
	message string
	places  []string      // of what a form got wrong
	after   time.Duration // of a 429
	global  bool
	html    bool   // the answer was no JSON
	lost    string // there was no answer, or it broke off
	certain bool   // nothing was sent
	closed  bool   // the connection had been closed before
	garbled bool   // a good status with a body that cannot be read
}

func (e *apiError) Error() string {
	switch {
	case e.lost != "":
		return fmt.Sprintf("discord: %s: %s", e.route, e.lost)
	case e.garbled:
		return fmt.Sprintf("discord: %s: HTTP %d with an answer that cannot be read", e.route, e.status)
	}
	text := fmt.Sprintf("discord: %s: HTTP %d, code %d: %s", e.route, e.status, e.code, e.message)
	if len(e.places) > 0 {
		text += " (" + strings.Join(e.places, ", ") + ")"
	}
	return text
}

// read takes what is safe to show from an error body: its code, its fixed message, and where a form was wrong.
func (e *apiError) read(body []byte) {
	var b struct {
		Code    int                        `json:"code"`
		Message string                     `json:"message"`
		Global  bool                       `json:"global"`
		Errors  map[string]json.RawMessage `json:"errors"`
	}
	_ = json.Unmarshal(body, &b) // what cannot be read is left out
	e.code, e.global, e.message = b.Code, b.Global, b.Message
	if len(e.message) > 120 {
		e.message = e.message[:120]
	}
	for place := range b.Errors {
		e.places = append(e.places, place)
	}
	sort.Strings(e.places)
}

// passing is true where the same call may succeed later and repeating it harms nobody.
func (e *apiError) passing() bool {
	return e.lost != "" || e.status == http.StatusTooManyRequests || e.status >= 500
}

// unauthorized is a refusal of the bot's own token.
func (e *apiError) unauthorized() bool { return e.status == http.StatusUnauthorized }

// asError is the API's refusal in an error, nil where there is none.
func asError(err error) *apiError {
	var e *apiError
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// isCode reports whether an error is Discord's with one of these codes.
func isCode(err error, codes ...int) bool {
	e := asError(err)
	if e == nil {
		return false
	}
	for _, code := range codes {
		if e.code == code {
			return true
		}
	}
	return false
}

// fate turns an error of a send into what the core acts on.
func fate(err error, to channel.Address) error {
	var wait *waitError
	if errors.As(err, &wait) {
		return &channel.SendError{Fate: channel.Wait, After: max(wait.after, time.Second), Reason: wait.reason}
	}
	e := asError(err)
	if e == nil {
		return err
	}
	send := &channel.SendError{Fate: e.fate(to), Reason: strings.TrimPrefix(e.Error(), "discord: ")}
	if send.Fate == "" {
		return err
	}
	if send.Fate == channel.Wait {
		send.After = max(e.after, 10*time.Millisecond)
	}
	return send
}

func (e *apiError) fate(to channel.Address) channel.Fate {
	switch {
	case e.certain, e.unauthorized():
		return "" // not delivered, and it may be later: retried with a cap
	case e.lost != "", e.garbled, e.status >= 500:
		return channel.Unknown
	case e.status == http.StatusTooManyRequests:
		return channel.Wait
	case e.status == codeBodyTooLargeProxy, e.code == codeTooLarge, e.code == codeBadForm && contains(e.places, "content"):
		return channel.TooLong
	case to.Thread != "" && lostThread[e.code]:
		return channel.Lost
	case e.status == http.StatusForbidden && to.Private, e.code == codeUnknownChannel:
		return channel.Gone
	}
	return channel.Refused
}

// lostThread are refusals of a thread that was deleted, or that takes no message and could not be opened.
var lostThread = map[int]bool{codeUnknownChannel: true, codeArchived: true, codeLocked: true, codeTooManyThreads: true}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// waitError is a call that was not made, because it would have been refused.
type waitError struct {
	after  time.Duration
	reason string
}

func (e *waitError) Error() string { return fmt.Sprintf("discord: wait %v: %s", e.after, e.reason) }
