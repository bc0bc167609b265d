package telegram_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"
)

// Row "no idempotency for sends" of the fault table: what is unknown is told from what is certain.
func TestSend_TellsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	refuse := telegramtest.Refusal
	cases := map[string]struct {
		fault telegramtest.Fault
		fate  channel.Fate
		after time.Duration
		shown int
	}{
		"JSON that was cut":        {telegramtest.CutJSON(), channel.Unknown, 0, 1},
		"a body that was cut":      {telegramtest.CutBody(), channel.Unknown, 0, 1},
		"a lost answer":            {telegramtest.LostAnswer(), channel.Unknown, 0, 1},
		"an answer that never was": {telegramtest.Silence(), channel.Unknown, 0, 1},
		"a call that hangs":        {telegramtest.Hang(), channel.Unknown, 0, 0},
		"a connection reset":       {telegramtest.Reset(), channel.Unknown, 0, 0},
		"502 as a page":            {telegramtest.Page(502), channel.Unknown, 0, 0},
		"504 as a page":            {telegramtest.Page(504), channel.Unknown, 0, 0},
		"200 as a page":            {telegramtest.Page(200), channel.Unknown, 0, 0},
		"302 as a page":            {telegramtest.Page(302), channel.Unknown, 0, 0},
		"500 as JSON":              {refuse(500, "Internal Server Error"), channel.Unknown, 0, 0},
		"429":                      {telegramtest.TooMany(7), channel.Wait, 7 * time.Second, 0},
		"429 without a time":       {refuse(429, "Too Many Requests"), channel.Wait, time.Second, 0},
		"429 as a page":            {telegramtest.Page(429), channel.Wait, time.Second, 0},
		"a token that was revoked": {refuse(401, "Unauthorized"), channel.Wait, time.Minute, 0},
		"blocked":                  {refuse(403, "Forbidden: bot was blocked by the user"), channel.Gone, 0, 0},
		"deactivated":              {refuse(403, "Forbidden: user is deactivated"), channel.Gone, 0, 0},
		"kicked":                   {refuse(403, "Forbidden: bot was kicked from the supergroup chat"), channel.Gone, 0, 0},
		"never written to":         {refuse(403, "Forbidden: bot can't initiate conversation with a user"), channel.Gone, 0, 0},
		"a chat that is gone":      {refuse(400, "Bad Request: chat not found"), channel.Gone, 0, 0},
		"a topic that is gone":     {refuse(400, "Bad Request: message thread not found"), channel.Lost, 0, 0},
		"a topic that is closed":   {refuse(400, "Bad Request: TOPIC_CLOSED"), channel.Lost, 0, 0},
		"too long":                 {refuse(400, "Bad Request: message is too long"), channel.TooLong, 0, 0},
		"413":                      {refuse(413, "Request Entity Too Large"), channel.TooLong, 0, 0},
		"another 400":              {refuse(400, "Bad Request: BUTTON_DATA_INVALID"), channel.Refused, 0, 0},
		"no rights":                {refuse(400, "Bad Request: not enough rights to send text messages to the chat"), channel.Refused, 0, 0},
		"400 as a page":            {telegramtest.Page(400), channel.Refused, 0, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, func(s *setup) { s.options.Timeout = 3 * time.Second })
			customer, to := f.private(1)
			f.server.Fail(c.fault)
			_, err := f.send(channel.Message{To: to, Content: channel.PlainDocument("hello")})
			e := refused(t, err, c.fate)
			if e.After != c.after {
				t.Errorf("after %v, want %v", e.After, c.after)
			}
			if e.Reason == "" || strings.Contains(e.Reason, f.server.Token()) {
				t.Errorf("reason %q", e.Reason)
			}
			if got := len(customer.Shown()); got != c.shown {
				t.Errorf("%d messages shown, want %d", got, c.shown)
			}
			if got := len(f.server.Calls("sendMessage")); got != 1 {
				t.Errorf("%d calls, want one: Send does not retry by itself", got)
			}
		})
	}
}

// The platform's own refusals, not injected ones.
func TestSend_ToPlacesThatAreGone(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	hello := channel.PlainDocument("hello")
	stranger := f.server.Customer(9)
	_, err := f.send(channel.Message{To: seat(stranger, "", true), Content: hello})
	refused(t, err, channel.Gone)

	c, to := f.private(1)
	c.Block()
	_, err = f.send(channel.Message{To: to, Content: hello})
	refused(t, err, channel.Gone)
	if err := f.channel.Typing(t.Context(), to); err == nil {
		t.Error("typing to somebody who blocked the bot is no error")
	}

	g := f.server.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	topic := g.Topic(c, "a case")
	at := seat(c.In(g), itoa(int64(topic)), false)
	if v := f.mustSend(channel.Message{To: at, Content: hello}); v.Thread != topic {
		t.Errorf("shown in thread %d, want %d", v.Thread, topic)
	}
	g.DeleteTopic(topic)
	_, err = f.send(channel.Message{To: at, Content: hello})
	refused(t, err, channel.Lost) // the group is not gone: other topics wait for their messages
	g.Kick(c)
	_, err = f.send(channel.Message{To: seat(c.In(g), "", false), Content: hello})
	refused(t, err, channel.Gone)
	for _, chat := range []channel.ChatID{"", "alice", "5"} {
		if _, err := f.send(channel.Message{To: channel.Address{Network: telegram.Network, Chat: chat}, Content: hello}); err == nil {
			t.Errorf("sent to chat %q", chat)
		}
	}
}

func TestSend_ToAGroupThatMoved(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	c := f.server.Customer(1)
	g := f.server.Group("Desk", telegramtest.GroupOptions{Basic: true})
	to := seat(c.In(g), "", false)
	first, err := f.send(channel.Message{To: to, Content: channel.PlainDocument("before")})
	if err != nil {
		t.Fatal(err)
	}
	next := g.Upgrade(c)
	_, err = f.send(channel.Message{To: to, Content: channel.PlainDocument("after"), Replaces: first})
	e := refused(t, err, channel.Refused)
	if e.MovedTo != channel.ChatID(itoa(next.ID())) {
		t.Fatalf("moved to %q, want %d", e.MovedTo, next.ID())
	}
	to.Chat = e.MovedTo
	if v := f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("after"), Replaces: first}); v.Chat != next.ID() || v.Edits != 0 {
		t.Errorf("shown %+v", v)
	}
}

// Where no connection came about nothing was sent, and that is known.
func TestSend_WithoutAConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	_ = listener.Close()
	token := "700000:AAH-of-a-test-0123456789"
	for name, address := range map[string]string{"a port where nobody listens": nobody, "a name that does not exist": "http://bot-api.invalid"} {
		ch, err := telegram.New(telegram.Settings{Token: token, API: address}, telegram.Options{Timeout: patience})
		if err != nil {
			t.Fatal(err)
		}
		_, err = ch.Send(t.Context(), channel.Message{ID: "a", To: channel.Address{Chat: "1", Private: true}, Content: channel.PlainDocument("x")})
		refused(t, err, "") // retried, and known not to have been delivered
		if err == nil || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Row "every network error contains the token; HTML 5xx loses its status; no context, no timeout".
func TestErrors_NeverHoldTheToken(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.options.Timeout = time.Second })
	_, to := f.private(1)
	for _, fault := range []telegramtest.Fault{telegramtest.Reset(), telegramtest.Hang(), telegramtest.CutJSON(), telegramtest.CutBody(), telegramtest.Page(502), telegramtest.Page(302)} {
		f.server.Fail(fault)
		_, err := f.send(channel.Message{To: to, Content: channel.PlainDocument("x")})
		checkSecret(t, f, err)
		f.server.Fail(fault.On("getMe"))
		checkSecret(t, f, f.channel.Identify(t.Context()))
	}
	if strings.Contains(f.log.String(), f.server.Token()) {
		t.Error("the log holds the token")
	}
}

// checkSecret looks for the token, and for the address in which it stands, in an error and in what it wraps.
func checkSecret(t *testing.T, f *fixture, err error) {
	t.Helper()
	if err == nil {
		t.Error("no error came")
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(e.Error(), f.server.Token()) || strings.Contains(e.Error(), f.server.URL()) {
			t.Errorf("an error holds the token or its address: %s", strings.ReplaceAll(e.Error(), f.server.Token(), "TOKEN"))
		}
	}
}

// leaky is a client of somebody else's whose errors repeat the address.
type leaky struct{}

func (leaky) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return nil, errors.New("proxy: cannot fetch " + r.URL.String())
}

func TestErrors_OfOtherClientsNeverHoldTheToken(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.options.HTTPClient = leaky{} })
	_, err := f.send(channel.Message{To: channel.Address{Chat: "1"}, Content: channel.PlainDocument("x")})
	refused(t, err, channel.Unknown) // nobody knows what such a client did
	if strings.Contains(err.Error(), f.server.Token()) {
		t.Error("the error holds the token")
	}
	_, err = f.channel.Open(t.Context(), channel.Attachment{Network: telegram.Network, Ref: "x"})
	if err == nil || strings.Contains(err.Error(), f.server.Token()) {
		t.Error("the error holds the token, or there is none")
	}
}

func TestSend_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	f.server.Fail(telegramtest.Hang())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := f.channel.Send(ctx, channel.Message{ID: "a", To: to, Content: channel.PlainDocument("x")})
		ended <- err
	}()
	eventually(t, "the call is made", func() bool { return len(f.server.Calls("sendMessage")) == 1 })
	cancel()
	select {
	case err := <-ended:
		refused(t, err, channel.Unknown)
	case <-time.After(patience):
		t.Error("Send goes on after its context ended")
	}
}

// Row "UploadFiles drops the error code (keeps RetryAfter)".
func TestUpload_KeepsTheError(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.options.SourceFunc = sourceOf(map[string]string{"ref": "content"}) })
	_, to := f.private(1)
	m := channel.Message{To: to, Attachments: []channel.Attachment{{Network: "discord", Media: channel.File, Ref: "ref", Name: "a.txt"}}}
	for fault, want := range map[*telegramtest.Fault]channel.SendError{
		ptr(telegramtest.TooMany(11)):                                            {Fate: channel.Wait, After: 11 * time.Second},
		ptr(telegramtest.Refusal(403, "Forbidden: bot was blocked by the user")): {Fate: channel.Gone},
		ptr(telegramtest.Refusal(400, "Bad Request: nonsense")):                  {Fate: channel.Refused},
		ptr(telegramtest.Refusal(413, "Request Entity Too Large")):               {Fate: channel.TooLong},
		ptr(telegramtest.Page(502)):                                              {Fate: channel.Unknown},
		ptr(telegramtest.LostAnswer()):                                           {Fate: channel.Unknown},
	} {
		f.server.Fail(fault.On("sendDocument"))
		_, err := f.send(m)
		if e := refused(t, err, want.Fate); e.After != want.After {
			t.Errorf("after %v, want %v", e.After, want.After)
		}
	}
	if v := f.mustSend(m); v.Media != "document" || v.File != "a.txt" || v.Size != 7 {
		t.Errorf("shown %+v", v)
	}
}

func ptr[T any](v T) *T { return &v }
