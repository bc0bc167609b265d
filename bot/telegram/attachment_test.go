package telegram_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"
	"faqbot/faq/fault"

	"github.com/google/go-cmp/cmp"
)

// sourceOf opens attachments of another network from memory.
func sourceOf(contents map[string]string) func(context.Context, channel.Attachment) (io.ReadCloser, error) {
	return func(_ context.Context, a channel.Attachment) (io.ReadCloser, error) {
		content, ok := contents[a.Ref]
		if !ok {
			return nil, errors.New("there is no " + a.Ref)
		}
		return io.NopCloser(strings.NewReader(content)), nil
	}
}

func TestAttachments_ArriveAndGoOutAgain(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	r := f.run()
	c, to := f.private(1)
	sends := []struct {
		name string
		send func()
		want channel.Attachment
		kind string
	}{
		{"photo", func() { c.Photo(telegramtest.Picture, "look") }, channel.Attachment{Media: channel.Photo, Size: int64(len(telegramtest.Picture))}, "photo"},
		{"file", func() { c.File("a.pdf", "application/pdf", []byte("content"), "") }, channel.Attachment{Media: channel.File, Name: "a.pdf", Type: "application/pdf", Size: 7}, "document"},
		{"voice", func() { c.Media("voice", "", "audio/ogg", []byte("voice")) }, channel.Attachment{Media: channel.Voice, Type: "audio/ogg", Size: 5}, "voice"},
		{"audio", func() { c.Media("audio", "a.mp3", "audio/mpeg", []byte("song")) }, channel.Attachment{Media: channel.Audio, Name: "a.mp3", Type: "audio/mpeg", Size: 4}, "audio"},
		{"video", func() { c.Media("video", "a.mp4", "video/mp4", []byte("film")) }, channel.Attachment{Media: channel.Video, Name: "a.mp4", Type: "video/mp4", Size: 4}, "video"},
		{"video note", func() { c.Media("video_note", "", "", []byte("round")) }, channel.Attachment{Media: channel.Video, Size: 5}, "video_note"},
		{"animation", func() { c.Media("animation", "a.gif", "video/mp4", []byte("moves")) }, channel.Attachment{Media: channel.Video, Name: "a.gif", Type: "video/mp4", Size: 5}, "animation"},
		{"sticker", func() { c.Sticker("😀") }, channel.Attachment{Media: channel.Sticker, Text: "😀", Size: 4}, "sticker"},
		{"place", func() { c.Location(52.520008, 13.404954) }, channel.Attachment{Media: channel.Place, Text: "52.520008,13.404954"}, "location"},
		{"venue", func() { c.Venue(52.5, -13.4, "Shop", "Street 1") }, channel.Attachment{Media: channel.Place, Text: "52.5,-13.4", Name: "Shop, Street 1"}, "venue"},
		{"contact", func() { c.Contact("+491234", "Ann", "Lee") }, channel.Attachment{Media: channel.Contact, Text: "+491234", Name: "Ann Lee"}, "contact"},
		{"poll", func() { c.Other("poll", map[string]any{"id": "1", "question": "Tea or coffee?"}) }, channel.Attachment{Media: channel.OtherMsg, Text: "Tea or coffee?"}, ""},
		{"dice", func() { c.Other("dice", map[string]any{"emoji": "🎲", "value": 4}) }, channel.Attachment{Media: channel.OtherMsg, Text: "🎲"}, ""},
	}
	for i, s := range sends {
		s.send()
		e := r.await(i + 1)[i]
		if len(e.Attachments) != 1 || e.Kind != channel.Text {
			t.Fatalf("%s: %+v", s.name, e)
		}
		got := e.Attachments[0]
		if hasFile := got.Ref != ""; hasFile != (got.Size > 0) {
			t.Errorf("%s: ref %q", s.name, got.Ref)
		}
		s.want.Network, s.want.Ref = telegram.Network, got.Ref
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s: %s", s.name, diff)
		}
		v := f.mustSend(channel.Message{To: to, Attachments: e.Attachments})
		if v.Media != s.kind || s.kind == "" && v.Text != got.Text {
			t.Errorf("%s goes out as %q %q", s.name, v.Media, v.Text)
		}
	}
	if e := r.await(1)[0]; e.Body != "look" {
		t.Errorf("the caption arrived as %q", e.Body)
	}
}

func TestAttachments_WithoutAForm(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	c, to := f.private(1)
	c.Other("story", map[string]any{"id": 1})
	e := r.await(1)[0]
	if len(e.Attachments) != 1 || e.Attachments[0].Media != channel.OtherMsg {
		t.Fatalf("%+v", e)
	}
	_, err := f.send(channel.Message{To: to, Attachments: e.Attachments})
	refused(t, err, channel.Refused)
}

func TestAlbum_ArrivesAsItsMessages(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	c, _ := f.private(1)
	c.Album(3, "all of it")
	events := r.await(3)
	if events[0].Body != "all of it" || events[1].Body != "" || len(events[2].Attachments) != 1 || events[0].ID == events[1].ID {
		t.Errorf("%+v", events)
	}
}

// Row "file URLs are fixed to the public host".
func TestOpen_FetchesFromTheAddressInTheSettings(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	c, _ := f.private(1)
	c.File("a.txt", "text/plain", []byte("content"), "")
	c.Media("video_note", "", "", []byte("round"))
	for i, want := range []string{"content", "round"} {
		content, err := f.channel.Open(t.Context(), r.await(2)[i].Attachments[0])
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(content)
		if err := errors.Join(err, content.Close()); err != nil || string(got) != want {
			t.Errorf("read %q, %v", got, err)
		}
	}
}

func TestOpen_TellsWhyNot(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.options.Timeout = 2 * time.Second })
	r := f.run()
	c, _ := f.private(1)
	c.BigFile("big.zip", 20<<20+1)
	c.File("a.txt", "text/plain", []byte("x"), "")
	events := r.await(2)
	big, small := events[0].Attachments[0], events[1].Attachments[0]
	unsized := big
	unsized.Size = 0
	cases := map[string]struct {
		attachment channel.Attachment
		fault      *telegramtest.Fault
		kind       fault.Kind
	}{
		"more than 20 MB":              {big, nil, fault.Invalid},
		"more than 20 MB, size hidden": {unsized, nil, fault.Invalid},
		"a file of another network":    {channel.Attachment{Network: "discord", Ref: "x"}, nil, fault.Invalid},
		"a place":                      {channel.Attachment{Network: telegram.Network, Media: channel.Place, Text: "1,2"}, nil, fault.Invalid},
		"a file that is gone":          {channel.Attachment{Network: telegram.Network, Ref: "nothing"}, nil, fault.NotFound},
		"a file that goes meanwhile":   {small, ptr(telegramtest.Page(404).On("file")), fault.NotFound},
		"a file that is not given":     {small, ptr(telegramtest.Page(500).On("file")), fault.Unavailable},
		"a download that hangs":        {small, ptr(telegramtest.Hang().On("file")), fault.Unavailable},
		"a platform that is away":      {small, ptr(telegramtest.Page(502).On("getFile")), fault.Unavailable},
		"a platform that hangs":        {small, ptr(telegramtest.Hang().On("getFile")), fault.Unavailable},
	}
	for name, c := range cases {
		if c.fault != nil {
			f.server.Fail(*c.fault)
		}
		content, err := f.channel.Open(t.Context(), c.attachment)
		if err == nil {
			_ = content.Close()
		}
		if fault.KindOf(err) != c.kind || fault.Message(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUpload_OfOtherNetworks(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) {
		s.platform.NoRates = true
		s.options.SourceFunc = sourceOf(map[string]string{"picture": string(telegramtest.Picture), "text": "content"})
	})
	_, to := f.private(1)
	cases := map[string]struct {
		attachment channel.Attachment
		kind, name string
	}{
		"a picture":                    {channel.Attachment{Media: channel.Photo, Ref: "picture"}, "photo", "photo.jpg"},
		"a picture over 10 MB":         {channel.Attachment{Media: channel.Photo, Ref: "picture", Name: "a.png", Size: 10<<20 + 1}, "document", "a.png"},
		"a picture that is none":       {channel.Attachment{Media: channel.Photo, Ref: "text", Name: "a.svg"}, "document", "a.svg"},
		"a file":                       {channel.Attachment{Media: channel.File, Ref: "text", Name: "a.txt"}, "document", "a.txt"},
		"a voice":                      {channel.Attachment{Media: channel.Voice, Ref: "text"}, "voice", "voice.ogg"},
		"a sticker":                    {channel.Attachment{Media: channel.Sticker, Ref: "picture", Name: "s.png"}, "document", "s.png"},
		"something else":               {channel.Attachment{Media: "hologram", Ref: "text", Name: "h"}, "document", "h"},
		"a sticker that is only words": {channel.Attachment{Media: channel.Sticker, Text: "🙂"}, "", ""},
	}
	for name, c := range cases {
		c.attachment.Network = "discord"
		if v := f.mustSend(channel.Message{To: to, Attachments: []channel.Attachment{c.attachment}}); v.Media != c.kind || v.File != c.name {
			t.Errorf("%s: %q %q", name, v.Media, v.File)
		}
	}
}

func TestUpload_ThatCannotBe(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is broken")
	f := open(t, func(s *setup) {
		s.options.SourceFunc = func(_ context.Context, a channel.Attachment) (io.ReadCloser, error) {
			switch a.Ref {
			case "endless":
				return io.NopCloser(endless{}), nil
			case "broken":
				return io.NopCloser(io.MultiReader(strings.NewReader("some"), failing{broken})), nil
			}
			return nil, broken
		}
	})
	_, to := f.private(1)
	send := func(a channel.Attachment) error {
		a.Network, a.Media = "discord", channel.File
		_, err := f.send(channel.Message{To: to, Attachments: []channel.Attachment{a}})
		return err
	}
	refused(t, send(channel.Attachment{Ref: "x", Size: 50<<20 + 1}), channel.TooLong)
	refused(t, send(channel.Attachment{Ref: "endless"}), channel.TooLong)
	for _, ref := range []string{"broken", "missing"} {
		if err := send(channel.Attachment{Ref: ref}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", ref, err)
		}
		refused(t, send(channel.Attachment{Ref: ref}), "") // to be tried again
	}
	if got := f.server.Log(); len(got) != 0 {
		t.Errorf("shown %+v", got)
	}
	none := open(t, nil)
	_, to = none.private(1)
	_, err := none.send(channel.Message{To: to, Attachments: []channel.Attachment{{Network: "discord", Media: channel.File, Ref: "x"}}})
	refused(t, err, channel.Refused)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
