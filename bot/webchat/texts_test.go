package webchat_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faqbot/bot/webchat"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := webchat.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTexts_NoneIsMissing(t *testing.T) {
	t.Parallel()
	all := map[string]map[string]string{}
	for _, l := range webchat.Languages {
		texts := map[string]string{}
		if err := json.Unmarshal([]byte(read(t, "texts/"+l+".json")), &texts); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		all[l] = texts
	}
	want := slices.Sorted(maps.Keys(all["en"]))
	for l, texts := range all {
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(texts))); diff != "" {
			t.Errorf("%s has other keys than en: %s", l, diff)
		}
		for key, text := range texts {
			if strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s: %s is %q", l, key, text)
			}
			if l != "en" && text == all["en"][key] && !slices.Contains([]string{"name", "bot"}, key) && len(text) > 6 && key != "log" {
				t.Errorf("%s: %s is still English: %q", l, key, text)
			}
		}
	}
	scripts := read(t, "assets/view.js") + read(t, "assets/chat.js") + read(t, "assets/widget.js") + read(t, "assets/page.html") + read(t, "assets/page.js")
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:texts\.|\.Texts ")([a-zA-Z]+)`).FindAllStringSubmatch(scripts, -1) {
		used[m[1]] = true
	}
	used["name"] = true
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(used))); diff != "" {
		t.Errorf("texts that are there (-) and used (+) differ: %s", diff)
	}
}
