package discordtest_test

import (
	"testing"
)

const privately = `{"name":"Ticket","type":12,"invitable":false,"auto_archive_duration":1440}`

// A private thread is seen by its members and by who manages threads; it hangs under no message, and only who is in it writes there.
func TestThreads_ArePrivate(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	status, made := r.call("POST", "/channels/"+r.place+"/threads", privately)
	thread, _ := made["id"].(string)
	if kind, _ := made["type"].(float64); status != 201 || kind != 12 || thread == r.card || made["parent_id"] != r.place {
		t.Fatalf("HTTP %d, %v", status, made)
	}
	ada, bob, chief := r.s.Customer(1), r.s.Customer(2), r.s.Customer(3)
	guild, _ := made["guild_id"].(string)
	chief.ManageThreads(guild)
	_, active := r.call("GET", "/guilds/"+guild+"/threads/active", "")
	if list, _ := active["threads"].([]any); len(list) != 1 {
		t.Errorf("active %v", active)
	}
	if len(r.list("/channels/"+r.place+"/messages")) != 1 {
		t.Error("the channel tells of it")
	}
	for range 2 { // who is in it already is as good
		if status, answer := r.call("PUT", "/channels/"+thread+"/thread-members/"+ada.ID(), ""); status != 204 {
			t.Fatalf("HTTP %d, %v", status, answer)
		}
	}
	if len(r.list("/channels/"+thread+"/messages")) != 1 {
		t.Error("the thread does not tell who was added")
	}
	if !ada.Sees(thread) || bob.Sees(thread) || !chief.Sees(thread) || !bob.Sees(r.place) {
		t.Error("it is seen by others than its members")
	}
	if _, err := bob.Press(thread, "Claim"); err == nil {
		t.Error("somebody else pressed a button in it")
	}
	defer func() {
		if recover() == nil {
			t.Error("somebody else wrote in it")
		}
	}()
	bob.StartTyping(thread)
}

func TestThreads_LetPeopleInWhereTheyMay(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	begin := func(body string) (string, int, map[string]any) {
		status, made := r.call("POST", "/channels/"+r.place+"/threads", body)
		id, _ := made["id"].(string)
		return id, status, made
	}
	add := func(place, who string) (int, map[string]any) {
		return r.call("PUT", "/channels/"+place+"/thread-members/"+who, "")
	}
	ada := r.s.Customer(1).ID()
	closed, _, _ := begin(privately)
	open, _, _ := begin(`{"name":"Ticket","type":12}`)
	r.begin()
	status, answer := add(r.place, ada)
	r.expect("a channel", 400, 50024, status, answer)
	status, answer = add(closed, "12345678901234567")
	r.expect("nobody", 404, 10013, status, answer)
	r.s.Withhold(r.place, "Manage Threads")
	status, answer = add(closed, ada)
	r.expect("one that is not invitable", 403, 50013, status, answer)
	for what, place := range map[string]string{"one that is": open, "a public one": r.card} {
		status, answer = add(place, ada)
		r.expect(what, 204, 0, status, answer)
	}
	r.s.Archive(open, false)
	status, answer = add(open, ada)
	r.expect("an archived one", 400, 50083, status, answer)
	r.s.Withhold(r.place, "Send Messages in Threads")
	status, answer = add(r.card, ada)
	r.expect("without the right to write there", 403, 50013, status, answer)
	r.s.Withhold(r.place, "Create Private Threads")
	_, status, answer = begin(privately)
	r.expect("without the permission", 403, 50013, status, answer)
	if status, _ = r.begin(); status != 400 { // there is one already
		t.Errorf("a public thread takes another permission: HTTP %d", status)
	}
}
