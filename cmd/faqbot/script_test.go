package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/knowledge/insight"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript runs the scripts in testdata/script, each in a folder of its own, with the program as `faqbot` and these commands besides:
//
//	exits CODE PROGRAM ARGUMENT…   runs a program, which must end with exactly this code
//	json FILE PATH VALUE           the value at a path in a file of JSON values, of which the first is 0, is this text or this JSON
//	keys FILE PATH KEY…            the object at a path has exactly these keys
//	gap NUMBER WAITING QUESTION…   so many people asked these in vain, which are one gap, titled by the first; the first so many of them wait to be told
//	bound ID NETWORK CHAT [owner]  a place was made a desk, or the owner's chat, as showing a code there does
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error { return fillData(filepath.Join(e.WorkDir, "data")) },
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "json": wantJSON, "keys": wantKeys, "bound": bound, "gap": gapOf},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		ended := (*exec.ExitError)(nil)
		if !errors.As(err, &ended) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func bound(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: bound ID NETWORK CHAT [owner]")
	}
	s, err := store.Open(context.Background(), store.Settings{Dir: ts.MkAbs("data")}, store.Options{})
	ts.Check(err)
	err = s.SaveDesk(context.Background(), handoff.Desk{
		ID: handoff.DeskID(args[0]), Address: channel.Address{Network: channel.Network(args[1]), Chat: channel.ChatID(args[2])}, Owner: len(args) == 4,
	})
	ts.Check(errors.Join(err, s.Close()))
}

func gapOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: gap NUMBER WAITING QUESTION…")
	}
	number, err := strconv.Atoi(args[0])
	ts.Check(err)
	waiting, err := strconv.Atoi(args[1])
	ts.Check(err)
	s, err := store.Open(context.Background(), store.Settings{Dir: ts.MkAbs("data")}, store.Options{})
	ts.Check(err)
	defer s.Close()
	group := insight.GroupID(number)
	sorted := insight.Sorted{Gaps: []insight.Gap{{ID: group, Title: args[2], State: insight.GapNew, OpenedAt: time.Now()}}}
	for i, text := range args[2:] {
		m := insight.Miss{ID: fmt.Sprintf("g%d-%d", number, i), Utterance: text, Reason: insight.NothingFitted, Network: "test", Language: "en", At: time.Now().Add(-time.Hour)}
		m.Conversation, m.Person, m.Wants = "c"+m.ID, "p"+m.ID, i < waiting
		e := channel.Event{ID: channel.EventID(m.ID), Kind: channel.Text, Address: channel.Address{Network: "test", Chat: channel.ChatID(m.ID)}, Body: text}
		ts.Check(s.Commit(context.Background(), e, bot.Turn{Misses: []insight.Miss{m}}))
		sorted.Placed = append(sorted.Placed, insight.Placed{Miss: m.ID, Place: insight.Place{Group: group, Part: int64(number)}})
	}
	ts.Check(s.Sort(context.Background(), sorted))
}

func wantJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	found, err := at(ts.ReadFile(args[0]), args[1])
	ts.Check(err)
	got, ok := found.(string)
	if !ok {
		encoded, err := json.Marshal(found)
		ts.Check(err)
		got = string(encoded)
	}
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %s", args[1], got)
	}
}

func wantKeys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: keys FILE PATH KEY…")
	}
	found, err := at(ts.ReadFile(args[0]), args[1])
	ts.Check(err)
	object, ok := found.(map[string]any)
	if !ok {
		ts.Fatalf("%s is no object: %v", args[1], found)
	}
	want := slices.Sorted(slices.Values(args[2:]))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(object))); diff != "" {
		ts.Fatalf("keys of %s (-want +got):\n%s", args[1], diff)
	}
}

// at is what lies at a path such as 0.candidates.2.id in a text of JSON values.
func at(text, path string) (any, error) {
	values, err := jsonValues(text)
	if err != nil {
		return nil, err
	}
	var found any = values
	for step := range strings.SplitSeq(path, ".") {
		switch within := found.(type) {
		case map[string]any:
			value, ok := within[step]
			if !ok {
				return nil, fmt.Errorf("%s: there is no %s in %v", path, step, within)
			}
			found = value
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(within) {
				return nil, fmt.Errorf("%s: there is no %s among %d values", path, step, len(within))
			}
			found = within[i]
		default:
			return nil, fmt.Errorf("%s: nothing lies in %v", path, found)
		}
	}
	return found, nil
}

func jsonValues(text string) ([]any, error) {
	var out []any
	for decoder := json.NewDecoder(strings.NewReader(text)); ; {
		var value any
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("is not JSON: %w", err)
		}
		out = append(out, value)
	}
}

// TestHelp asks every command for help: what it is for, and an example that names it.
func TestHelp(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&commands{}, options(streams{strings.NewReader(""), io.Discard, io.Discard})...)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(true) {
		words := strings.Fields(command.FullPath())[1:]
		t.Run(strings.Join(words, " "), func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := faqbot(t, newData(t), "", append(words, "--help")...)
			_, example, _ := strings.Cut(stdout, "Example")
			example, _, _ = strings.Cut(example, "Flags:")
			if code != exitDone || stderr != "" || !strings.Contains(example, "faqbot "+strings.Join(words, " ")) {
				t.Errorf("exit %d, %s, without an example:\n%s", code, stderr, stdout)
			}
			if command.Help == "" || !strings.Contains(strings.Join(strings.Fields(stdout), " "), command.Help) {
				t.Errorf("does not say what it is for: %s", stdout)
			}
		})
	}
}
