package telegramtest

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Longest texts, in UTF-16 code units after parsing.
const (
	maxText    = 4096
	maxCaption = 1024
)

// readText parses a text or caption with its parse_mode or entities.
func (s *Server) readText(c *call, field, entities string, most int) (formatted, *apiError) {
	f := formatted{text: c.params[field]}
	switch mode := c.params["parse_mode"]; {
	case strings.EqualFold(mode, "HTML"):
		parsed, err := parseHTML(f.text)
		if err != nil {
			s.violate(c.method, "%s: can't parse entities: %v", field, err)
			return f, badRequest("can't parse entities: %v", err)
		}
		f = parsed
	case mode != "":
		s.violate(c.method, "telegramtest does not model parse_mode %s", mode)
		return f, badRequest("unsupported parse_mode")
	default:
		if c.decode(entities, &f.entities) {
			for _, e := range f.entities {
				if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > utf16Length(f.text) {
					s.violate(c.method, "%s: an entity is outside of the text", entities)
					return f, badRequest("entity begins after the end of the text")
				}
			}
		}
	}
	f = f.clean()
	if length := utf16Length(f.text); length > most {
		s.violate(c.method, "%s: %d UTF-16 code units, %d are allowed", field, length, most)
		if most == maxCaption {
			return f, badRequest("message caption is too long")
		}
		return f, badRequest("message is too long")
	}
	return f.detect(), nil
}

func (s *Server) sendMessage(c *call) (any, *apiError) {
	f, problem := s.readText(c, "text", "entities", maxText)
	if problem != nil {
		return nil, problem
	}
	if f.text == "" {
		s.violate(c.method, "text: is empty after parsing")
		return nil, badRequest("message text is empty")
	}
	m := &message{text: f}
	return s.post(c, m)
}

// post puts a message of the bot into its chat.
func (s *Server) post(c *call, m *message) (any, *apiError) {
	ch, problem := s.writable(c)
	if problem != nil {
		return nil, problem
	}
	thread, problem := ch.topicOf(c)
	if problem != nil {
		return nil, problem
	}
	if problem := s.readReply(c, ch, m); problem != nil {
		return nil, problem
	}
	if problem := s.readKeyboard(c, m); problem != nil {
		return nil, problem
	}
	if c.decode("link_preview_options", &m.preview); m.preview["url"] == "" {
		delete(m.preview, "url")
	}
	m.id, m.chat, m.thread, m.topical = s.world.nextMessage(ch), ch, thread, thread != 0
	m.from, m.date, m.quiet = s.world.bot(), s.options.Now(), c.isTrue("disable_notification")
	ch.messages[m.id] = m
	s.show(m)
	return m.json(true), nil
}

func (s *Server) readReply(c *call, ch *chat, m *message) *apiError {
	var reply struct {
		MessageID int  `json:"message_id"`
		Allow     bool `json:"allow_sending_without_reply"`
	}
	if !c.decode("reply_parameters", &reply) {
		return nil
	}
	if ch.messages[reply.MessageID] == nil {
		if reply.Allow {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	m.replyTo = reply.MessageID
	return nil
}

// A keyboard holds so many buttons, and so many in a row.
const (
	maxButtons = 100
	maxRow     = 8
)

func (s *Server) readKeyboard(c *call, m *message) *apiError {
	var keyboard struct {
		Rows [][]obj `json:"inline_keyboard"`
	}
	m.keyboard = nil
	if !c.decode("reply_markup", &keyboard) || len(keyboard.Rows) == 0 {
		return nil
	}
	count := 0
	for _, row := range keyboard.Rows {
		count += len(row)
		if len(row) > maxRow {
			s.violate(c.method, "reply_markup: a row of %d buttons", len(row))
			return badRequest("reply markup is too long")
		}
	}
	if count > maxButtons {
		s.violate(c.method, "reply_markup: %d buttons", count)
		return badRequest("reply markup is too long")
	}
	m.keyboard = obj{"inline_keyboard": keyboard.Rows}
	return nil
}

// mine is a message of the bot that a call wants to change.
func (s *Server) mine(c *call) (*message, *apiError) {
	ch, problem := s.writable(c)
	if problem != nil {
		return nil, problem
	}
	m := ch.messages[int(c.integer("message_id"))]
	if m == nil {
		return nil, badRequest("message to edit not found")
	}
	if m.from.id != BotID || m.service != nil {
		return nil, badRequest("message can't be edited")
	}
	return m, nil
}

func (s *Server) editMessageText(c *call) (any, *apiError) {
	f, problem := s.readText(c, "text", "entities", maxText)
	if problem != nil {
		return nil, problem
	}
	if f.text == "" {
		s.violate(c.method, "text: is empty after parsing")
		return nil, badRequest("message text is empty")
	}
	m, problem := s.mine(c)
	if problem != nil {
		return nil, problem
	}
	if m.media.kind != "" {
		return nil, badRequest("there is no text in the message to edit")
	}
	return s.change(c, m, f)
}

func (s *Server) editMessageCaption(c *call) (any, *apiError) {
	f, problem := s.readText(c, "caption", "caption_entities", maxCaption)
	if problem != nil {
		return nil, problem
	}
	m, problem := s.mine(c)
	if problem != nil {
		return nil, problem
	}
	if m.media.kind == "" {
		return nil, badRequest("there is no caption in the message to edit")
	}
	return s.change(c, m, f)
}

func (s *Server) editMessageReplyMarkup(c *call) (any, *apiError) {
	m, problem := s.mine(c)
	if problem != nil {
		return nil, problem
	}
	return s.change(c, m, m.text)
}

func (s *Server) change(c *call, m *message, f formatted) (any, *apiError) {
	old := *m
	if problem := s.readKeyboard(c, m); problem != nil {
		return nil, problem
	}
	m.text = f
	if m.text.text == old.text.text && reflect.DeepEqual(m.text.entities, old.text.entities) && sameJSON(m.keyboard, old.keyboard) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.edited = s.options.Now()
	m.edits++
	s.show(m)
	return m.json(true), nil
}

func sameJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func (s *Server) deleteMessage(c *call) (any, *apiError) {
	ch, problem := s.writable(c)
	if problem != nil {
		return nil, problem
	}
	m := ch.messages[int(c.integer("message_id"))]
	if m == nil {
		return nil, badRequest("message to delete not found")
	}
	if m.from.id != BotID && ch.kind != private && ch.bot != "administrator" {
		return nil, badRequest("message can't be deleted")
	}
	delete(ch.messages, m.id)
	return true, nil
}

func (s *Server) copyMessage(c *call) (any, *apiError) {
	from, problem := s.findChat(c.params["from_chat_id"])
	if problem != nil {
		return nil, problem
	}
	source := from.messages[int(c.integer("message_id"))]
	if source == nil {
		return nil, badRequest("message to copy not found")
	}
	if source.service != nil {
		return nil, badRequest("message can't be copied")
	}
	m := &message{text: source.text, media: source.media}
	if _, given := c.params["caption"]; given && m.media.kind != "" {
		if m.text, problem = s.readText(c, "caption", "caption_entities", maxCaption); problem != nil {
			return nil, problem
		}
	}
	if _, problem := s.post(c, m); problem != nil {
		return nil, problem
	}
	return obj{"message_id": m.id}, nil
}

func (s *Server) sendLocation(c *call) (any, *apiError) {
	m := &message{media: media{kind: "location", name: c.params["latitude"] + "," + c.params["longitude"],
		value: obj{"latitude": json.Number(c.params["latitude"]), "longitude": json.Number(c.params["longitude"])}}}
	return s.post(c, m)
}

func (s *Server) sendVenue(c *call) (any, *apiError) {
	location := obj{"latitude": json.Number(c.params["latitude"]), "longitude": json.Number(c.params["longitude"])}
	m := &message{media: media{kind: "venue", name: c.params["title"],
		value: obj{"location": location, "title": c.params["title"], "address": c.params["address"]}, others: obj{"location": location}}}
	return s.post(c, m)
}

func (s *Server) sendContact(c *call) (any, *apiError) {
	m := &message{media: media{kind: "contact", name: c.params["phone_number"],
		value: obj{"phone_number": c.params["phone_number"], "first_name": c.params["first_name"]}}}
	return s.post(c, m)
}

// mediaMethods are the calls that send a file, with the field that holds it.
var mediaMethods = map[string]string{
	"sendPhoto": "photo", "sendDocument": "document", "sendVideo": "video", "sendAnimation": "animation", "sendAudio": "audio",
	"sendVoice": "voice", "sendVideoNote": "video_note", "sendSticker": "sticker",
}

func (s *Server) sendMedia(c *call, kind string) (any, *apiError) {
	f, problem := s.readText(c, "caption", "caption_entities", maxCaption)
	if problem != nil {
		return nil, problem
	}
	known := s.world.files[c.params[kind]]
	if up, given := c.files[kind]; given {
		if known, problem = s.accept(c, kind, up); problem != nil {
			return nil, problem
		}
	}
	switch {
	case known == nil:
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	case known.kind != kind && (kind != "document" || known.kind == "photo"):
		return nil, badRequest("can't use file of type %s as %s", typeName(known.kind), typeName(kind))
	}
	return s.post(c, &message{text: f, media: known.media()})
}

func typeName(kind string) string {
	words := strings.Split(kind, "_")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// accept takes an uploaded file.
func (s *Server) accept(c *call, kind string, up upload) (*file, *apiError) {
	switch {
	case len(up.data) == 0:
		return nil, badRequest("file must be non-empty")
	case kind == "photo" && len(up.data) > maxPhoto:
		s.violate(c.method, "photo: %d bytes, %d are allowed", len(up.data), maxPhoto)
		return nil, failure(413, "Request Entity Too Large")
	case kind == "photo" && !isPicture(up.data):
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	}
	return s.world.newFile(kind, up.name, "", up.data), nil
}

func isPicture(data []byte) bool {
	magic := []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF8", "RIFF"}
	return slices.ContainsFunc(magic, func(m string) bool { return strings.HasPrefix(string(data), m) })
}
