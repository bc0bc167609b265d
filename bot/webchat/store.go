package webchat

import (
	"context"
	"time"

	"faqbot/bot/channel"
)

// LineNumber is the place of a line in one visitor's conversation: 1 or more, rising, with gaps allowed.
type LineNumber int64

// Session lets the holder of a token read and write one visitor's conversation. It holds nothing that a person said of themselves.
type Session struct {
	// TokenHash stands for the token, which is stored nowhere: 64 hexadecimal digits.
	TokenHash string
	// Visitor is drawn from the token too and cannot be turned back into it: 32 hexadecimal digits.
	Visitor channel.ChatID
	Created time.Time
}

// Line is one thing that stands in a conversation: what the bot showed, what the visitor wrote, which button was pressed.
type Line struct {
	// Number is given by the store; Append ignores it.
	Number LineNumber
	// Key is unique within the visitor's conversation: at most 80 bytes of ASCII.
	Key string
	// At has milliseconds at least.
	At time.Time
	// Body is JSON of ours in UTF-8, without NUL characters; a store keeps it byte for byte and does not look into it. It holds what
	// people wrote.
	Body []byte
}

// Store keeps what the servers of another chat network would keep: who may read a conversation, and its lines. It is shared by all
// replicas. Package webchattest holds every implementation to this contract.
type Store interface {
	// CreateSession stores a session, or returns a [fault.Conflict] where its hash or its visitor is there already.
	CreateSession(ctx context.Context, session Session) error
	// Session finds a session by the hash of its token, or returns a [fault.NotFound].
	Session(ctx context.Context, tokenHash string) (Session, error)
	// Append adds a line to the end of a visitor's conversation, durably, and returns its number. Where the visitor has a line with
	// this Key it adds nothing and returns the number of that one. A visitor without a session is a [fault.NotFound].
	//
	// Numbers of one visitor become visible in rising order: once a reader has seen a number, no lower one appears. (In SQL: keep
	// the last number in the session's row and raise it in the transaction that inserts the line, so that its lock puts writers in
	// a row.) A number is not used again, not even after Forget.
	Append(ctx context.Context, visitor channel.ChatID, line Line) (LineNumber, error)
	// Lines lists the lines whose number is greater than after, lowest first, at most limit of them. A visitor who is not known has
	// none.
	Lines(ctx context.Context, visitor channel.ChatID, after LineNumber, limit int) ([]Line, error)
	// Forget deletes a visitor's lines. The session stays, so that the page which asked for it can be told that it is done. A
	// visitor who is not known is no error.
	Forget(ctx context.Context, visitor channel.ChatID) error
}
