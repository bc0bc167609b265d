package telegram

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// Waits that are told where the platform does not say how long.
const (
	waitToken   = time.Minute
	waitDefault = time.Second
)

// gone are refusals that hold for the chat for good. Every 403 is one; these come as 400. A topic that was deleted or closed is not among
// them: what waits for the other topics of its group must still go out, so it is refused alone.
var gone = []string{"chat not found", "user not found", "PEER_ID_INVALID", "the group chat was deleted", "CHANNEL_PRIVATE", "group is deactivated"}

// tooLong are refusals of a size.
var tooLong = []string{"message is too long", "caption is too long", "MESSAGE_TOO_LONG", "CAPTION_TOO_LONG", "too big", "REPLY_MARKUP_TOO_LONG", "markup is too long"}

// fate says what became of a call, in the terms that the core acts on. A call that never reached the platform has no fate: it is retried
// with growing waits, however long the network is down.
func fate(err error) error {
	e := asCallError(err)
	if e == nil || e.code == 0 && !e.sent {
		return err
	}
	out := &channel.SendError{Fate: channel.Refused, Reason: e.reason()}
	switch {
	case e.code == 0, e.code >= http.StatusInternalServerError, e.code < http.StatusBadRequest:
		out.Fate = channel.Unknown
	case e.retryAfter > 0 || e.code == http.StatusTooManyRequests:
		out.Fate, out.After = channel.Wait, max(e.retryAfter, waitDefault)
	case e.code == http.StatusUnauthorized, e.code == http.StatusNotFound:
		out.Fate, out.After = channel.Wait, waitToken // the message is good: the token is not
	case e.movedTo != 0: // refused here; the core sends it there
		out.MovedTo = channel.ChatID(strconv.FormatInt(e.movedTo, 10))
	case e.code == http.StatusForbidden, e.says(gone...):
		out.Fate = channel.Gone
	case e.code == http.StatusRequestEntityTooLarge, e.says(tooLong...):
		out.Fate = channel.TooLong
	}
	return out
}

// reason is safe to show and to log: the platform's descriptions name what it minds, never the text itself, but for addresses that it
// quotes and places in markup.
func (e *callError) reason() string {
	if e.code == 0 {
		return e.Error()
	}
	description, _, _ := strings.Cut(e.description, " \"")
	return e.method + ": " + strconv.Itoa(e.code) + " " + description
}

// says reports whether the platform's description holds one of the texts.
func (e *callError) says(texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(e.description), strings.ToLower(text)) {
			return true
		}
	}
	return false
}
