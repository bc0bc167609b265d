package webchattest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/faq/fault"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestStore holds a store to the contract of [webchat.Store]. open returns an empty one for each test and cleans up through t; the
// tests run in parallel.
func TestStore(t *testing.T, open func(t *testing.T) webchat.Store) {
	for name, test := range map[string]func(*testing.T, webchat.Store){
		"a session is found by its hash alone":           testSession,
		"a session is made once":                         testTwice,
		"lines come back in order, as they were":         testLines,
		"lines are listed in pieces":                     testPieces,
		"a key is one line":                              testKey,
		"visitors do not see each other":                 testApart,
		"nobody's conversation takes no lines":           testNobody,
		"forgotten lines are gone, numbers go on":        testForget,
		"writers at once leave a follower without a gap": testFollower,
		"one key at once from many is one line":          testOneKey,
		"an ended context changes nothing":               testEnded,
		"what a caller holds is a copy":                  testCopy,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var day = time.Date(2026, 3, 1, 12, 0, 0, 345e6, time.UTC)

func session(name string) webchat.Session {
	pad := func(n int) string { return (name + strings.Repeat("0", n))[:n] }
	return webchat.Session{TokenHash: pad(64), Visitor: channel.ChatID(pad(32)), Created: day}
}

// begin makes a visitor.
func begin(t *testing.T, s webchat.Store, name string) channel.ChatID {
	t.Helper()
	one := session(name)
	if err := s.CreateSession(t.Context(), one); err != nil {
		t.Fatalf("create session: %v", err)
	}
	return one.Visitor
}

func line(key string) webchat.Line {
	return webchat.Line{Key: key, At: day, Body: []byte(`{"said":{"text":"` + key + `"}}`)}
}

func add(t *testing.T, s webchat.Store, visitor channel.ChatID, keys ...string) []webchat.LineNumber {
	t.Helper()
	var out []webchat.LineNumber
	for _, key := range keys {
		n, err := s.Append(t.Context(), visitor, line(key))
		if err != nil {
			t.Fatalf("append %s: %v", key, err)
		}
		out = append(out, n)
	}
	return out
}

func lines(t *testing.T, s webchat.Store, visitor channel.ChatID, after webchat.LineNumber, limit int) []webchat.Line {
	t.Helper()
	out, err := s.Lines(t.Context(), visitor, after, limit)
	if err != nil {
		t.Fatalf("lines after %d: %v", after, err)
	}
	return out
}

func keys(list []webchat.Line) []string {
	var out []string
	for _, l := range list {
		out = append(out, l.Key)
	}
	return out
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("not what was expected (-want +got):\n%s", diff)
	}
}

func kind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if !fault.Is(err, want) {
		t.Errorf("got error %v of kind %q, want kind %q", err, fault.KindOf(err), want)
	}
}

func testSession(t *testing.T, s webchat.Store) {
	want := session("abc")
	_, err := s.Session(t.Context(), want.TokenHash)
	kind(t, err, fault.NotFound)
	begin(t, s, "abc")
	begin(t, s, "def")
	got, err := s.Session(t.Context(), want.TokenHash)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
	_, err = s.Session(t.Context(), string(want.Visitor))
	kind(t, err, fault.NotFound)
	_, err = s.Session(t.Context(), "")
	kind(t, err, fault.NotFound)
}

func testTwice(t *testing.T, s webchat.Store) {
	begin(t, s, "abc")
	kind(t, s.CreateSession(t.Context(), session("abc")), fault.Conflict)
	other := session("def")
	other.Visitor = session("abc").Visitor
	kind(t, s.CreateSession(t.Context(), other), fault.Conflict)
}

func testLines(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	same(t, lines(t, s, v, 0, 10), []webchat.Line{})
	var want []webchat.Line
	for i, text := range []string{"plain", `"quoted" \\ back`, "日本 👩‍💻 \\u0000 <b>", "' ; drop table x; --", strings.Repeat("long ", 4000), "{ \"b\" : 1,  \"a\":2 }"} {
		l := webchat.Line{Key: fmt.Sprintf("in:%d:%s", i, strings.Repeat("k", 60)), At: day.Add(time.Duration(i) * time.Millisecond), Body: []byte(text)}
		n, err := s.Append(t.Context(), v, l)
		if err != nil {
			t.Fatal(err)
		}
		l.Number = n
		want = append(want, l)
	}
	for i, l := range want {
		if l.Number < 1 || i > 0 && l.Number <= want[i-1].Number {
			t.Errorf("line %d has number %d", i, l.Number)
		}
	}
	same(t, lines(t, s, v, 0, 100), want)
}

func testPieces(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	numbers := add(t, s, v, "a", "b", "c", "d", "e")
	same(t, keys(lines(t, s, v, 0, 2)), []string{"a", "b"})
	same(t, keys(lines(t, s, v, numbers[1], 2)), []string{"c", "d"})
	same(t, keys(lines(t, s, v, numbers[3], 2)), []string{"e"})
	same(t, keys(lines(t, s, v, numbers[4], 2)), []string{})
	same(t, keys(lines(t, s, v, numbers[4]+1000, 2)), []string{})
	same(t, keys(lines(t, s, v, numbers[2]-1, 1)), []string{"c"})
}

func testKey(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	first := add(t, s, v, "a", "b")
	changed := line("a")
	changed.Body = []byte(`{"other":true}`)
	n, err := s.Append(t.Context(), v, changed)
	if err != nil || n != first[0] {
		t.Errorf("the same key again is line %d (%v), want %d", n, err, first[0])
	}
	got := lines(t, s, v, 0, 10)
	same(t, keys(got), []string{"a", "b"})
	same(t, string(got[0].Body), string(line("a").Body))
	same(t, keys(lines(t, s, v, 0, 10)), []string{"a", "b"})
	add(t, s, v, "A") // keys differ by case
	same(t, keys(lines(t, s, v, 0, 10)), []string{"a", "b", "A"})
}

func testApart(t *testing.T, s webchat.Store) {
	v, w := begin(t, s, "abc"), begin(t, s, "def")
	add(t, s, v, "a", "b")
	add(t, s, w, "b")
	same(t, keys(lines(t, s, v, 0, 10)), []string{"a", "b"})
	same(t, keys(lines(t, s, w, 0, 10)), []string{"b"})
	if err := s.Forget(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	same(t, keys(lines(t, s, v, 0, 10)), []string{"a", "b"})
	same(t, keys(lines(t, s, w, 0, 10)), []string{})
}

func testNobody(t *testing.T, s webchat.Store) {
	_, err := s.Append(t.Context(), "nobody", line("a"))
	kind(t, err, fault.NotFound)
	same(t, lines(t, s, "nobody", 0, 10), []webchat.Line{})
	if err := s.Forget(t.Context(), "nobody"); err != nil {
		t.Errorf("forget nobody: %v", err)
	}
}

func testForget(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	before := add(t, s, v, "a", "b", "c")
	if err := s.Forget(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	same(t, lines(t, s, v, 0, 10), []webchat.Line{})
	if _, err := s.Session(t.Context(), session("abc").TokenHash); err != nil {
		t.Errorf("the session went too: %v", err)
	}
	after := add(t, s, v, "a")
	if after[0] <= before[2] {
		t.Errorf("number %d was used again (before: %v): a page that saw it misses this line", after[0], before)
	}
	same(t, keys(lines(t, s, v, before[2], 10)), []string{"a"})
}

// testFollower is what a stream does: it goes on after the last number it saw, while several write.
func testFollower(t *testing.T, s webchat.Store) {
	const writers, each = 6, 20
	v := begin(t, s, "abc")
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, err := s.Append(t.Context(), v, line(fmt.Sprintf("%d-%d", w, i))); err != nil {
					t.Errorf("append: %v", err)
				}
			}
		})
	}
	seen := map[string]bool{}
	var after webchat.LineNumber
	for deadline := time.Now().Add(30 * time.Second); len(seen) < writers*each; {
		got, err := s.Lines(t.Context(), v, after, 7)
		if err != nil || time.Now().After(deadline) {
			t.Errorf("the follower saw %d of %d lines (%v)", len(seen), writers*each, err)
			break
		}
		for _, l := range got {
			if l.Number <= after || seen[l.Key] {
				t.Errorf("line %d (%s) came after %d", l.Number, l.Key, after)
			}
			after, seen[l.Key] = l.Number, true
		}
	}
	wg.Wait()
}

func testOneKey(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	numbers := make([]webchat.LineNumber, 8)
	var wg sync.WaitGroup
	for i := range numbers {
		wg.Go(func() {
			n, err := s.Append(t.Context(), v, line("same"))
			if err != nil {
				t.Errorf("append: %v", err)
			}
			numbers[i] = n
		})
	}
	wg.Wait()
	for _, n := range numbers {
		same(t, n, numbers[0])
	}
	same(t, keys(lines(t, s, v, 0, 10)), []string{"same"})
}

func testEnded(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	add(t, s, v, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, appending := s.Append(ctx, v, line("b"))
	for what, err := range map[string]error{"append": appending, "create": s.CreateSession(ctx, session("def")), "forget": s.Forget(ctx, v)} {
		if err == nil {
			t.Errorf("%s with an ended context returned %v", what, err)
		}
	}
	same(t, keys(lines(t, s, v, 0, 10)), []string{"a"})
}

func testCopy(t *testing.T, s webchat.Store) {
	v := begin(t, s, "abc")
	l := line("a")
	if _, err := s.Append(t.Context(), v, l); err != nil {
		t.Fatal(err)
	}
	l.Body[0] = 'X'
	lines(t, s, v, 0, 1)[0].Body[0] = 'Y'
	same(t, string(lines(t, s, v, 0, 1)[0].Body), string(line("a").Body))
}
