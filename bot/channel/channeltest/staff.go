package channeltest

import (
	"context"
	"strings"
	"testing"

	"faqbot/bot/channel"
)

// ID is what the network calls a message that it has shown.
func (n *Network) ID(m channel.Message) channel.MessageID {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ids[m.ID]
}

// FindAtDesks is what CheckDesk asks from now on; before that it finds nothing.
func (n *Network) FindAtDesks(check func(context.Context) []channel.Finding) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.check = check
}

// CheckDesk implements [channel.DeskChecker].
func (n *Network) CheckDesk(ctx context.Context, _ channel.Address, _ bool) []channel.Finding {
	n.mu.Lock()
	check := n.check
	n.mu.Unlock()
	if check == nil {
		return nil
	}
	return check(ctx)
}

// WantLacking compares what a check found with what is to be mended, in order: each is a part of what is wrong, and after " | " one of how to mend it.
func WantLacking(t *testing.T, found []channel.Finding, want ...string) {
	t.Helper()
	var lacking []channel.Finding
	for _, f := range found {
		if f.Mend != "" || !f.OK {
			lacking = append(lacking, f)
		}
	}
	wrong := len(lacking) != len(want)
	for i := 0; !wrong && i < len(want); i++ {
		what, mend, _ := strings.Cut(want[i], " | ")
		wrong = !strings.Contains(lacking[i].What, what) || !strings.Contains(lacking[i].Mend, mend)
	}
	if wrong {
		t.Errorf("found %+v, want %q", found, want)
	}
}
