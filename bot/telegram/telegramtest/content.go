package telegramtest

import (
	"strconv"
	"unicode/utf16"
)

// part is the text that an entity covers.
func (f formatted) part(e Entity) string {
	units := utf16.Encode([]rune(f.text))
	return string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
}

// Picture is the beginning of a JPEG file, enough to pass for one.
var Picture = []byte("\xff\xd8\xff\xe0 a picture")

func (p Seat) send(f *file, caption string) int {
	return p.post(&message{text: formatted{text: caption}, media: f.media()}, true)
}

func (p Seat) file(kind, name, mime string, data []byte) *file {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.world.newFile(kind, name, mime, data)
}

// Photo sends a picture.
func (p Seat) Photo(data []byte, caption string) int {
	return p.send(p.file("photo", "", "", data), caption)
}

// File sends a document.
func (p Seat) File(name, mime string, data []byte, caption string) int {
	return p.send(p.file("document", name, mime, data), caption)
}

// BigFile sends a document of which the platform says that it has a size; it holds nothing.
func (p Seat) BigFile(name string, size int64) int {
	f := p.file("document", name, "application/zip", nil)
	f.size = size
	return p.send(f, "")
}

// Media sends a file of another kind: voice, audio, video, video_note, animation.
func (p Seat) Media(kind, name, mime string, data []byte) int {
	return p.send(p.file(kind, name, mime, data), "")
}

// Sticker sends a sticker that stands for an emoji.
func (p Seat) Sticker(emoji string) int {
	f := p.file("sticker", "", "", []byte("RIFF"))
	f.emoji = emoji
	return p.send(f, "")
}

// Location sends a place.
func (p Seat) Location(latitude, longitude float64) int {
	return p.Other("location", obj{"latitude": latitude, "longitude": longitude})
}

// Venue sends a place that has a name.
func (p Seat) Venue(latitude, longitude float64, title, address string) int {
	location := obj{"latitude": latitude, "longitude": longitude}
	m := &message{media: media{kind: "venue", value: obj{"location": location, "title": title, "address": address}, others: obj{"location": location}}}
	return p.post(m, false)
}

// Contact sends a person's number.
func (p Seat) Contact(number, first, last string) int {
	return p.Other("contact", obj{"phone_number": number, "first_name": first, "last_name": last})
}

// Other sends a message whose content stands in a field, as the test writes it.
func (p Seat) Other(field string, value any) int {
	return p.post(&message{media: media{kind: field, value: value}}, false)
}

// Album sends pictures that belong together: several messages with one group ID, the caption on the first.
func (p Seat) Album(count int, caption string) []int {
	p.s.mu.Lock()
	album := "album" + strconv.Itoa(p.s.world.next())
	p.s.mu.Unlock()
	var ids []int
	for i := range count {
		if i > 0 {
			caption = ""
		}
		f := p.file("photo", "", "", append([]byte{}, Picture...))
		ids = append(ids, p.post(&message{text: formatted{text: caption}, media: f.media(), album: album}, true))
	}
	return ids
}

// Service makes a service message of the chat, such as {"new_chat_title": "x"}.
func (p Seat) Service(content map[string]any) int {
	return p.post(&message{service: content}, false)
}

// GroupOptions are what a group is like.
type GroupOptions struct {
	// Basic groups have no topics and may be upgraded.
	Basic bool
	// Forum groups have topics.
	Forum bool
	// Admin makes the bot an administrator.
	Admin bool
}

// Group is a chat of several people that the bot is in.
type Group struct {
	s    *Server
	chat *chat
}

// Group makes a group with the bot in it, without telling the bot; see [Group.Add].
func (s *Server) Group(title string, o GroupOptions) Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := &chat{kind: supergroup, title: title, forum: o.Forum, standing: standing{bot: "member"}, id: -1001000000000 - int64(s.world.next())}
	if o.Basic {
		ch.kind, ch.id = group, -4000000-int64(s.world.next())
	}
	if o.Admin {
		ch.bot = "administrator"
	}
	return Group{s, s.world.newChat(ch)}
}

// ID is the group's.
func (g Group) ID() int64 { return g.chat.id }

// Add adds the bot, as member or administrator, and tells it so.
func (g Group) Add(by Seat, status string) { g.setBot(by, status) }

// Kick puts the bot out.
func (g Group) Kick(by Seat) { g.setBot(by, "kicked") }

func (g Group) setBot(by Seat, status string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	before := g.chat.bot
	g.chat.bot = status
	if before == status {
		before = "left"
	}
	g.s.pushMembership(g.chat, by.user, before, status)
}

// Upgrade makes a basic group a supergroup, with a new ID; both chats get a service message.
func (g Group) Upgrade(by Seat) Group {
	next := g.s.Group(g.chat.title, GroupOptions{Admin: g.chat.bot == "administrator"})
	by.In(g).Service(obj{"migrate_to_chat_id": next.chat.id})
	by.In(next).Service(obj{"migrate_from_chat_id": g.chat.id})
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.chat.movedTo = next.chat.id
	return next
}

// Shown is what the group shows of the bot, in all topics.
func (g Group) Shown() []Shown { return g.s.shownAt(g.chat.id, 0) }
