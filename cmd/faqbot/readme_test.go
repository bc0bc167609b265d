package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
)

// teamSection is what the README says under “Your team”.
func teamSection(t *testing.T) string {
	t.Helper()
	return section(t, "Your team")
}

// section is what the README says under a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## "+heading+"\n")
	section, _, ended := strings.Cut(section, "\n## ")
	if !found || !ended {
		t.Fatalf("there is no section “%s”", heading)
	}
	return section
}

// fenced is the first block of code in a language.
func fenced(section, language string) string {
	_, block, _ := strings.Cut(section, "```"+language+"\n")
	block, _, _ = strings.Cut(block, "```")
	return block
}

// TestReadme_YourTeam does with the program what the README's examples say, so that nobody is told what does not work.
func TestReadme_YourTeam(t *testing.T) {
	t.Parallel()
	section, data := teamSection(t), newData(t)
	settings := filepath.Join(data, "faqbot.yaml")
	if err := os.WriteFile(settings, []byte(fenced(section, "yaml")+"discord_message_content: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	guilds := discordtest.New(t, discordtest.Options{})
	found := doctored(t, data, "--config", settings, "--discord-token", guilds.Token(), "--discord-api-url", guilds.URL())
	wantCheck(t, found, "settings", true, "are valid")
	invite := regexp.MustCompile(`permissions=[0-9]+`).FindString(section)
	i := slices.IndexFunc(found, func(c check) bool { return strings.Contains(c.What, "in no server") })
	if i < 0 || invite == "" || !strings.Contains(found[i].Mend, "scope=bot+applications.commands&"+invite) {
		t.Errorf("the invitation has %q, %+v", invite, found)
	}

	keepDesks(t, data,
		handoff.Desk{ID: "4f7a", Address: channel.Address{Network: "telegram", Chat: "-1001"}}, handoff.Desk{ID: "9c02", Address: channel.Address{Network: "discord", Chat: "7"}})
	wantWorking(t, data, section, 5)
}

// TestReadme_Report asks for reports as the README does, and compares what it says conversations come to with what they are called there.
func TestReadme_Report(t *testing.T) {
	t.Parallel()
	section := section(t, "Whether customers were helped")
	data := newData(t)
	wantWorking(t, data, section, 3)
	table, _, _ := faqbot(t, data, "", "report")
	for line := range strings.SplitSeq(section, "\n") {
		cells := strings.Split(line, " | ")
		if name, ok := strings.CutPrefix(cells[0], "| "); ok && len(cells) == 2 && name != "---" && !strings.Contains(table, "\n"+name+"  ") {
			t.Errorf("no line of the report is called %q", name)
		}
	}
}

// wantWorking runs the commands of a section's first example, of which there must be so many.
func wantWorking(t *testing.T, data, section string, least int) {
	t.Helper()
	lines := 0
	for line := range strings.SplitSeq(fenced(section, "sh"), "\n") {
		line, _, _ = strings.Cut(line, "#")
		args := strings.Fields(line)
		if len(args) == 0 {
			continue
		}
		lines++
		if stdout, stderr, code := faqbot(t, data, "", args[1:]...); code != exitDone || stdout == "" {
			t.Errorf("%s: exit %d, %s%s", line, code, stdout, stderr)
		}
	}
	if lines < least {
		t.Errorf("only %d commands are tried", lines)
	}
}

// TestReadme_Privacy keeps a question under the patterns that the README shows.
func TestReadme_Privacy(t *testing.T) {
	t.Parallel()
	data := newData(t)
	settings := filepath.Join(data, "faqbot.yaml")
	if err := os.WriteFile(settings, []byte(fenced(section(t, "Privacy"), "yaml")), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := faqbot(t, data, "", "--config", settings, "cases", "add", "where is A-123456 of K12345?", "--nothing")
	if stdout, _, _ := faqbot(t, data, "", "cases", "list"); code != exitDone || !strings.Contains(stdout, "where is [order] of [customer]?") {
		t.Errorf("exit %d, %s; kept is %s", code, stderr, stdout)
	}
}

// TestReadme_NamesTheCommandsOfStaff compares the README with what staff are told at a desk.
func TestReadme_NamesTheCommandsOfStaff(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile("`/([a-z]+)")
	var named []string
	for _, m := range command.FindAllStringSubmatch(teamSection(t), -1) {
		if m[1] != "staff" && m[1] != "setinline" && !bot.IsDeskCommand(m[1]) {
			t.Errorf("/%s is no command of staff", m[1])
		}
		named = append(named, m[1])
	}
	help, err := os.ReadFile(filepath.Join("..", "..", "bot", "texts", "desk", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	_, told, _ := strings.Cut(string(help), `"desk_help"`)
	told, _, _ = strings.Cut(told, "\n")
	_, anywhere, _ := strings.Cut(told, "**Anywhere here**")
	_, table, _ := strings.Cut(teamSection(t), "| anywhere at a desk |")
	for _, m := range regexp.MustCompile("(?m)^\\| `/([a-z]+)").FindAllStringSubmatch(table, -1) {
		if strings.Contains(told, "/"+m[1]) && !strings.Contains(anywhere, "/"+m[1]) {
			t.Errorf("/%s works anywhere by the README, and in a ticket's thread by the help", m[1])
		}
	}
	if !strings.Contains(anywhere, "/gaps") || !strings.Contains(table, "/gaps") {
		t.Error("/gaps works at any desk, and is told of a ticket's thread")
	}
	for _, m := range regexp.MustCompile(`[ -]/([a-z]+)`).FindAllStringSubmatch(told, -1) {
		if !slices.Contains(named, m[1]) {
			t.Errorf("/%s is not in the README", m[1])
		}
	}
}
