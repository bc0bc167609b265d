package main

import (
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

// speed is how much faster time passes for the rates of networks in tests that would wait for a group's 20 messages a minute: on the platform's clock, and
// in the limits that the bot keeps to.
const speed = 20

// hurriedClock is the platform's clock in such a test.
func hurriedClock() func() time.Time {
	began := time.Now()
	return func() time.Time { return began.Add(speed * time.Since(began)) }
}

// hurried is a channel whose limits are told for the platform's clock. All else of it is what it is.
type hurried struct{ channel.Channel }

// Unwrap lets [channel.As] find what the channel can do besides.
func (h hurried) Unwrap() channel.Channel { return h.Channel }

// Limits implements [channel.Channel]. The burst stays: it is a number, not a rate. So does the rate overall, whose burst is made of it: the bot is
// slower than it could be there.
func (h hurried) Limits() channel.Limits {
	l := h.Channel.Limits()
	l.PerChat, l.PerGroup = speed*l.PerChat, speed*l.PerGroup
	return l
}

// hurry has a system send on the platforms' clock. Discord must take everything then (Unlimited).
func hurry(s *system) {
	options := bot.Options{Logger: s.logger, Now: time.Now}
	for i, c := range s.channels {
		s.senders[i] = bot.NewDispatcher(s.store, s.store, hurried{s.metrics.channel(c)}, s.holder, options)
	}
}
