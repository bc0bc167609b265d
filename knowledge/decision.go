// Package knowledge decides what an utterance asks: an entry for sure (Answer), one of a few (Clarify), or nothing that is
// published (Fallback), with a confidence that can be believed.
//
// A [Searcher] proposes candidates; ranking and confidence are this package's own. An entry is a document of its words, pairs of words and
// characters, and has a classifier that was trained to tell its ways to ask from those of all others. A mixture of what both say orders the
// candidates, a calibration turns the evidence for the first into a confidence, and bands turn that into a decision. Mixture, calibration and
// bands start from what holds of FAQs in general, and [Matcher.Train] moves them towards what the FAQ says when parts of it are left out and asked
// for, and towards what customers said of answers.
//
// All it holds is a cache of what the store has: missing or old, it is made anew, and comes out the same.
package knowledge

import (
	"slices"

	"faqbot/faq"
)

// Confidence is calibrated, 0–1: of the answers given at 0.8, eight in ten are right.
type Confidence float64

// Kind is the sort of a decision.
type Kind string

const (
	// Answer: the first candidate is what was asked.
	Answer Kind = "answer"
	// Clarify: one of the offered candidates could be.
	Clarify Kind = "clarify"
	// Fallback: nothing that is published fits.
	Fallback Kind = "fallback"
)

// Question is an utterance with all that its reading depends on.
type Question struct {
	// Utterance is what the customer wrote, unchanged.
	Utterance string
	// Language is the customer's own choice or the platform's locale; empty leaves it to detection.
	Language faq.Language
	// Channel and Today say which entries may be served.
	Channel string
	Today   faq.Date
	// Previous is the question asked just before and Last the entry that answered it, so that "and abroad?" can be read.
	Previous string
	Last     faq.EntryID
	// Joined is true for two questions that are read as one: not all that either says is meant.
	Joined bool
	// Without are entries that the customer has refused for this question.
	Without []faq.EntryID
}

// mayBeServed says whether an entry may be served to who asks: not what is for others, not what they have refused.
func (q Question) mayBeServed(e *faq.Entry) bool {
	return e.Audience.Includes(q.Channel, q.Language) && (q.Today == "" || e.Validity.Contains(q.Today)) && !slices.Contains(q.Without, e.ID)
}

// Decision is what one question was found to ask.
type Decision struct {
	// Utterance is the part of the message that was decided on.
	Utterance  string
	Kind       Kind
	Confidence Confidence
	// Candidates are the best entries, best first, at most 10, whatever the kind.
	Candidates []Candidate
	// Exact is true where a published question or phrasing was asked word for word.
	Exact bool
	// Offers is how many of the candidates a Clarify offers: 1–3.
	Offers int
	// Language is the one to answer in, and LanguageTold whether it is the customer's own or the utterance shows it; it is the FAQ's default otherwise.
	Language     faq.Language
	LanguageTold bool
	// Continued is true where the question before was needed to read this one.
	Continued bool
}

// Candidate is an entry that may be meant.
type Candidate struct {
	Entry      *faq.Entry
	Confidence Confidence
}

// Best is the first candidate's entry, or nil.
func (d Decision) Best() *faq.Entry {
	if len(d.Candidates) == 0 {
		return nil
	}
	return d.Candidates[0].Entry
}
