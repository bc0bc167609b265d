package telegramtest

import (
	"slices"
	"strconv"
	"time"
)

// world is who and what there is.
type world struct {
	users map[int64]*user
	chats map[int64]*chat
	files map[string]*file
	// queries are presses and inline queries that may be answered, by their ID.
	queries map[string]*query
	// serial numbers all that needs a number, and messages of private chats and basic groups, which share one sequence.
	serial int
}

func newWorld() world {
	w := world{users: map[int64]*user{}, chats: map[int64]*chat{}, files: map[string]*file{}, queries: map[string]*query{}}
	w.users[BotID] = &user{id: BotID, isBot: true, name: "Helper", username: BotUsername}
	return w
}

func (w *world) bot() *user { return w.users[BotID] }

func (w *world) next() int {
	w.serial++
	return w.serial
}

type user struct {
	id       int64
	isBot    bool
	name     string
	username string
	locale   string
}

func (u *user) json() obj {
	out := obj{"id": u.id, "is_bot": u.isBot, "first_name": u.name}
	if u.username != "" {
		out["username"] = u.username
	}
	if u.locale != "" {
		out["language_code"] = u.locale
	}
	return out
}

// The kinds of chats.
const (
	private    = "private"
	group      = "group"
	supergroup = "supergroup"
)

type chat struct {
	id    int64
	kind  string
	title string
	peer  *user // of a private chat
	forum bool
	standing
	deactivated bool
	members     map[int64]string
	movedTo     int64
	messages    map[int]*message
	topics      map[int]*topic
	serial      int // of messages, in supergroups
}

// standing is what the bot is in a chat.
type standing struct {
	// bot is its status: "" before it was ever written to, member, restricted (it may not write), administrator, left, kicked.
	bot      string
	noTopics bool // an administrator who may not manage topics
}

type topic struct {
	id     int
	name   string
	closed bool
	by     *user
}

func (ch *chat) json() obj {
	out := obj{"id": ch.id, "type": ch.kind}
	if ch.kind == private {
		out["first_name"] = ch.peer.name
		if ch.peer.username != "" {
			out["username"] = ch.peer.username
		}
		return out
	}
	out["title"] = ch.title
	if ch.forum {
		out["is_forum"] = true
	}
	return out
}

func (w *world) newChat(ch *chat) *chat {
	ch.messages, ch.topics, ch.members = map[int]*message{}, map[int]*topic{}, map[int64]string{}
	w.chats[ch.id] = ch
	return ch
}

// nextMessage numbers a message as the platform does: supergroups count for themselves, so numbers repeat across them.
func (w *world) nextMessage(ch *chat) int {
	if ch.kind == supergroup {
		ch.serial++
		return ch.serial
	}
	return w.next()
}

type message struct {
	id       int
	chat     *chat
	thread   int
	topical  bool // message_thread_id is a topic, not the root of replies
	from     *user
	onBehalf *chat // sender_chat
	date     time.Time
	edited   time.Time
	text     formatted
	media    media
	keyboard obj
	replyTo  int
	preview  obj
	quiet    bool
	album    string
	viaBot   bool
	service  obj // what a service message says; nil for others
	edits    int
	reacted
}

// reacted is what is shown on a message: by the bot, and by people.
type reacted struct {
	bot    string
	people map[int64][]string
}

// media is what a message holds besides text.
type media struct {
	kind   string // the field of the message: photo, document, …; "" is a text message
	name   string
	size   int64
	value  any // what stands in the field
	others obj // fields that the platform sets beside it
}

func (m *message) json(replies bool) obj {
	out := obj{"message_id": m.id, "date": m.date.Unix(), "chat": m.chat.json()}
	if m.from != nil {
		out["from"] = m.from.json()
	}
	if m.onBehalf != nil {
		out["sender_chat"] = m.onBehalf.json()
	}
	if m.thread != 0 {
		out["message_thread_id"] = m.thread
		if m.topical {
			out["is_topic_message"] = true
		}
	}
	if !m.edited.IsZero() {
		out["edit_date"] = m.edited.Unix()
	}
	if m.album != "" {
		out["media_group_id"] = m.album
	}
	if m.viaBot {
		out["via_bot"] = obj{"id": int64(BotID), "is_bot": true, "first_name": "Helper", "username": BotUsername}
	}
	for key, value := range m.service {
		out[key] = value
	}
	m.content(out)
	answered := m.replyTo
	if answered == 0 && m.topical && m.id != m.thread {
		answered = m.thread // what is said in a topic answers the service message that began it
	}
	if to := m.chat.messages[answered]; to != nil && replies {
		out["reply_to_message"] = to.json(false)
	}
	return out
}

func (m *message) content(out obj) {
	text, entities := "text", "entities"
	if m.media.kind != "" {
		text, entities = "caption", "caption_entities"
		out[m.media.kind] = m.media.value
		for key, value := range m.media.others {
			out[key] = value
		}
	}
	if m.text.text != "" {
		out[text] = m.text.text
	}
	if len(m.text.entities) > 0 {
		out[entities] = m.text.entities
	}
	if m.keyboard != nil {
		out["reply_markup"] = m.keyboard
	}
	if m.preview != nil {
		out["link_preview_options"] = m.preview
	}
}

// chatKind is what refusals call a chat.
var chatKind = map[string]string{group: "group chat", supergroup: "supergroup chat"}

// findChat finds the chat of a chat_id parameter.
func (s *Server) findChat(id string) (*chat, *apiError) {
	if id == "" {
		return nil, badRequest("chat_id is empty")
	}
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, badRequest("chat not found")
	}
	ch := s.world.chats[number]
	if ch == nil {
		return nil, badRequest("chat not found")
	}
	return ch, nil
}

// writable is the chat of a call that the bot may write to.
func (s *Server) writable(c *call) (*chat, *apiError) {
	ch, problem := s.findChat(c.params["chat_id"])
	if problem != nil {
		return nil, problem
	}
	kind := chatKind[ch.kind]
	switch {
	case ch.movedTo != 0:
		e := badRequest("group chat was upgraded to a supergroup chat")
		e.parameters = obj{"migrate_to_chat_id": ch.movedTo}
		return nil, e
	case ch.deactivated:
		return nil, forbidden("user is deactivated")
	case ch.kind == private && ch.bot == "kicked":
		return nil, forbidden("bot was blocked by the user")
	case ch.kind == private && ch.bot == "":
		return nil, forbidden("bot can't initiate conversation with a user")
	case ch.bot == "kicked":
		return nil, forbidden("bot was kicked from the " + kind)
	case ch.bot == "left" || ch.bot == "":
		return nil, forbidden("bot is not a member of the " + kind)
	case ch.bot == "restricted":
		return nil, badRequest("not enough rights to send text messages to the chat")
	}
	return ch, nil
}

// readable is the chat of a call that looks at it: the bot must not have been put out of it, and be a member where it is a supergroup.
func (s *Server) readable(c *call) (*chat, *apiError) {
	ch, problem := s.findChat(c.params["chat_id"])
	switch {
	case problem != nil:
		return nil, problem
	case ch.kind == private:
		return ch, nil
	case ch.bot == "kicked":
		return nil, forbidden("bot was kicked from the " + chatKind[ch.kind])
	case ch.kind == supergroup && (ch.bot == "left" || ch.bot == ""):
		return nil, forbidden("bot is not a member of the " + chatKind[ch.kind])
	}
	return ch, nil
}

func (s *Server) getChat(c *call) (any, *apiError) {
	ch, problem := s.readable(c)
	if problem != nil {
		return nil, problem
	}
	out := ch.json()
	out["accent_color_id"] = 1
	out["max_reaction_count"] = 11
	accepted := obj{}
	for _, f := range readSpec().types["AcceptedGiftTypes"].fields {
		accepted[f.name] = true
	}
	out["accepted_gift_types"] = accepted
	return out, nil
}

func (s *Server) getChatMember(c *call) (any, *apiError) {
	ch, problem := s.readable(c)
	if problem != nil {
		return nil, problem
	}
	id := c.integer("user_id")
	u := s.world.users[id]
	if u == nil {
		return nil, badRequest("PARTICIPANT_ID_INVALID")
	}
	status := ch.members[id]
	if id == BotID {
		status = ch.bot
	}
	if status == "" {
		status = "left"
	}
	member := memberJSON(u, status)
	if status == "administrator" {
		member["can_manage_topics"] = id != BotID || !ch.noTopics
	}
	return member, nil
}

// memberJSON is a ChatMember, with the rights that the specification asks for all granted to administrators.
func memberJSON(u *user, status string) obj {
	out := obj{"user": u.json(), "status": status}
	switch status {
	case "kicked":
		out["until_date"] = 0
	case "restricted":
		for _, f := range readSpec().types["ChatMemberRestricted"].fields {
			if f.required && slices.Contains(f.types, "B") {
				out[f.name] = f.name == "is_member"
			}
		}
		out["until_date"] = 0
	case "creator":
		out["is_anonymous"] = false
	case "administrator":
		for _, f := range readSpec().types["ChatMemberAdministrator"].fields {
			if f.required && slices.Contains(f.types, "B") {
				out[f.name] = f.name != "is_anonymous"
			}
		}
	}
	return out
}

func (s *Server) leaveChat(c *call) (any, *apiError) {
	ch, problem := s.writable(c)
	if problem != nil {
		return nil, problem
	}
	ch.bot = "left"
	return true, nil
}
