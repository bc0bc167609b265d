package telegram_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// desk is a group with topics where staff work.
type desk struct {
	*fixture
	group telegramtest.Group
	staff telegramtest.Seat
	at    channel.Address
}

func openDesk(t *testing.T, o telegramtest.GroupOptions, change func(*setup)) desk {
	t.Helper()
	f := open(t, change)
	g := f.server.Group("Desk", o)
	staff := f.server.Customer(7).In(g)
	return desk{fixture: f, group: g, staff: staff, at: seat(staff, "", false)}
}

var forum = telegramtest.GroupOptions{Forum: true, Admin: true}

func (d desk) card() channel.Message {
	return channel.Message{ID: "card", To: d.at, Content: channel.PlainDocument("Ticket 1"), Buttons: []channel.Button{{Label: "Claim", Action: "claim"}}}
}

func (d desk) mustOpen(title string) channel.OpenedThread {
	d.t.Helper()
	opened, err := d.channel.OpenThread(d.t.Context(), title, d.card())
	if err != nil {
		d.t.Fatalf("open a topic: %v", err)
	}
	return opened
}

// inside is the staff's seat in a thread.
func (d desk) inside(thread channel.Address) telegramtest.Seat {
	return d.staff.At(number(thread.Thread))
}

func TestOpenThread_PutsTheCardAtTheHead(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	opened := d.mustOpen("  Parcel is late ")
	want := d.at
	want.Thread = opened.Address.Thread
	if opened.Address != want || want.Thread == "" || opened.Lacks != "" {
		t.Errorf("opened %+v", opened)
	}
	shown := d.inside(opened.Address).Shown()
	if len(shown) != 1 || shown[0].Text != "Ticket 1" || !slices.Equal(shown[0].Labels(), []string{"Claim"}) || channel.MessageID(strconv.Itoa(shown[0].ID)) != opened.Card {
		t.Errorf("the topic shows %+v", shown)
	}
	if diff := cmp.Diff(map[int]string{number(want.Thread): "Parcel is late"}, d.group.Topics()); diff != "" {
		t.Error(diff)
	}
}

// What was done is not done again: the next attempt under the card's ID goes on from there.
func TestOpenThread_GoesOnFromWhatWasDone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  telegramtest.Fault
		fate   channel.Fate
		topics int
		shown  int
	}{
		"the topic is refused for now":   {telegramtest.TooMany(3).On("createForumTopic"), channel.Wait, 1, 1},
		"the card is refused for now":    {telegramtest.TooMany(3).On("sendMessage"), channel.Wait, 1, 1},
		"the way to the card breaks":     {telegramtest.Reset().On("sendMessage"), channel.Unknown, 1, 1},
		"the card's answer is lost":      {telegramtest.LostAnswer().On("sendMessage"), channel.Unknown, 1, 2},
		"the topic's answer is lost":     {telegramtest.LostAnswer().On("createForumTopic"), channel.Unknown, 2, 1},
		"the token was revoked meantime": {telegramtest.Refusal(401, "Unauthorized").On("sendMessage"), channel.Wait, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, forum, nil)
			d.server.Fail(c.fault)
			_, err := d.channel.OpenThread(t.Context(), "Parcel", d.card())
			refused(t, err, c.fate)
			opened := d.mustOpen("Parcel")
			if got := len(d.group.Topics()); got != c.topics {
				t.Errorf("%d topics, want %d", got, c.topics)
			}
			if got := len(d.inside(opened.Address).Shown()); got != c.shown {
				t.Errorf("%d cards in the topic, want %d", got, c.shown)
			}
			if got := d.group.ShownOutside(); len(got) != 0 {
				t.Errorf("outside of it %+v", got)
			}
		})
	}
}

// A topic that staff delete between two attempts is made anew, and another card has a topic of its own.
func TestOpenThread_MakesAnewWhatWasDeleted(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	d.server.Fail(telegramtest.TooMany(3).On("sendMessage"))
	_, err := d.channel.OpenThread(t.Context(), "Parcel", d.card())
	refused(t, err, channel.Wait)
	for id := range d.group.Topics() {
		d.group.DeleteTopic(id)
	}
	first := d.mustOpen("Parcel")
	second := d.mustOpen("Parcel")
	if first.Address == second.Address || len(d.group.Topics()) != 2 {
		t.Errorf("topics %v", d.group.Topics())
	}
}

// What of a card was shown in a topic that was deleted is shown again in the next.
func TestOpenThread_ShowsAllOfTheCardAnew(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	card := d.card()
	card.Attachments = []channel.Attachment{{Media: channel.Place, Text: "1,2"}, {Media: channel.Place, Text: "3,4"}}
	d.server.Fail(telegramtest.Pass().On("sendLocation"), telegramtest.TooMany(3).On("sendLocation"))
	_, err := d.channel.OpenThread(t.Context(), "Parcel", card)
	refused(t, err, channel.Wait)
	for id := range d.group.Topics() {
		d.group.DeleteTopic(id)
	}
	opened, err := d.channel.OpenThread(t.Context(), "Parcel", card)
	if err != nil {
		t.Fatal(err)
	}
	if shown := d.inside(opened.Address).Shown(); len(shown) != 3 || shown[2].Text != "Ticket 1" {
		t.Errorf("the topic shows %+v", shown)
	}
}

// Without a topic the card stands in the group, and what is missing is said in words that somebody can act on.
func TestOpenThread_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	const topics, rights = "switch topics on in the group's settings", "make the bot an administrator with the right to manage topics"
	for name, c := range map[string]struct {
		group telegramtest.GroupOptions
		fault string
		want  string
	}{
		"a basic group":                  {telegramtest.GroupOptions{Basic: true}, "", topics},
		"a group without topics":         {telegramtest.GroupOptions{Admin: true}, "", topics},
		"the bot is a member":            {telegramtest.GroupOptions{Forum: true}, "", rights},
		"an administrator without right": {forum, "no right", rights},
		"the platform's own words":       {forum, "Bad Request: CHANNEL_FORUM_MISSING", topics},
		"other words for a right":        {forum, "Bad Request: CHAT_ADMIN_REQUIRED", rights},
		"words of tomorrow":              {forum, "Bad Request: TOPICS_TOO_MUCH", "TOPICS_TOO_MUCH"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, c.group, nil)
			switch c.fault {
			case "":
			case "no right":
				d.group.AllowTopics(false)
			default:
				d.server.Fail(telegramtest.Refusal(400, c.fault).On("createForumTopic"))
			}
			opened := d.mustOpen("Parcel")
			if opened.Address != d.at || !strings.Contains(opened.Lacks, c.want) {
				t.Errorf("opened %+v, want to be told %q", opened, c.want)
			}
			shown := d.group.ShownOutside()
			if len(shown) != 1 || shown[0].Text != "Ticket 1" || channel.MessageID(strconv.Itoa(shown[0].ID)) != opened.Card || len(d.group.Topics()) != 0 {
				t.Errorf("the group shows %+v, topics %v", shown, d.group.Topics())
			}
		})
	}
}

func TestOpenThread_WhereTheGroupIsGone(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	d.group.Kick(d.staff)
	_, err := d.channel.OpenThread(t.Context(), "Parcel", d.card())
	refused(t, err, channel.Gone)
	for _, chat := range []channel.ChatID{"", "desk"} {
		_, err := d.channel.OpenThread(t.Context(), "Parcel", channel.Message{To: channel.Address{Network: telegram.Network, Chat: chat}})
		refused(t, err, channel.Refused)
	}
}

// Every way in which the platform says that a topic is not there, to every call that names one.
func TestTopics_ThatAreLost(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, func(s *setup) { s.platform.NoRates = true })
	calls := map[string]func(channel.Address) error{
		"sendMessage": func(at channel.Address) error {
			_, err := d.send(channel.Message{To: at, Content: channel.PlainDocument("x")})
			return err
		},
		"editMessageText": func(at channel.Address) error {
			_, err := d.send(channel.Message{To: at, Content: channel.PlainDocument("x"), Replaces: "999"})
			return err
		},
		"sendLocation": func(at channel.Address) error {
			_, err := d.send(channel.Message{To: at, Attachments: []channel.Attachment{{Media: channel.Place, Text: "1,2"}}})
			return err
		},
		"editForumTopic":   func(at channel.Address) error { return d.channel.TitleThread(t.Context(), at, "x") },
		"closeForumTopic":  func(at channel.Address) error { return d.channel.CloseThread(t.Context(), at) },
		"reopenForumTopic": func(at channel.Address) error { return d.channel.ReopenThread(t.Context(), at) },
	}
	opened := d.mustOpen("Parcel").Address
	for method, call := range calls {
		for _, text := range []string{
			"message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID", "invalid forum topic identifier specified",
			"invalid message thread identifier specified", "Topic not found",
		} {
			d.server.Fail(telegramtest.Refusal(400, "Bad Request: "+text).On(method))
			t.Log(method, text)
			refused(t, call(opened), channel.Lost)
		}
	}
	d.group.DeleteTopic(number(opened.Thread))
	for method, call := range calls {
		t.Log(method, "a topic that was deleted")
		refused(t, call(opened), channel.Lost)
	}
	other := d.mustOpen("Other").Address
	d.group.SwitchTopics(false)
	for method, call := range calls {
		t.Log(method, "in a group whose topics were switched off")
		refused(t, call(other), channel.Lost)
	}
	d.group.SwitchTopics(true)
	if err := d.channel.CloseThread(t.Context(), d.at); err == nil {
		t.Error("a group is no topic to close")
	}
}

// An edit in a topic that was deleted is not shown elsewhere instead.
func TestEdit_InALostTopic(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	opened := d.mustOpen("Parcel")
	d.group.DeleteTopic(number(opened.Address.Thread))
	_, err := d.send(channel.Message{To: opened.Address, Content: channel.PlainDocument("claimed"), Replaces: opened.Card})
	refused(t, err, channel.Lost)
	if got := d.group.Shown(); len(got) != 0 {
		t.Errorf("shown %+v", got)
	}
}

func TestTopics_ThatAreClosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bot    string
		theirs bool // the topic was begun by staff, not by the bot
		fate   channel.Fate
		closed bool // afterwards
	}{
		"an administrator writes in it":       {"administrator", true, "", true},
		"who began it writes in it":           {"member", false, "", true},
		"a member has to leave it as it is":   {"member", true, channel.Lost, true},
		"an administrator without that right": {"no right", true, channel.Lost, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, forum, nil)
			topic := 0
			if c.theirs {
				topic = d.group.Topic(d.staff, "Parcel")
			} else {
				topic = number(d.mustOpen("Parcel").Address.Thread)
			}
			d.group.CloseTopic(d.staff, topic)
			switch c.bot {
			case "member":
				d.group.Add(d.staff, "member")
			case "no right":
				d.group.AllowTopics(false)
			}
			_, err := d.send(channel.Message{To: seat(d.staff, strconv.Itoa(topic), false), Content: channel.PlainDocument("hello")})
			refused(t, err, c.fate)
			if closed := strings.HasSuffix(d.group.Topics()[topic], "(closed)"); closed != c.closed {
				t.Errorf("closed %v, want %v", closed, c.closed)
			}
		})
	}
}

// Where a closed topic takes no message it is opened and the message sent once more; what fails then is told as what it is.
func TestSend_OpensAClosedTopic(t *testing.T) {
	t.Parallel()
	closed := telegramtest.Refusal(400, "Bad Request: TOPIC_CLOSED").On("sendMessage")
	for name, c := range map[string]struct {
		faults []telegramtest.Fault
		fate   channel.Fate
		calls  [2]int // sendMessage, reopenForumTopic
	}{
		"it opens":                {[]telegramtest.Fault{closed}, "", [2]int{3, 1}},
		"it is closed again":      {[]telegramtest.Fault{closed, closed}, channel.Lost, [2]int{3, 1}},
		"it must not be opened":   {[]telegramtest.Fault{closed, telegramtest.Refusal(400, "Bad Request: not enough rights to close or open the topic").On("reopenForumTopic")}, channel.Lost, [2]int{2, 1}},
		"it cannot be opened now": {[]telegramtest.Fault{closed, telegramtest.TooMany(9).On("reopenForumTopic")}, channel.Wait, [2]int{2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, forum, nil)
			at := d.mustOpen("Parcel").Address
			d.group.CloseTopic(d.staff, number(at.Thread))
			d.server.Fail(c.faults...)
			_, err := d.send(channel.Message{To: at, Content: channel.PlainDocument("hello")})
			refused(t, err, c.fate)
			if got := [2]int{len(d.server.Calls("sendMessage")), len(d.server.Calls("reopenForumTopic"))}; got != c.calls {
				t.Errorf("calls %v, want %v", got, c.calls)
			}
		})
	}
}

// A group that became a supergroup has a new ID, which every call tells.
func TestTopics_OfAGroupThatMoved(t *testing.T) {
	t.Parallel()
	d := openDesk(t, telegramtest.GroupOptions{Basic: true}, nil)
	next := d.group.Upgrade(d.staff)
	at := seat(d.staff, "5", false)
	_, err := d.channel.OpenThread(t.Context(), "Parcel", d.card())
	for name, err := range map[string]error{
		"open": err, "title": d.channel.TitleThread(t.Context(), at, "x"),
		"close": d.channel.CloseThread(t.Context(), at), "reopen": d.channel.ReopenThread(t.Context(), at),
	} {
		if e := refused(t, err, channel.Refused); e.MovedTo != channel.ChatID(itoa(next.ID())) {
			t.Errorf("%s: moved to %q, want %d", name, e.MovedTo, next.ID())
		}
	}
	if got := len(next.Shown()) + len(d.group.Shown()) + len(d.server.Calls("sendMessage")); got != 0 {
		t.Errorf("%d messages sent or shown", got)
	}
}

// Topic names hold 128 characters, and changing nothing is no error.
func TestTopics_AreNamed(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	opened := d.mustOpen(strings.Repeat("😀", 100)).Address
	name := func() string { return d.group.Topics()[number(opened.Thread)] }
	if n := channel.UTF16Length(name()); n > 128 || n < 126 {
		t.Errorf("a name of %d units", n)
	}
	for title, want := range map[string]string{"Parcel": "Parcel", " ": "…", "a\xffb": "a\uFFFDb"} {
		for range 2 {
			if err := d.channel.TitleThread(t.Context(), opened, title); err != nil || name() != want {
				t.Errorf("%q became %q: %v", title, name(), err)
			}
		}
	}
}

// The memory of half-made topics is bounded.
func TestOpenThread_ForgetsInTheEnd(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, func(s *setup) { s.platform.NoRates = true })
	const many = 1010
	for i := range many {
		d.server.Fail(telegramtest.TooMany(1).On("sendMessage"))
		card := d.card()
		card.ID = fmt.Sprint("card", i)
		_, err := d.channel.OpenThread(t.Context(), "Parcel", card)
		refused(t, err, channel.Wait)
	}
	card := d.card()
	card.ID = fmt.Sprint("card", many-1)
	if _, err := d.channel.OpenThread(t.Context(), "Parcel", card); err != nil || len(d.group.Topics()) != many {
		t.Errorf("the newest is remembered: %v, %d topics", err, len(d.group.Topics()))
	}
}
