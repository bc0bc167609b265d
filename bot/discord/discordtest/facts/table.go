// Package facts holds what Discord's OpenAPI specification says of each call, as a small committed table, and checks calls
// against it.
package facts

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed facts.json
var embedded []byte

// Table is every route of the REST API and every schema that a request can hold.
type Table struct {
	Version string             `json:"version"`
	Routes  map[string]*Route  `json:"routes"`
	Schemas map[string]*Schema `json:"schemas"`
}

// Route is one method on one path, keyed "POST /channels/{}/messages".
type Route struct {
	Query        map[string]*Schema `json:"query,omitempty"`
	Required     []string           `json:"required,omitempty"`
	Body         *Schema            `json:"body,omitempty"`
	BodyRequired bool               `json:"must,omitempty"`
	Multipart    bool               `json:"multipart,omitempty"`
}

// Schema is what a value may be.
type Schema struct {
	Ref      string             `json:"ref,omitempty"`
	Types    []string           `json:"t,omitempty"`
	Props    map[string]*Schema `json:"p,omitempty"`
	Required []string           `json:"req,omitempty"`
	Values   *Schema            `json:"v,omitempty"` // of a map
	Items    *Schema            `json:"i,omitempty"`
	Any      []*Schema          `json:"any,omitempty"`
	All      []*Schema          `json:"all,omitempty"`
	Enum     []any              `json:"e,omitempty"`
	Bounds   *Bounds            `json:"b,omitempty"`
}

// Bounds are limits on a value; lengths count characters.
type Bounds struct {
	MaxLen   *int     `json:"maxlen,omitempty"`
	MinLen   *int     `json:"minlen,omitempty"`
	MaxItems *int     `json:"maxitems,omitempty"`
	MinItems *int     `json:"minitems,omitempty"`
	MaxProps *int     `json:"maxprops,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Min      *float64 `json:"min,omitempty"`
	Pattern  string   `json:"pattern,omitempty"`
	Unique   bool     `json:"unique,omitempty"`
}

var parameterPattern = regexp.MustCompile(`\{[^}]*\}`)

// Normal drops the names of a path's parameters.
func Normal(path string) string { return parameterPattern.ReplaceAllString(path, "{}") }

// Load decodes the committed table.
var Load = sync.OnceValues(func() (*Table, error) {
	var t Table
	if err := json.Unmarshal(embedded, &t); err != nil {
		return nil, fmt.Errorf("read facts.json: %w", err)
	}
	return &t, nil
})

// Encode writes the table with a line for each route and each schema, so that a difference can be read.
func (t *Table) Encode() ([]byte, error) {
	var b bytes.Buffer
	version, err := json.Marshal(t.Version)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "{\"version\":%s,\n\"routes\":{\n", version)
	if err := encodeLines(&b, t.Routes); err != nil {
		return nil, err
	}
	b.WriteString("},\n\"schemas\":{\n")
	if err := encodeLines(&b, t.Schemas); err != nil {
		return nil, err
	}
	b.WriteString("}}\n")
	return b.Bytes(), nil
}

func encodeLines[T any](b *bytes.Buffer, m map[string]T) error {
	for i, key := range slices.Sorted(maps.Keys(m)) {
		value, err := json.Marshal(m[key])
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(b, "%q:%s", key, value)
	}
	b.WriteByte('\n')
	return nil
}

// Find is the route of a call and the values in its path; nil where there is none.
func (t *Table) Find(method, path string) (name string, route *Route, values []string) {
	parts := strings.Split(path, "/")
	for key, r := range t.Routes {
		m, pattern, _ := strings.Cut(key, " ")
		if m != method {
			continue
		}
		got, ok := match(strings.Split(pattern, "/"), parts)
		if ok && (route == nil || len(got) < len(values)) { // "/users/@me" rather than "/users/{}"
			name, route, values = key, r, got
		}
	}
	return name, route, values
}

func match(pattern, parts []string) ([]string, bool) {
	if len(pattern) != len(parts) {
		return nil, false
	}
	values := []string{}
	for i, p := range pattern {
		switch {
		case p == "{}" && parts[i] != "":
			values = append(values, parts[i])
		case p != parts[i]:
			return nil, false
		}
	}
	return values, true
}

// Locales are the languages that Discord's commands can be described in.
func (t *Table) Locales() []string {
	var out []string
	for _, v := range t.Schemas["AvailableLocalesEnum"].Enum {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
