package bot

import (
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// ConversationID names a conversation for ever.
type ConversationID string

// Conversation is one customer in one place until it goes quiet for a day. The next one carries the customer's settings on.
type Conversation struct {
	ID ConversationID `json:"id"`
	// Key finds the newest conversation of a customer in a place; Ordinal counts them.
	Key      string          `json:"key"`
	Ordinal  int64           `json:"ordinal"`
	Version  int64           `json:"version"` // 0 is not stored yet; each commit adds one
	Address  channel.Address `json:"address"`
	Customer channel.Person  `json:"customer"`
	OpenedAt time.Time       `json:"opened_at"`
	LastAt   time.Time       `json:"last_at"`
	Profile  Profile         `json:"profile"`
	State    State           `json:"state"`
}

// Profile is what is kept of a customer from one conversation to the next.
type Profile struct {
	// Language is what the customer chose with /language; empty leaves it to the locale and detection.
	Language faq.Language `json:"language,omitempty"`
	// Greeted is true once the bot has said what it is.
	Greeted bool `json:"greeted,omitempty"`
}

// State is what the next turn depends on.
type State struct {
	// Language is the one the conversation is being held in.
	Language faq.Language `json:"language,omitempty"`
	// Collecting holds the parts of a thought that is still being typed, and since when.
	Collecting      []string  `json:"collecting,omitempty"`
	CollectingSince time.Time `json:"collecting_since,omitzero"`
	// Asked is the question that the last answer or offer was for.
	Asked Asked `json:"asked,omitzero"`
	// Misses counts questions in a row that were not answered.
	Misses int `json:"misses,omitempty"`
	// Recent holds times of the customer's newest messages, for slowing floods; Slowed when they were told last.
	Recent []time.Time `json:"recent,omitempty"`
	Slowed time.Time   `json:"slowed,omitzero"`
	// Choices are the actions that the numbers under the newest message stand for, on networks without buttons.
	Choices []Action `json:"choices,omitempty"`
	// Pending is what the bot asked last: the next "yes" or "no" answers it.
	Pending Pending `json:"pending,omitempty"`
	// LastQuestion is the folded utterance before, to notice a repetition; Repeats counts.
	LastQuestion string `json:"last_question,omitempty"`
	Repeats      int    `json:"repeats,omitempty"`
}

// chosen is the choice that a bare number stands for; nil where it is none.
func (s State) chosen(text string) *Action {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > len(s.Choices) {
		return nil
	}
	return &s.Choices[n-1]
}

// Pending is a question of the bot's own.
type Pending string

const (
	// WhetherPerson: shall a person take over?
	WhetherPerson Pending = "person"
	// WhetherMore: is there anything else?
	WhetherMore Pending = "more"
	// WhetherForget: shall everything be deleted?
	WhetherForget Pending = "forget"
	// WhatWorth: what was the help of a person worth? WhyWorth: and why?
	WhatWorth Pending = "rating"
	WhyWorth  Pending = "rating_word"
	// WhichLanguage: which language shall be spoken?
	WhichLanguage Pending = "language"
)

// Asked is a question with what has been tried for it.
type Asked struct {
	Utterance string    `json:"utterance,omitempty"`
	At        time.Time `json:"at,omitzero"`
	// Message is the customer's, so that an edit of it can be answered.
	Message channel.MessageID `json:"message,omitempty"`
	// Entry is what was answered; empty where nothing was.
	Entry faq.EntryID `json:"entry,omitempty"`
	// Candidates are the entries that were near, and Refused those the customer said no to.
	Candidates []insight.Candidate `json:"candidates,omitempty"`
	Refused    []faq.EntryID       `json:"refused,omitempty"`
	// Offered is true where candidates were shown as buttons, and Listed are those.
	Offered bool          `json:"offered,omitempty"`
	Listed  []faq.EntryID `json:"listed,omitempty"`
	// Heard is the question as it was decided on, where the words are the customer's own.
	Heard Heard `json:"heard,omitzero"`
	// Miss is the record of this question, where there is one, and Reason why it was not answered.
	Miss   string         `json:"miss,omitempty"`
	Reason insight.Reason `json:"reason,omitempty"`
}

// KeyOf is where a person's conversation in a place is found: private chats by the chat, elsewhere by chat, thread and person.
func KeyOf(e channel.Event) string {
	a := e.Address
	parts := []string{string(a.Network), string(a.Chat)}
	if !a.Private {
		parts = append(parts, string(a.Thread), string(e.From.ID))
	}
	return strings.Join(parts, "\x1f")
}
