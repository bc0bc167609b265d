package telegramtest

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./gen

//go:embed spec.txt
var specText string

// spec is the platform's own specification: what may be sent to it, and what it sends.
type spec struct {
	methods map[string]objectType
	types   map[string]objectType
	unions  map[string][]string
}

type objectType struct {
	fields  []fieldType
	results []string
}

type fieldType struct {
	name     string
	types    []string
	required bool
	limit    limit
	constant string
}

// limit bounds a value; unit is one of the letters that spec.txt explains, 0 where there is no bound.
type limit struct {
	low, high int
	unit      byte
}

var readSpec = sync.OnceValue(func() *spec {
	s := &spec{methods: map[string]objectType{}, types: map[string]objectType{}, unions: map[string][]string{}}
	lines := bufio.NewScanner(strings.NewReader(specText))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		if name, subtypes, ok := strings.Cut(line, " = "); ok && !strings.Contains(name, ":") {
			s.unions[name] = strings.Split(subtypes, "|")
			continue
		}
		head, body, _ := strings.Cut(line, ":")
		name, results, method := strings.Cut(head, " > ")
		o := objectType{fields: readFields(strings.TrimSpace(body))}
		if method {
			o.results = strings.Split(results, "|")
			s.methods[name] = o
		} else {
			s.types[name] = o
		}
	}
	return s
})

func readFields(body string) []fieldType {
	if body == "" {
		return nil
	}
	var out []fieldType
	for part := range strings.SplitSeq(body, "; ") {
		words := strings.Fields(part)
		f := fieldType{name: strings.TrimSuffix(words[0], "!"), required: strings.HasSuffix(words[0], "!"), types: strings.Split(words[1], "|")}
		for _, w := range words[2:] {
			if strings.HasPrefix(w, "=") {
				f.constant = w[1:]
				continue
			}
			low, high, _ := strings.Cut(w[:len(w)-1], "-")
			f.limit.low, _ = strconv.Atoi(low)
			f.limit.high, _ = strconv.Atoi(high)
			f.limit.unit = w[len(w)-1]
		}
		out = append(out, f)
	}
	return out
}

func (o objectType) field(name string) (fieldType, bool) {
	i := slices.IndexFunc(o.fields, func(f fieldType) bool { return f.name == name })
	if i < 0 {
		return fieldType{}, false
	}
	return o.fields[i], true
}

// checkCall tells everything about a call that the specification forbids. The real platform ignores unknown parameters; they hide
// typing errors, so they are refused here.
func (s *spec) checkCall(c *call) []string {
	method, ok := s.methods[c.method]
	if !ok {
		return []string{"there is no method of this name"}
	}
	var wrong []string
	for name, value := range c.params {
		f, ok := method.field(name)
		if !ok {
			wrong = append(wrong, name+": there is no such parameter")
		} else if problem := s.checkParameter(f, value); problem != "" {
			wrong = append(wrong, name+": "+problem)
		}
	}
	for name := range c.files {
		if f, ok := method.field(name); !ok || !slices.Contains(f.types, "InputFile") {
			wrong = append(wrong, name+": no file is expected here")
		}
	}
	for _, f := range method.fields {
		_, file := c.files[f.name]
		if value, given := c.params[f.name]; f.required && !file && (!given || value == "" && f.name != "url") {
			wrong = append(wrong, f.name+": is required")
		}
	}
	slices.Sort(wrong)
	return wrong
}

var integer = regexp.MustCompile(`^-?[0-9]{1,18}$`)

// checkParameter checks one parameter as it came in a form: simple types are written out, all others are JSON.
func (s *spec) checkParameter(f fieldType, value string) string {
	switch f.types[0] {
	case "I":
		if integer.MatchString(value) {
			number, _ := strconv.Atoi(value)
			return f.limit.checkNumber(float64(number))
		}
		if slices.Contains(f.types, "S") && strings.HasPrefix(value, "@") {
			return ""
		}
		return "is not an integer"
	case "F":
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return "is not a number"
		}
		return f.limit.checkNumber(number)
	case "B":
		if value != "true" && value != "false" {
			return "is neither true nor false"
		}
		return ""
	case "S":
		return f.checkString(value)
	case "InputFile":
		if slices.Contains(f.types, "S") && value != "" {
			return ""
		}
		return "must be an uploaded file"
	}
	decoded, err := decodeJSON([]byte(value))
	if err != nil {
		return "is not JSON: " + err.Error()
	}
	return s.checkUnion(f, decoded)
}

func decodeJSON(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

// checkUnion accepts a value that one of the field's types accepts, and otherwise tells what the likeliest of them minds.
func (s *spec) checkUnion(f fieldType, v any) string {
	problems := map[string]string{}
	for _, name := range f.types {
		problem := s.checkValue(name, f, v)
		if problem == "" {
			return ""
		}
		problems[name] = problem
	}
	likeliest := f.types[0]
	for _, name := range f.types {
		if len(problems[name]) > 0 && !strings.Contains(problems[name], "there is no such field") && !strings.Contains(problems[name], "is not ") {
			likeliest = name
		}
	}
	return problems[likeliest]
}

// checkValue checks a decoded JSON value against one type.
func (s *spec) checkValue(name string, f fieldType, v any) string {
	if element, ok := strings.CutPrefix(name, "[]"); ok {
		return s.checkList(element, f, v)
	}
	switch name {
	case "S":
		if text, ok := v.(string); ok {
			return f.checkString(text)
		}
		return "is not a string"
	case "I", "F":
		number, ok := v.(json.Number)
		if !ok || name == "I" && !integer.MatchString(number.String()) {
			return "is not a number of type " + name
		}
		value, _ := number.Float64()
		return f.limit.checkNumber(value)
	case "B":
		if _, ok := v.(bool); !ok {
			return "is not a boolean"
		}
		return ""
	}
	if subtypes := s.unions[name]; subtypes != nil {
		return s.checkUnion(fieldType{types: subtypes}, v)
	}
	return s.checkObject(name, v)
}

func (s *spec) checkList(element string, f fieldType, v any) string {
	list, ok := v.([]any)
	if !ok {
		return "is not a list"
	}
	if l := f.limit; l.unit == 'n' && (len(list) < l.low || len(list) > l.high) {
		return fmt.Sprintf("has %d items, %d–%d are allowed", len(list), l.low, l.high)
	}
	for i, item := range list {
		if problem := s.checkValue(element, fieldType{types: []string{element}}, item); problem != "" {
			return fmt.Sprintf("[%d]: %s", i, problem)
		}
	}
	return ""
}

func (s *spec) checkObject(name string, v any) string {
	object, known := s.types[name]
	if !known {
		return "the specification has no type " + name
	}
	values, ok := v.(map[string]any)
	if !ok {
		return "is not an object"
	}
	for key, value := range values {
		f, ok := object.field(key)
		if !ok {
			return key + ": there is no such field in " + name
		}
		if problem := s.checkUnion(f, value); problem != "" {
			return key + ": " + problem
		}
	}
	for _, f := range object.fields {
		if _, given := values[f.name]; f.required && !given {
			return f.name + ": is required in " + name
		}
	}
	if name == "InlineKeyboardButton" {
		return checkButton(values)
	}
	return ""
}

// checkButton holds what the specification says of a button in prose.
func checkButton(values map[string]any) string {
	kinds := 0
	for key := range values {
		if key != "text" && key != "icon_custom_emoji_id" && key != "style" {
			kinds++
		}
	}
	if text, _ := values["text"].(string); strings.TrimSpace(text) == "" {
		return "text: must not be empty"
	}
	if kinds != 1 {
		return fmt.Sprintf("a button does exactly one thing, not %d", kinds)
	}
	if address, ok := values["url"].(string); ok && checkedLink(address) == "" {
		return "url: the platform does not open this address"
	}
	return ""
}

func (l limit) checkNumber(n float64) string {
	if l.unit == 'v' && (n < float64(l.low) || n > float64(l.high)) {
		return fmt.Sprintf("is %v, %d–%d are allowed", n, l.low, l.high)
	}
	return ""
}

// checkString checks constants and lengths. What is measured after parsing is checked where it is parsed.
func (f fieldType) checkString(text string) string {
	if f.constant != "" && text != f.constant {
		return fmt.Sprintf("is %q, must be %q", text, f.constant)
	}
	length := 0
	switch f.limit.unit {
	case 'c':
		length = utf16Length(text)
	case 'b':
		length = len(text)
	default:
		return ""
	}
	if length > f.limit.high || length < f.limit.low {
		return fmt.Sprintf("has a length of %d, %d–%d are allowed", length, f.limit.low, f.limit.high)
	}
	return ""
}

// Check tells what the specification minds about a JSON value that the platform sends or takes: "" is nothing. Types are written as in
// spec.txt, such as "Update" or "[]Message".
func Check(typeName string, raw []byte) string {
	v, err := decodeJSON(raw)
	if err != nil {
		return err.Error()
	}
	return readSpec().checkUnion(fieldType{types: strings.Split(typeName, "|")}, v)
}
