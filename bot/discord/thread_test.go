package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
)

// desk is a channel of a server where staff work.
type desk struct {
	*bench
	guild, place string
	at           channel.Address
	staff        *discordtest.Customer
}

func newDesk(t testing.TB, changes ...func(*change)) desk {
	t.Helper()
	b := newBench(t, append(changes, func(c *change) { c.server.Unlimited = true })...)
	d := desk{bench: b, guild: b.discord.Guild("shop"), staff: b.discord.Customer(7)}
	d.place = b.discord.Channel(d.guild, "desk")
	d.at = channel.Address{Network: discord.Network, Chat: channel.ChatID(d.place)}
	return d
}

func (d desk) card(id string) channel.Message {
	return channel.Message{ID: id, To: d.at, Content: channel.PlainDocument("Ticket " + id), Buttons: []channel.Button{{Label: "Claim", Action: "claim:" + id}}}
}

func (d desk) mustOpen(id string) channel.OpenedThread {
	d.t.Helper()
	opened, err := d.channel.OpenThread(d.t.Context(), "Ticket "+id, d.card(id))
	if err != nil {
		d.t.Fatalf("open a thread: %v", err)
	}
	return opened
}

func (d desk) write(id string, to channel.Address) error {
	_, err := d.send(id, to, "hello")
	return err
}

func checkFate(t *testing.T, what string, err error, want channel.Fate) *channel.SendError {
	t.Helper()
	fate, e := channel.FateOf(err)
	if fate != want || (err == nil) != (want == "") {
		t.Errorf("%s: fate %q (%v), want %q", what, fate, err, want)
	}
	if e == nil {
		return &channel.SendError{}
	}
	return e
}

func TestOpenThread_HangsUnderItsCard(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened, err := d.channel.OpenThread(t.Context(), " Parcel\nis late "+strings.Repeat("long ", 40), d.card("1"))
	want := d.at
	want.Thread = channel.ThreadID(opened.Card)
	if err != nil || opened.Address != want || opened.Card == "" || opened.Lacks != "" {
		t.Fatalf("opened %+v, %v", opened, err)
	}
	shown := d.discord.Shown(d.place)
	if len(shown) != 1 || shown[0].Text != "Ticket 1" || !slices.Equal(shown[0].Buttons, []string{"Claim"}) || shown[0].ID != string(opened.Card) {
		t.Errorf("the channel shows %+v", shown)
	}
	threads := d.discord.Threads(d.place)
	if len(threads) != 1 || threads[0].ID != string(opened.Card) || !strings.HasPrefix(threads[0].Name, "Parcel is late long") || len([]rune(threads[0].Name)) != 100 {
		t.Errorf("threads %+v", threads)
	}
	if unnamed, err := d.channel.OpenThread(t.Context(), " ", d.card("2")); err != nil || d.discord.Threads(d.place)[1].Name != "…" {
		t.Errorf("without a title: %+v, %v", unnamed, err)
	}
}

// What was done is not done again, also after Discord forgot the card's key.
func TestOpenThread_GoesOnFromWhatWasDone(t *testing.T) {
	t.Parallel()
	const card, thread = "POST /channels/{}/messages", "POST /channels/{}/messages/{}/threads"
	together(t, map[string]struct {
		route  string
		fault  discordtest.Fault
		forget bool
		fate   channel.Fate
	}{
		"the card is refused for now":      {card, discordtest.Fault{After: 20 * time.Millisecond}, true, channel.Wait},
		"the card's answer is lost":        {card, discordtest.Fault{Deliver: true, Status: 500}, false, channel.Unknown},
		"the thread is refused for now":    {thread, discordtest.Fault{After: 20 * time.Millisecond}, true, channel.Wait},
		"the thread fails":                 {thread, discordtest.Fault{Status: 502, HTML: true}, true, channel.Unknown},
		"the thread's answer is lost":      {thread, discordtest.Fault{Deliver: true, Reset: true}, true, channel.Unknown},
		"the thread's answer is broken":    {thread, discordtest.Fault{Deliver: true, Garble: true}, true, ""},
		"the card's answer is broken":      {card, discordtest.Fault{Deliver: true, Garble: true}, true, ""},
		"somebody began the thread before": {thread, discordtest.Fault{Deliver: true, Status: 400, Code: 160004}, true, ""},
	}, func(t *testing.T, name string, c struct {
		route  string
		fault  discordtest.Fault
		forget bool
		fate   channel.Fate
	}) {
		d := newDesk(t)
		d.discord.Fail(c.route, c.fault)
		first, err := d.channel.OpenThread(t.Context(), "Ticket 1", d.card("1"))
		checkFate(t, "open", err, c.fate)
		if c.forget {
			d.discord.ForgetKeys()
		}
		time.Sleep(30 * time.Millisecond) // as long as they asked to wait
		opened := first
		if err != nil {
			opened = d.mustOpen("1")
		}
		threads := d.discord.Threads(d.place)
		if n := len(d.discord.Records()); n != 1 || len(threads) != 1 || threads[0].ID != string(opened.Address.Thread) || opened.Lacks != "" {
			t.Errorf("%d cards, threads %+v, opened %+v", n, threads, opened)
		}
	})
}

// A card that staff delete between two attempts is shown anew.
func TestOpenThread_ShowsAnewWhatWasDeleted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.discord.Fail("POST /channels/{}/messages/{}/threads", discordtest.Fault{Status: 500})
	_, err := d.channel.OpenThread(t.Context(), "Ticket 1", d.card("1"))
	checkFate(t, "open", err, channel.Unknown)
	d.staff.Delete(d.discord.Shown(d.place)[0].ID)
	opened := d.mustOpen("1")
	if shown := d.discord.Shown(d.place); len(shown) != 1 || shown[0].ID != string(opened.Card) || opened.Address.Thread == "" {
		t.Errorf("opened %+v, shown %+v", opened, shown)
	}
}

// Without a thread the card stands in the channel, and what is missing is said in words that somebody can act on.
func TestOpenThread_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	together(t, map[string]struct {
		make func(desk)
		want string
	}{
		"the permission": {func(d desk) { d.discord.Withhold(d.place, "Create Public Threads") }, "allow the bot's role Create Public Threads"},
		"all that threads need": {func(d desk) {
			d.discord.Withhold(d.place, "Create Public Threads", "Send Messages in Threads", "Manage Threads")
		}, "Create Public Threads, Send Messages in Threads, Manage Threads"},
		"no saying which": {func(d desk) {
			d.discord.Withhold(d.place, "Create Public Threads")
			d.discord.Fail("GET /guilds/{}", discordtest.Fault{Status: 500})
		}, "allow the bot's role Create Public Threads"},
		"no room in the server": {func(d desk) { d.discord.LimitThreads(0) }, "as many active threads as it can hold"},
		"a kind without threads": {func(d desk) {
			d.discord.Fail("POST /channels/{}/messages/{}/threads", discordtest.Fault{Status: 400, Code: 50024})
		}, "choose a text channel"},
		"what is not known today": {func(d desk) {
			d.discord.Fail("POST /channels/{}/messages/{}/threads", discordtest.Fault{Status: 400, Code: 169999})
		}, "169999"},
	}, func(t *testing.T, name string, c struct {
		make func(desk)
		want string
	}) {
		d := newDesk(t)
		c.make(d)
		opened := d.mustOpen("1")
		if opened.Address != d.at || !strings.Contains(opened.Lacks, c.want) {
			t.Errorf("opened %+v, want to be told %q", opened, c.want)
		}
		if shown := d.discord.Shown(d.place); len(shown) != 1 || shown[0].ID != string(opened.Card) || len(d.discord.Threads(d.place)) != 0 {
			t.Errorf("shown %+v", shown)
		}
	})
}

func TestOpenThread_WhereTheChannelIsGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened := d.mustOpen("1")
	d.discord.Remove(d.place)
	_, err := d.channel.OpenThread(t.Context(), "x", d.card("2"))
	checkFate(t, "open", err, channel.Gone)
	_, err = d.channel.OpenThread(t.Context(), "x", channel.Message{To: channel.Address{Chat: "general"}, Content: channel.PlainDocument("x")})
	checkFate(t, "open where nothing is", err, channel.Refused)
	for what, err := range map[string]error{
		"title": d.channel.TitleThread(t.Context(), d.at, "x"), "close": d.channel.CloseThread(t.Context(), d.at),
		"reopen": d.channel.ReopenThread(t.Context(), channel.Address{Chat: d.at.Chat, Thread: "../" + opened.Address.Thread}),
	} {
		checkFate(t, what+" what is no thread", err, channel.Refused)
	}
}

// Where a server holds no more active threads the quietest of ours gives way; it opens again by itself.
func TestOpenThread_MakesRoom(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *change) { c.server.ThreadLimit = 3 })
	theirs := d.discord.Thread(d.place, "of their own")
	first, second := d.mustOpen("1"), d.mustOpen("2")
	if err := d.write("m1", first.Address); err != nil { // the second is quieter now
		t.Fatal(err)
	}
	third := d.mustOpen("3")
	archived := func() []string { return d.discord.Archived(d.place) }
	if got := archived(); !slices.Equal(got, []string{string(second.Address.Thread)}) || third.Lacks != "" {
		t.Errorf("archived %v, want the quietest of ours %s; theirs is %s", got, second.Address.Thread, theirs)
	}
	if err := d.write("m2", second.Address); err != nil { // one more than there is room for
		t.Fatal(err)
	}
	if got := archived(); len(got) != 1 || got[0] == theirs || got[0] == string(second.Address.Thread) {
		t.Errorf("archived %v", got)
	}
	d.discord.LimitThreads(0)
	for _, opened := range []channel.OpenedThread{first, second, third} {
		if err := d.channel.CloseThread(t.Context(), opened.Address); err != nil {
			t.Fatal(err)
		}
	}
	checkFate(t, "write where no room can be made", d.write("m3", first.Address), channel.Lost)
}

// Every way in which Discord says that a thread is not there or takes nothing, to every call in it.
func TestThreads_ThatAreLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened, other := d.mustOpen("1"), d.mustOpen("2")
	inside, err := d.send("m0", opened.Address, "inside")
	if err != nil {
		t.Fatal(err)
	}
	d.discord.Remove(string(opened.Address.Thread))
	edit := func(to channel.Address) error {
		_, err := d.channel.Send(t.Context(), channel.Message{ID: "e", To: to, Content: channel.PlainDocument("x"), Replaces: inside})
		return err
	}
	for what, do := range map[string]func(channel.Address) error{
		"write": func(a channel.Address) error { return d.write("m1", a) }, "edit": edit,
		"title":  func(a channel.Address) error { return d.channel.TitleThread(t.Context(), a, "x") },
		"close":  func(a channel.Address) error { return d.channel.CloseThread(t.Context(), a) },
		"reopen": func(a channel.Address) error { return d.channel.ReopenThread(t.Context(), a) },
	} {
		checkFate(t, what, do(opened.Address), channel.Lost)
	}
	if err := d.write("m2", other.Address); err != nil {
		t.Errorf("the other thread: %v", err)
	}
	if _, err := d.channel.Send(t.Context(), channel.Message{ID: "e2", To: opened.Address, Content: channel.PlainDocument("closed"), Replaces: opened.Card}); err != nil {
		t.Errorf("the card is still there: %v", err)
	}
}

// A thread that was archived or locked is written to where the bot may, else it is lost.
func TestThreads_ThatAreClosed(t *testing.T) {
	t.Parallel()
	type state struct {
		archived, locked, mayManage bool
		fate                        channel.Fate
		after                       discordtest.ThreadState
	}
	open := discordtest.ThreadState{}
	together(t, map[string]state{
		"archived":                      {archived: true, after: open},
		"archived, with the permission": {archived: true, mayManage: true, after: open},
		"locked":                        {locked: true, fate: channel.Lost, after: discordtest.ThreadState{Locked: true}},
		"locked, with the permission":   {locked: true, mayManage: true, after: discordtest.ThreadState{Locked: true}},
		"both":                          {archived: true, locked: true, fate: channel.Lost, after: discordtest.ThreadState{Archived: true, Locked: true}},
		"both, with the permission":     {archived: true, locked: true, mayManage: true, after: open},
	}, func(t *testing.T, name string, c state) {
		d := newDesk(t)
		opened := d.mustOpen("1")
		id, err := d.send("m0", opened.Address, "inside")
		if err != nil {
			t.Fatal(err)
		}
		if !c.mayManage {
			d.discord.Withhold(d.place, "Manage Threads")
		}
		shut := func() {
			thread := string(opened.Address.Thread)
			if c.archived {
				d.discord.Archive(thread, c.locked)
			} else {
				d.discord.Lock(thread)
			}
		}
		state := func(what string) {
			got := d.discord.Threads(d.place)[0]
			got.ID, got.Name = "", ""
			if diff := cmp.Diff(c.after, got); diff != "" {
				t.Errorf("after %s: %s", what, diff)
			}
		}
		shut()
		checkFate(t, "write", d.write("m1", opened.Address), c.fate)
		state("writing")
		if c.archived { // in one that is only locked an edit is taken
			shut()
			_, err = d.channel.Send(t.Context(), channel.Message{ID: "e", To: opened.Address, Content: channel.PlainDocument("x"), Replaces: id})
			checkFate(t, "edit", err, c.fate)
			state("an edit")
		}
	})
}

// A thread is named, closed and opened; that it is so already is success, and a new name leaves a closed one closed.
func TestThreads_AreNamedClosedAndOpened(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := d.mustOpen("1").Address
	for i, c := range []struct {
		do   func() error
		want discordtest.ThreadState
	}{
		{func() error { return d.channel.TitleThread(t.Context(), at, "Claimed") }, discordtest.ThreadState{Name: "Claimed"}},
		{func() error { return d.channel.CloseThread(t.Context(), at) }, discordtest.ThreadState{Name: "Claimed", Archived: true}},
		{func() error { return d.channel.CloseThread(t.Context(), at) }, discordtest.ThreadState{Name: "Claimed", Archived: true}},
		{func() error { return d.channel.TitleThread(t.Context(), at, " Solved\n") }, discordtest.ThreadState{Name: "Solved", Archived: true}},
		{func() error { return d.channel.ReopenThread(t.Context(), at) }, discordtest.ThreadState{Name: "Solved"}},
		{func() error { return d.channel.ReopenThread(t.Context(), at) }, discordtest.ThreadState{Name: "Solved"}},
		{func() error {
			d.discord.Archive(string(at.Thread), true)
			return d.channel.ReopenThread(t.Context(), at)
		}, discordtest.ThreadState{Name: "Solved"}},
	} {
		if err := c.do(); err != nil {
			t.Errorf("step %d: %v", i, err)
		}
		got := d.discord.Threads(d.place)[0]
		got.ID = ""
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("step %d: %s", i, diff)
		}
	}
	// Names have a rate limit of their own, which does not hold up the rest.
	d.discord.Fail("PATCH /channels/{}", discordtest.Fault{After: 10 * time.Minute})
	if e := checkFate(t, "too many names", d.channel.TitleThread(t.Context(), at, "x"), channel.Wait); e.After < 9*time.Minute {
		t.Errorf("wait %v", e.After)
	}
	if err := d.channel.CloseThread(t.Context(), at); err != nil {
		t.Errorf("close: %v", err)
	}
	d.discord.Withhold(d.place, "Manage Threads")
	d.discord.Archive(string(at.Thread), true)
	checkFate(t, "open what must not be", d.channel.ReopenThread(t.Context(), at), channel.Refused)
	if n := fmt.Sprint(d.discord.Threads(d.place)); !strings.Contains(n, "Solved true true") {
		t.Errorf("threads %s", n)
	}
}
