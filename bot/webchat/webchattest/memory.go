// Package webchattest has the web chat's store in memory, and the suite that every store of it passes.
package webchattest

import (
	"context"
	"slices"
	"sync"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/faq/fault"
)

// MemoryStore is a [webchat.Store] that forgets everything when it goes. Its zero value is empty and ready; it is safe for concurrent
// use, also by several connectors at once, as replicas share a database.
type MemoryStore struct {
	mu            sync.Mutex
	sessions      map[string]webchat.Session
	conversations map[channel.ChatID]*conversation
}

type conversation struct {
	last  webchat.LineNumber
	lines []webchat.Line
	keys  map[string]webchat.LineNumber
}

// CreateSession implements [webchat.Store].
func (s *MemoryStore) CreateSession(ctx context.Context, session webchat.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, taken := s.sessions[session.TokenHash]; taken || s.conversations[session.Visitor] != nil {
		return fault.New(fault.Conflict, "this session exists")
	}
	if s.sessions == nil {
		s.sessions, s.conversations = map[string]webchat.Session{}, map[channel.ChatID]*conversation{}
	}
	s.sessions[session.TokenHash] = session
	s.conversations[session.Visitor] = &conversation{keys: map[string]webchat.LineNumber{}}
	return nil
}

// Session implements [webchat.Store].
func (s *MemoryStore) Session(ctx context.Context, tokenHash string) (webchat.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return webchat.Session{}, err
	}
	session, ok := s.sessions[tokenHash]
	if !ok {
		return webchat.Session{}, fault.New(fault.NotFound, "this session does not exist")
	}
	return session, nil
}

// Append implements [webchat.Store].
func (s *MemoryStore) Append(ctx context.Context, visitor channel.ChatID, line webchat.Line) (webchat.LineNumber, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	c := s.conversations[visitor]
	if c == nil {
		return 0, fault.New(fault.NotFound, "this visitor does not exist")
	}
	if n, ok := c.keys[line.Key]; ok {
		return n, nil
	}
	c.last++
	line.Number, line.Body = c.last, slices.Clone(line.Body)
	c.keys[line.Key] = line.Number
	c.lines = append(c.lines, line)
	return line.Number, nil
}

// Lines implements [webchat.Store].
func (s *MemoryStore) Lines(ctx context.Context, visitor channel.ChatID, after webchat.LineNumber, limit int) ([]webchat.Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := s.conversations[visitor]
	if c == nil {
		return nil, nil
	}
	from, _ := slices.BinarySearchFunc(c.lines, after+1, func(l webchat.Line, n webchat.LineNumber) int { return int(l.Number - n) })
	out := slices.Clone(c.lines[from:min(len(c.lines), from+limit)])
	for i := range out {
		out[i].Body = slices.Clone(out[i].Body)
	}
	return out, nil
}

// Forget implements [webchat.Store].
func (s *MemoryStore) Forget(ctx context.Context, visitor channel.ChatID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if c := s.conversations[visitor]; c != nil {
		c.lines, c.keys = nil, map[string]webchat.LineNumber{}
	}
	return nil
}
