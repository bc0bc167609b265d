package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/telegram/telegramtest"
)

// Where the numbers of people begin: nobody on one network is called as somebody on the other is, nor as staff are.
const (
	firstOnDiscord = 10_000
	firstStaff     = 20_000
)

func called(number int) string { return fmt.Sprint("Customer ", number) }

// desk is a place where staff work, as they see it. Threads are named by the network; "" is none.
type desk struct {
	name string
	// thread finds the newest thread of a customer's ticket.
	thread func(customer string) string
	// threads counts those of a customer's tickets.
	threads func(customer string) int
	shown   func(thread string) []string
	say     func(staff int, thread, text string)
	// reply answers the newest message of the bot that holds a text.
	reply  func(staff int, to, text string)
	press  func(staff int, thread, label string) error
	closed func(thread string) bool
}

// staffGroup is a desk in a group of Telegram's with topics.
func staffGroup(s *telegramtest.Server, g telegramtest.Group) *desk {
	all := func(customer string) (ids []int) {
		for id, name := range g.Topics() {
			if strings.HasSuffix(strings.TrimSuffix(name, " (closed)"), " "+customer) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		return ids
	}
	seat := func(staff int, thread string) telegramtest.Seat {
		return s.Customer(firstStaff + staff).In(g).Promote().At(number(thread))
	}
	return &desk{
		name: "the Telegram group",
		thread: func(customer string) string {
			if ids := all(customer); len(ids) > 0 {
				return fmt.Sprint(ids[len(ids)-1])
			}
			return ""
		},
		threads: func(customer string) int { return len(all(customer)) },
		shown: func(thread string) (out []string) {
			for _, v := range seat(0, thread).Shown() {
				out = append(out, v.Text)
			}
			return out
		},
		say: func(staff int, thread, text string) { seat(staff, thread).Say(text) },
		reply: func(staff int, to, text string) {
			for _, v := range slices.Backward(g.Shown()) {
				if strings.Contains(v.Text, to) {
					seat(staff, "").Reply(v.ID, text)
					return
				}
			}
		},
		press:  func(staff int, thread, label string) error { return seat(staff, thread).Press(label) },
		closed: func(thread string) bool { return strings.HasSuffix(g.Topics()[number(thread)], " (closed)") },
	}
}

func number(text string) int {
	n := 0
	_, _ = fmt.Sscan(text, &n) // "" is the group itself
	return n
}

// staffChannel is a desk in a channel of Discord's.
func staffChannel(s *discordtest.Server, channel string) *desk {
	all := func(customer string) []discordtest.ThreadState {
		return slices.DeleteFunc(s.Threads(channel), func(v discordtest.ThreadState) bool { return !strings.HasSuffix(v.Name, " "+customer) })
	}
	place := func(thread string) string {
		if thread == "" {
			return channel
		}
		return thread
	}
	return &desk{
		name: "the Discord channel",
		thread: func(customer string) string {
			if found := all(customer); len(found) > 0 {
				return found[len(found)-1].ID
			}
			return ""
		},
		threads: func(customer string) int { return len(all(customer)) },
		shown: func(thread string) (out []string) {
			for _, v := range s.Shown(place(thread)) {
				out = append(out, v.Text)
			}
			return out
		},
		say: func(staff int, thread, text string) {
			s.Customer(firstStaff + staff).Post(discordtest.Post{Channel: place(thread), Text: text})
		},
		reply: func(staff int, to, text string) {
			for _, v := range slices.Backward(s.Shown(channel)) {
				if strings.Contains(v.Text, to) {
					s.Customer(firstStaff + staff).Post(discordtest.Post{Channel: channel, ReplyTo: v.ID, Text: text})
					return
				}
			}
		},
		press: func(staff int, thread, label string) error {
			_, err := s.Customer(firstStaff+staff).Press(place(thread), label)
			return err
		},
		closed: func(thread string) bool { return slices.Contains(s.Archived(channel), thread) },
	}
}

// office is both networks with a desk on each, and the way to make them desks.
type office struct {
	*platforms
	t     *testing.T
	flags []string
	group telegramtest.Group
	// guild and channel are the Discord desk's.
	guild, channel string
	// patience is how long what is waited for may take.
	patience time.Duration
}

// newOffice makes the places. It binds none of them.
func newOffice(t *testing.T, world *platforms, flags ...string) *office {
	o := &office{platforms: world, t: t, flags: flags, patience: 30 * time.Second}
	o.group = world.telegram.Group("Staff", telegramtest.GroupOptions{Forum: true, Admin: true})
	o.guild = world.discord.Guild("Shop")
	o.channel = world.discord.Channel(o.guild, "staff")
	return o
}

// code is what `faqbot desk code` says to write.
func (o *office) code(flags ...string) string {
	o.t.Helper()
	out, stderr, code := faqbot(o.t, newData(o.t), "", slices.Concat(o.flags, []string{"desk", "code"}, flags)...)
	if code != exitDone {
		o.t.Fatalf("desk code: exit %d, %s", code, stderr)
	}
	return strings.TrimSpace(out)
}

// onTelegram makes the Telegram group a desk, as its staff do.
func (o *office) onTelegram() *desk {
	o.t.Helper()
	d := staffGroup(o.telegram, o.group)
	d.say(0, "", o.code())
	o.bound(d)
	return d
}

// onDiscord makes the Discord channel a desk.
func (o *office) onDiscord() *desk {
	o.t.Helper()
	d := staffChannel(o.discord, o.channel)
	d.say(0, "", o.code())
	o.bound(d)
	return d
}

func (o *office) bound(d *desk) {
	o.t.Helper()
	o.seen(d, "", "This is a desk now")
}

// seen waits until a thread shows a text.
func (o *office) seen(d *desk, thread, text string) {
	o.t.Helper()
	o.await(fmt.Sprintf("%s shows %q", d.name, text), func() bool { return holds(d.shown(thread), text) },
		func() string { return strings.Join(d.shown(thread), "\n---\n") })
}

// threadOf waits until a customer's ticket is shown.
func (o *office) threadOf(d *desk, customer string) (thread string) {
	o.t.Helper()
	o.await(d.name+" has a thread of "+customer, func() bool {
		thread = d.thread(customer)
		return thread != "" && holds(d.shown(thread), customer)
	}, func() string { return strings.Join(d.shown(""), "\n---\n") })
	return thread
}

// told waits until a customer is told something.
func (o *office) told(c *customer, text string) {
	o.t.Helper()
	o.await(fmt.Sprintf("%s is told %q", c.name, text), func() bool { return c.hears(text) },
		func() string { return fmt.Sprint(c.shown()) })
}

// await waits for a condition, and shows what there is when it was in vain.
func (o *office) await(what string, done func() bool, state func() string) {
	o.t.Helper()
	for deadline := time.Now().Add(o.patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			o.t.Fatalf("waited in vain until %s; there is\n%s", what, state())
		}
	}
}

// settled waits until there is nothing more to do, and looks that nothing failed.
func (o *office) settled(s *system) {
	o.t.Helper()
	o.idle(s.store)
}

func holds(texts []string, text string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, text) })
}

func (c *customer) hears(text string) bool {
	return slices.ContainsFunc(c.shown(), func(s said) bool { return strings.Contains(s.text, text) })
}

// customerOnTelegram and customerOnDiscord are people by numbers that nobody else has.
func (p *platforms) customerOnTelegram(n int) *customer {
	seat := p.telegram.Customer(n)
	return &customer{name: called(n), say: func(text string) { seat.Say(text) }, shown: func() []said {
		return saidOf(seat.Shown(), func(v telegramtest.Shown) said { return said{v.Text, v.At} })
	}}
}

func (p *platforms) customerOnDiscord(n int) *customer {
	person := p.discord.Customer(firstOnDiscord + n)
	return &customer{name: called(firstOnDiscord + n), say: func(text string) { person.Say(text) }, shown: func() []said {
		return saidOf(person.Shown(), func(v discordtest.Shown) said { return said{v.Text, v.At} })
	}, once: true}
}
