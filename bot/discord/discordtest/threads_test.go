package discordtest_test

import (
	"fmt"
	"testing"

	"faqbot/bot/discord/discordtest"
)

// room is a channel of a server with a card of the bot in it.
type room struct {
	client
	place, card string
}

func newRoom(t *testing.T) room {
	t.Helper()
	s := discordtest.New(t, discordtest.Options{Unlimited: true})
	r := room{client: client{t, s}, place: s.Channel(s.Guild("shop"), "desk")}
	_, answer := r.call("POST", "/channels/"+r.place+"/messages", quietly(`"content":"card"`))
	r.card, _ = answer["id"].(string)
	return r
}

func quietly(fields string) string { return `{` + fields + `,"allowed_mentions":{"parse":[]}}` }

// begin begins a thread under the card.
func (r room) begin() (int, map[string]any) {
	return r.call("POST", "/channels/"+r.place+"/messages/"+r.card+"/threads", `{"name":"Ticket","auto_archive_duration":1440}`)
}

func (r room) expect(what string, wantStatus, wantCode int, status int, answer map[string]any) {
	r.t.Helper()
	code, _ := answer["code"].(float64)
	if status != wantStatus || int(code) != wantCode {
		r.t.Errorf("%s: HTTP %d, %v; want %d with code %d", what, status, answer, wantStatus, wantCode)
	}
}

func TestThreads_BeginUnderAMessageOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	status, made := r.begin()
	if status != 201 || made["id"] != r.card || made["parent_id"] != r.place || made["owner_id"] != r.s.BotID() {
		t.Errorf("HTTP %d, %v", status, made)
	}
	status, answer := r.begin()
	r.expect("a second one", 400, 160004, status, answer)
	_, shown := r.call("GET", "/channels/"+r.place+"/messages/"+r.card, "")
	if flags, _ := shown["flags"].(float64); int(flags)&32 == 0 || shown["thread"] == nil {
		t.Errorf("the message does not tell of its thread: %v", shown)
	}
	r.s.Remove(r.card)
	status, answer = r.call("POST", "/channels/"+r.card+"/messages", quietly(`"content":"x"`))
	r.expect("writing into a deleted one", 404, 10003, status, answer)
	if shown := r.s.Shown(r.place); len(shown) != 1 || len(r.s.Threads(r.place)) != 0 || len(r.s.Shown(r.card)) != 0 {
		t.Errorf("shown %+v", shown)
	}
	r.s.Withhold(r.place, "Create Public Threads")
	status, answer = r.begin()
	r.expect("without the permission", 403, 50013, status, answer)
	r.s.Withhold(r.place)
	r.s.LimitThreads(0)
	status, answer = r.begin()
	r.expect("one too many", 400, 160006, status, answer)
	r.s.LimitThreads(9)
	r.s.Customer(1).Delete(r.card)
	status, answer = r.begin()
	r.expect("under a deleted message", 404, 10008, status, answer)
}

// A thread says what Discord says in each state, to a bot that may manage threads and to one that may not.
func TestThreads_TakeWhatDiscordTakes(t *testing.T) {
	t.Parallel()
	const write, name, archive, open, lock, unlock = "write", `{"name":"x"}`, `{"archived":true}`, `{"archived":false}`, `{"locked":true}`, `{"locked":false}`
	ok := 0
	type answers map[string]int // what is tried → the code of the refusal
	for _, c := range []struct {
		archived, locked, manage, full, theirs bool
		want                                   answers
	}{
		{want: answers{write: ok, name: ok, archive: ok, open: ok, lock: 50013, unlock: ok}},
		{theirs: true, want: answers{write: ok, name: 50013, archive: 50013, lock: 50013}},
		{theirs: true, manage: true, want: answers{write: ok, name: ok, archive: ok, lock: ok}},
		{archived: true, want: answers{write: ok, name: 50083, archive: ok, open: ok, `{"name":"x","archived":false}`: ok}},
		{archived: true, full: true, want: answers{write: 160006, open: 160006}},
		{locked: true, want: answers{write: 160005, name: ok, archive: ok, unlock: 50013}},
		{locked: true, manage: true, want: answers{write: ok, unlock: ok}},
		{archived: true, locked: true, want: answers{write: 160005, open: 50013, unlock: 50013}},
		{archived: true, locked: true, manage: true, want: answers{write: 160005, open: ok, unlock: ok}},
	} {
		for try, code := range c.want {
			r := newRoom(t)
			thread := r.card
			if c.theirs {
				thread = r.s.Thread(r.place, "of their own")
			} else {
				r.begin()
			}
			if !c.manage {
				r.s.Withhold(r.place, "Manage Threads")
			}
			switch {
			case c.archived:
				r.s.Archive(thread, c.locked)
			case c.locked:
				r.s.Lock(thread)
			}
			if c.full {
				r.s.LimitThreads(0)
			}
			method, path, body := "PATCH", "/channels/"+thread, try
			if try == write {
				method, path, body = "POST", path+"/messages", quietly(`"content":"x"`)
			}
			status, answer := r.call(method, path, body)
			want := map[bool]int{true: 200, false: 400}[code == ok]
			if code == 50013 {
				want = 403
			}
			r.expect(fmt.Sprintf("%+v: %s", c, try), want, code, status, answer)
		}
	}
}

// Discord writes of threads in messages of its own: at the head of one under a message, in the channel of any other.
func TestThreads_HaveNotices(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.begin()
	other := r.s.Thread(r.place, "of their own")
	kinds := func(place string) []float64 {
		var out []float64
		for _, m := range r.list("/channels/" + place + "/messages") {
			kind, _ := m["type"].(float64)
			out = append(out, kind)
		}
		return out
	}
	for place, want := range map[string]string{r.place: "[18 0]", r.card: "[21]", other: "[]"} {
		if got := fmt.Sprint(kinds(place)); got != want {
			t.Errorf("kinds of messages %s, want %s", got, want)
		}
	}
	if shown := r.s.Shown(r.card); len(shown) != 1 || shown[0].Text != "card" {
		t.Errorf("the thread shows %+v", shown)
	}
}
