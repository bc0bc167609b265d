package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// may says what each room may import from this module; a room below another one is its own. Rooms for tests alone are free, and nothing
// that ships may import them.
var may = map[string][]string{
	"faq/fault":                 {},
	"faq":                       {},
	"faq/transfer":              {"faq"},
	"knowledge":                 {"faq"},
	"knowledge/index":           {"knowledge", "faq"},
	"knowledge/eval":            {"knowledge", "faq"},
	"knowledge/insight":         {"knowledge", "faq"},
	"knowledge/insight/webhook": {},
	"bot":                       {"bot/channel", "bot/handoff", "knowledge", "knowledge/eval", "knowledge/insight", "faq"},
	"bot/channel":               {},
	"bot/handoff":               {"bot/channel", "knowledge", "knowledge/insight", "faq"},
	"bot/telegram":              {"bot/channel"},
	"bot/discord":               {"bot/channel"},
	"bot/webchat":               {"bot/channel"},
	"bot/terminal":              {"bot/channel"},
	"bot/store":                 {"bot", "bot/channel", "bot/handoff", "bot/webchat", "knowledge/eval", "knowledge/insight", "knowledge/insight/webhook", "knowledge", "faq"},
	"bot/console":               {"bot", "bot/handoff", "faq", "faq/transfer", "knowledge", "knowledge/eval", "knowledge/insight"},
}

// only names who may import a library: everybody else goes through that room.
var only = map[string]string{
	"github.com/bwmarrin/discordgo":                      "bot/discord",
	"github.com/go-telegram-bot-api/telegram-bot-api/v5": "bot/telegram",
	"github.com/blevesearch/bleve/v2":                    "knowledge/index",
	"github.com/blevesearch/snowballstem":                "knowledge",
	"github.com/abadojack/whatlanggo":                    "knowledge",
	"github.com/yuin/goldmark":                           "bot/channel",
	"github.com/microcosm-cc/bluemonday":                 "bot/webchat",
	"modernc.org/sqlite":                                 "bot/store",
	"github.com/jackc/pgx/v5":                            "bot/store",
	"github.com/pressly/goose/v3":                        "bot/store",
	"github.com/xuri/excelize/v2":                        "faq/transfer",
	"github.com/nicksnyder/go-i18n/v2":                   "bot",
	"github.com/alecthomas/kong":                         "cmd/faqbot",
	"github.com/prometheus/client_golang":                "cmd/faqbot",
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func forTests(room string) bool {
	for part := range strings.SplitSeq(room, "/") {
		if strings.HasSuffix(part, "test") || part == "gen" {
			return true
		}
	}
	return false
}

func TestArrows(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, "faqbot/")
		allowed, known := may[room]
		switch {
		case forTests(room):
			continue
		case !known && !strings.HasPrefix(room, "cmd/"):
			t.Errorf("%s is a room that the house does not have", room)
			continue
		}
		for _, imported := range p.Imports {
			own, inside := strings.CutPrefix(imported, "faqbot/")
			switch {
			case inside && forTests(own):
				t.Errorf("%s ships and imports %s, which is for tests", room, own)
			case inside && !strings.HasPrefix(room, "cmd/") && own != "faq/fault" && !slices.Contains(allowed, own):
				t.Errorf("%s may not import %s", room, own)
			case !inside:
				library(t, room, imported)
			}
		}
	}
}

func library(t *testing.T, room, imported string) {
	for path, owner := range only {
		if (imported == path || strings.HasPrefix(imported, path+"/")) && room != owner {
			t.Errorf("%s imports %s, which only %s may", room, imported, owner)
		}
	}
}

// top is what may stand at the top of the house, besides dot-folders and what a build leaves behind.
var top = []string{"cmd", "bot", "knowledge", "faq", "go.mod", "go.sum", "Dockerfile", "README.md", "LICENSE", "compose.yaml"}

func TestTopLevel(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Skip("SKIP: not a git checkout")
	}
	for file := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		first, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(first, ".") && !slices.Contains(top, first) {
			t.Errorf("%s stands at the top of the house", file)
		}
	}
}
