package discord_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
)

// TestKill_NothingIsLostNorSaidTwice kills the bot's process again and again while customers write. It answers each text once.
func TestKill_NothingIsLostNorSaidTwice(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t, discordtest.Options{Unlimited: true})
	folder := t.TempDir()
	const customers, lines, kills = 5, 40, 4
	bot := startBot(t, s, folder)
	waitFor(t, "the bot", func() bool { return s.Gateway().Connected() > 0 })
	for i := range customers { // a first text has to come while the bot is there: its channel is not known before
		s.Customer(i).Say("line 0")
		waitFor(t, "first answers", func() bool { return len(s.Customer(i).Shown()) == 1 })
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		for n := 1; n < lines; n++ {
			for i := range customers {
				s.Customer(i).Say(fmt.Sprint("line ", n))
			}
			time.Sleep(40 * time.Millisecond)
		}
	})
	for range kills {
		time.Sleep(300 * time.Millisecond)
		if err := bot.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = bot.Wait() // says that it was killed
		time.Sleep(50 * time.Millisecond)
		bot = startBot(t, s, folder)
	}
	writing.Wait()
	for i := range customers {
		waitFor(t, "all answers", func() bool { return len(s.Customer(i).Shown()) >= lines })
	}
	time.Sleep(200 * time.Millisecond)
	for i := range customers {
		shown := s.Customer(i).Shown()
		if len(shown) != lines {
			t.Errorf("customer %d has %d answers, want %d", i, len(shown), lines)
		}
		for n, m := range shown {
			if want := fmt.Sprint("answer to line ", n); m.Text != want {
				t.Errorf("customer %d: %q came where %q was due", i, m.Text, want)
				break
			}
		}
	}
	_ = bot.Process.Kill()
	_ = bot.Wait()
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s", what)
		}
	}
}

// botEnvironment holds address, token and folder for the bot that TestKill starts.
const botEnvironment = "FAQBOT_DISCORD_TEST_BOT"

// startBot starts this test's program as a bot.
func startBot(t *testing.T, s *discordtest.Server, folder string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bot := exec.Command(program)
	bot.Env = append(os.Environ(), botEnvironment+"="+strings.Join([]string{s.URL(), s.Token(), folder}, " "))
	bot.Stderr = os.Stderr
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bot.Process.Kill() })
	return bot
}

// beBot is what this program does when TestKill starts it.
func beBot(api, token, folder string) error {
	store, err := openStore(folder)
	if err != nil {
		return err
	}
	c, err := discord.New(discord.Settings{API: api, Token: token, MessageContent: true, Rate: 1_000_000}, discord.Options{Cursors: store})
	if err != nil {
		return err
	}
	discord.Hurry(c, 0)
	go store.answer(context.Background(), c)
	return c.Run(context.Background(), store)
}

// fileStore is a core in a file: an inbox that knows each event once, an outbox with a queue per chat, reading positions. Every line is
// written at once.
type fileStore struct {
	mu      sync.Mutex
	file    *os.File
	values  map[string]string
	seen    map[channel.EventID]bool
	waiting []channel.Event
	news    chan struct{}
}

type record struct {
	Key, Value string
	Event      *channel.Event
	Sent       channel.EventID
}

func openStore(folder string) (*fileStore, error) {
	path := filepath.Join(folder, "store")
	s := &fileStore{values: map[string]string{}, seen: map[channel.EventID]bool{}, news: make(chan struct{}, 1)}
	old, err := os.Open(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		for scan := bufio.NewScanner(old); scan.Scan(); {
			var r record
			if json.Unmarshal(scan.Bytes(), &r) == nil { // the last line may be cut
				s.apply(r)
			}
		}
		_ = old.Close()
	}
	s.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = s.file.WriteString("\n")
	}
	return s, err
}

func (s *fileStore) apply(r record) {
	switch {
	case r.Event != nil:
		s.seen[r.Event.ID] = true
		s.waiting = append(s.waiting, *r.Event)
	case r.Sent != "":
		for i, e := range s.waiting {
			if e.ID == r.Sent {
				s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
				break
			}
		}
	default:
		s.values[r.Key] = r.Value
	}
}

func (s *fileStore) write(r record) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err := s.file.Write(append(raw, '\n')); err != nil {
		return err
	}
	s.apply(r)
	return nil
}

// Handle implements [channel.Handler].
func (s *fileStore) Handle(_ context.Context, e channel.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[e.ID] {
		return nil
	}
	select {
	case s.news <- struct{}{}:
	default:
	}
	return s.write(record{Event: &e})
}

// Complete implements [channel.Handler].
func (s *fileStore) Complete(context.Context, channel.Completion) ([]channel.Choice, error) {
	return nil, nil
}

// answer sends what waits, oldest first, until it is delivered.
func (s *fileStore) answer(ctx context.Context, c *discord.Channel) {
	for {
		s.mu.Lock()
		var next *channel.Event
		if len(s.waiting) > 0 {
			e := s.waiting[0]
			next = &e
		}
		s.mu.Unlock()
		if next == nil {
			select {
			case <-s.news:
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		_, err := c.Send(ctx, channel.Message{ID: string(next.ID), To: next.Address, Content: channel.PlainDocument("answer to " + next.Body)})
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		s.mu.Lock()
		_ = s.write(record{Sent: next.ID})
		s.mu.Unlock()
	}
}

// Cursor implements [discord.Cursors].
func (s *fileStore) Cursor(_ context.Context, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key], nil
}

// SetCursor implements [discord.Cursors].
func (s *fileStore) SetCursor(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(record{Key: key, Value: value})
}

// Cursors implements [discord.Cursors].
func (s *fileStore) Cursors(_ context.Context, prefix string) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := maps.Clone(s.values)
	maps.DeleteFunc(out, func(key, _ string) bool { return !strings.HasPrefix(key, prefix) })
	return out, nil
}
