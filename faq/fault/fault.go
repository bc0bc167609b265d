// Package fault gives errors a kind and a message that may be shown to a person.
//
// An error without a kind is internal: its text belongs in the log and is never shown to anyone.
// The edges (command line, console, chat) map a kind to an exit code, a status or a sentence in one table each.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what went wrong in terms that a caller can act on.
type Kind string

const (
	// Internal is every error that carries no kind.
	Internal Kind = ""
	// Invalid is bad input; the message names the place.
	Invalid Kind = "invalid"
	// NotFound is a name or ID that does not exist.
	NotFound Kind = "not_found"
	// Conflict is a change made on top of something that has changed meanwhile.
	Conflict Kind = "conflict"
	// Forbidden is an act that this person may not do.
	Forbidden Kind = "forbidden"
	// Unavailable is a part that does not answer now and may later.
	Unavailable Kind = "unavailable"
)

type kindError struct {
	kind    Kind
	message string
	cause   error
	whole   bool // message holds the cause's text already
}

func (e *kindError) Error() string {
	if e.cause == nil || e.whole {
		return e.message
	}
	return e.message + ": " + e.cause.Error()
}

func (e *kindError) Unwrap() error { return e.cause }

// New makes an error of a kind; the formatted message is for people. It wraps what %w wraps.
func New(kind Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &kindError{kind: kind, message: err.Error(), cause: errors.Unwrap(err), whole: true}
}

// Wrap gives an internal error a kind and a message; the cause is kept for the log alone.
func Wrap(kind Kind, cause error, message string) error {
	return &kindError{kind: kind, message: message, cause: cause}
}

// KindOf is the kind of the outermost error that has one, else Internal.
func KindOf(err error) Kind {
	var k *kindError
	if errors.As(err, &k) {
		return k.kind
	}
	return Internal
}

// Message is the text for people: that of the outermost error with a kind, or "" for an internal one.
func Message(err error) string {
	var k *kindError
	if errors.As(err, &k) {
		return k.message
	}
	return ""
}

// Is reports whether err has the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
