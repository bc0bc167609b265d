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

// gone are refusals that hold for the chat for good. Every 403 is one; these come as 400.
var gone = []string{"chat not found", "user not found", "PEER_ID_INVALID", "the group chat was deleted", "CHANNEL_PRIVATE", "group is deactivated"}

// lost are refusals of a topic that was deleted, or never was one, or is closed to the bot: what waits for the other topics of its group still goes
// out. The first is the platform's answer to a message, the others to calls about topics; which one comes depends on who finds out, the Bot API's
// server or the platform behind it.
var lost = []string{
	"message thread not found", "message thread identifier", "TOPIC_DELETED", "TOPIC_ID_INVALID", "forum topic identifier", "topic not found", topicClosed,
}

const topicClosed = "TOPIC_CLOSED"

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
	case e.says(lost...):
		out.Fate = channel.Lost
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
func (e *callError) says(texts ...string) bool { return says(e.description, texts...) }

func says(description string, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(description), strings.ToLower(text)) {
			return true
		}
	}
	return false
}
