package discord

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq/fault"

	"github.com/bwmarrin/discordgo"
)

// attachments reads what hangs on a message. A reference names the message, because links to files lapse after about a day.
func attachments(place string, f fields) []channel.Attachment {
	var out []channel.Attachment
	message, holders := f.id("id"), []fields{f}
	if forwarded := f.forwarded(); forwarded != nil {
		holders = append(holders, forwarded)
	}
	for _, holder := range holders {
		for _, a := range holder.list("attachments") {
			if a.id("id") == "" {
				continue
			}
			out = append(out, channel.Attachment{
				Network: Network, Media: media(holder, a), Ref: strings.Join([]string{place, message, a.id("id")}, "/"),
				Name: a.text("filename"), Type: a.text("content_type"), Size: as[int64](a["size"]),
			})
		}
		for _, s := range holder.list("sticker_items") {
			out = append(out, channel.Attachment{Network: Network, Media: channel.Sticker, Name: s.text("name"), Text: s.text("name")})
		}
		if holder["poll"] != nil {
			out = append(out, channel.Attachment{Network: Network, Media: channel.OtherMsg, Text: holder.object("poll").object("question").text("text")})
		}
	}
	return out
}

func media(message, a fields) channel.Media {
	switch {
	case message.number("flags")&flagVoice != 0:
		return channel.Voice
	case strings.HasPrefix(a.text("content_type"), "image/"):
		return channel.Photo
	}
	return channel.File
}

// Open implements [channel.Opener]: it asks for the message anew, so the link is fresh.
func (c *Channel) Open(ctx context.Context, a channel.Attachment) (io.ReadCloser, error) {
	parts := strings.Split(a.Ref, "/")
	if a.Network != Network || len(parts) != 3 || !isSnowflake(parts[0]) || !isSnowflake(parts[1]) || !isSnowflake(parts[2]) {
		return nil, fault.New(fault.NotFound, "this attachment is not one of Discord's that can be opened")
	}
	var f fields
	q := request{method: http.MethodGet, path: "channels/" + parts[0] + "/messages/" + parts[1], route: "channels/" + parts[0] + "/messages/{}"}
	if err := c.rest.retry(ctx, q, &f); err != nil {
		if e := asError(err); e != nil && (e.status == http.StatusNotFound || e.status == http.StatusForbidden) {
			return nil, fault.Wrap(fault.NotFound, err, "the message with this attachment is gone")
		}
		return nil, err
	}
	for _, holder := range []fields{f, f.forwarded()} {
		for _, file := range holder.list("attachments") {
			if file.id("id") == parts[2] {
				return c.fetch(ctx, file.text("url"))
			}
		}
	}
	return nil, fault.New(fault.NotFound, "the attachment is gone")
}

// fetch reads a file from Discord's file host, which must not see the bot's token.
func (c *Channel) fetch(ctx context.Context, address string) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Host != c.rest.base.Host {
		return nil, fault.New(fault.NotFound, "the attachment's address is not one of Discord's")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("discord: open an attachment: %s", (&exchange{}).cause(err))
	}
	response, err := c.rest.inner.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("discord: open an attachment: %s", (&exchange{}).cause(err))
	}
	if response.StatusCode != http.StatusOK {
		drain(response.Body)
		return nil, fault.New(fault.Unavailable, "Discord's file host answers %d", response.StatusCode)
	}
	return response.Body, nil
}

// attach opens what is to be uploaded. What is no file, or too large, or cannot be uploaded here, is named in the text.
func (c *Channel) attach(ctx context.Context, list []channel.Attachment) (files []*discordgo.File, named []string, err error) {
	total := 0
	for _, a := range list {
		if a.Ref == "" || a.Size > maxUpload || len(files) == maxFiles || c.source == nil && a.Network != Network {
			named = append(named, label(a))
			continue
		}
		data, err := c.load(ctx, a)
		if err != nil {
			return nil, nil, err
		}
		if total += len(data); total > maxUpload {
			total -= len(data)
			named = append(named, label(a))
			continue
		}
		files = append(files, &discordgo.File{Name: fileName(a, len(files)), ContentType: contentType(a.Type), Reader: bytes.NewReader(data)})
	}
	return files, named, nil
}

func (c *Channel) load(ctx context.Context, a channel.Attachment) ([]byte, error) {
	open := c.source
	if open == nil {
		open = c.Open
	}
	r, err := open(ctx, a)
	if fault.Is(err, fault.NotFound) {
		return nil, &channel.SendError{Fate: channel.Refused, Reason: "an attachment is gone where it came from"}
	}
	if err != nil {
		return nil, fmt.Errorf("open an attachment of %s: %w", a.Network, err)
	}
	data, err := io.ReadAll(io.LimitReader(r, maxUpload+1))
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("read an attachment of %s: %w", a.Network, err)
	}
	return data, nil
}

// label is what stands in for a file: its text, else its name, else its sort.
func label(a channel.Attachment) string {
	for _, text := range []string{a.Text, a.Name} {
		if text = strings.TrimSpace(text); text != "" {
			return cut("["+string(a.Media)+"] "+strings.ReplaceAll(text, "\n", " "), 100)
		}
	}
	return "[" + string(a.Media) + "]"
}

// fileName keeps a name harmless in a header.
func fileName(a channel.Attachment, n int) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"\/`, r) {
			return '_'
		}
		return r
	}, cut(path.Base(a.Name), 100))
	if name == "" || name == "." || name == "_" {
		return fmt.Sprintf("%s-%d", a.Media, n+1)
	}
	return name
}

// contentType keeps a type harmless in a header.
func contentType(t string) string {
	if strings.Trim(strings.ToLower(t), "abcdefghijklmnopqrstuvwxyz0123456789.+-/") != "" {
		return ""
	}
	return t
}

// rewind makes a file readable once more, for another try.
func rewind(f *discordgo.File) error {
	if s, ok := f.Reader.(io.Seeker); ok {
		_, err := s.Seek(0, io.SeekStart)
		return err
	}
	return nil
}
