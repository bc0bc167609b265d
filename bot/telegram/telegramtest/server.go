// Package telegramtest is a server on the loopback that behaves as Telegram's Bot API does, with the customers' side of it.
//
// It checks every call against the platform's own specification (spec.txt) and fails the test on the first thing that the platform
// forbids. All state is in the server, so that a bot under test may be killed and started anew. Behaviour and error texts follow the
// platform's published server (tdlib/telegram-bot-api); what is not modelled is refused, never guessed.
package telegramtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// obj is a JSON object.
type obj = map[string]any

// Options changes what a server does. The zero value is a bot in privacy mode, with rates enforced by the real clock.
type Options struct {
	// Now is the platform's clock: dates, rates, the age of queries and updates.
	Now func() time.Time
	// NoRates switches 429 off, for tests of throughput.
	NoRates bool
	// Burst is how many messages a chat takes at once before one a second counts; 0 is 5.
	Burst int
	// ReadAll says that privacy mode is off: the bot sees all messages of its groups.
	ReadAll bool
	// Inline says that inline queries were switched on.
	Inline bool
	// LongestPoll is how long a poll is held open at most; 0 is the platform's 50 seconds.
	LongestPoll time.Duration
	// RetryBase is the first wait before a webhook is tried again, and doubles; 0 is a second.
	RetryBase time.Duration
}

// Server is the platform, with one bot.
type Server struct {
	options Options
	http    *httptest.Server
	closing chan struct{}

	mu     sync.Mutex
	world  world
	queue  queue
	hook   hook
	rates  rates
	faults []Fault
	record record
}

// record is what tests ask about afterwards.
type record struct {
	violations []string
	calls      []Call
	log        []Shown
	presses    []Press
	actions    []Action
	commands   map[string][]Command
	limited    int
	shown      chan struct{} // closed and renewed with every message shown
}

// Call is a call that the server received.
type Call struct {
	Method string
	Params map[string]string
	Files  []string
	At     time.Time
}

// The bot's identity.
const (
	BotID       = 700000
	BotUsername = "faqbot_test_bot"
	botToken    = "700000:AAH-telegramtest-0123456789abcdefghij"
)

// New starts a server, and closes it with the test; what it had to refuse fails the test then.
func New(tb testing.TB, options Options) *Server {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Burst == 0 {
		options.Burst = 5
	}
	if options.LongestPoll == 0 {
		options.LongestPoll = 50 * time.Second
	}
	if options.RetryBase == 0 {
		options.RetryBase = time.Second
	}
	s := &Server{options: options, closing: make(chan struct{}), world: newWorld(), queue: newQueue()}
	s.record.shown = make(chan struct{})
	s.record.commands = map[string][]Command{}
	s.http = httptest.NewServer(s)
	tb.Cleanup(func() {
		s.close()
		for _, v := range s.TakeViolations() {
			tb.Errorf("telegram refuses: %s", v)
		}
	})
	return s
}

func (s *Server) close() {
	s.mu.Lock()
	s.hook.stop()
	s.mu.Unlock()
	close(s.closing)
	s.http.Client().CloseIdleConnections()
	s.http.Close()
	s.hook.running.Wait()
}

// URL is the base address to give to a bot in place of the public one.
func (s *Server) URL() string { return s.http.URL }

// Token is the bot's token.
func (s *Server) Token() string { return botToken }

// TakeViolations returns what was refused because the platform's rules forbid it, and forgets it, so that a test may expect it.
func (s *Server) TakeViolations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.record.violations
	s.record.violations = nil
	return out
}

// Calls are the calls of a method so far, in order; "" stands for all.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.record.calls), func(c Call) bool { return method != "" && c.Method != method })
}

// Limited is how many calls were answered with 429 for their rate (not for a [Fault]).
func (s *Server) Limited() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.limited
}

func (s *Server) violate(method, format string, args ...any) {
	s.record.violations = append(s.record.violations, method+": "+fmt.Sprintf(format, args...))
}

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		s.serveFile(w, r, path)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, _ := strings.Cut(rest, "/")
	if !ok || method == "" || !strings.Contains(token, ":") {
		writeError(w, failure(http.StatusNotFound, "Not Found"))
		return
	}
	if token != botToken {
		writeError(w, failure(http.StatusUnauthorized, "Unauthorized"))
		return
	}
	c, problem := readCall(r, method)
	if problem != nil {
		writeError(w, problem)
		return
	}
	s.answer(w, r, c)
}

// answer checks a call, lets it fail as a test wishes, and performs it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, c *call) {
	s.mu.Lock()
	s.record.calls = append(s.record.calls, c.recorded(s.options.Now()))
	if wrong := readSpec().checkCall(c); len(wrong) > 0 {
		for _, problem := range wrong {
			s.violate(c.method, "%s", problem)
		}
		s.mu.Unlock()
		writeError(w, failure(http.StatusBadRequest, "Bad Request: "+wrong[0]))
		return
	}
	fault, failing := s.takeFault(c.method)
	s.mu.Unlock()
	if failing && !fault.performed {
		fault.answer(w, r, s.closing, nil)
		return
	}
	result, problem := s.perform(r, c)
	switch {
	case failing && problem == nil:
		fault.answer(w, r, s.closing, result)
	case problem != nil:
		writeError(w, problem)
	default:
		writeResult(w, result)
	}
}

// method is one thing that the platform does, run while the server is locked.
type method func(s *Server, c *call) (any, *apiError)

// methods are those that are modelled.
var methods map[string]method

func init() {
	methods = map[string]method{
		"getMe": (*Server).getMe, "setWebhook": (*Server).setWebhook, "deleteWebhook": (*Server).deleteWebhook,
		"getWebhookInfo": (*Server).getWebhookInfo,
		"sendMessage":    (*Server).sendMessage, "copyMessage": (*Server).copyMessage, "sendChatAction": (*Server).sendChatAction,
		"editMessageText": (*Server).editMessageText, "editMessageCaption": (*Server).editMessageCaption,
		"editMessageReplyMarkup": (*Server).editMessageReplyMarkup, "deleteMessage": (*Server).deleteMessage,
		"setMessageReaction": (*Server).setMessageReaction, "answerCallbackQuery": (*Server).answerCallbackQuery,
		"answerInlineQuery": (*Server).answerInlineQuery, "setMyCommands": (*Server).setMyCommands,
		"deleteMyCommands": (*Server).deleteMyCommands, "getMyCommands": (*Server).getMyCommands,
		"getFile": (*Server).getFile, "getChat": (*Server).getChat, "getChatMember": (*Server).getChatMember,
		"createForumTopic": (*Server).createForumTopic, "editForumTopic": (*Server).editForumTopic,
		"closeForumTopic": (*Server).closeForumTopic, "reopenForumTopic": (*Server).reopenForumTopic,
		"deleteForumTopic": (*Server).deleteForumTopic, "leaveChat": (*Server).leaveChat,
		"sendLocation": (*Server).sendLocation, "sendContact": (*Server).sendContact, "sendVenue": (*Server).sendVenue,
	}
	for name, kind := range mediaMethods {
		methods[name] = func(s *Server, c *call) (any, *apiError) { return s.sendMedia(c, kind) }
	}
}

func (s *Server) perform(r *http.Request, c *call) (any, *apiError) {
	if c.method == "getUpdates" {
		return s.getUpdates(r.Context(), c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	do := methods[c.method]
	if do == nil {
		s.violate(c.method, "telegramtest does not model this method")
		return nil, failure(http.StatusNotImplemented, "telegramtest does not model this method")
	}
	if wait := s.overRate(c); wait > 0 {
		s.record.limited++
		return nil, tooMany(wait)
	}
	return do(s, c)
}

func (s *Server) getMe(*call) (any, *apiError) {
	me := s.world.bot().json()
	me["can_join_groups"] = true
	me["can_read_all_group_messages"] = s.options.ReadAll
	me["supports_inline_queries"] = s.options.Inline
	return me, nil
}
