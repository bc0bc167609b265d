package telegram_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const me = telegramtest.BotUsername

// In a group the bot hears what it is called by, and its own name is taken out.
func TestGroups_WhatIsSaidToTheBot(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.ReadAll = true })
	r := f.run()
	c := f.server.Customer(1)
	g := f.server.Group("Shop talk", telegramtest.GroupOptions{})
	here := c.In(g)
	answer := f.mustSend(channel.Message{To: seat(here, "", false), Content: channel.PlainDocument("hello")})
	other := here.Say("just talk")
	mention := telegramtest.Entity{Type: "text_mention", Offset: 4, Length: 3, User: map[string]any{"id": int64(telegramtest.BotID), "is_bot": true, "first_name": "x"}}
	cases := []struct {
		say       func()
		kind      channel.Kind
		addressed bool
		command   string
		body      string
		replyTo   int
	}{
		{func() {}, channel.Text, false, "", "just talk", 0},
		{func() { here.Mention("where is my parcel?") }, channel.Text, true, "", "where is my parcel?", 0},
		{func() { here.Say("@" + strings.ToUpper(me) + ", where?") }, channel.Text, true, "", "where?", 0},
		{func() { here.Say("😀😀 hey @" + me + " where?") }, channel.Text, true, "", "😀😀 hey where?", 0},
		{func() { here.Say("where, @" + me) }, channel.Text, true, "", "where,", 0},
		{func() { here.Say("@" + me) }, channel.Text, true, "", "", 0},
		{func() { here.Say("@" + me + " @" + me + " twice") }, channel.Text, true, "", "twice", 0},
		{func() { here.SayFormatted("😀 🙂Bot", mention) }, channel.Text, false, "", "😀 🙂Bot", 0},
		{func() {
			here.SayFormatted("hey Bot where?", telegramtest.Entity{Type: "text_mention", Offset: 4, Length: 3, User: mention.User})
		}, channel.Text, true, "", "hey where?", 0},
		{func() { here.Say("see @somebody_else") }, channel.Text, false, "", "see @somebody_else", 0},
		{func() { here.Reply(answer.ID, "thanks") }, channel.Text, true, "", "thanks", answer.ID},
		{func() { here.Reply(other, "indeed") }, channel.Text, false, "", "indeed", other},
		{func() { here.Say("/ask where is it?") }, channel.Command, true, "ask", "where is it?", 0},
		{func() { here.Say("/Ask@" + me + "  where?") }, channel.Command, true, "ask", "where?", 0},
		{func() { here.Say("/ask@another_bot where?") }, channel.Text, false, "", "/ask@another_bot where?", 0},
		{func() { here.Say("/ask @" + me + " where?") }, channel.Command, true, "ask", "where?", 0},
		{func() { here.Say("what does /ask do?") }, channel.Text, false, "", "what does /ask do?", 0},
		{func() { here.Choose(telegramtest.Suggestion{Text: "a suggestion"}) }, channel.Text, true, "", "a suggestion", 0},
		{func() { here.Photo(telegramtest.Picture, "@"+me+" what is this?") }, channel.Text, true, "", "what is this?", 0},
	}
	for i, want := range cases {
		want.say()
		e := r.await(i + 1)[i]
		replyTo := ""
		if want.replyTo != 0 {
			replyTo = itoa(int64(want.replyTo))
		}
		if e.Kind != want.kind || e.Addressed != want.addressed || e.Command != want.command || e.Body != want.body || string(e.ReplyTo) != replyTo {
			t.Errorf("case %d: %s addressed %v command %q body %q reply to %q", i, e.Kind, e.Addressed, e.Command, e.Body, e.ReplyTo)
		}
		if e.Address != seat(here, "", false) || e.From.ID != channel.PersonID(itoa(c.ID())) {
			t.Errorf("case %d came from %+v at %+v", i, e.From, e.Address)
		}
	}
}

func TestPrivate_Commands(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	c := f.server.Customer(1)
	c.Rename("Ann Lee", "ann", "pt-br")
	for i, want := range []struct{ say, command, body string }{
		{"/start", "start", ""},
		{"/start abc_DEF-123", "start", "abc_DEF-123"},
		{"/HELP\nplease help ", "help", "please help"},
		{"/privacy@" + me, "privacy", ""},
		{"/", "", "/"},
		{"not /start", "", "not /start"},
		{"hello @" + me, "", "hello @" + me},
	} {
		c.Say(want.say)
		e := r.await(i + 1)[i]
		kind := channel.Text
		if want.command != "" {
			kind = channel.Command
		}
		if e.Kind != kind || e.Command != want.command || e.Body != want.body || !e.Addressed {
			t.Errorf("%q: %s %q %q", want.say, e.Kind, e.Command, e.Body)
		}
		person := channel.Person{ID: channel.PersonID(itoa(c.ID())), Name: "Ann Lee", Username: "ann", Locale: "pt-br"}
		if diff := cmp.Diff(person, e.From); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEdits_ComeAsTheyAre(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.ReadAll = true })
	r := f.run()
	c, to := f.private(1)
	id := c.Say("first")
	c.Edit(id, "second")
	c.Edit(id, "third") // within the same second
	photo := c.Photo(telegramtest.Picture, "caption")
	c.Edit(photo, "/start over")
	here := c.In(f.server.Group("Shop talk", telegramtest.GroupOptions{}))
	place := c.Location(1, 2)
	c.Edit(place, "") // a place that moves
	r.await(6)
	here.Edit(here.Mention("one"), "@"+me+" two")
	var got []string
	ids := map[channel.EventID]bool{}
	events := r.await(8)
	for _, e := range events {
		if e.Kind == channel.Edited {
			got = append(got, string(e.Message)+" "+e.Body)
		}
		ids[e.ID] = true
	}
	want := []string{itoa(int64(id)) + " second", itoa(int64(id)) + " third", itoa(int64(photo)) + " /start over"}
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Error(diff)
	}
	if len(got) != 4 || !strings.HasSuffix(got[3], " two") {
		t.Errorf("edits %q", got)
	}
	if len(ids) != len(events) {
		t.Errorf("%d event IDs for %d events", len(ids), len(events))
	}
	if events[1].Address != to || !events[1].Addressed {
		t.Errorf("%+v", events[1])
	}
}

func TestMembership_ArrivesAndDeparts(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	c, to := f.private(1)
	c.Block()
	c.Unblock()
	r.await(2)
	g := f.server.Group("Shop talk", telegramtest.GroupOptions{})
	g.Kick(c)
	g.Add(c, "member")
	g.Add(c, "administrator") // was in already
	g.Kick(c)
	var got []channel.Event
	for _, e := range r.await(5) {
		got = append(got, channel.Event{Kind: e.Kind, Address: e.Address})
	}
	group := seat(c.In(g), "", false)
	want := []channel.Event{
		{Kind: channel.Departed, Address: to}, {Kind: channel.Arrived, Address: to},
		{Kind: channel.Departed, Address: group}, {Kind: channel.Arrived, Address: group}, {Kind: channel.Departed, Address: group},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Who speaks is not always a person.
func TestSenders_ThatAreNoPeople(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.ReadAll = true })
	r := f.run()
	g := f.server.Group("Shop talk", telegramtest.GroupOptions{})
	here := f.server.Customer(1).In(g)
	here.SayAsChat("as the group")
	here.SayUnsigned("unsigned")
	here.Service(map[string]any{"new_chat_title": "Another"})
	for _, from := range []string{
		`{"id":700000,"is_bot":true,"first_name":"itself"}`, `{"id":700000,"first_name":"itself"}`, `{"id":800000,"is_bot":true,"first_name":"another bot"}`,
		`{"id":777000,"first_name":"Telegram"},"is_automatic_forward":true,"sender_chat":{"id":-1009,"type":"channel","title":"News"}`,
	} {
		f.server.Inject(`"message":{"message_id":77,"date":1,"chat":{"id":-1001,"type":"supergroup"},"text":"x","from":` + from + `}`)
	}
	f.server.Inject(`"message":{"message_id":78,"date":1,"chat":{"id":-1001,"type":"supergroup"},"text":"for a channel","from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":{"id":-1009,"type":"channel","title":"News","username":"news"}}`)
	here.Say("last")
	var got []string
	events := r.await(4)
	slices.SortStableFunc(events, func(a, b channel.Event) int { return strings.Compare(string(a.Address.Chat), string(b.Address.Chat)) })
	for _, e := range events {
		got = append(got, e.Body+" by "+string(e.From.ID)+" "+e.From.Name)
	}
	group := itoa(g.ID())
	want := []string{"for a channel by -1009 News", "as the group by " + group + " Shop talk", "unsigned by " + group + " Shop talk", "last by 100001 Customer 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Dates that cannot be are replaced: an event is stored as JSON, which ends with the year 9999.
func TestEvents_CanBeStored(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	for _, date := range []string{"9223372036854775807", "-1", "0", "253402300800"} {
		f.server.Inject(`"message":{"message_id":` + itoa(int64(len(date))) + `,"date":` + date + `,"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"a\u0000b"},"text":"x\u0000y"}`)
	}
	for _, e := range r.await(4) {
		if since := time.Since(e.At); since < -time.Minute || since > time.Hour {
			t.Errorf("at %v", e.At)
		}
		if e.Body != "xy" || e.From.Name != "ab" {
			t.Errorf("%q by %q", e.Body, e.From.Name)
		}
	}
}

// Entities that lie outside of the text change nothing.
func TestEvents_WithWrongEntities(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	for i, entity := range []string{
		`{"type":"mention","offset":-1,"length":3}`, `{"type":"bot_command","offset":0,"length":99}`, `{"type":"mention","offset":9223372036854775807,"length":9223372036854775807}`,
		`{"type":"bot_command","offset":0,"length":0}`, `{"type":"text_mention","offset":0,"length":1}`,
	} {
		f.server.Inject(`"message":{"message_id":` + itoa(int64(i+1)) + `,"date":1700000000,"chat":{"id":-5,"type":"group"},"from":{"id":5,"first_name":"a"},"text":"😀 x","entities":[` + entity + `]}`)
		if e := r.await(i + 1)[i]; e.Body != "😀 x" || e.Kind != channel.Text || e.Addressed {
			t.Errorf("%s: %+v", entity, e)
		}
	}
}

func TestEventIDs_AreRobust(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	c, to := f.private(1)
	id := c.Say("one")
	c.Edit(id, "two")
	f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("x"), Buttons: []channel.Button{{Label: "A", Action: "a"}}})
	if err := c.Press("A"); err != nil {
		t.Fatal(err)
	}
	c.Block()
	want := []string{"telegram:700000:m:100001:1", "telegram:700000:e:100001:1:", "telegram:700000:c:34", "telegram:700000:u:100001:"}
	events := r.await(4)
	for _, prefix := range want {
		found := 0
		for _, e := range events {
			if strings.HasPrefix(string(e.ID), prefix) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d IDs begin with %q: %+v", found, prefix, events)
		}
	}
	press := channel.Event{Kind: channel.Press, Body: "a", Address: to, Addressed: true, From: events[0].From}
	got := events[2]
	if got.Kind != channel.Press {
		got = events[3]
	}
	if diff := cmp.Diff(press, got, cmpopts.IgnoreFields(channel.Event{}, "ID", "At", "Message")); diff != "" {
		t.Error(diff)
	}
	var _ channel.Channel = (*telegram.Channel)(nil)
}
