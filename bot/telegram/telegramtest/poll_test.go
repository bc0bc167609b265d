package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// updates takes updates and checks each against the specification.
func (b *bot) updates(params ...string) (ids []int64, raws []json.RawMessage) {
	b.t.Helper()
	if err := json.Unmarshal(b.must("[]Update", "getUpdates", params...), &raws); err != nil {
		b.t.Fatal(err)
	}
	for _, raw := range raws {
		var u struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(raw, &u)
		ids = append(ids, u.ID)
	}
	return ids, raws
}

func TestGetUpdates_ConfirmsBelowTheOffset(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{})
	for i := range 5 {
		s.Customer(1).Say(fmt.Sprint(i))
	}
	ids, _ := b.updates("limit", "3")
	if len(ids) != 3 || ids[1] != ids[0]+1 {
		t.Fatalf("took %v", ids)
	}
	if again, _ := b.updates(); len(again) != 5 || again[0] != ids[0] {
		t.Errorf("unconfirmed updates came as %v", again)
	}
	if rest, _ := b.updates("offset", strconv.FormatInt(ids[2]+1, 10)); len(rest) != 2 {
		t.Errorf("after confirming three: %v", rest)
	}
	if none, _ := b.updates("offset", strconv.FormatInt(ids[0]+5, 10)); len(none) != 0 || s.Pending() != 0 {
		t.Errorf("after confirming all: %v", none)
	}
}

func TestGetUpdates_RestartsItsNumbers(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{})
	s.Customer(1).Say("before")
	ids, _ := b.updates()
	b.updates("offset", strconv.FormatInt(ids[0]+1, 10))
	s.RestartIDs(1000)
	s.Customer(1).Say("after")
	if got, _ := b.updates("offset", strconv.FormatInt(ids[0]+1, 10)); len(got) != 1 || got[0] != 1000 {
		t.Errorf("an offset from long ago gave %v", got)
	}
}

func TestGetUpdates_WaitsAndEndsTheOlderPoll(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{})
	older := make(chan reply, 1)
	go func() { older <- b.call("getUpdates", "timeout", "50") }()
	time.Sleep(50 * time.Millisecond)
	newer := make(chan reply, 1)
	go func() { newer <- b.call("getUpdates", "timeout", "50") }()
	if r := <-older; r.Code != 409 {
		t.Errorf("the older poll got %+v", r)
	}
	s.Customer(1).Say("hi")
	if r := <-newer; !r.OK || len(r.Result) < 10 {
		t.Errorf("the newer poll got %s", r.Result)
	}
}

func TestGetUpdates_ForgetsWhatIsOld(t *testing.T) {
	t.Parallel()
	clock := telegramtest.NewTick(time.Unix(1_700_000_000, 0))
	b, s := newBot(t, telegramtest.Options{Now: clock.Now})
	c := s.Customer(1)
	c.Say("hi")
	b.must("Message", "sendMessage", "chat_id", "100001", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`)
	if err := c.Press("a"); err != nil {
		t.Fatal(err)
	}
	clock.Pass(151 * time.Second)
	if ids, _ := b.updates(); len(ids) != 1 {
		t.Errorf("a press was kept for too long: %v", ids)
	}
	clock.Pass(24 * time.Hour)
	if ids, _ := b.updates(); len(ids) != 0 {
		t.Errorf("an update was kept for more than a day: %v", ids)
	}
}

func TestGetUpdates_LimitsKinds(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{})
	c := s.Customer(1)
	b.updates("allowed_updates", `["edited_message"]`)
	c.Edit(c.Say("one"), "two")
	if _, raws := b.updates(); len(raws) != 1 {
		t.Errorf("got %s", raws)
	}
	b.updates("allowed_updates", `[]`)
	c.Say("three")
	if _, raws := b.updates(); len(raws) != 2 {
		t.Errorf("the default gave %s", raws)
	}
}

// Whatever the server says of messages and people is what the specification describes.
func TestUpdates_AreWhatTheSpecificationDescribes(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true, ReadAll: true, Inline: true})
	c := s.Customer(1)
	first := c.Say("/start token")
	c.Reply(first, "a reply to @alice and https://example.com")
	c.Edit(first, "edited")
	c.Photo(telegramtest.Picture, "a caption")
	c.File("a.pdf", "application/pdf", []byte("x"), "")
	for _, kind := range []string{"voice", "audio", "video", "video_note", "animation"} {
		c.Media(kind, "a", "x/y", []byte("x"))
	}
	c.Sticker("😀")
	c.Location(52.5, 13.4)
	c.Venue(52.5, 13.4, "Shop", "Street 1")
	c.Contact("+491", "Ann", "Lee")
	c.Album(3, "together")
	c.Block()
	c.Unblock()
	g := s.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	g.Add(c, "administrator")
	topic := g.Topic(c, "A topic")
	c.In(g).At(topic).Say("in a topic")
	c.In(g).SayAsChat("as the group")
	c.In(g).SayUnsigned("unsigned")
	c.In(g).Mention("hello")
	c.In(g).Choose(telegramtest.Suggestion{ID: "0", Title: "x", Text: "chosen"})
	basic := s.Group("Basic", telegramtest.GroupOptions{Basic: true})
	basic.Kick(c)
	basic.Add(c, "member")
	c.In(basic).Say("in a basic group")
	basic.Upgrade(c)
	b.must("Message", "sendMessage", "chat_id", "100001", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`)
	if err := c.Press("a"); err != nil {
		t.Fatal(err)
	}
	if ids, _ := b.updates(); len(ids) < 30 {
		t.Errorf("only %d updates came", len(ids))
	}
	b.must("User", "getMe")
	b.must("ChatFullInfo", "getChat", "chat_id", "100001")
	for _, user := range []string{"700000", "100001"} {
		b.must("ChatMember", "getChatMember", "chat_id", strconv.FormatInt(g.ID(), 10), "user_id", user)
	}
}

func TestGroups_ShowTheBotOnlyWhatItMaySee(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	g := s.Group("Shop talk", telegramtest.GroupOptions{})
	c := s.Customer(1).In(g)
	var sent struct {
		ID int `json:"message_id"`
	}
	_ = json.Unmarshal(b.must("Message", "sendMessage", "chat_id", strconv.FormatInt(g.ID(), 10), "text", "hello"), &sent)
	c.Say("overheard")
	c.Say("see @somebody_else")
	c.Mention("heard")
	c.Reply(sent.ID, "heard")
	c.Say("/ask heard")
	c.SayFormatted("Bot heard", telegramtest.Entity{Type: "text_mention", Offset: 0, Length: 3, User: map[string]any{"id": int64(telegramtest.BotID), "is_bot": true, "first_name": "Helper"}})
	_, raws := b.updates()
	var texts []string
	for _, raw := range raws {
		var u struct{ Message struct{ Text string } }
		_ = json.Unmarshal(raw, &u)
		texts = append(texts, u.Message.Text)
	}
	if diff := cmp.Diff([]string{"@" + telegramtest.BotUsername + " heard", "heard", "/ask heard", "Bot heard"}, texts); diff != "" {
		t.Error(diff)
	}
}
