package discordtest

import (
	"encoding/json"
	"strconv"
	"time"
)

// world is all that the fake Discord knows; Server.mu guards it.
type world struct {
	serial   int64
	bot      *user
	users    map[string]*user
	numbered map[int]*user
	guilds   map[string]*guild
	places   map[string]*place
	nonces   map[string]*message // place + nonce
	calls    map[string]*interaction
	files    map[string]*file
	commands json.RawMessage
	lapse    time.Duration // of links to attachments
}

type user struct {
	id, name, display, locale string
	bot                       bool
	blocks                    bool
	direct                    *place
}

type guild struct {
	id, name, botRole string
	permissions       uint64
	places            []*place
	managers          map[*user]bool // who may manage threads, besides the bot
}

// The kinds of channels.
const (
	kindText   = 0
	kindDirect = 1
	kindVoice  = 2
	kindNews   = 5
	kindThread = 11
	// kindPrivate is a thread that only its members see, and who manages threads.
	kindPrivate = 12
)

type place struct {
	id, name  string
	kind      int
	guild     *guild
	parent    *place
	recipient *user
	messages  []*message
	denied    int    // an error code that every call here gets: 50001, 50013
	withheld  uint64 // permissions that the bot lacks in this channel
	gone      bool
	typing    int // how often the bot said that it types
	thread    thread
}

type thread struct {
	archived, locked bool
	minutes          int
	archivedAt       time.Time
	owner            *user
	members          map[*user]bool
	invitable        bool // who is no moderator may add others to a private one
}

// root is the channel that a thread hangs in, else the place itself.
func (p *place) root() *place {
	if p.parent != nil {
		return p.parent
	}
	return p
}

func (p *place) find(id string) *message {
	for i := len(p.messages) - 1; i >= 0; i-- {
		if m := p.messages[i]; m.id == id && !m.deleted {
			return m
		}
	}
	return nil
}

type message struct {
	id, content, nonce string
	place              *place
	author             *user
	at                 time.Time
	edited             *time.Time
	webhook, deleted   bool
	kind, flags        int
	replyTo            string
	parts              parts
	reactions          []string // of the bot
	// more is merged into what the API tells of the message.
	more map[string]any
}

// parts are what hangs on a message.
type parts struct {
	components []any
	embeds     []any
	files      []*file
	stickers   []any
	mentions   []*user
}

type file struct {
	id, name, kind string
	data           []byte
	expires        time.Time
}

const (
	flagSuppressEmbeds = 1 << 2
	flagHasThread      = 1 << 5
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
)

func newWorld() world {
	w := world{
		users: map[string]*user{}, numbered: map[int]*user{}, guilds: map[string]*guild{}, places: map[string]*place{},
		nonces: map[string]*message{}, calls: map[string]*interaction{}, files: map[string]*file{}, lapse: UsualLinkLife,
	}
	w.bot = w.addUser("faqbot", "FAQ Bot")
	w.bot.bot = true
	return w
}

// epoch is Discord's own, in milliseconds of Unix time.
const epoch = 1420070400000

// snowflake makes IDs that tell the time and never repeat, as Discord's.
func (w *world) snowflake() string {
	w.serial++
	return strconv.FormatInt((time.Now().UnixMilli()-epoch)<<22|w.serial&0x3fffff, 10)
}

func (w *world) addUser(name, display string) *user {
	u := &user{id: w.snowflake(), name: name, display: display, locale: "en-US"}
	w.users[u.id] = u
	return u
}

// customer makes the numbered customer on first use.
func (w *world) customer(number int) *user {
	u, ok := w.numbered[number]
	if !ok {
		u = w.addUser("customer"+strconv.Itoa(number), "Customer "+strconv.Itoa(number))
		w.numbered[number] = u
	}
	return u
}

// direct is the direct chat of the bot with a user.
func (w *world) direct(u *user) *place {
	if u.direct == nil {
		u.direct = &place{id: w.snowflake(), kind: kindDirect, recipient: u}
		w.places[u.direct.id] = u.direct
	}
	return u.direct
}

func (w *world) addGuild(name string) *guild {
	g := &guild{id: w.snowflake(), name: name, botRole: w.snowflake(), permissions: allPermissions, managers: map[*user]bool{}}
	w.guilds[g.id] = g
	return g
}

func (w *world) addPlace(g *guild, parent *place, name string) *place {
	p := &place{id: w.snowflake(), name: name, guild: g, parent: parent, kind: kindText}
	if parent != nil {
		p.kind = kindThread
		p.thread.minutes = 1440
	}
	g.places = append(g.places, p)
	w.places[p.id] = p
	return p
}

// say stores a message of anybody; dispatching is the caller's.
func (w *world) say(p *place, author *user, content string) *message {
	m := &message{id: w.snowflake(), place: p, author: author, content: trimmed(content), at: time.Now()}
	p.messages = append(p.messages, m)
	return m
}

// UsualLinkLife is about how long Discord's links to attachments work.
const UsualLinkLife = 24 * time.Hour
