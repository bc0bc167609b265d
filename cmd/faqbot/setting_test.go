package main

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// parsed are settings out of flags, and of what a settings file sets.
func parsed(file func(*kong.Context) (map[string]setting, error), flags ...string) (Settings, error) {
	var c commands
	silent := streams{strings.NewReader(""), io.Discard, io.Discard}
	parser, err := kong.New(&c, append(options(silent), kong.ClearResolvers(), kong.Resolvers(resolver(file)))...)
	if err != nil {
		return Settings{}, err
	}
	_, err = parser.Parse(append(flags, "version"))
	c.places = nil
	return c.Settings, err
}

// content is a settings file that holds a text.
func content(text string) func(*kong.Context) (map[string]setting, error) {
	return func(k *kong.Context) (map[string]setting, error) {
		return settingsIn("faqbot.yaml", []byte(text), settingNames(k))
	}
}

// sameSettings tells no list from an empty one.
var sameSettings = cmp.Options{cmp.AllowUnexported(Settings{}), cmpopts.EquateEmpty(), cmpopts.EquateNaNs()}

// TestSettingsIn_MeansWhatIsWritten reads values that YAML would take for something else than its writer meant.
func TestSettingsIn_MeansWhatIsWritten(t *testing.T) {
	t.Parallel()
	for text, flag := range map[string]string{
		"business_name: 007":                        "--business-name=007",
		"business_name: yes":                        "--business-name=yes",
		"business_name: 'it''s #1: us'":             "--business-name=it's #1: us",
		"business_name: |\n  two\n  lines\n":        "--business-name=two\nlines\n",
		"business_name: >-\n  one\n  line\n":        "--business-name=one line",
		"business_name: 2026-01-31":                 "--business-name=2026-01-31",
		"business_name: ''":                         "--business-name=",
		"discord_message_content: yes":              "--discord-message-content=true",
		"discord_message_content: false":            "--discord-message-content=false",
		"telegram_token: 123456:ABC":                "--telegram-token=123456:ABC",
		"auto_chats: [-1001, '*']":                  "--auto-chats=-1001,*",
		"auto_chats: a,b":                           "--auto-chats=a,b",
		"auto_chats: ['a,b']":                       `--auto-chats=a\,b`,
		"greeting: {default: a|b, es: c=d}":         `--greeting=default=a\|b|es=c=d`,
		"greeting:\n  en: Hi":                       "--greeting=en=Hi",
		`mask: ['order=\bA-\d{6,8}\b']`:             `--mask=order=\bA-\d{6,8}\b`,
		`mask: order=\bA-\d{6,8}\b`:                 `--mask=order=\bA-\d{6,8}\b`,
		"mask:\n- a=b,c\n- d=e":                     "--mask=a=b,c\nd=e",
		"mask: |-\n  a=b,c\n  d=e":                  "--mask=a=b,c\nd=e",
		"retention_days: 30":                        "--retention-days=30",
		"burst: 2s":                                 "--burst=2s",
		"\ufefftime_zone: Europe/Madrid\r\n":        "--time-zone=Europe/Madrid",
		"---\ntime_zone: Europe/Madrid\n...\n---\n": "--time-zone=Europe/Madrid",
		"# none\n":  "--time-zone=UTC",
		"burst:":    "--burst=1500ms",
		"greeting:": "--time-zone=UTC",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := parsed(content(text))
			if err != nil {
				t.Fatal(err)
			}
			want, err := parsed(content(""), flag)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, sameSettings); diff != "" {
				t.Errorf("against %s (-flag +file):\n%s", flag, diff)
			}
		})
	}
}

func TestSettingsIn_NamesTheLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: b":                                     "faqbot.yaml:1: “a” is not a setting",
		"\n\nconfig: other.yaml":                   "faqbot.yaml:3: “config” is not a setting",
		"burst: 2s\nburst: 3s":                     "faqbot.yaml:2: is not YAML: ",
		"hello":                                    "faqbot.yaml:1: holds no settings",
		"burst: 2s\n---\nburst: 2s":                "faqbot.yaml:3: begins a second document",
		"burst: [2s]":                              "faqbot.yaml:1: burst: cannot be a list",
		"burst: {a: 2s}":                           "faqbot.yaml:1: burst: cannot be a table",
		"burst: soon":                              "faqbot.yaml:1: burst: “soon” is not a time such as",
		"auto_chats: {a: b}":                       "faqbot.yaml:1: auto_chats: cannot be a table",
		"auto_chats:\n- [a]":                       "faqbot.yaml:1: auto_chats: is no text",
		"greeting: Hello":                          "faqbot.yaml:1: greeting: needs a text for each language",
		"greeting: [Hello]":                        "faqbot.yaml:1: greeting: needs a text for each language",
		"greeting: {en: [Hello]}":                  "faqbot.yaml:1: greeting: is no text",
		"discord_message_content: perhaps":         "faqbot.yaml:1: discord_message_content: “perhaps” is not yes or no",
		"answer_at: high":                          "faqbot.yaml:1: answer_at: “high” is not a number",
		"time_zone: *zone":                         "faqbot.yaml:1: ",
		"time_zone: \"unclosed":                    "faqbot.yaml:1: is not YAML: ",
		"telegram_token_file: /nowhere/to/be/seen": "faqbot.yaml:1: telegram_token_file: open /nowhere/to/be/seen: ",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, err := parsed(content(text))
			if wrong := (*settingError)(nil); !errors.As(err, &wrong) || !strings.HasPrefix(wrong.Error(), want) {
				t.Errorf("%v, want %s…", err, want)
			}
		})
	}
}

var placed = regexp.MustCompile(`(?s)^faqbot\.yaml:[1-9][0-9]*: .`)

// FuzzSettings looks that no file can stop the reader, that every mistake is named by its line, and that a file sets nothing that flags could
// not.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{
		"business_name: Juniper & Finch\ngreeting:\n  default: Hello!\n  es: ¡Hola!\nallowed_sites: [https://juniper-finch.example]\n",
		"answer_at: .5\nclarify_at: 1e-1\nretention_days: 0x10\nburst: 2s\ndiscord_message_content: on\n", "log_level: debug\n---\n{}\n",
		"time_zone: &zone UTC\nbusiness_name: *zone\n<<: {a: b}\n", "? burst\n: !!str 2s\n", "telegram_token_file: [x]", "auto_chats:\n- a\n-\n", "\"\": \t'",
	} {
		f.Add(seed)
	}
	var known map[string]bool
	if _, err := parsed(func(k *kong.Context) (map[string]setting, error) { known = settingNames(k); return nil, nil }); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, fileSuffix) {
			return // would read whatever file it finds
		}
		written, err := settingsIn("faqbot.yaml", []byte(text), known)
		if err != nil {
			wantPlace(t, err)
			return
		}
		got, err := parsed(func(*kong.Context) (map[string]setting, error) { return written, nil })
		if err != nil {
			wantPlace(t, err)
			return
		}
		flags, ok := flagsOf(written)
		if !ok {
			return
		}
		want, err := parsed(content(""), flags...)
		if err != nil {
			t.Fatalf("%q are refused, which the file may set: %v", flags, err)
		}
		if diff := cmp.Diff(want, got, sameSettings); diff != "" {
			t.Errorf("against %q (-flags +file):\n%s", flags, diff)
		}
	})
}

func wantPlace(t *testing.T, err error) {
	t.Helper()
	if wrong := (*settingError)(nil); !errors.As(err, &wrong) || !placed.MatchString(wrong.Error()) {
		t.Fatalf("without a place: %v", err)
	}
}

// flagsOf are the flags that say the same as a settings file. Flags cannot say everything: some have no way to write an empty text in a list, or
// their own separators.
func flagsOf(written map[string]setting) (flags []string, ok bool) {
	for key, s := range written {
		flag := "--" + strings.ReplaceAll(key, "_", "-") + "="
		switch v := s.value.(type) {
		case string:
			flags = append(flags, flag+v)
		case []any:
			for _, text := range v {
				if text == "" || strings.ContainsAny(text.(string), `\,`) {
					return nil, false
				}
				flags = append(flags, flag+text.(string))
			}
		case map[string]any:
			for name, text := range v {
				if strings.ContainsAny(name, `\|=`) || strings.ContainsAny(text.(string), `\|`) {
					return nil, false
				}
				flags = append(flags, flag+name+"="+text.(string))
			}
		}
	}
	return flags, true
}
