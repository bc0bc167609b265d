package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

var hall = channel.Address{Network: "office", Chat: "hall"}

// staffed is a bot whose desk is a group of another network than the customers'.
func staffed(t *testing.T) *shop {
	t.Helper()
	b := open(t, nil)
	b.bind(hall, false)
	b.atDesk("This is a desk now")
	return b
}

// bind shows a new code at a place.
func (b *shop) bind(at channel.Address, owner bool) {
	b.t.Helper()
	code, err := b.store.NewCode(b.t.Context(), owner, time.Now().Add(time.Hour))
	if err != nil {
		b.t.Fatal(err)
	}
	e := b.office.EventAt(at, "boss", channel.Command, code)
	e.Command = "staff"
	b.office.Push(e)
}

// atDesk waits until something was shown at the desk with all these texts in it, and returns it.
func (b *shop) atDesk(texts ...string) channel.Message { return b.shownAt(hall, texts...) }

func (b *shop) shownAt(at channel.Address, texts ...string) channel.Message {
	b.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		shown := b.office.ShownAt(at)
		for _, m := range slices.Backward(shown) {
			text := m.Content.PlainText()
			if !slices.ContainsFunc(texts, func(want string) bool { return !strings.Contains(text, want) }) {
				return m
			}
		}
	}
	var all []string
	for _, m := range b.office.ShownAt(at) {
		all = append(all, m.Content.PlainText())
	}
	b.t.Fatalf("nothing at the desk holds %q; there is\n%s", texts, strings.Join(all, "\n---\n"))
	return channel.Message{}
}

// replies has a member of staff write under a message at the desk.
func (b *shop) replies(staff string, to channel.Message, text string) {
	e := b.office.EventAt(hall, staff, channel.Text, text)
	if name, ok := strings.CutPrefix(text, "/"); ok {
		e.Kind = channel.Command
		e.Command, e.Body, _ = strings.Cut(name, " ")
	}
	e.ReplyTo = b.office.ID(to)
	b.office.Push(e)
}

// presses has a member of staff press a button under a message at the desk.
func (b *shop) presses(staff string, under channel.Message, label string) {
	b.t.Helper()
	i := slices.IndexFunc(under.Buttons, func(b channel.Button) bool { return b.Label == label })
	if i < 0 {
		b.t.Fatalf("there is no button %q, only %q", label, labels(under))
	}
	b.office.Push(b.office.EventAt(hall, staff, channel.Press, under.Buttons[i].Action))
}

func (b *shop) ticket() handoff.Ticket {
	b.t.Helper()
	tickets, err := b.store.Tickets(b.t.Context(), "", 10)
	if err != nil || len(tickets) != 1 {
		b.t.Fatalf("tickets %+v, %v", tickets, err)
	}
	return tickets[0]
}

func TestDesk_TicketFromCardToClose(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.say("ann", "a person please", "with our team under number", "team sees your question now")
	card := b.atDesk("ann", "can my cat fly to the moon with you?")
	if got := labels(card); !slices.Equal(got, []string{"Claim", "Close"}) {
		t.Errorf("the card offers %q", got)
	}
	b.presses("ben", card, "Claim")
	b.expect("ann", "ben from our team is here now")
	b.atDesk("ben has taken this ticket")
	b.presses("eve", card, "Claim")
	b.atDesk("ben has it already")
	b.replies("ben", card, "Cats fly free of charge.")
	b.expect("ann", "ben:\n\nCats fly free of charge.")
	b.network.Say("ann", "how long does delivery take") // the bot is silent beside a person
	relayed := b.atDesk("how long does delivery take")
	b.replies("ben", relayed, "Two days to the moon.")
	b.expect("ann", "Two days to the moon.")
	b.replies("ben", card, "// a nice one")
	b.replies("ben", card, "/close")
	b.presses("ben", b.atDesk("What did it come to?"), "Needs an entry")
	b.expect("ann", "Thank you for your patience", "How was it?")
	b.say("ann", "how long does delivery take", "Two to three days")
	closed, err := b.store.Tickets(t.Context(), handoff.Closed, 10)
	if err != nil || len(closed) != 1 || closed[0].Outcome != handoff.NeedsText || closed[0].RepliedAt.IsZero() {
		t.Errorf("closed %+v, %v", closed, err)
	}
	if slices.ContainsFunc(b.network.Shown("ann"), func(m channel.Message) bool { return strings.Contains(m.Content.PlainText(), "nice one") }) {
		t.Error("the customer saw a note")
	}
}

func TestDesk_WaitingCustomerIsAnsweredAndSeen(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "tell me here what it is about", "team sees your question now")
	b.say("ann", "how long does delivery take", "Two to three days")
	b.atDesk("ann:", "how long does delivery take")
	b.atDesk("Bot: How long does delivery take?")
	b.press("ann", "No person needed after all")
	b.expect("ann", "taken number")
	b.atDesk("they took their wish back")
}

func TestDesk_ReleasedTicketWaitsAgain(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	b.replies("ben", card, "Hello Ann")
	b.expect("ann", "ben from our team is here", "Hello Ann")
	b.replies("ben", card, "/release")
	b.expect("ann", "back with the whole team")
	b.say("ann", "opening hours", "Monday") // the bot helps again meanwhile
	if ticket := b.ticket(); ticket.Holder != "" || ticket.Status != handoff.Open {
		t.Errorf("the released ticket is %+v", ticket)
	}
	b.replies("eve", card, "/claim")
	b.expect("ann", "eve from our team is here")
}

func TestDesk_Binding(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	wrong := b.office.EventAt(channel.Address{Network: "office", Chat: "yard"}, "stranger", channel.Command, "aaaabbbbcccc")
	wrong.Command = "staff"
	b.office.Push(wrong)
	b.shownAt(wrong.Address, "This code is not known")
	b.bind(b.office.Private("boss"), false)
	b.shownAt(b.office.Private("boss"), "A desk is a group")
	b.bind(channel.Address{Network: "office", Chat: "yard"}, true)
	b.shownAt(wrong.Address, "told things in private")
	b.bind(b.office.Private("boss"), true)
	b.shownAt(b.office.Private("boss"), "You are the owner now")
	desks, err := b.store.Desks(t.Context())
	if err != nil || len(desks) != 2 {
		t.Errorf("desks %+v, %v", desks, err)
	}
	// Nobody but staff acts as staff.
	b.say("ann", "/claim", "no answer")
}

func TestDesk_NoDeskCanBeReached(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.bind(b.office.Private("boss"), true)
	b.shownAt(b.office.Private("boss"), "You are the owner now")
	b.office.Fail(&channel.SendError{Fate: channel.Refused, Reason: "the bot was muted"})
	b.say("ann", "human", "what it is about", "could not reach our team")
	b.shownAt(b.office.Private("boss"), "No desk could be reached", "ann")
}

func TestDesk_EditsAndDeletionsCross(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	asked := b.network.Event("ann", channel.Text, "my zebra is blue")
	b.network.Push(asked)
	b.atDesk("my zebra is blue")
	b.expect("ann", "added that for our team")
	edit := b.network.Event("ann", channel.Edited, "my zebra is green")
	edit.Message = asked.Message
	b.network.Push(edit)
	b.atDesk("ann ✎:", "my zebra is green")
	gone := b.network.Event("ann", channel.Deleted, "")
	gone.Message = asked.Message
	b.network.Push(gone)
	b.atDesk("ann has deleted this")
	reply := b.office.EventAt(hall, "ben", channel.Text, "Paint it")
	reply.ReplyTo = b.office.ID(card)
	b.office.Push(reply)
	b.expect("ann", "ben from our team is here", "Paint it")
	mended := b.office.EventAt(hall, "ben", channel.Edited, "Paint it black")
	mended.Message = reply.Message
	b.office.Push(mended)
	m := b.expect("ann", "ben:\n\nPaint it black")[0]
	if m.Replaces == "" {
		t.Error("the corrected reply is another message")
	}
	taken := b.office.EventAt(hall, "ben", channel.Deleted, "")
	taken.Message = reply.Message
	b.office.Push(taken)
	b.expect("ann", "This message was taken back")
}

// TestDesk_AfterTheEnd has the customer rate, add a word, and come back within three days.
func TestDesk_AfterTheEnd(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	b.replies("ben", card, "Done.")
	b.expect("ann", "ben from our team is here", "Done.")
	b.replies("ben", card, "/close solved")
	b.expect("ann", "Thank you for your patience", "How was it?")
	b.press("ann", "4 ★★★★")
	b.expect("ann", "Thank you, that helps us")
	b.atDesk("The customer gave ★★★★.")
	b.say("ann", "took a little long though", "The team reads that")
	b.atDesk("★★★★", "took a little long though")
	b.say("ann", "opening hours", "Monday") // all else is as ever
	b.say("ann", "I want to talk to a human", "with our team under number")
	b.atDesk("this ticket is open again")
	again := b.ticket()
	if again.Number != 1 || again.Rating != 4 || again.Word != "took a little long though" || again.Reopened != 1 || again.Status != handoff.Open {
		t.Errorf("the ticket is %+v", again)
	}
	b.replies("eve", card, "I am here")
	shown := b.expect("ann", "eve from our team is here", "I am here")[1]
	b.replies("eve", card, "/close solved")
	b.expect("ann", "Thank you for your patience", "How was it?")
	reply := b.network.Event("ann", channel.Text, "one more thing")
	reply.ReplyTo = b.network.ID(shown)
	b.network.Push(reply)
	b.expect("ann", "with our team under number")
	b.atDesk("ann:", "one more thing")
}

// TestDesk_UndeliveredIsTriedAgain: staff see that a reply did not arrive, and send it once more with a press.
func TestDesk_UndeliveredIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	b.presses("ben", card, "Claim")
	b.expect("ann", "ben from our team is here")
	b.network.Fail(&channel.SendError{Fate: channel.Refused, Reason: "no such button"})
	b.replies("ben", card, "Here you are.")
	failed := b.atDesk("did not reach the other side", "no such button")
	b.presses("ben", failed, "Try again")
	b.expect("ann", "Here you are.")
}

// TestDesk_GoneDeskHandsItsTicketsOn: the bot was put out of a desk, and what waits there comes to another one.
func TestDesk_GoneDeskHandsItsTicketsOn(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.bind(b.office.Private("boss"), true)
	b.shownAt(b.office.Private("boss"), "You are the owner now")
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	b.presses("ben", card, "Claim")
	b.expect("ann", "ben from our team is here")
	b.atDesk("ben has taken this ticket")
	yard := channel.Address{Network: "office", Chat: "yard"}
	b.bind(yard, false)
	b.shownAt(yard, "This is a desk now")
	b.office.Fail(&channel.SendError{Fate: channel.Gone, Reason: "the bot was kicked"})
	b.network.Say("ann", "are you still there?")
	b.shownAt(b.office.Private("boss"), "I cannot write to the desk hall", "the bot was kicked")
	other := b.shownAt(yard, "ann", "waiting since")
	b.expect("ann", "team sees your question")
	e := b.office.EventAt(yard, "eve", channel.Press, other.Buttons[0].Action)
	b.office.Push(e)
	b.expect("ann", "eve from our team is here")
}

func TestDesk_FormattingOfStaffReachesTheCustomer(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	e := b.office.EventAt(hall, "ben", channel.Text, "Do not shake it")
	e.Content = channel.StyledDocument(e.Body, []channel.Styled{{From: 3, To: 6, Kind: channel.Strong}})
	e.ReplyTo = b.office.ID(b.atDesk("ann", "waiting since"))
	b.office.Push(e)
	m := b.expect("ann", "ben from our team is here", "ben:\n\nDo not shake it")[1]
	if spans := m.Content[1].Spans; len(spans) != 3 || spans[1].Kind != channel.Strong {
		t.Errorf("the reply is %+v", m.Content)
	}
}

func TestDesk_FilesCross(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	photo := b.network.Event("ann", channel.Text, "see this")
	photo.Attachments = []channel.Attachment{{Network: "memory", Media: channel.Photo, Ref: "p1", Size: 1 << 20}}
	b.network.Push(photo)
	if m := b.atDesk("ann:", "see this"); len(m.Attachments) != 1 || m.Attachments[0].Ref != "p1" {
		t.Errorf("staff are shown %+v", m.Attachments)
	}
	b.expect("ann", "added that for our team")
	film := b.network.Event("ann", channel.Text, "and this")
	film.Attachments = []channel.Attachment{{Network: "memory", Media: channel.Video, Ref: "v1", Name: "film.mp4", Size: 11 << 20}}
	b.network.Push(film)
	b.expect("ann", "“film.mp4” is larger than the 10 MB that I can pass on", "added that for our team")
	if m := b.atDesk("ann:", "and this"); len(m.Attachments) != 0 {
		t.Errorf("staff are shown %+v", m.Attachments)
	}
	reply := b.office.EventAt(hall, "ben", channel.Text, "as you wished")
	reply.ReplyTo = b.office.ID(card)
	reply.Attachments = []channel.Attachment{{Network: "office", Media: channel.File, Ref: "f1", Name: "huge.zip", Size: 12 << 20}, {Network: "office", Media: channel.File, Ref: "f2", Size: 5}}
	b.office.Push(reply)
	if m := b.expect("ann", "ben from our team is here", "as you wished")[1]; len(m.Attachments) != 1 || m.Attachments[0].Ref != "f2" {
		t.Errorf("the customer is shown %+v", m.Attachments)
	}
	b.atDesk("“huge.zip” is larger than the 10 MB")
}

func TestDesk_ForgottenCustomer(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	forget := b.network.Event("ann", channel.Command, "")
	forget.Command = "forget"
	b.network.Push(forget)
	b.expect("ann", "Shall I delete")
	b.press("ann", "Yes, delete everything")
	b.expect("ann", "deleted")
	b.atDesk("wanted everything that is stored about them to be deleted")
	b.replies("ben", card, "Hello?")
	b.replies("ben", card, "/claim")
	b.atDesk("Which ticket?")
	if tickets, err := b.store.Tickets(t.Context(), "", 10); err != nil || len(tickets) != 0 {
		t.Errorf("tickets %+v, %v", tickets, err)
	}
}

// TestDesk_TalkThatWaitedIsDoneWith: what was stored to be tried again, and turns out to be talk among staff, holds nothing up.
func TestDesk_TalkThatWaitedIsDoneWith(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	talk := b.office.EventAt(hall, "ben", channel.Text, "lunch?")
	talk.ReplyTo = "of a colleague"
	if err := b.store.Defer(t.Context(), talk, bot.ErrLater, time.Now()); err != nil {
		t.Fatal(err)
	}
	b.replies("ben", card, "Hello Ann")
	b.expect("ann", "ben from our team is here", "Hello Ann")
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left, err := b.store.Deferred(t.Context(), "office", time.Now().Add(time.Hour), 10)
		if err != nil || time.Now().After(end) {
			t.Fatalf("still to be acted on: %+v, %v", left, err)
		}
		if len(left) == 0 {
			return
		}
	}
}

func TestDesk_ReplyThatBecomesANote(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	reply := b.office.EventAt(hall, "ben", channel.Text, "A refund is fine")
	reply.ReplyTo = b.office.ID(b.atDesk("ann", "waiting since"))
	b.office.Push(reply)
	b.expect("ann", "ben from our team is here", "A refund is fine")
	note := b.office.EventAt(hall, "ben", channel.Edited, "// fraud, no refund")
	note.Message = reply.Message
	b.office.Push(note)
	b.expect("ann", "This message was taken back")
}

func TestDesk_WithoutADeskTheOwnerHears(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.bind(b.office.Private("boss"), true)
	b.shownAt(b.office.Private("boss"), "You are the owner now")
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.say("ann", "a person please", "I cannot say yet when")
	b.shownAt(b.office.Private("boss"), "No desk could be reached", "can my cat fly")
}

// TestDesk_ReopenedWhereTheDeskIsNoMore: a ticket whose desk was removed meanwhile is shown at another one.
func TestDesk_ReopenedWhereTheDeskIsNoMore(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "human", "what it is about", "team sees")
	card := b.atDesk("ann", "waiting since")
	b.replies("ben", card, "Done.")
	b.expect("ann", "ben from our team is here", "Done.")
	b.replies("ben", card, "/close solved")
	b.expect("ann", "Thank you for your patience", "How was it?")
	desks, err := b.store.Desks(t.Context())
	if err != nil || b.store.RemoveDesk(t.Context(), desks[0].ID) != nil {
		t.Fatal(err)
	}
	yard := channel.Address{Network: "office", Chat: "yard"}
	b.bind(yard, false)
	b.shownAt(yard, "This is a desk now")
	b.say("ann", "I want to talk to a human", "with our team under number", "team sees your question")
	b.shownAt(yard, "#1", "ann")
}
