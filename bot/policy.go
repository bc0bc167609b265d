package bot

import (
	"slices"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// Policy is what the owner decides about conversations.
type Policy struct {
	// Business is the name that greetings say.
	Business string
	// Greeting replaces the first greeting, by language; "" is for all others.
	Greeting map[faq.Language]string
	// Language is the business's own.
	Language faq.Language
	// Location decides what day it is.
	Location *time.Location
	// Hours are when staff answer; the zero value is always.
	Hours handoff.Hours
	// Capacity is how many tickets one person is to have at a time; 0 is as many as they like.
	Capacity int
	// Burst is how long an unsure fragment waits for the rest of the thought; 0 decides at once.
	Burst time.Duration
	// KeptDays is how long conversations are kept, as /privacy says.
	KeptDays int
	// Masker takes personal data out of what is kept to learn from.
	Masker insight.Masker
	// AutoChats are groups where the bot also speaks unasked when it is sure; "*" is all.
	AutoChats []string
}

// quietDay is how long a conversation may be quiet before the next message begins a new one.
const quietDay = 24 * time.Hour

const (
	// fragmentWords is the length up to which an unsure message may be the first part of a longer thought.
	fragmentWords = 4
	// longestThought bounds how many parts are joined, longestWait how long they are waited for.
	longestThought = 12
	longestWait    = 10 * time.Second
	// leftoverWithin is how soon after an answer the rest of its question may come, leftoverWords how long it is: more words are a question, unless
	// the entry that was answered is what they are nearest to.
	leftoverWithin = 6 * time.Second
	leftoverWords  = 2
	// floodMessages within floodWindow are answered together instead of one by one, after floodWait of quiet.
	floodMessages = 8
	floodWindow   = 10 * time.Second
	floodWait     = 2 * time.Second
	// slowedAgain is how often somebody is told at most that they are being slowed.
	slowedAgain = time.Minute
	// followsWithin is how long the question before still explains a short one.
	followsWithin = 15 * time.Minute
	// repeatsToOffer and missesToOffer bring in a person without being asked.
	repeatsToOffer = 1
	missesToOffer  = 2
	// followUps and popular bound buttons of that kind under one message.
	followUps = 3
	popular   = 5
)

// interrupts says whether the bot may speak unasked in a chat.
func (p Policy) interrupts(chat channel.ChatID) bool {
	return slices.Contains(p.AutoChats, "*") || slices.Contains(p.AutoChats, string(chat))
}
