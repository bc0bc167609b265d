package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Send implements [channel.Channel]. A message with attachments may take several calls; what of it was delivered is remembered, so that the
// next attempt under the same ID goes on from there. The ID returned is that of the part with the text and the buttons.
func (c *Channel) Send(ctx context.Context, m channel.Message) (channel.MessageID, error) {
	if err := checkAddress(m.To); err != nil {
		return "", err
	}
	parts := split(m)
	if len(parts) == 0 {
		return "", &channel.SendError{Fate: channel.Refused, Reason: "the message is empty"}
	}
	done, _ := c.partial.take(m)
	for i := len(done); i < len(parts); i++ {
		id, err := c.sendOpening(ctx, m, parts[i], i == 0)
		if err != nil {
			if len(done) > 0 {
				c.partial.keep(m, done)
			}
			return "", fate(err)
		}
		done = append(done, id)
	}
	for i, p := range parts {
		if p.main {
			return done[i], nil
		}
	}
	return done[0], nil
}

// part is what one call sends: a text, or an attachment with a caption or without.
type part struct {
	attachment *channel.Attachment
	text       rendered
	buttons    string
	main       bool
}

// split lays a message out in calls. A text that fits goes under the first attachment; else it comes last, so that its buttons stand at
// the end of the chat. A text that replaces another comes first.
func split(m channel.Message) []part {
	words := part{text: render(m.Content), buttons: keyboard(m.Buttons), main: true}
	empty := blank(words.text.plain)
	var parts []part
	for i := range m.Attachments {
		parts = append(parts, part{attachment: &m.Attachments[i]})
	}
	switch {
	case m.Replaces != "" && !empty:
		return append([]part{words}, parts...)
	case len(parts) == 0 && empty:
		return nil
	case len(parts) == 0:
		return []part{words}
	case empty:
		parts[len(parts)-1].buttons, parts[len(parts)-1].main = words.buttons, true
		return parts
	}
	if first := parts[0].attachment; first.Ref != "" && deliveryOf(*first).caption && channel.UTF16Length(words.text.plain) <= maxCaption {
		words.attachment = first
		parts[0] = words
		return parts
	}
	return append(parts, words)
}

func (c *Channel) sendPart(ctx context.Context, m channel.Message, p part, first bool) (channel.MessageID, error) {
	params := tgbotapi.Params{"chat_id": string(m.To.Chat)}
	params.AddNonEmpty("reply_markup", p.buttons)
	if p.main && m.Replaces != "" && p.attachment == nil {
		if id, err := c.edit(ctx, m, p, params); !errors.Is(err, errVanished) {
			return id, err
		}
	}
	params.AddNonEmpty("message_thread_id", string(m.To.Thread))
	params.AddBool("disable_notification", m.Quiet)
	if reply, err := strconv.ParseInt(string(m.ReplyTo), 10, 64); err == nil && first {
		raw, _ := json.Marshal(map[string]any{"message_id": reply, "allow_sending_without_reply": true})
		params["reply_parameters"] = string(raw)
	}
	if p.attachment != nil {
		return c.sendAttachment(ctx, p, params)
	}
	return c.sendText(ctx, "sendMessage", p.text, params)
}

// sendText sends or edits a text.
func (c *Channel) sendText(ctx context.Context, method string, r rendered, params tgbotapi.Params) (channel.MessageID, error) {
	preview := map[string]any{"is_disabled": true}
	if r.preview != "" {
		preview = map[string]any{"url": r.preview, "prefer_large_media": true}
	}
	raw, _ := json.Marshal(preview)
	params["link_preview_options"] = string(raw)
	return c.worded("text", r, params, func() (channel.MessageID, error) { return c.message(ctx, method, params) })
}

// worded makes a call with a text in one of its parameters. Markup that the platform does not take is our bug; the words still go out.
func (c *Channel) worded(field string, r rendered, params tgbotapi.Params, call func() (channel.MessageID, error)) (channel.MessageID, error) {
	params.AddNonEmpty(field, r.text)
	if !r.html {
		return call()
	}
	params["parse_mode"] = tgbotapi.ModeHTML
	id, err := call()
	if markupRefused(err) {
		c.log.Error("the platform does not take our markup", "error", asCallError(err).reason())
		params[field] = r.plain
		delete(params, "parse_mode")
		return call()
	}
	return id, err
}

func markupRefused(err error) bool {
	e := asCallError(err)
	return e != nil && e.code == http.StatusBadRequest && e.says("can't parse entities", "too long")
}

// message makes a call that results in a message.
func (c *Channel) message(ctx context.Context, method string, params tgbotapi.Params) (channel.MessageID, error) {
	var sent message
	if err := c.api.call(ctx, method, params, &sent); err != nil {
		return "", err
	}
	return messageID(sent.ID), nil
}

// errVanished says that the message to be replaced can no longer be.
var errVanished = errors.New("the message cannot be edited")

// edit replaces the text and buttons of an earlier message.
func (c *Channel) edit(ctx context.Context, m channel.Message, p part, params tgbotapi.Params) (channel.MessageID, error) {
	if _, err := strconv.ParseInt(string(m.Replaces), 10, 64); err != nil {
		return "", errVanished
	}
	params["message_id"] = string(m.Replaces)
	_, err := c.sendText(ctx, "editMessageText", p.text, params)
	e := asCallError(err)
	if e != nil && e.says("there is no text in the message") && channel.UTF16Length(p.text.plain) <= maxCaption {
		err = c.editCaption(ctx, p, params)
		e = asCallError(err)
	}
	switch {
	case err == nil, e != nil && e.says("message is not modified"):
		return m.Replaces, nil
	case e != nil && e.says("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID", "there is no text in the message", "there is no caption"):
		delete(params, "message_id")
		return "", errVanished
	}
	return "", err
}

// editCaption replaces the text under a picture or file.
func (c *Channel) editCaption(ctx context.Context, p part, params tgbotapi.Params) error {
	captioned := tgbotapi.Params{"chat_id": params["chat_id"], "message_id": params["message_id"]}
	captioned.AddNonEmpty("reply_markup", p.buttons)
	_, err := c.worded("caption", p.text, captioned, func() (channel.MessageID, error) { return c.message(ctx, "editMessageCaption", captioned) })
	return err
}

func (c *Channel) sendAttachment(ctx context.Context, p part, params tgbotapi.Params) (channel.MessageID, error) {
	a, d := *p.attachment, deliveryOf(*p.attachment)
	if d.field != "" && a.Ref == "" {
		return c.standIn(ctx, a, params)
	}
	return c.worded("caption", p.text, params, func() (channel.MessageID, error) {
		switch {
		case d.field == "":
			d.fill(params, a)
			return c.message(ctx, d.method, params)
		case a.Network == Network:
			_, params[d.field] = splitRef(a.Ref)
			return c.message(ctx, d.method, params)
		}
		id, err := c.upload(ctx, a, d, params)
		if e := asCallError(err); e != nil && d.field == "photo" && e.code == http.StatusBadRequest && e.says(noPicture...) {
			return c.upload(ctx, a, deliveries[channel.File], params)
		}
		return id, err
	})
}

// noPicture are refusals of what is not a picture after all, or not one of the platform's kind.
var noPicture = []string{"IMAGE_PROCESS_FAILED", "PHOTO_INVALID", "PHOTO_SAVE_FILE_INVALID"}

// standIn sends the words that stand in for something without a file.
func (c *Channel) standIn(ctx context.Context, a channel.Attachment, params tgbotapi.Params) (channel.MessageID, error) {
	text := strings.TrimSpace(a.Name + " " + a.Text)
	if text == "" {
		return "", &channel.SendError{Fate: channel.Refused, Reason: "the attachment holds nothing"}
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	return c.sendText(ctx, "sendMessage", rendered{text: cut(text, maxText), plain: text}, params)
}

// upload sends a file that came from elsewhere.
func (c *Channel) upload(ctx context.Context, a channel.Attachment, d delivery, params tgbotapi.Params) (channel.MessageID, error) {
	if a.Size > maxUpload {
		return "", &channel.SendError{Fate: channel.TooLong, Reason: "the file is larger than 50 MB"}
	}
	if c.options.SourceFunc == nil {
		return "", &channel.SendError{Fate: channel.Refused, Reason: "files of other networks cannot be opened here"}
	}
	content, err := c.options.SourceFunc(ctx, a)
	if err != nil {
		return "", err
	}
	defer content.Close()
	source := &source{Reader: io.LimitReader(content, maxUpload+1)}
	var sent message
	err = c.api.upload(ctx, d.method, params, tgbotapi.RequestFile{Name: d.field, Data: tgbotapi.FileReader{Name: fileName(a), Reader: source}}, &sent)
	switch failed, size := source.outcome(); {
	case err == nil:
		return messageID(sent.ID), nil
	case size > maxUpload:
		return "", &channel.SendError{Fate: channel.TooLong, Reason: "the file is larger than 50 MB"}
	case failed != nil:
		return "", failed // the form was never complete, so nothing was sent
	}
	return "", err
}

// source notes whether reading failed and how much was read. The library reads it in a goroutine of its own.
type source struct {
	io.Reader
	mu   sync.Mutex
	err  error
	read int64
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read += int64(n)
	if err != nil && err != io.EOF {
		s.err = err
	}
	if s.read > maxUpload {
		return n, errors.New("the file is too large")
	}
	return n, err
}

func (s *source) outcome() (error, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err, s.read
}

// Typing implements [channel.Typer].
func (c *Channel) Typing(ctx context.Context, to channel.Address) error {
	params := tgbotapi.Params{"chat_id": string(to.Chat), "action": tgbotapi.ChatTyping}
	params.AddNonEmpty("message_thread_id", string(to.Thread))
	return fate(c.api.call(ctx, "sendChatAction", params, nil))
}
