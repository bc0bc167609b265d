package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"faqbot/bot/channel"

	"github.com/bwmarrin/discordgo"
)

// outgoing is the body of every message, edit and answer. The library's own type cannot say enforce_nonce, and writes null where an empty
// list is meant: null in allowed_mentions makes @everyone live.
type outgoing struct {
	Content      string         `json:"content"`
	Mentions     mentions       `json:"allowed_mentions"`
	Components   []row          `json:"components"`
	Embeds       []embed        `json:"embeds"`
	Flags        int            `json:"flags,omitempty"`
	Nonce        string         `json:"nonce,omitempty"`
	EnforceNonce bool           `json:"enforce_nonce,omitempty"`
	Reference    *reference     `json:"message_reference,omitempty"`
	Attachments  []attachmentID `json:"attachments,omitempty"`
	files        []*discordgo.File
}

// mentions lets nothing in a text mention anybody, but for exactly those whom we call.
type mentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users,omitempty"`
	RepliedUser bool     `json:"replied_user"`
}

type row struct {
	Type       int      `json:"type"`
	Components []button `json:"components"`
}

type button struct {
	Type     int    `json:"type"`
	Style    int    `json:"style"`
	Label    string `json:"label"`
	CustomID string `json:"custom_id,omitempty"`
	URL      string `json:"url,omitempty"`
}

type embed struct {
	Image struct {
		URL string `json:"url"`
	} `json:"image"`
}

type reference struct {
	Message string `json:"message_id"`
	Fail    bool   `json:"fail_if_not_exists"`
}

type attachmentID struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
}

const (
	componentRow    = 1
	componentButton = 2
	styleSecondary  = 2
	styleLink       = 5

	flagNoEmbeds = 1 << 2
	flagSilent   = 1 << 12
)

// Send implements [channel.Channel].
func (c *Channel) Send(ctx context.Context, m channel.Message) (channel.MessageID, error) {
	to := place(m)
	if !isSnowflake(to) {
		return "", &channel.SendError{Fate: channel.Refused, Reason: "this address is not one of Discord's"}
	}
	if isBeside(m.To, m.Replaces) {
		return c.editCard(ctx, m)
	}
	body, err := c.compose(ctx, m)
	if err != nil {
		return "", err
	}
	if m.Replaces != "" {
		return c.edit(ctx, to, m, body)
	}
	if id, done, err := c.reply(ctx, m, body); done || err != nil {
		return id, fate(err, m.To)
	}
	return c.post(ctx, to, m, body)
}

// place is the channel or thread that a message goes to, or that the one it replaces is in. A thread has the ID of the card that it hangs under,
// which itself is in the channel.
func place(m channel.Message) string {
	if m.Replaces != "" && string(m.Replaces) == string(m.To.Thread) {
		return string(m.To.Chat)
	}
	return target(m.To)
}

// target is the channel or thread of an address.
func target(a channel.Address) string {
	if a.Thread != "" {
		return string(a.Thread)
	}
	return string(a.Chat)
}

// post writes to a channel under the message's own key, so that a repeated try is shown once.
func (c *Channel) post(ctx context.Context, to string, m channel.Message, body outgoing) (channel.MessageID, error) {
	if m.ID != "" {
		body.Nonce, body.EnforceNonce = nonce(m.ID), true
	}
	if isSnowflake(string(m.ReplyTo)) && string(m.ReplyTo) != to { // a thread's card is in another channel
		body.Reference = &reference{Message: string(m.ReplyTo)}
	}
	q := request{method: http.MethodPost, path: "channels/" + to + "/messages", body: body}
	id, err := c.opening(ctx, m.To, func() (channel.MessageID, error) {
		id, err := c.deliver(ctx, q, body)
		if e := asError(err); e != nil && e.closed && body.EnforceNonce && ctx.Err() == nil {
			return c.deliver(ctx, q, body) // a kept connection was closed under us; the key makes this safe
		}
		return id, err
	})
	if e := asError(err); e != nil && e.garbled {
		return c.readBack(ctx, to, body), nil
	}
	return id, fate(err, m.To)
}

// readBack finds a message that was certainly sent though the answer could not be read. An ID is needed even where it is not found.
func (c *Channel) readBack(ctx context.Context, to string, body outgoing) channel.MessageID {
	if id := c.findOwn(ctx, to, body.Content); id != "" {
		return id
	}
	return channel.MessageID("sent-" + body.Nonce) // no snowflake, so an edit of it is refused
}

// findOwn looks for a message of ours with this content among the newest of a channel.
func (c *Channel) findOwn(ctx context.Context, to, content string) channel.MessageID {
	me, err := c.me(ctx)
	if err != nil {
		return ""
	}
	var recent []fields
	q := request{method: http.MethodGet, path: "channels/" + to + "/messages?limit=20", route: "channels/" + to + "/messages"}
	if c.rest.call(ctx, q, &recent) != nil {
		return ""
	}
	for _, f := range recent {
		if f.user("author").id == me.user && f.text("content") == trimContent(content) {
			return channel.MessageID(f.id("id"))
		}
	}
	return ""
}

// edit replaces a message of ours. In an archived thread that takes opening it first.
func (c *Channel) edit(ctx context.Context, to string, m channel.Message, body outgoing) (channel.MessageID, error) {
	if !isSnowflake(string(m.Replaces)) {
		return "", &channel.SendError{Fate: channel.Refused, Reason: "the message to edit is not known"}
	}
	body.Flags &= flagNoEmbeds
	q := request{method: http.MethodPatch, path: "channels/" + to + "/messages/" + string(m.Replaces), route: "channels/" + to + "/messages/{}", body: body}
	_, err := c.opening(ctx, m.To, func() (channel.MessageID, error) { return c.deliver(ctx, q, body) })
	if e := asError(err); e != nil && e.garbled {
		err = nil
	}
	if err != nil {
		return "", fate(err, m.To)
	}
	return m.Replaces, nil
}

// deliver makes the call and reads the message's ID.
func (c *Channel) deliver(ctx context.Context, q request, body outgoing) (channel.MessageID, error) {
	if len(body.files) > 0 {
		q.files, q.timeout = body.files, c.timing.upload
		for _, f := range q.files {
			if err := rewind(f); err != nil {
				return "", err
			}
		}
	}
	var sent fields
	if err := c.rest.call(ctx, q, &sent); err != nil {
		return "", err
	}
	if sent.id("id") == "" {
		return "", &apiError{route: q.label(), status: http.StatusOK, garbled: true}
	}
	return channel.MessageID(sent.id("id")), nil
}

// compose makes the body of a message.
func (c *Channel) compose(ctx context.Context, m channel.Message) (outgoing, error) {
	o := outgoing{Mentions: mentions{Parse: []string{}, Users: calledIn(m.Content)}, Components: rows(m.Buttons), Embeds: images(m.Content)}
	var err error
	var named []string
	if o.files, named, err = c.attach(ctx, m.Attachments); err != nil {
		return o, err
	}
	for i, f := range o.files {
		o.Attachments = append(o.Attachments, attachmentID{fmt.Sprint(i), f.Name})
	}
	o.Content = Render(m.Content)
	for _, line := range named {
		o.Content = strings.TrimPrefix(o.Content+"\n"+Render(channel.PlainDocument(line)), "\n")
	}
	if n := utf8.RuneCountInString(o.Content); n > maxContent {
		return o, &channel.SendError{Fate: channel.TooLong, Reason: fmt.Sprintf("%d characters with markup, %d are allowed", n, maxContent)}
	}
	if trimContent(o.Content) == "" && len(o.Embeds) == 0 && len(o.files) == 0 {
		return o, &channel.SendError{Fate: channel.Refused, Reason: "there is nothing to show"}
	}
	if !hasLinks(m.Content) {
		o.Flags |= flagNoEmbeds
	}
	if m.Quiet {
		o.Flags |= flagSilent
	}
	return o, nil
}

// forHook is the body for an interaction, which knows neither keys nor replies.
func (o outgoing) forHook(edit bool) outgoing {
	o.Nonce, o.EnforceNonce, o.Reference = "", false, nil
	if edit {
		o.Flags &= flagNoEmbeds
	}
	return o
}

// rows lays buttons out, five in a row. A button that Discord would refuse is left out: a second one with the same action, or a link that
// is too long or no web address.
func rows(buttons []channel.Button) []row {
	out := []row{}
	seen := map[string]bool{}
	for _, b := range buttons {
		shown, ok := asButton(b)
		if !ok || shown.CustomID != "" && seen[shown.CustomID] {
			continue
		}
		seen[shown.CustomID] = true
		if len(out) == 0 || len(out[len(out)-1].Components) == rowButtons {
			if len(out) == maxButtons/rowButtons {
				break
			}
			out = append(out, row{Type: componentRow})
		}
		last := &out[len(out)-1]
		last.Components = append(last.Components, shown)
	}
	return out
}

func asButton(b channel.Button) (button, bool) {
	label := strings.TrimSpace(cut(b.Label, maxLabel))
	if label == "" {
		label = "…"
	}
	out := button{Type: componentButton, Style: styleSecondary, Label: label}
	if b.Action != "" {
		out.CustomID = b.Action
		return out, utf8.RuneCountInString(b.Action) <= maxToken
	}
	u, err := url.Parse(b.URL)
	out.Style, out.URL = styleLink, b.URL
	return out, err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && utf8.RuneCountInString(b.URL) <= maxAddress
}

// images are shown as embeds; their address stands in the text as well.
func images(d channel.Document) []embed {
	out := []embed{}
	for _, s := range d.Images() {
		if len(out) == maxEmbeds || !strings.HasPrefix(s.URL, "http") || len(s.URL) > 2048 {
			continue
		}
		var e embed
		e.Image.URL = s.URL
		out = append(out, e)
	}
	return out
}

// nonce is a message's key, at most 25 characters: the same on every try.
func nonce(id string) string {
	if len(id) <= maxNonce && isPlainKey(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:maxNonce]
}

func isPlainKey(id string) bool {
	for _, r := range id {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

// cut shortens a text to so many characters.
func cut(s string, n int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// trimContent is what Discord keeps of a content.
func trimContent(s string) string { return strings.TrimSpace(s) }
