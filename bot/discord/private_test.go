package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
)

const startPrivate = "POST /channels/{}/threads"

func (d desk) openPrivate(id string) channel.OpenedThread {
	d.t.Helper()
	opened, err := d.channel.OpenPrivateThread(d.t.Context(), "Ticket "+id, d.card(id))
	if err != nil {
		d.t.Fatalf("open a private thread: %v", err)
	}
	return opened
}

func (d desk) letIn(at channel.Address, who *discordtest.Customer) error {
	return d.channel.LetIn(d.t.Context(), at, channel.PersonID(who.ID()))
}

func TestOpenPrivateThread_StandsBesideItsCard(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened := d.openPrivate("1")
	thread := string(opened.Address.Thread)
	if opened.Address.Chat != d.at.Chat || thread == "" || thread == string(opened.Card) || opened.Lacks != "" {
		t.Fatalf("opened %+v", opened)
	}
	threads := d.discord.Threads(d.place)
	if len(threads) != 1 || threads[0] != (discordtest.ThreadState{ID: thread, Name: "Ticket 1", Private: true}) || d.staff.Sees(thread) {
		t.Errorf("threads %+v", threads)
	}
	card := d.discord.Shown(d.place)
	if len(card) != 1 || card[0].ID != string(opened.Card) || card[0].Content != "Ticket 1\n\n<#"+thread+">" || !slices.Equal(card[0].Buttons, []string{"Claim"}) {
		t.Errorf("the channel shows %+v", card)
	}
	if inside := d.discord.Shown(thread); len(inside) != 1 || inside[0].Content != "Ticket 1\n\n<#"+d.place+">" || !slices.Equal(inside[0].Buttons, []string{"Claim"}) {
		t.Errorf("the thread shows %+v", inside)
	}
}

// The card changes in both places, also when it is so long that the link has no room, and when the one in the thread was deleted.
func TestOpenPrivateThread_ChangesBothCards(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened := d.openPrivate("1")
	thread := string(opened.Address.Thread)
	change := func(text string) {
		t.Helper()
		id, err := d.channel.Send(t.Context(), channel.Message{ID: "c", To: opened.Address, Content: channel.PlainDocument(text), Replaces: opened.Card,
			Buttons: []channel.Button{{Label: "Release", Action: "release:1"}}})
		if err != nil || id != opened.Card {
			t.Errorf("%q, %v", id, err)
		}
	}
	change("Held")
	outside, inside := d.discord.Shown(d.place), d.discord.Shown(thread)
	if len(outside) != 1 || outside[0].Content != "Held\n\n<#"+thread+">" || len(inside) != 1 || inside[0].Content != "Held\n\n<#"+d.place+">" || inside[0].Buttons[0] != "Release" {
		t.Errorf("shown %+v and %+v", outside, inside)
	}
	id, err := d.send("m1", opened.Address, "hello")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.channel.Send(t.Context(), channel.Message{ID: "e", To: opened.Address, Content: channel.PlainDocument("corrected"), Replaces: id}); err != nil {
		t.Errorf("what is said in it is corrected there: %v", err)
	}
	change(strings.Repeat("long ", 399))
	if outside = d.discord.Shown(d.place); !strings.HasSuffix(outside[0].Content, "\n\n<#"+thread+">") || !strings.HasPrefix(outside[0].Content, "long long") {
		t.Errorf("a long card is shown as %q", outside[0].Content)
	}
	d.staff.Delete(inside[0].ID)
	change("Closed")
	outside, inside = d.discord.Shown(d.place), d.discord.Shown(thread)
	if outside[0].Content != "Closed\n\n<#"+thread+">" || len(inside) != 1 || inside[0].Content != "corrected" {
		t.Errorf("shown %+v and %+v", outside, inside)
	}
}

// Whatever fails on the way, and also in a process that was killed: the next attempt finds the thread that was begun.
func TestOpenPrivateThread_GoesOnFromWhatWasDone(t *testing.T) {
	t.Parallel()
	const write, edit = "POST /channels/{}/messages", "PATCH /channels/{}/messages/{}"
	type attempt struct {
		route string
		fault discordtest.Fault
		fate  channel.Fate
	}
	cases := map[string]attempt{
		"the card's answer is lost":       {write, discordtest.Fault{Deliver: true, Status: 500}, channel.Unknown},
		"the thread is refused for now":   {startPrivate, discordtest.Fault{After: 20 * time.Millisecond}, channel.Wait},
		"the thread fails":                {startPrivate, discordtest.Fault{Status: 502, HTML: true}, channel.Unknown},
		"the thread's answer is lost":     {startPrivate, discordtest.Fault{Deliver: true, Reset: true}, channel.Unknown},
		"the thread's answer is broken":   {startPrivate, discordtest.Fault{Deliver: true, Garble: true}, channel.Unknown},
		"the link's answer is lost":       {edit, discordtest.Fault{Deliver: true, Status: 500}, channel.Unknown},
		"the link fails":                  {edit, discordtest.Fault{Status: 500}, channel.Unknown},
		"the link is refused for a while": {edit, discordtest.Fault{After: 20 * time.Millisecond}, channel.Wait},
	}
	for _, killed := range []bool{false, true} {
		together(t, cases, func(t *testing.T, name string, c attempt) {
			d := newDesk(t)
			d.discord.Fail(c.route, c.fault)
			_, err := d.channel.OpenPrivateThread(t.Context(), "Ticket 1", d.card("1"))
			checkFate(t, "open", err, c.fate)
			time.Sleep(30 * time.Millisecond) // as long as they asked to wait
			if killed {
				d.channel = d.again()
			}
			opened := d.openPrivate("1")
			threads := d.discord.Threads(d.place)
			if len(threads) != 1 || threads[0].ID != string(opened.Address.Thread) || opened.Lacks != "" {
				t.Errorf("threads %+v, opened %+v", threads, opened)
			}
			if n := len(d.discord.Records()); n != 2 || len(d.discord.Shown(threads[0].ID)) != 1 || !strings.Contains(d.discord.Shown(d.place)[0].Content, threads[0].ID) {
				t.Errorf("%d messages: %+v", n, d.discord.Records())
			}
		})
	}
}

// A thread that cannot be told for the card's is left alone: another one is begun.
func TestOpenPrivateThread_TakesNoOther(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.openPrivate("1")
	d.channel = d.again()
	d.discord.ForgetKeys() // as after minutes: the card is shown once more, and is younger than the thread of the first
	second := d.openPrivate("1")
	if second.Card == first.Card || second.Address.Thread == first.Address.Thread {
		t.Errorf("first %+v, second %+v", first, second)
	}
	d.discord.Fail(startPrivate, discordtest.Fault{Deliver: true, Reset: true})
	_, err := d.channel.OpenPrivateThread(t.Context(), "Ticket 2", d.card("2"))
	checkFate(t, "open", err, channel.Unknown)
	threads := d.discord.Threads(d.place)
	if err := d.channel.TitleThread(t.Context(), channel.Address{Chat: d.at.Chat, Thread: channel.ThreadID(threads[2].ID)}, "renamed"); err != nil {
		t.Fatal(err)
	}
	third := d.openPrivate("2")
	if n := len(d.discord.Threads(d.place)); n != 4 || string(third.Address.Thread) == threads[2].ID {
		t.Errorf("%d threads, opened %+v", n, third)
	}
}

// A card that staff delete between two attempts is shown anew, with a thread of its own.
func TestOpenPrivateThread_ShowsAnewWhatWasDeleted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.discord.Fail("PATCH /channels/{}/messages/{}", discordtest.Fault{Status: 500})
	_, err := d.channel.OpenPrivateThread(t.Context(), "Ticket 1", d.card("1"))
	checkFate(t, "open", err, channel.Unknown)
	d.staff.Delete(d.discord.Shown(d.place)[0].ID)
	opened := d.openPrivate("1")
	if shown := d.discord.Shown(d.place); len(shown) != 1 || shown[0].ID != string(opened.Card) || opened.Address.Thread == "" {
		t.Errorf("opened %+v, shown %+v", opened, shown)
	}
	if archived := d.discord.Archived(d.place); len(archived) != 1 || archived[0] == string(opened.Address.Thread) {
		t.Errorf("archived %v", archived)
	}
}

// Without a private thread the card stands in the channel, and what is missing is said.
func TestOpenPrivateThread_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	together(t, map[string]struct {
		make func(desk)
		want string
	}{
		"the permission":    {func(d desk) { d.discord.Withhold(d.place, "Create Private Threads") }, "allow the bot's role Create Private Threads"},
		"not the other one": {func(d desk) { d.discord.Withhold(d.place, "Create Public Threads") }, ""},
		"all that threads need": {func(d desk) {
			d.discord.Withhold(d.place, "Create Private Threads", "Send Messages in Threads", "Manage Threads")
		}, "Create Private Threads, Send Messages in Threads, Manage Threads"},
		"to write in it":        {func(d desk) { d.discord.Withhold(d.place, "Send Messages in Threads") }, "may not write in private threads"},
		"no room in the server": {func(d desk) { d.discord.LimitThreads(0) }, "as many active threads as it can hold"},
	}, func(t *testing.T, name string, c struct {
		make func(desk)
		want string
	}) {
		d := newDesk(t)
		c.make(d)
		opened := d.openPrivate("1")
		if c.want == "" {
			if opened.Lacks != "" || opened.Address.Thread == "" {
				t.Errorf("opened %+v", opened)
			}
			return
		}
		if opened.Address != d.at || !strings.Contains(opened.Lacks, c.want) {
			t.Errorf("opened %+v, want to be told %q", opened, c.want)
		}
		if shown := d.discord.Shown(d.place); len(shown) != 1 || shown[0].ID != string(opened.Card) || strings.Contains(shown[0].Content, "<#") {
			t.Errorf("shown %+v", shown)
		}
	})
}

// Where a server holds no more active threads the quietest of ours gives way; one that was archived opens again by itself.
func TestOpenPrivateThread_MakesRoom(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *change) { c.server.ThreadLimit = 2 })
	first, public := d.openPrivate("1"), d.mustOpen("2")
	third := d.openPrivate("3")
	if got := d.discord.Archived(d.place); !slices.Equal(got, []string{string(first.Address.Thread)}) || third.Lacks != "" {
		t.Errorf("archived %v, opened %+v", got, third)
	}
	if err := d.letIn(first.Address, d.staff); err != nil { // one more than there is room for
		t.Fatal(err)
	}
	if got := d.discord.Archived(d.place); len(got) != 1 || got[0] == string(first.Address.Thread) || !d.staff.Sees(string(first.Address.Thread)) {
		t.Errorf("archived %v, of %+v and %+v", got, public, third)
	}
	if err := d.channel.CloseThread(t.Context(), first.Address); err != nil {
		t.Fatal(err)
	}
	if err := d.write("m1", first.Address); err != nil || slices.Contains(d.discord.Archived(d.place), string(first.Address.Thread)) {
		t.Errorf("writing into an archived one: %v", err)
	}
}

func TestLetIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened := d.openPrivate("1")
	at, thread := opened.Address, string(opened.Address.Thread)
	for range 2 { // who is in it is as good
		if err := d.letIn(at, d.staff); err != nil || !d.staff.Sees(thread) {
			t.Fatalf("let in: %v", err)
		}
	}
	if d.discord.Customer(8).Sees(thread) {
		t.Error("somebody else sees it")
	}
	d.start()
	d.staff.Post(discordtest.Post{Channel: thread, Text: "from staff"})
	if e := d.body("from staff"); e.Address != at {
		t.Errorf("it came from %+v", e.Address)
	}
	for label, from := range map[string]string{"in the thread": thread, "in the channel": d.place} {
		n := len(d.core.all())
		i, err := d.staff.Press(from, "Claim")
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.await("the press "+label, func() bool { return len(d.core.all()) == n+1 })
		if e := d.core.all()[n]; e.Kind != channel.Press || where(e.Address) != from {
			t.Errorf("pressed %s: %+v", label, e)
		}
	}
	d.discord.Archive(thread, true)
	other := d.discord.Customer(9)
	if err := d.letIn(at, other); err != nil || !other.Sees(thread) {
		t.Errorf("into one that was archived and locked: %v", err)
	}
	for what, person := range map[string]channel.PersonID{"nobody": "12345678901234567", "no person": "me"} {
		checkFate(t, what, d.channel.LetIn(t.Context(), at, person), channel.Refused)
	}
	checkFate(t, "into a channel", d.letIn(d.at, other), channel.Refused)
	d.discord.Withhold(d.place, "Manage Threads")
	if e := checkFate(t, "without the right", d.letIn(at, d.discord.Customer(10)), channel.Refused); !strings.Contains(e.Reason, "allow the bot's role Manage Threads") {
		t.Errorf("told %q", e.Reason)
	}
	d.discord.Remove(thread)
	checkFate(t, "into a deleted one", d.letIn(at, other), channel.Lost)
	checkFate(t, "write into a deleted one", d.write("m9", at), channel.Lost)
	if _, err := d.channel.Send(t.Context(), channel.Message{ID: "e", To: at, Content: channel.PlainDocument("closed"), Replaces: opened.Card}); err != nil {
		t.Errorf("the card is still there: %v", err)
	}
}

// A desk whose threads are private needs another right.
func TestCheckDesk_OfPrivateThreads(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	check := func(private bool, want ...string) {
		t.Helper()
		channeltest.WantLacking(t, d.channel.CheckDesk(t.Context(), d.at, private), want...)
	}
	check(true)
	d.discord.Withhold(d.place, "Create Private Threads", "Send Messages in Threads", "Manage Threads")
	check(true, "lacks: Create Private Threads, Send Messages in Threads, Manage Threads | Permissions")
	check(false, "lacks: Send Messages in Threads, Manage Threads | Permissions")
	d.discord.Withhold(d.place, "Create Public Threads")
	check(true)
	news := d.discord.News(d.guild, "news")
	channeltest.WantLacking(t, d.channel.CheckDesk(t.Context(), channel.Address{Network: discord.Network, Chat: channel.ChatID(news)}, true),
		"no private threads can begin in this channel | not for announcements")
}
