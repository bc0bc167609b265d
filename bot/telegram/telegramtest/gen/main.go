// Command gen reduces the machine-readable specification of the Telegram Bot API to the facts that the fake checks
// calls against: methods, parameters, types, what is required, and the limits that the descriptions state.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := run(dataFolder("."), "."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// dataFolder is FAQBOT_TEST_DATA, else ../shared/data beside the root of the module that holds dir.
func dataFolder(dir string) string {
	if data := os.Getenv("FAQBOT_TEST_DATA"); data != "" {
		return data
	}
	for up := dir; ; up = filepath.Join(up, "..") {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			return filepath.Join(up, "..", "shared", "data")
		}
		if abs, err := filepath.Abs(up); err != nil || abs == filepath.Dir(abs) {
			return ""
		}
	}
}

func run(data, out string) error {
	folder := filepath.Join(data, "platform-specs")
	raw, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.json"))
	if err != nil {
		return err
	}
	table, err := reduce(raw)
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.LICENSE"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "spec.txt"), table, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "spec.LICENSE"), licence, 0o644)
}

type spec struct {
	Version     string            `json:"version"`
	ReleaseDate string            `json:"release_date"`
	Methods     map[string]object `json:"methods"`
	Types       map[string]object `json:"types"`
}

type object struct {
	Returns  []string `json:"returns"`
	Subtypes []string `json:"subtypes"`
	Fields   []field  `json:"fields"`
}

type field struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

// reduce writes one line for each method and type; spec.go reads it.
func reduce(raw []byte) ([]byte, error) {
	var s spec
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("decode the specification: %w", err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Telegram %s, %s. Reduced by gen from github.com/PaulSonOfLars/telegram-bot-api-spec; its licence is in spec.LICENSE.\n", s.Version, s.ReleaseDate)
	b.WriteString("# method > results: parameter[!] types [limit] [=constant]; ! is required; I S B F are Integer, String, Boolean, Float\n")
	b.WriteString("# limits: c characters, p characters after entities parsing, b bytes, v value, n items\n")
	for _, name := range sortedKeys(s.Methods) {
		m := s.Methods[name]
		fmt.Fprintf(&b, "%s > %s: %s\n", name, typeNames(m.Returns), fields(m.Fields))
	}
	for _, name := range sortedKeys(s.Types) {
		switch t := s.Types[name]; {
		case len(t.Subtypes) > 0:
			fmt.Fprintf(&b, "%s = %s\n", name, typeNames(t.Subtypes))
		default:
			fmt.Fprintf(&b, "%s: %s\n", name, fields(t.Fields))
		}
	}
	return b.Bytes(), nil
}

func sortedKeys(m map[string]object) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var short = map[string]string{"Integer": "I", "String": "S", "Boolean": "B", "Float": "F"}

func typeNames(types []string) string {
	var out []string
	for _, t := range types {
		prefix := ""
		for strings.HasPrefix(t, "Array of ") {
			prefix, t = prefix+"[]", strings.TrimPrefix(t, "Array of ")
		}
		if s := short[t]; s != "" {
			t = s
		}
		out = append(out, prefix+t)
	}
	return strings.Join(out, "|")
}

func fields(list []field) string {
	var out []string
	for _, f := range list {
		text := f.Name
		if f.Required {
			text += "!"
		}
		text += " " + typeNames(f.Types)
		if limit := limitOf(f); limit != "" {
			text += " " + limit
		}
		if m := constant.FindStringSubmatch(f.Description); m != nil && len(f.Types) == 1 && f.Types[0] == "String" {
			text += " =" + m[1]
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

var (
	constant   = regexp.MustCompile(`(?:, must be|, always) ["“]?([a-z0-9_]+)["”]?$`)
	characters = regexp.MustCompile(`(\d+)-(\d+) characters( after entit(?:y|ies) parsing)?`)
	byteCount  = regexp.MustCompile(`(\d+)-(\d+) [Bb]ytes`)
	span       = regexp.MustCompile(`\b(\d+)-(\d+)\b`)
	between    = regexp.MustCompile(`between (\d+) and (\d+)( if|\.|$)`)
	listOf     = regexp.MustCompile(`(?:list of|include|List of) (\d+)-(\d+) `)
	atMost     = regexp.MustCompile(`(?i)(?:at most|up to) (\d+) [a-z]`)
)

func limitOf(f field) string {
	kind := f.Types[0]
	switch {
	case strings.HasPrefix(kind, "Array of"):
		if m := listOf.FindStringSubmatch(f.Description); m != nil {
			return m[1] + "-" + m[2] + "n"
		}
		if m := atMost.FindStringSubmatch(f.Description); m != nil {
			return "0-" + m[1] + "n"
		}
	case kind == "String":
		if m := characters.FindStringSubmatch(f.Description); m != nil && m[3] != "" {
			return m[1] + "-" + m[2] + "p"
		} else if m != nil {
			return m[1] + "-" + m[2] + "c"
		}
		if m := byteCount.FindStringSubmatch(f.Description); m != nil {
			return m[1] + "-" + m[2] + "b"
		}
	case len(f.Types) == 1 && (kind == "Integer" || kind == "Float"):
		for _, pattern := range []*regexp.Regexp{span, between} {
			if m := pattern.FindStringSubmatch(f.Description); m != nil && ordered(m[1], m[2]) {
				return m[1] + "-" + m[2] + "v"
			}
		}
	}
	return ""
}

func ordered(low, high string) bool {
	a, errA := strconv.Atoi(low)
	b, errB := strconv.Atoi(high)
	return errA == nil && errB == nil && a < b
}
