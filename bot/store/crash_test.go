package store_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

const (
	// crashChild is set in a process that commits until it is killed.
	crashChild = "FAQBOT_STORE_CRASH_CHILD"
	crashers   = 6
	rounds     = 4
	longRounds = 50
)

// commitUntilKilled is the child: each of its customers asks without end, and each answer that was committed is told on standard output.
func commitUntilKilled(encoded string) {
	check := func(err error) {
		if err != nil {
			fmt.Println("ERROR", err)
			os.Exit(1)
		}
	}
	var settings store.Settings
	check(json.Unmarshal([]byte(encoded), &settings))
	ctx := context.Background()
	s, err := store.Open(ctx, settings, store.Options{})
	check(err)
	for i := range crashers {
		customer := fmt.Sprint("customer", i)
		v, err := s.Load(ctx, says(customer, -1))
		check(err)
		go func() {
			for n := int(v.Conversation.Version); ; n++ {
				v, err := s.Load(ctx, says(customer, n))
				check(err)
				check(s.Commit(ctx, says(customer, n), turn(says(customer, n), v.Conversation)))
				fmt.Printf("ack %d %d\n", i, n)
			}
		}()
	}
	select {}
}

func TestStore_killed(t *testing.T) {
	t.Parallel()
	count := rounds
	if os.Getenv("FAQBOT_TEST_LONG") == "1" {
		count = longRounds
	}
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		open(t, settings).Close()
		last := [crashers]int{}
		for i := range last {
			last[i] = -1
		}
		for round := range count {
			for customer, n := range killAfterAwhile(t, settings) {
				last[customer] = max(last[customer], n)
			}
			awaitSilence(t, settings)
			checkWhole(t, settings, round, last)
		}
		if last[0] < count {
			t.Errorf("only %d turns were committed", last[0])
		}
	})
}

// awaitSilence waits until the server has done what the dead child had asked of it last.
func awaitSilence(t *testing.T, settings store.Settings) {
	t.Helper()
	if settings.URL == "" {
		return
	}
	db := raw(t, settings)
	db.SetMaxOpenConns(1)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var others int
		must(t, db.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND backend_type = 'client backend' AND state <> 'idle'`).Scan(&others))
		if others == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d connections of the dead are still at work", others)
		}
	}
}

// killAfterAwhile starts a child, kills it at some moment and returns the last turn of each customer that it told of.
func killAfterAwhile(t *testing.T, settings store.Settings) map[int]int {
	t.Helper()
	encoded, err := json.Marshal(settings)
	must(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashChild+"="+string(encoded))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	last := map[int]int{}
	scanner := bufio.NewScanner(out)
	var once sync.Once
	for scanner.Scan() {
		if strings.HasPrefix(scanner.Text(), "ERROR") {
			t.Error(scanner.Text())
		}
		var customer, n int
		if _, err := fmt.Sscanf(scanner.Text(), "ack %d %d", &customer, &n); err == nil {
			last[customer] = n
		}
		once.Do(func() {
			timer := time.AfterFunc(50*time.Millisecond+rand.N(400*time.Millisecond), func() { cmd.Process.Kill() })
			t.Cleanup(func() { timer.Stop() })
		})
	}
	cmd.Wait()
	return last
}

// checkWhole looks that what was acknowledged is there, and nothing is there by half.
func checkWhole(t *testing.T, settings store.Settings, round int, last [crashers]int) {
	t.Helper()
	s, db := open(t, settings), raw(t, settings)
	count := func(query string, args ...any) (n int) {
		must(t, db.QueryRow(query, args...).Scan(&n))
		return n
	}
	for i, acknowledged := range last {
		customer := fmt.Sprint("customer", i)
		id := bot.ConversationID("c-" + customer)
		version := int(situation(t, s, says(customer, -1)).Conversation.Version)
		if version <= acknowledged {
			t.Errorf("round %d: %s was told of turn %d, and %d are stored", round, customer, acknowledged, version)
		}
		for n := range version {
			if !situation(t, s, says(customer, n)).Seen {
				t.Errorf("round %d: turn %d of %s is not in the inbox", round, n, customer)
			}
		}
		lines, err := s.Lines(t.Context(), id)
		must(t, err)
		wantSame(t, len(lines), 2*version)
		wantSame(t, count(`SELECT count(*) FROM actions WHERE conversation = $1`, id), 3*version)
		wantSame(t, count(`SELECT count(*) FROM outcomes WHERE conversation = $1`, id), version)
		wantSame(t, count(`SELECT count(*) FROM outbox WHERE conversation = $1`, id), version)
		wantSame(t, count(`SELECT count(*) FROM inbox WHERE event LIKE $1`, "test:"+customer+":%"), version)
	}
	must(t, s.Close())
	must(t, db.Close())
}
