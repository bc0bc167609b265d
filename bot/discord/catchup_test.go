package discord_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
)

func TestCatchUp_AfterARestart(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	speak := func(text string) {
		s.discord.Customer(1).Say(text + " direct")
		s.discord.Customer(2).Say(text + " other direct")
		s.discord.Customer(1).Post(discordtest.Post{Channel: s.place, Text: text + " channel"})
		s.discord.Customer(2).Post(discordtest.Post{Channel: s.thread, Text: text + " thread", Mention: true})
	}
	places := []string{" direct", " other direct", " channel", " thread"}
	speak("before")
	s.await("what came before", func() bool { return len(s.core.all()) == 4 })
	if err := s.halt(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		speak(fmt.Sprint("meanwhile ", i))
	}
	s.mustSend(channel.Message{ID: "m1", To: s.private(1), Content: channel.PlainDocument("of the bot's own")})
	s.discord.Customer(3).Say("first ever, during the break")
	s.launch(s.again())
	s.await("a session", func() bool { return s.discord.Gateway().Connected() == 1 })
	speak("after")
	s.await("everything", func() bool { return len(s.core.all()) == 20 })
	for _, place := range places {
		var got []string
		for _, e := range s.core.all() {
			if strings.HasSuffix(e.Body, place) && (place != " direct" || !strings.HasSuffix(e.Body, "other direct")) {
				got = append(got, strings.TrimSuffix(e.Body, place))
			}
		}
		if diff := cmp.Diff([]string{"before", "meanwhile 0", "meanwhile 1", "meanwhile 2", "after"}, got); diff != "" {
			t.Errorf("%s: %s", place, diff)
		}
	}
	seen := map[channel.EventID]bool{}
	for _, e := range s.core.all() {
		if seen[e.ID] {
			t.Errorf("%s came twice", e.ID)
		}
		seen[e.ID] = true
		if e.Body == "meanwhile 1 thread" && (!e.Addressed || string(e.Address.Thread) != s.thread || string(e.Address.Chat) != s.place) {
			t.Errorf("caught up as %+v", e)
		}
		if e.Body == "meanwhile 1 direct" && (!e.Address.Private || e.From.Name != "Customer 1") {
			t.Errorf("caught up as %+v", e)
		}
	}
}

func TestCatchUp_ReadsPageAfterPage(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.discord.Customer(1).Say("before")
	b.body("before")
	if err := b.halt(); err != nil {
		t.Fatal(err)
	}
	const count = 250
	for i := range count {
		b.discord.Customer(1).Say(fmt.Sprint(i))
	}
	b.discord.Fail("GET /channels/{}/messages", discordtest.Fault{Status: 500}, discordtest.Fault{After: 50 * time.Millisecond}, discordtest.Fault{Cut: true, Deliver: true})
	b.launch(b.again())
	b.await("all of them", func() bool { return len(b.core.all()) == count+1 })
	for i, body := range b.core.bodies()[1:] {
		if body != fmt.Sprint(i) {
			t.Fatalf("%s came where %d was due", body, i)
		}
	}
}

func TestCatchUp_ClosedChannelIsForgotten(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.discord.Customer(1).Post(discordtest.Post{Channel: s.place, Text: "before"})
	s.body("before")
	s.await("its position", func() bool { return s.cursors.position(s.place) != "" })
	s.discord.Deny(s.place, 50001)
	s.discord.Gateway().Invalidate(false)
	s.await("its end", func() bool { return s.cursors.position(s.place) == "" })
	s.discord.Deny(s.place, 0)
	s.discord.Customer(1).Post(discordtest.Post{Channel: s.place, Text: "open again"})
	s.body("open again")
}

func (c *cursors) position(id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, value := range c.values {
		if strings.HasSuffix(key, ":"+id) && strings.HasPrefix(key, "discord:") {
			return value
		}
	}
	return ""
}

func TestCatchUp_NothingIsPassedOverThatWasNotStored(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.discord.Customer(1).Say("before")
	b.body("before")
	b.core.mu.Lock()
	b.core.handle = func(e channel.Event) error {
		if e.Body == "not stored" {
			return errors.New("the disk is full")
		}
		return nil
	}
	b.core.mu.Unlock()
	b.discord.Customer(1).Say("not stored")
	b.discord.Customer(1).Say("behind it")
	b.discord.Customer(2).Say("beside it")
	b.body("beside it")
	time.Sleep(200 * time.Millisecond) // positions are written meanwhile
	if err := b.halt(); err != nil {
		t.Fatal(err)
	}
	b.core.mu.Lock()
	b.core.handle = nil
	b.core.mu.Unlock()
	b.launch(b.again())
	b.body("behind it")
	if got := b.core.bodies(); !slices.Equal(got, []string{"before", "beside it", "not stored", "behind it"}) {
		t.Errorf("got %q", got)
	}
}

func TestCatchUp_PositionsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.cursors.mu.Lock()
	b.cursors.fails = 3
	b.cursors.mu.Unlock()
	b.discord.Customer(1).Say("one")
	b.body("one")
	if b.cursors.position(b.discord.Customer(1).Direct()) == "" {
		t.Error("handled before its channel was written down")
	}
}

func TestCatchUp_PositionsNeverGoBack(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	c := b.discord.Customer(1)
	last := c.Say("now")
	b.body("now")
	b.discord.Gateway().Inject("MESSAGE_CREATE", fmt.Sprintf(`{"id":"900","channel_id":%q,"author":{"id":%q},"content":"from long ago","type":0}`, c.Direct(), c.ID()))
	b.body("from long ago")
	if err := b.halt(); err != nil {
		t.Fatal(err)
	}
	if got := b.cursors.position(c.Direct()); !strings.HasPrefix(got, last+";") {
		t.Errorf("position %q, want %s", got, last)
	}
}

func TestCatchUp_WithoutAStore(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.noStore = true })
	b.start()
	b.discord.Customer(1).Say("before")
	b.body("before")
	b.discord.Gateway().Forget()
	b.discord.Gateway().Drop()
	b.await("the break", func() bool { return b.discord.Gateway().Connected() == 0 })
	b.discord.Customer(1).Say("meanwhile")
	b.body("meanwhile")
}

func TestRun_AThousandCustomersAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.Unlimited, c.settings.Rate = true, 1_000_000 }).start()
	const count = 1000
	for i := range count {
		go b.discord.Customer(i).Say(fmt.Sprint("hello ", i))
	}
	b.await("all events", func() bool { return len(b.core.all()) == count })
	errs := make(chan error, count)
	for i, e := range b.core.all() {
		go func() {
			_, err := b.send(fmt.Sprint("m", i), e.Address, "answer")
			for fate, _ := channel.FateOf(err); fate == channel.Unknown; fate, _ = channel.FateOf(err) { // on a busy machine calls time out
				_, err = b.send(fmt.Sprint("m", i), e.Address, "answer")
			}
			errs <- err
		}()
	}
	for range count {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(b.discord.Records()); n != count {
		t.Errorf("%d answers", n)
	}
}
