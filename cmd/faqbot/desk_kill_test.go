package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// TestDesk_Kill kills the program at random moments while tickets are opened at two desks, and while customers and staff write to each other. Everything
// arrives, in order, and once; but what was under way at a kill may be shown twice on Telegram, which cannot tell. No ticket is lost or opened twice, and
// what was promised is still looked after.
func TestDesk_Kill(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { // it takes longest, and would wait for all others to end
		count := 5
		if long() {
			count = 50
		}
		killing{count: count, replicas: 1, longest: 1500 * time.Millisecond}.atDesks(t, "")
	})
	t.Run("postgres", func(t *testing.T) {
		if !long() {
			t.Skip("SKIPPED: leases take 15 s to pass on; FAQBOT_TEST_LONG=1 runs this")
		}
		killing{count: 50, replicas: 2, longest: 8 * time.Second}.atDesks(t, storetest.Postgres(t))
	})
}

// pair is a customer and the desk that their ticket is at.
type pair struct {
	*customer
	desk *desk
	// silent ones say nothing more, and nobody answers them: their promises are open to the end.
	silent        bool
	lines, staffs int // how many each side has written
}

func (k killing) atDesks(t *testing.T, database string) {
	flags := make([][]string, k.replicas)
	for i := range flags {
		if flags[i] = []string{"--data-dir", folderWithFewCodes(t)}; database != "" {
			flags[i] = []string{"--data-dir", newData(t), "--database-url", database}
		}
	}
	if database != "" {
		importSome(t, fewCodes, flags[0]...)
	}
	world := newPlatforms(t, 400*time.Millisecond)
	world.flags = append(world.flags, "--discord-message-content")
	o := newOffice(t, world, flags[0]...)
	o.patience = 90 * time.Second
	if long() { // staff write as fast as Discord takes messages for one person, so what has piled up goes out only after they stop
		o.patience = 5 * time.Minute
	}
	var replicas []*replica
	for _, f := range flags {
		replicas = append(replicas, newReplica(t, append(f, world.flags...)...))
	}
	world.awaitGateway(t)
	pairs := o.pairs()
	for _, p := range pairs { // who writes for the first time while the bot is away cannot be found on Discord
		p.say(question(1))
		o.told(p.customer, answer(1))
	}
	s := storetest.Open(t, store.Settings{URL: database, Dir: flags[0][1]}, store.Options{})
	began := time.Now()
	early := killing{k.count * 2 / 5, k.replicas, k.longest}
	for _, p := range pairs {
		p.say(wish)
	}
	early.killWorking(replicas)
	for _, p := range pairs {
		o.told(p.customer, "The team sees your question now")
	}
	o.idle(s)
	opened := wantTickets(t, s, len(pairs))
	hush := o.converse(pairs)
	late := killing{k.count - early.count, k.replicas, k.longest}
	late.killWorking(replicas)
	time.Sleep(2 * time.Second) // kills may have followed each other at once, and everybody says something
	hush()
	doubled, lines := 0, 0
	for _, p := range pairs {
		doubled += o.wantConversation(p)
		lines += p.lines + p.staffs
	}
	o.idle(s)
	took := time.Since(began)
	if again := wantTickets(t, s, len(pairs)); !slices.Equal(opened, again) {
		t.Errorf("the tickets were %v and are %v", opened, again)
	}
	wantPromises(t, s)
	for _, r := range replicas {
		r.stop()
	}
	if most := 2 * k.count * len(pairs); doubled > most {
		t.Errorf("%d messages were shown twice", doubled)
	}
	t.Logf("%d kills in %v: %d messages were relayed, %d of them shown twice on Telegram", k.count, took.Round(time.Second), lines, doubled)
}

// killWorking kills replicas that have begun to work: what is under way then is what a kill can lose.
func (k killing) killWorking(replicas []*replica) {
	for range k.count {
		r := replicas[rand.N(len(replicas))]
		for end := time.Now().Add(stopTime); len(r.log.lines(answering)) == r.before && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(rand.N(k.longest))
		r.kill()
		r.start()
	}
}

// pairs binds both desks and has each network's customers served at the other's. The group of Telegram's takes 20 messages a minute, so few go there.
func (o *office) pairs() (out []*pair) {
	group, channel := o.onTelegram(), o.onDiscord()
	o.route(o.t)
	many := 1
	if long() {
		many = 2
	}
	for n := range 2 * many {
		out = append(out, &pair{customer: o.customerOnDiscord(n + 1), desk: group, silent: n%2 == 1})
	}
	for n := range 4 * many {
		out = append(out, &pair{customer: o.customerOnTelegram(n + 1), desk: channel, silent: n%4 == 3})
	}
	return out
}

// converse has customers and staff write to each other without waiting for answers, until they are told to stop.
func (o *office) converse(pairs []*pair) (hush func()) {
	stop := make(chan struct{})
	var group sync.WaitGroup
	often := func(say func()) {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(700*time.Millisecond + rand.N(600*time.Millisecond)):
					say()
				}
			}
		})
	}
	for i, p := range pairs {
		if p.silent {
			continue
		}
		thread := p.desk.thread(p.name)
		often(func() { p.lines++; p.say(fmt.Sprintf("line %d.", p.lines)) })
		often(func() { p.staffs++; p.desk.say(i, thread, fmt.Sprintf("reply %d.", p.staffs)) })
	}
	return func() { close(stop); group.Wait() }
}

var line, reply = regexp.MustCompile(`line \d+\.`), regexp.MustCompile(`reply \d+\.`)

// wantConversation looks that both sides have read all that the other wrote, in order. It returns how many messages were shown twice.
func (o *office) wantConversation(p *pair) int {
	o.t.Helper()
	if p.silent {
		return 0
	}
	thread := p.desk.thread(p.name)
	atDesk := func() []string {
		return slices.DeleteFunc(p.desk.shown(thread), func(text string) bool { return strings.Contains(text, "writes on ") })
	}
	toCustomer := func() (out []string) {
		for _, s := range p.shown() {
			out = append(out, s.text)
		}
		return out
	}
	o.seen(p.desk, thread, fmt.Sprintf("line %d.", p.lines))
	o.told(p.customer, fmt.Sprintf("reply %d.", p.staffs))
	return o.wantOrder(p.name+" at the desk", atDesk(), line, "line", p.lines, !p.once) + o.wantOrder(p.name, toCustomer(), reply, "reply", p.staffs, p.once)
}

// wantOrder looks that texts hold all numbered words, in order. Where a platform shows a message once however often it is sent, none may be there twice.
func (o *office) wantOrder(who string, texts []string, words *regexp.Regexp, word string, count int, once bool) (doubled int) {
	o.t.Helper()
	var got, before []string
	for _, text := range texts {
		found := words.FindAllString(text, -1)
		switch {
		case len(found) == 0:
		case !once && slices.Equal(found, before):
			doubled++
		default:
			got, before = append(got, found...), found
		}
	}
	var want []string
	for n := range count {
		want = append(want, fmt.Sprintf("%s %d.", word, n+1))
	}
	if !slices.Equal(got, want) {
		o.t.Errorf("%s: of %d there is %q", who, count, got)
	}
	return doubled
}

// idle waits until there is nothing more to do.
func (o *office) idle(s *store.Store) {
	o.t.Helper()
	var counts store.Counts
	o.await("everything is done", func() bool {
		var err error
		if counts, err = s.Counts(o.t.Context()); err != nil {
			o.t.Fatal(err)
		}
		return counts.OutboxWaiting+counts.Deferred == 0
	}, func() string { return fmt.Sprintf("%+v", counts) })
	if counts.OutboxFailed+counts.SetAside > 0 {
		o.t.Errorf("not everything went well: %+v", counts)
	}
}

// wantTickets wants so many tickets that are not closed, one for each customer, and returns their IDs.
func wantTickets(t *testing.T, s *store.Store, count int) (ids []handoff.TicketID) {
	t.Helper()
	tickets, err := s.Tickets(t.Context(), "", 10*count)
	if err != nil {
		t.Fatal(err)
	}
	people := map[channel.Person]bool{}
	for _, v := range tickets {
		ids, people[v.Customer.Person] = append(ids, v.ID), true
	}
	if len(ids) != count || len(people) != count {
		t.Errorf("%d tickets of %d people are open, not %d", len(ids), len(people), count)
	}
	return ids
}

// wantPromises wants a timer for each promise that is to be kept.
func wantPromises(t *testing.T, s *store.Store) {
	t.Helper()
	due, err := s.Deferred(t.Context(), "", time.Now().AddDate(1, 0, 0), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	watched := map[channel.PersonID]int{}
	for _, e := range due {
		if e.Kind == channel.Due && e.Command == string(bot.TimerPromise) {
			watched[e.From.ID]++
		}
	}
	tickets, err := s.Tickets(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	pending := 0
	for _, v := range tickets {
		if v.Promise.Pending() {
			pending++
		}
		if v.Promise.Pending() && watched[v.Customer.Person.ID] != 1 {
			t.Errorf("the promise of ticket %d has %d timers", v.Number, watched[v.Customer.Person.ID])
		}
	}
	if pending == 0 {
		t.Error("no promise is open")
	}
}
