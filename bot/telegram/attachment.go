package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq/fault"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// The platform sends these two by calls of their own, though the core has no names for them: a Ref begins with such a prefix.
const (
	notePrefix      = "video_note:"
	animationPrefix = "animation:"
)

// attachments are the files, places and numbers in a message.
func (m *message) attachments() []channel.Attachment {
	one := func(media channel.Media, f *file) []channel.Attachment {
		return []channel.Attachment{{Network: Network, Media: media, Ref: f.ID, Name: clean(f.Name), Type: clean(f.Type), Size: max(0, f.Size)}}
	}
	prefixed := func(prefix string, f *file) []channel.Attachment {
		out := one(channel.Video, f)
		out[0].Ref = prefix + f.ID
		return out
	}
	switch {
	case len(m.Photo) > 0:
		return one(channel.Photo, largest(m.Photo))
	case m.Animation != nil: // comes with a document, for old bots
		return prefixed(animationPrefix, m.Animation)
	case m.Document != nil:
		return one(channel.File, m.Document)
	case m.Voice != nil:
		return one(channel.Voice, m.Voice)
	case m.Audio != nil:
		return one(channel.Audio, m.Audio)
	case m.Video != nil:
		return one(channel.Video, m.Video)
	case m.VideoNote != nil:
		return prefixed(notePrefix, m.VideoNote)
	case m.Sticker != nil:
		out := one(channel.Sticker, &m.Sticker.file)
		out[0].Text = clean(m.Sticker.Emoji)
		return out
	}
	return m.textual()
}

// textual are attachments without a file.
func (m *message) textual() []channel.Attachment {
	a := channel.Attachment{Network: Network}
	switch {
	case m.Location != nil: // a venue comes with one
		a.Media, a.Text = channel.Place, coordinates(m.Location.Latitude, m.Location.Longitude)
		if m.Venue != nil {
			a.Name = clean(strings.Trim(m.Venue.Title+", "+m.Venue.Address, ", "))
		}
	case m.Contact != nil:
		a.Media, a.Text = channel.Contact, clean(m.Contact.Number)
		a.Name = clean(strings.TrimSpace(m.Contact.FirstName + " " + m.Contact.LastName))
	case m.Poll != nil:
		a.Media, a.Text = channel.OtherMsg, clean(m.Poll.Question)
	case m.Dice != nil:
		a.Media, a.Text = channel.OtherMsg, clean(m.Dice.Emoji)
	case m.odd.some():
		a.Media = channel.OtherMsg
	default:
		return nil
	}
	return []channel.Attachment{a}
}

func (o odd) some() bool {
	for _, raw := range [][]byte{o.Story, o.PaidMedia, o.Checklist, o.Game, o.Invoice, o.Giveaway, o.Rich} {
		if len(raw) > 0 {
			return true
		}
	}
	return false
}

// largest is the greatest size of a picture that can be fetched. The sizes in bytes may be missing; those in pixels are not.
func largest(sizes []picture) *file {
	best := &sizes[0]
	for i := range sizes {
		if s := &sizes[i]; s.Width*s.Height > best.Width*best.Height && s.Size <= maxFetch {
			best = s
		}
	}
	return &best.file
}

func coordinates(latitude, longitude float64) string {
	return strconv.FormatFloat(latitude, 'f', -1, 64) + "," + strconv.FormatFloat(longitude, 'f', -1, 64)
}

// Open implements [channel.Opener]. The platform gives files up to 20 MB.
func (c *Channel) Open(ctx context.Context, a channel.Attachment) (io.ReadCloser, error) {
	if a.Network != Network || a.Ref == "" {
		return nil, fault.New(fault.Invalid, "this attachment is not a file of Telegram's")
	}
	if a.Size > maxFetch {
		return nil, tooBig
	}
	_, id := splitRef(a.Ref)
	var found struct {
		Path string `json:"file_path"`
	}
	err := c.api.call(ctx, "getFile", tgbotapi.Params{"file_id": id}, &found)
	if err == nil {
		var content io.ReadCloser
		if content, err = c.api.download(ctx, found.Path); err == nil {
			return content, nil
		}
	}
	e := asCallError(err)
	switch {
	case e.says("too big"):
		return nil, tooBig
	case e.code == http.StatusBadRequest || e.method == "download" && e.code == http.StatusNotFound:
		return nil, fault.Wrap(fault.NotFound, err, "Telegram no longer has this file")
	}
	return nil, fault.Wrap(fault.Unavailable, err, "Telegram does not give this file now")
}

var tooBig = fault.New(fault.Invalid, "Telegram gives bots no files over 20 MB; look at it in Telegram itself")

func splitRef(ref string) (prefix, id string) {
	for _, p := range []string{notePrefix, animationPrefix} {
		if id, ok := strings.CutPrefix(ref, p); ok {
			return p, id
		}
	}
	return "", ref
}

// delivery is how an attachment is sent.
type delivery struct {
	method, field string
	caption       bool
}

var deliveries = map[channel.Media]delivery{
	channel.Photo: {"sendPhoto", "photo", true}, channel.File: {"sendDocument", "document", true}, channel.Voice: {"sendVoice", "voice", true},
	channel.Audio: {"sendAudio", "audio", true}, channel.Video: {"sendVideo", "video", true}, channel.Sticker: {"sendSticker", "sticker", false},
	channel.Place: {"sendLocation", "", false}, channel.Contact: {"sendContact", "", false},
}

func deliveryOf(a channel.Attachment) delivery {
	d, known := deliveries[a.Media]
	prefix, _ := splitRef(a.Ref)
	switch {
	case a.Network == Network && prefix == notePrefix:
		return delivery{"sendVideoNote", "video_note", false}
	case a.Network == Network && prefix == animationPrefix:
		return delivery{"sendAnimation", "animation", true}
	case a.Media == channel.Place && isPlace(a.Text) && a.Name != "":
		return delivery{"sendVenue", "", false}
	case !known || a.Media == channel.Place && !isPlace(a.Text) || a.Media == channel.Contact && a.Text == "":
		return deliveries[channel.File]
	// What came from elsewhere may be no picture or sound of a kind that the platform takes, or too large for one.
	case a.Network != Network && (a.Media == channel.Sticker || a.Media == channel.Photo && a.Size > maxPhoto):
		return deliveries[channel.File]
	}
	return d
}

func isPlace(text string) bool {
	latitude, longitude, ok := strings.Cut(text, ",")
	a, errA := strconv.ParseFloat(latitude, 64)
	b, errB := strconv.ParseFloat(longitude, 64)
	return ok && errA == nil && errB == nil && a >= -90 && a <= 90 && b >= -180 && b <= 180
}

// fill adds what a textual attachment consists of.
func (d delivery) fill(p tgbotapi.Params, a channel.Attachment) {
	switch d.method {
	case "sendLocation", "sendVenue":
		p["latitude"], p["longitude"], _ = strings.Cut(a.Text, ",")
		if d.method == "sendVenue" {
			p["title"], p["address"] = a.Name, a.Text
		}
	case "sendContact":
		p["phone_number"], p["first_name"] = a.Text, a.Name
		if a.Name == "" {
			p["first_name"] = a.Text
		}
	}
}

// fileName names an upload; the platform shows it under a document.
func fileName(a channel.Attachment) string {
	if a.Name != "" {
		return a.Name
	}
	return fmt.Sprintf("%s%s", a.Media, map[channel.Media]string{channel.Photo: ".jpg", channel.Voice: ".ogg", channel.Audio: ".mp3", channel.Video: ".mp4"}[a.Media])
}
