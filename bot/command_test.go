package bot_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"faqbot/bot"
	"faqbot/faq"
)

// Each command that networks list is described in every language, in what a network shows of it.
func TestTexts_Commands(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	listed := texts.Commands()
	for _, c := range listed {
		for _, l := range append([]faq.Language{""}, texts.Languages()...) {
			d := c.Descriptions[string(l)]
			if n := utf8.RuneCountInString(d); n == 0 || n > 100 || d == "command_"+c.Name || d == "desk_command_"+c.Name {
				t.Errorf("/%s in %q: %q", c.Name, l, d)
			}
			if l != "" && l != "en" && c.Staff && d == c.Descriptions["en"] {
				t.Errorf("/%s has no text in %s", c.Name, l)
			}
		}
		if slices.Contains(bot.Commands, c.Name) == c.Staff {
			t.Errorf("/%s is for the team: %v", c.Name, c.Staff)
		}
	}
	if last := listed[len(listed)-1]; last.Name != "staff" || !last.Staff || len(listed) < 30 {
		t.Errorf("%d commands, the last is %+v", len(listed), last)
	}
}
