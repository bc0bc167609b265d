package telegramtest

import (
	"slices"
	"strings"
)

// Command is one entry of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

func (s *Server) setMyCommands(c *call) (any, *apiError) {
	if problem := languageCode(c); problem != nil {
		s.violate(c.method, "language_code: %q is not a two-letter code", c.params["language_code"])
		return nil, problem
	}
	var commands []Command
	c.decode("commands", &commands)
	for _, command := range commands {
		if strings.Trim(command.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			s.violate(c.method, "commands: %q holds a character that is not allowed", command.Command)
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
	}
	s.record.commands[commandKey(c)] = commands
	return true, nil
}

func commandKey(c *call) string { return c.params["scope"] + c.params["language_code"] }

func (s *Server) deleteMyCommands(c *call) (any, *apiError) {
	delete(s.record.commands, commandKey(c))
	return true, nil
}

func (s *Server) getMyCommands(c *call) (any, *apiError) {
	if commands := s.record.commands[commandKey(c)]; commands != nil {
		return commands, nil
	}
	return []Command{}, nil
}

// Commands is the bot's menu in a language; "" is the default.
func (s *Server) Commands(language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.commands[language]
}

// Action is a sign that the bot is busy.
type Action struct {
	Chat   int64
	Thread int
	Action string
}

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker",
	"find_location", "record_video_note", "upload_video_note",
}

func (s *Server) sendChatAction(c *call) (any, *apiError) {
	if !slices.Contains(chatActions, c.params["action"]) {
		s.violate(c.method, "action: %q is unknown", c.params["action"])
		return nil, badRequest("wrong parameter action in request")
	}
	ch, problem := s.writable(c)
	if problem != nil {
		return nil, problem
	}
	// Whether there is such a topic is not looked at: the platform says that all is well even of a deleted one.
	s.record.actions = append(s.record.actions, Action{ch.id, int(c.integer("message_thread_id")), c.params["action"]})
	return true, nil
}

// Actions are the signs of being busy that were shown so far.
func (s *Server) Actions() []Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.actions)
}
