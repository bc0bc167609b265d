package telegramtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

func TestServer_RefusesOtherTokens(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{})
	for path, want := range map[string]int{"/bot1:x/getMe": 401, "/bot" + s.Token() + "/": 404, "/botx/getMe": 404, "/": 404, "/file/bot1:x/a": 401} {
		response, err := b.http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, response.StatusCode, want)
		}
	}
}

func TestSendMessage_TellsWhyNot(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	c := s.Customer(1)
	send := func(chat int64, more ...string) []string {
		return append([]string{"chat_id", strconv.FormatInt(chat, 10), "text", "x"}, more...)
	}
	b.refused(400, "Bad Request: chat not found", false, "sendMessage", send(5)...)
	b.refused(403, "Forbidden: bot can't initiate conversation with a user", false, "sendMessage", send(c.ID())...)
	c.Say("hi")
	b.refused(400, "Bad Request: message to be replied not found", false, "sendMessage", send(c.ID(), "reply_parameters", `{"message_id":99}`)...)
	b.must("Message", "sendMessage", send(c.ID(), "reply_parameters", `{"message_id":99,"allow_sending_without_reply":true}`)...)
	b.refused(400, "Bad Request: message thread not found", false, "sendMessage", send(c.ID(), "message_thread_id", "7")...)
	c.Block()
	b.refused(403, "Forbidden: bot was blocked by the user", false, "sendMessage", send(c.ID())...)
	c.Deactivate()
	b.refused(403, "Forbidden: user is deactivated", false, "sendMessage", send(c.ID())...)

	g := s.Group("Basic", telegramtest.GroupOptions{Basic: true})
	b.must("Message", "sendMessage", send(g.ID())...)
	next := g.Upgrade(s.Customer(2))
	if r := b.refused(400, "Bad Request: group chat was upgraded", false, "sendMessage", send(g.ID())...); r.Parameters.MigrateTo != next.ID() {
		t.Errorf("migrated to %d, want %d", r.Parameters.MigrateTo, next.ID())
	}
	next.Kick(s.Customer(2))
	b.refused(403, "Forbidden: bot was kicked from the supergroup chat", false, "sendMessage", send(next.ID())...)
}

func TestEdit_FollowsTheRules(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	c := s.Customer(1)
	theirs := c.Say("hi")
	var m struct {
		ID int `json:"message_id"`
	}
	_ = json.Unmarshal(b.must("Message", "sendMessage", "chat_id", "100001", "text", "one"), &m)
	edit := func(id int, text string) []string {
		return []string{"chat_id", "100001", "message_id", strconv.Itoa(id), "text", text}
	}
	b.must("Message", "editMessageText", edit(m.ID, "two")...)
	b.refused(400, "Bad Request: message is not modified", false, "editMessageText", edit(m.ID, "two")...)
	b.refused(400, "Bad Request: message to edit not found", false, "editMessageText", edit(9999, "two")...)
	b.refused(400, "Bad Request: message can't be edited", false, "editMessageText", edit(theirs, "two")...)
	b.refused(400, "Bad Request: there is no caption in the message to edit", false, "editMessageCaption", "chat_id", "100001", "message_id", strconv.Itoa(m.ID), "caption", "x")
	r := b.upload("sendPhoto", "photo", "a.jpg", telegramtest.Picture, "chat_id", "100001", "caption", "below")
	_ = json.Unmarshal(r.Result, &m)
	b.refused(400, "Bad Request: there is no text in the message to edit", false, "editMessageText", edit(m.ID, "two")...)
	b.must("Message", "editMessageCaption", "chat_id", "100001", "message_id", strconv.Itoa(m.ID), "caption", "above")
	b.must("B", "deleteMessage", "chat_id", "100001", "message_id", strconv.Itoa(m.ID))
	b.refused(400, "Bad Request: message to delete not found", false, "deleteMessage", "chat_id", "100001", "message_id", strconv.Itoa(m.ID))
	shown := c.Shown()
	if len(shown) != 1 || shown[0].Text != "two" || shown[0].Edits != 1 {
		t.Errorf("shown %+v", shown)
	}
	if got := len(s.Log()); got != 4 {
		t.Errorf("%d entries in the log, want 4", got)
	}
}

func TestFiles_GoBothWays(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	c := s.Customer(1)
	c.File("a.txt", "text/plain", []byte("content"), "")
	_, raws := b.updates()
	var u struct {
		Message struct {
			Document struct {
				ID string `json:"file_id"`
			}
		}
	}
	_ = json.Unmarshal(raws[0], &u)
	var f struct {
		Path string `json:"file_path"`
	}
	_ = json.Unmarshal(b.must("File", "getFile", "file_id", u.Message.Document.ID), &f)
	response, err := b.http.Get(s.URL() + "/file/bot" + s.Token() + "/" + f.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if content, _ := io.ReadAll(response.Body); string(content) != "content" {
		t.Errorf("fetched %q", content)
	}
	b.must("Message", "sendDocument", "chat_id", "100001", "document", u.Message.Document.ID)
	b.refused(400, "Bad Request: can't use file of type Document as Photo", false, "sendPhoto", "chat_id", "100001", "photo", u.Message.Document.ID)
	b.refused(400, "Bad Request: wrong file identifier", false, "sendDocument", "chat_id", "100001", "document", "nothing")
	if r := b.upload("sendPhoto", "photo", "a.jpg", []byte("text"), "chat_id", "100001"); r.Description != "Bad Request: IMAGE_PROCESS_FAILED" {
		t.Errorf("a text as a picture: %+v", r)
	}
	if r := b.upload("sendDocument", "document", "a", make([]byte, 52<<20), "chat_id", "100001"); r.Code != 413 {
		t.Errorf("more than 50 MB: %+v", r)
	}
	c.BigFile("big.zip", 20<<20+1)
	_, raws = b.updates("offset", "-1")
	_ = json.Unmarshal(raws[0], &u)
	b.refused(400, "Bad Request: file is too big", false, "getFile", "file_id", u.Message.Document.ID)
}

func TestPresses_AreAnsweredOnceAndSoon(t *testing.T) {
	t.Parallel()
	clock := telegramtest.NewTick(time.Unix(1_700_000_000, 0))
	b, s := newBot(t, telegramtest.Options{Now: clock.Now})
	c := s.Customer(1)
	c.Say("hi")
	b.must("Message", "sendMessage", "chat_id", "100001", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`)
	query := func() string {
		if err := c.Press("a"); err != nil {
			t.Fatal(err)
		}
		_, raws := b.updates("offset", "-1")
		var u struct {
			Query struct{ ID, Data string } `json:"callback_query"`
		}
		_ = json.Unmarshal(raws[0], &u)
		return u.Query.ID
	}
	first := query()
	clock.Pass(time.Second)
	b.must("B", "answerCallbackQuery", "callback_query_id", first)
	b.refused(400, "Bad Request: query is too old", false, "answerCallbackQuery", "callback_query_id", first)
	late := query()
	clock.Pass(16 * time.Second)
	b.refused(400, "Bad Request: query is too old", false, "answerCallbackQuery", "callback_query_id", late)
	presses := s.Presses()
	if len(presses) != 2 || !presses[0].Answered || presses[0].After != time.Second || presses[1].Answered {
		t.Errorf("presses %+v", presses)
	}
	if err := c.Press("nothing"); err == nil {
		t.Error("a button that is not there was pressed")
	}
}

func TestRates_AreThePlatforms(t *testing.T) {
	t.Parallel()
	clock := telegramtest.NewTick(time.Unix(1_700_000_000, 0))
	b, s := newBot(t, telegramtest.Options{Now: clock.Now, Burst: 3})
	chat := func(n int) string { return strconv.FormatInt(s.Customer(n).ID(), 10) }
	for i := 1; i <= 40; i++ {
		s.Customer(i).Say("hi")
	}
	send := func(chat string) int {
		return b.call("sendMessage", "chat_id", chat, "text", "x").Parameters.RetryAfter
	}
	for i := range 3 {
		if wait := send(chat(1)); wait != 0 {
			t.Errorf("message %d of a burst waits %d s", i, wait)
		}
	}
	if wait := send(chat(1)); wait != 1 {
		t.Errorf("the fourth message at once waits %d s", wait)
	}
	clock.Pass(time.Second)
	if wait := send(chat(1)); wait != 0 {
		t.Errorf("a second later a message waits %d s", wait)
	}
	clock.Pass(time.Minute)
	passed := 0
	for i := 1; i <= 40; i++ {
		if send(chat(i)) == 0 {
			passed++
		}
	}
	if passed != 30 {
		t.Errorf("%d messages passed in a second, want 30", passed)
	}
	g := s.Group("Desk", telegramtest.GroupOptions{})
	clock.Pass(time.Minute)
	for i := range 20 {
		if wait := send(strconv.FormatInt(g.ID(), 10)); wait != 0 {
			t.Errorf("message %d to a group waits %d s", i, wait)
		}
		clock.Pass(2 * time.Second)
	}
	if wait := send(strconv.FormatInt(g.ID(), 10)); wait != 20 {
		t.Errorf("message 21 within 40 s waits %d s, want 20", wait)
	}
	if s.Limited() != 12 {
		t.Errorf("%d calls were limited, want 12", s.Limited())
	}
}

func TestFaults_HappenOnceAndInOrder(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	c := s.Customer(1)
	c.Say("hi")
	s.Fail(telegramtest.TooMany(7), telegramtest.Refusal(400, "Bad Request: no"), telegramtest.TooMany(9).On("getMe"))
	params := []string{"chat_id", "100001", "text", "x"}
	if r := b.refused(429, "Too Many Requests: retry after 7", false, "sendMessage", params...); r.Parameters.RetryAfter != 7 {
		t.Errorf("retry_after %d", r.Parameters.RetryAfter)
	}
	b.refused(400, "Bad Request: no", false, "sendMessage", params...)
	b.must("Message", "sendMessage", params...)
	b.refused(429, "Too Many Requests", false, "getMe")
	b.must("User", "getMe")
	for name, fault := range map[string]telegramtest.Fault{
		"reset": telegramtest.Reset(), "lost answer": telegramtest.LostAnswer(), "cut JSON": telegramtest.CutJSON(), "cut body": telegramtest.CutBody(), "page": telegramtest.Page(502),
	} {
		before := len(c.Shown())
		s.Fail(fault)
		response, err := b.http.Post(s.URL()+"/bot"+s.Token()+"/sendMessage?chat_id=100001&text=x", "", nil)
		if err == nil {
			body, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if json.Valid(body) {
				t.Errorf("%s: the answer is whole: %s", name, body)
			}
		}
		if shown, want := len(c.Shown())-before, strings.Count("lost answer, cut JSON, cut body", name); shown != want {
			t.Errorf("%s: %d messages shown, want %d", name, shown, want)
		}
	}
}

func TestCopyAndReact(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	c := s.Customer(1)
	id := strconv.Itoa(c.Say("original"))
	g := s.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	thread := strconv.Itoa(g.Topic(c, "t"))
	to := strconv.FormatInt(g.ID(), 10)
	b.must("MessageId", "copyMessage", "chat_id", to, "from_chat_id", "100001", "message_id", id, "message_thread_id", thread)
	b.refused(400, "Bad Request: message to copy not found", false, "copyMessage", "chat_id", to, "from_chat_id", "100001", "message_id", "9999")
	if got := g.Shown(); len(got) != 1 || got[0].Text != "original" || got[0].Thread == 0 {
		t.Errorf("the group shows %+v", got)
	}
	b.must("B", "setMessageReaction", "chat_id", "100001", "message_id", id, "reaction", `[{"type":"emoji","emoji":"👍"}]`)
	b.must("B", "sendChatAction", "chat_id", to, "message_thread_id", thread, "action", "typing")
	if got := s.Actions(); len(got) != 1 || strconv.Itoa(got[0].Thread) != thread {
		t.Errorf("actions %+v", got)
	}
	b.must("B", "setMyCommands", "commands", `[{"command":"help","description":"Hilfe"}]`, "language_code", "de")
	if got := s.Commands("de"); len(got) != 1 || len(s.Commands("")) != 0 {
		t.Errorf("commands %+v", got)
	}
	b.must("[]BotCommand", "getMyCommands", "language_code", "de")
	b.must("B", "deleteMyCommands", "language_code", "de")
}

func TestWebhook_DeliversInOrderUntilItIsTaken(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{RetryBase: 5 * time.Millisecond})
	type got struct{ text, secret string }
	received := make(chan got, 100)
	failures := 2
	hook := newListener(t, func(w http.ResponseWriter, r *http.Request) {
		var u struct{ Message struct{ Text string } }
		_ = json.NewDecoder(r.Body).Decode(&u)
		if failures > 0 {
			failures--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		received <- got{u.Message.Text, r.Header.Get("X-Telegram-Bot-Api-Secret-Token")}
	})
	b.must("B", "setWebhook", "url", hook, "secret_token", "s3cret", "max_connections", "1")
	b.refused(409, "Conflict: can't use getUpdates method while webhook is active", false, "getUpdates")
	var want []got
	for i := range 10 {
		s.Customer(1).Say(fmt.Sprint(i))
		want = append(want, got{fmt.Sprint(i), "s3cret"})
	}
	var all []got
	for range want {
		select {
		case g := <-received:
			all = append(all, g)
		case <-time.After(10 * time.Second):
			t.Fatalf("only %v came", all)
		}
	}
	if diff := cmp.Diff(want, all, cmp.AllowUnexported(got{})); diff != "" {
		t.Error(diff)
	}
	info := b.must("WebhookInfo", "getWebhookInfo")
	if !strings.Contains(string(info), "503 Service Unavailable") {
		t.Errorf("the failure is not told: %s", info)
	}
	b.must("B", "deleteWebhook")
	s.Customer(1).Say("kept")
	if ids, _ := b.updates(); len(ids) != 1 {
		t.Errorf("%d updates wait, want one", len(ids))
	}
}

func TestCalls_MayBeJSON(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{})
	c := s.Customer(1)
	c.Say("hi")
	if r := b.post("sendMessage", "application/json", strings.NewReader(`{"chat_id":100001,"text":"x","link_preview_options":{"is_disabled":true}}`)); !r.OK {
		t.Errorf("%+v", r)
	}
	if r := b.post("sendMessage", "application/json", strings.NewReader(`{`)); r.Code != 400 {
		t.Errorf("%+v", r)
	}
	if shown, err := c.Await(t.Context(), 1); err != nil || shown[0].Text != "x" || shown[0].Preview["is_disabled"] != true {
		t.Errorf("%+v, %v", shown, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Await(ctx, 2); err == nil {
		t.Error("a message that never was came")
	}
}
