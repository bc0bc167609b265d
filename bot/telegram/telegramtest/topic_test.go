package telegramtest_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

func TestTopics_FollowTheRules(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	g := s.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	id := strconv.FormatInt(g.ID(), 10)
	var topic struct {
		Thread int `json:"message_thread_id"`
	}
	_ = json.Unmarshal(b.must("ForumTopic", "createForumTopic", "chat_id", id, "name", "One"), &topic)
	thread := strconv.Itoa(topic.Thread)
	b.must("Message", "sendMessage", "chat_id", id, "text", "in it", "message_thread_id", thread)
	b.must("B", "editForumTopic", "chat_id", id, "message_thread_id", thread, "name", "Two")
	b.refused(400, "Bad Request: TOPIC_NOT_MODIFIED", false, "editForumTopic", "chat_id", id, "message_thread_id", thread, "name", "Two")
	b.must("B", "closeForumTopic", "chat_id", id, "message_thread_id", thread)
	b.refused(400, "Bad Request: TOPIC_NOT_MODIFIED", false, "closeForumTopic", "chat_id", id, "message_thread_id", thread)
	if diff := cmp.Diff(map[int]string{topic.Thread: "Two (closed)"}, g.Topics()); diff != "" {
		t.Error(diff)
	}
	b.must("B", "reopenForumTopic", "chat_id", id, "message_thread_id", thread)
	if got := s.Customer(1).In(g).At(topic.Thread).Shown(); len(got) != 1 || got[0].Text != "in it" {
		t.Errorf("the topic shows %+v", got)
	}
	b.must("B", "deleteForumTopic", "chat_id", id, "message_thread_id", thread)
	b.refused(400, "Bad Request: message thread not found", false, "sendMessage", "chat_id", id, "text", "x", "message_thread_id", thread)
	b.refused(400, "Bad Request: TOPIC_ID_INVALID", false, "closeForumTopic", "chat_id", id, "message_thread_id", thread)
	b.must("B", "sendChatAction", "chat_id", id, "message_thread_id", thread, "action", "typing")
	plain := s.Group("Plain", telegramtest.GroupOptions{})
	b.refused(400, "Bad Request: the chat is not a forum", false, "createForumTopic", "chat_id", strconv.FormatInt(plain.ID(), 10), "name", "x")
}

// Who may do what with topics, as the platform's server says: who began one has rights over it that others need a right for.
func TestTopics_AskForRights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		admin, allowed, own bool
		refused             bool
	}{
		"an administrator with the right":          {admin: true, allowed: true},
		"an administrator without it":              {admin: true, refused: true},
		"an administrator without it, its own":     {admin: true, own: true},
		"a member":                                 {refused: true},
		"a member, its own from when it was more":  {own: true},
		"an administrator with the right, its own": {admin: true, allowed: true, own: true},
	} {
		b, s := newBot(t, telegramtest.Options{NoRates: true})
		g := s.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
		staff := s.Customer(1).In(g)
		id, topic := strconv.FormatInt(g.ID(), 10), g.Topic(staff, "One")
		if c.own {
			var made struct {
				Thread int `json:"message_thread_id"`
			}
			_ = json.Unmarshal(b.must("ForumTopic", "createForumTopic", "chat_id", id, "name", "One"), &made)
			topic = made.Thread
		}
		if !c.admin {
			g.Add(staff, "member")
		}
		g.AllowTopics(c.allowed)
		in := []string{"chat_id", id, "message_thread_id", strconv.Itoa(topic)}
		want := func(description, method string, params ...string) {
			t.Helper()
			r := b.call(method, append(params, in...)...)
			if r.OK == c.refused || c.refused && r.Description != "Bad Request: "+description {
				t.Errorf("%s: %s: %+v", name, method, r)
			}
		}
		b.must("Message", "sendMessage", append([]string{"text", "open to all"}, in...)...)
		g.CloseTopic(staff, topic)
		want("TOPIC_CLOSED", "sendMessage", "text", "x")
		want("not enough rights to edit the topic", "editForumTopic", "name", "Two")
		want("not enough rights to close or open the topic", "reopenForumTopic")
		if r := b.call("createForumTopic", "chat_id", id, "name", "x"); r.OK != (c.admin && c.allowed) || !r.OK && r.Description != "Bad Request: not enough rights to create a topic" {
			t.Errorf("%s: create: %+v", name, r)
		}
	}
}

// Topics tell of themselves in messages of their own, also where the bot itself did it; a deletion is told to nobody.
func TestTopics_TellOfThemselves(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	g := s.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	staff := s.Customer(1).In(g)
	topic := g.Topic(staff, "One")
	g.RenameTopic(staff, topic, "Two")
	in := []string{"chat_id", strconv.FormatInt(g.ID(), 10), "message_thread_id", strconv.Itoa(topic)}
	b.must("B", "closeForumTopic", in...)
	b.must("B", "reopenForumTopic", in...)
	g.CloseTopic(staff, topic)
	g.CloseTopic(staff, topic) // it is so already
	g.DeleteTopic(topic)
	_, raws := b.updates()
	var got []string
	for _, raw := range raws {
		var u struct{ Message map[string]json.RawMessage }
		_ = json.Unmarshal(raw, &u)
		for field := range u.Message {
			if strings.HasPrefix(field, "forum_topic") {
				got = append(got, field)
			}
		}
		if thread := string(u.Message["message_thread_id"]); thread != strconv.Itoa(topic) || string(u.Message["is_topic_message"]) != "true" {
			t.Errorf("in thread %s", thread)
		}
	}
	want := []string{"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "forum_topic_closed"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
