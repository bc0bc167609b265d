package telegram_test

import (
	"slices"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// What staff do in a topic comes with its address; that somebody made, named, closed or opened it is no event.
func TestTopics_AreThreads(t *testing.T) {
	t.Parallel()
	d := openDesk(t, forum, nil)
	r := d.run()
	opened := d.mustOpen("Parcel")
	in := d.inside(opened.Address)
	card := number(opened.Card)
	topic := number(opened.Address.Thread)
	d.group.RenameTopic(d.staff, topic, "Late")
	d.group.CloseTopic(d.staff, topic)
	d.group.ReopenTopic(d.staff, topic)
	for _, do := range []error{
		d.channel.TitleThread(t.Context(), opened.Address, "Later"), d.channel.CloseThread(t.Context(), opened.Address),
		d.channel.ReopenThread(t.Context(), opened.Address), in.Press("Claim"),
	} {
		if do != nil {
			t.Fatal(do)
		}
	}
	r.await(1) // presses have a queue of their own
	note := in.Say("I take it")
	in.Reply(card, "to the card")
	in.Reply(note, "to a colleague")
	in.Say("/staff ABC")
	in.Edit(note, "I took it")
	in.Photo(telegramtest.Picture, "look")
	in.Mention("hey")
	theirs := d.group.Topic(d.staff, "of their own")
	d.staff.At(theirs).Say("elsewhere")
	type want struct {
		kind      channel.Kind
		body      string
		replyTo   int
		addressed bool
		thread    int
	}
	wants := []want{
		{channel.Press, "claim", 0, true, topic},
		{channel.Text, "I take it", 0, false, topic},
		{channel.Text, "to the card", card, true, topic},
		{channel.Text, "to a colleague", note, false, topic},
		{channel.Command, "ABC", 0, true, topic},
		{channel.Edited, "I took it", 0, false, topic},
		{channel.Text, "look", 0, false, topic},
		{channel.Text, "hey", 0, true, topic},
		{channel.Text, "elsewhere", 0, false, theirs},
	}
	var got []want
	for _, e := range r.await(len(wants)) {
		got = append(got, want{e.Kind, e.Body, number(e.ReplyTo), e.Addressed, number(e.Address.Thread)})
		if e.Address.Chat != d.at.Chat || e.Address.Private {
			t.Errorf("address %+v", e.Address)
		}
		if (e.Body == "look") != (len(e.Attachments) == 1) {
			t.Errorf("attachments of %q: %+v", e.Body, e.Attachments)
		}
	}
	// The lanes of two topics run beside each other.
	slices.SortStableFunc(got, func(a, b want) int { return a.thread - b.thread })
	if diff := cmp.Diff(wants, got, cmp.AllowUnexported(want{})); diff != "" {
		t.Error(diff)
	}
	eventually(t, "nothing is pending", func() bool { return d.server.Pending() == 0 })
	if got := r.await(len(wants)); len(got) != len(wants) {
		t.Errorf("%d events, want %d: %+v", len(got), len(wants), got[len(wants):])
	}
}

// "A thread id is a topic only when is_topic_message is true." In a group without topics replies have a thread too.
func TestReplies_AreNoThreads(t *testing.T) {
	t.Parallel()
	d := openDesk(t, telegramtest.GroupOptions{Admin: true}, nil)
	r := d.run()
	root := d.staff.Say("root")
	d.staff.Reply(root, "branch")
	if e := r.await(2)[1]; e.Address != d.at || number(e.ReplyTo) != root {
		t.Errorf("a reply made a thread: %+v", e)
	}
}

// Both groups tell that one became the other, and it is one event: of the old one, to the new one.
func TestEvents_OfAGroupThatMoved(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	seat := f.server.Customer(1)
	old := f.server.Group("Team", telegramtest.GroupOptions{Basic: true, Admin: true})
	next := old.Upgrade(seat)
	for _, e := range r.await(2) {
		want := channel.Address{Network: "telegram", Chat: channel.ChatID(itoa(old.ID()))}
		if e.Kind != channel.Moved || e.Address != want || e.Body != itoa(next.ID()) || e.ID != r.await(2)[0].ID || e.From.ID == "" {
			t.Errorf("%+v", e)
		}
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}
