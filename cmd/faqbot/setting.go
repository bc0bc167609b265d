package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// setting is a value of the settings file as it is written there: text, a list of texts ([]any) or texts by name (map[string]any). What a text
// means is for its flag to say: a name 007 is no number.
type setting struct {
	path  string // of the settings file
	place string // file:line
	value any
}

// settingError is a mistake in the settings file, or in the file of a secret. It is told by itself: the parser would blame the flag that it happened to
// be at.
type settingError struct{ text string }

func (e *settingError) Error() string { return e.text }

func wrongSetting(place, format string, args ...any) error {
	return &settingError{place + ": " + fmt.Sprintf(format, args...)}
}

// settingsIn reads the content of a settings file. A key that is no setting is an error: it is a typing error that would otherwise be found by a
// customer.
func settingsIn(path string, content []byte, known map[string]bool) (out map[string]setting, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's own faults are a bad file to us
			out, err = nil, wrongSetting(path, "cannot be read as YAML")
		}
	}()
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // which some editors put first
	file, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, wrongYAML(path, err)
	}
	out = map[string]setting{}
	for i, doc := range file.Docs {
		pairs, err := pairsOf(path, doc.Body)
		if err != nil {
			return nil, err
		}
		if len(pairs) > 0 && i > 0 {
			return nil, wrongSetting(placeOf(path, pairs[0]), "begins a second document; settings stand in one")
		}
		for _, p := range pairs {
			key, place := keyOf(p), placeOf(path, p)
			if !known[key] {
				return nil, wrongSetting(place, "“%s” is not a setting", key)
			}
			value, err := valueOf(p.Value)
			if err != nil {
				return nil, wrongSetting(place, "%s: %v", key, err)
			}
			out[key] = setting{path, place, value}
		}
	}
	return out, nil
}

func wrongYAML(path string, err error) error {
	var syntax interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return wrongSetting(fmt.Sprintf("%s:%d", path, syntax.GetToken().Position.Line), "is not YAML: %s", syntax.GetMessage())
	}
	return wrongSetting(path, "is not YAML: %v", err)
}

func pairsOf(path string, body ast.Node) ([]*ast.MappingValueNode, error) {
	switch n := body.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil, nil
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, wrongSetting(fmt.Sprintf("%s:%d", path, body.GetToken().Position.Line), "holds no settings; write one a line, such as “time_zone: Europe/Madrid”")
}

func placeOf(path string, p *ast.MappingValueNode) string {
	return fmt.Sprintf("%s:%d", path, p.Key.GetToken().Position.Line)
}

func keyOf(p *ast.MappingValueNode) string { return p.Key.GetToken().Value }

var errNoText = errors.New("is no text that can be a setting; put quotes around it")

func valueOf(n ast.Node) (any, error) {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil, nil
	case *ast.SequenceNode:
		list := []any{}
		for _, item := range n.Values {
			text, err := textOf(item)
			if err != nil {
				return nil, err
			}
			list = append(list, text)
		}
		return list, nil
	case *ast.MappingNode:
		return textsOf(n.Values)
	case *ast.MappingValueNode:
		return textsOf([]*ast.MappingValueNode{n})
	}
	return textOf(n)
}

func textsOf(pairs []*ast.MappingValueNode) (any, error) {
	out := map[string]any{}
	for _, p := range pairs {
		text, err := textOf(p.Value)
		if err != nil {
			return nil, err
		}
		out[keyOf(p)] = text
	}
	return out, nil
}

func textOf(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, nil
	}
	return "", errNoText
}

// orFile is a secret as it is written there, or as its file has it.
func (s setting) orFile(name string, file setting) (setting, error) {
	path, single := file.value.(string)
	switch {
	case file.value == nil:
		return s, nil
	case s.value != nil:
		return setting{}, wrongSetting(file.place, "%s%s: %s is set as well; leave one of them out", name, fileSuffix, name)
	case !single || path == "":
		return setting{}, wrongSetting(file.place, "%s%s: needs the path of a file", name, fileSuffix)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(file.path), path)
	}
	secret, err := readSecret(path)
	if err != nil {
		return setting{}, wrongSetting(file.place, "%s%s: %v", name, fileSuffix, err)
	}
	return setting{file.path, file.place, secret}, nil
}

// readSecret is what a file holds, without the line break that editors put at its end. An empty one is a mistake: the network would be off
// without a word.
func readSecret(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(content))
	if secret == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return secret, nil
}

// mapHint says what the keys of a setting are that is a table.
var mapHint = map[string]string{"greeting": "language, such as “en: Hello”", "hours": "day or days, such as “mon-fri: 09:00-18:00”"}

// check finds what a flag would not take, so that the message names the line of the file and not a flag that nobody wrote.
func (s setting) check(flag *kong.Flag) error {
	text, single := s.value.(string)
	wants := flag.Target.Kind()
	_, texts := s.value.(map[string]any)
	key := settingName(flag.Name)
	switch {
	case s.value == nil:
		return nil
	case wants == reflect.Map && !texts:
		return wrongSetting(s.place, "%s: needs a text for each %s", key, mapHint[key])
	case wants != reflect.Map && texts:
		return wrongSetting(s.place, "%s: cannot be a table", key)
	case wants != reflect.Slice && wants != reflect.Map && !single:
		return wrongSetting(s.place, "%s: cannot be a list", key)
	case !single:
		return nil
	}
	scratch := reflect.New(flag.Target.Type()).Elem()
	if flag.Parse(kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: text}), scratch) != nil {
		return wrongSetting(s.place, "%s: “%s” is not %s", key, text, kindOf(flag))
	}
	if flag.Enum != "" && !flag.EnumMap()[text] {
		return wrongSetting(s.place, "%s: “%s” is not one of %s", key, text, strings.Join(flag.EnumSlice(), ", "))
	}
	return nil
}

// kindOf names what a flag takes.
func kindOf(flag *kong.Flag) string {
	if flag.Target.Type() == reflect.TypeFor[time.Duration]() {
		return "a time such as 1500ms or 2s"
	}
	switch flag.Target.Kind() {
	case reflect.Bool:
		return "yes or no"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	}
	return "a text"
}

// settingName is a flag's name in the settings file.
func settingName(flag string) string { return strings.ReplaceAll(flag, "-", "_") }
