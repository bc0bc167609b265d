package telegramtest_test

import (
	"strings"
	"testing"

	"faqbot/bot/telegram/telegramtest"
)

func TestServer_RefusesWhatTheSpecificationForbids(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	s.Customer(1).Say("hi")
	keyboard := func(buttons string) string { return `{"inline_keyboard":[[` + buttons + `]]}` }
	cases := map[string][]string{
		"an unknown method":                  {"sendMesage", "chat_id", "100001", "text", "x"},
		"a method in another case":           {"sendmessage", "chat_id", "100001", "text", "x"},
		"an unknown parameter":               {"sendMessage", "chat_id", "100001", "text", "x", "disable_web_page_preview", "true"},
		"a missing parameter":                {"sendMessage", "chat_id", "100001"},
		"an empty required parameter":        {"sendMessage", "chat_id", "100001", "text", ""},
		"a chat that is no number":           {"sendMessage", "chat_id", "alice", "text", "x"},
		"a boolean that is none":             {"sendMessage", "chat_id", "100001", "text", "x", "disable_notification", "yes"},
		"a limit that is too high":           {"getUpdates", "limit", "101"},
		"JSON that is none":                  {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", "{"},
		"two JSON values":                    {"sendMessage", "chat_id", "100001", "text", "x", "link_preview_options", "{}{}"},
		"an unknown field in JSON":           {"sendMessage", "chat_id", "100001", "text", "x", "link_preview_options", `{"disabled":true}`},
		"a wrong type in JSON":               {"sendMessage", "chat_id", "100001", "text", "x", "reply_parameters", `{"message_id":"1"}`},
		"a missing field in JSON":            {"sendMessage", "chat_id", "100001", "text", "x", "reply_parameters", `{"allow_sending_without_reply":true}`},
		"a token of 65 bytes":                {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", keyboard(`{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}`)},
		"a button that does two things":      {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", keyboard(`{"text":"a","callback_data":"x","url":"https://e.com"}`)},
		"a button that does nothing":         {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", keyboard(`{"text":"a"}`)},
		"a button without a label":           {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", keyboard(`{"text":" ","callback_data":"x"}`)},
		"a button that opens a mail":         {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", keyboard(`{"text":"a","url":"mailto:a@b.c"}`)},
		"nine buttons in a row":              {"sendMessage", "chat_id", "100001", "text", "x", "reply_markup", keyboard(strings.Repeat(`{"text":"a","callback_data":"x"},`, 8) + `{"text":"a","callback_data":"x"}`)},
		"4097 characters":                    {"sendMessage", "chat_id", "100001", "text", strings.Repeat("x", 4097)},
		"2049 emoji of two units":            {"sendMessage", "chat_id", "100001", "text", strings.Repeat("😀", 2049)},
		"a text of blanks":                   {"sendMessage", "chat_id", "100001", "text", " \n "},
		"an unclosed tag":                    {"sendMessage", "chat_id", "100001", "text", "<b>x", "parse_mode", "HTML"},
		"an entity outside of the text":      {"sendMessage", "chat_id", "100001", "text", "x", "entities", `[{"type":"bold","offset":0,"length":2}]`},
		"an answer of 201 characters":        {"answerCallbackQuery", "callback_query_id", "1", "text", strings.Repeat("x", 201)},
		"a topic name of 129 characters":     {"createForumTopic", "chat_id", "-1", "name", strings.Repeat("x", 129)},
		"a command with a dash":              {"setMyCommands", "commands", `[{"command":"a-b","description":"x"}]`},
		"a command of 33 characters":         {"setMyCommands", "commands", `[{"command":"` + strings.Repeat("a", 33) + `","description":"x"}]`},
		"a language that is no code":         {"setMyCommands", "commands", `[]`, "language_code", "pt-br"},
		"a kind of update that is none":      {"getUpdates", "allowed_updates", `["messages"]`},
		"a secret with a blank":              {"setWebhook", "url", "https://e.com/", "secret_token", "a b"},
		"an action that is none":             {"sendChatAction", "chat_id", "100001", "action", "thinking"},
		"a method that is not modelled":      {"sendDice", "chat_id", "100001"},
		"an inline result without a content": {"answerInlineQuery", "inline_query_id", "1", "results", `[{"type":"article","id":"1","title":"x"}]`},
		"an inline result of another type":   {"answerInlineQuery", "inline_query_id", "1", "results", `[{"type":"artikel","id":"1","title":"x","input_message_content":{"message_text":"x"}}]`},
		"a parse mode that is not modelled":  {"sendMessage", "chat_id", "100001", "text", "*x*", "parse_mode", "MarkdownV2"},
		"a reaction of another kind":         {"setMessageReaction", "chat_id", "100001", "message_id", "1", "reaction", `[{"type":"smiley"}]`},
	}
	for name, c := range cases {
		r := b.call(c[0], c[1:]...)
		if r.OK || r.Code < 400 {
			t.Errorf("%s was accepted", name)
		}
		if found := s.TakeViolations(); len(found) == 0 {
			t.Errorf("%s was not noted (%d %s)", name, r.Code, r.Description)
		}
	}
	if got := len(s.Log()); got != 0 {
		t.Errorf("%d messages were shown", got)
	}
}

func TestServer_FailsTheTestOnAViolation(t *testing.T) {
	t.Parallel()
	var failed fakeTB
	s := telegramtest.New(&failed, telegramtest.Options{})
	b := &bot{t: t, server: s}
	b.call("sendMessage", "chat_id", "1")
	b.http.CloseIdleConnections()
	failed.end()
	if failed.errors != 1 {
		t.Errorf("%d errors, want one", failed.errors)
	}
}

// fakeTB is a test that may fail.
type fakeTB struct {
	testing.TB
	cleanup []func()
	errors  int
}

func (f *fakeTB) Cleanup(do func())     { f.cleanup = append(f.cleanup, do) }
func (f *fakeTB) Errorf(string, ...any) { f.errors++ }
func (f *fakeTB) end() {
	for _, do := range f.cleanup {
		do()
	}
}
