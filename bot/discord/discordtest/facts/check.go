package facts

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Check lists what is wrong with a decoded JSON value, each with its place.
func (t *Table) Check(s *Schema, value any) []string {
	c := checker{table: t}
	c.check(s, value, "body")
	return c.problems
}

// CheckQuery lists what is wrong with the query of a call.
func (t *Table) CheckQuery(r *Route, query url.Values) []string {
	c := checker{table: t}
	for name, values := range query {
		s, known := r.Query[name]
		switch {
		case !known:
			c.say("query."+name, "unknown parameter")
		case len(values) != 1:
			c.say("query."+name, "given %d times", len(values))
		default:
			c.check(s, c.typed(s, values[0]), "query."+name)
		}
	}
	for _, name := range r.Required {
		if !query.Has(name) {
			c.say("query."+name, "missing")
		}
	}
	return c.problems
}

type checker struct {
	table    *Table
	problems []string
}

func (c *checker) say(place, format string, args ...any) {
	c.problems = append(c.problems, place+": "+fmt.Sprintf(format, args...))
}

// typed reads a query value as the type that the schema asks for.
func (c *checker) typed(s *Schema, text string) any {
	for s.Ref != "" {
		s = c.table.Schemas[s.Ref]
	}
	if slices.Contains(s.Types, "integer") || slices.Contains(s.Types, "boolean") {
		var v any
		if json.Unmarshal([]byte(text), &v) == nil {
			return v
		}
	}
	return text
}

func (c *checker) check(s *Schema, value any, place string) {
	for s != nil && s.Ref != "" {
		s = c.table.Schemas[s.Ref]
	}
	if s == nil {
		return
	}
	if len(s.Types) > 0 && !slices.ContainsFunc(s.Types, func(t string) bool { return isType(t, value) }) {
		c.say(place, "is %s, want %v", typeName(value), s.Types)
		return
	}
	if value == nil {
		if len(s.Any) > 0 {
			c.any(s, value, place)
		}
		return
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, value) {
		c.say(place, "%v is not one of %v", value, s.Enum)
	}
	for _, part := range s.All {
		c.check(part, value, place)
	}
	c.any(s, value, place)
	c.bounds(s.Bounds, value, place)
	switch value := value.(type) {
	case map[string]any:
		c.object(s, value, place)
	case []any:
		for i, item := range value {
			c.check(s.Items, item, place+"["+strconv.Itoa(i)+"]")
		}
	}
}

// any wants one alternative to fit; where none does it tells of the nearest: one of the right type with the fewest problems.
func (c *checker) any(s *Schema, value any, place string) {
	var nearest []string
	least := -1
	for _, alternative := range s.Any {
		one := checker{table: c.table}
		one.check(alternative, value, place)
		distance := len(one.problems)
		if distance == 0 {
			return
		}
		if strings.HasPrefix(one.problems[0], place+": is ") {
			distance += 1000
		}
		if least < 0 || distance < least {
			least, nearest = distance, one.problems
		}
	}
	c.problems = append(c.problems, nearest...)
}

func (c *checker) object(s *Schema, value map[string]any, place string) {
	for _, name := range s.Required {
		if _, ok := value[name]; !ok {
			c.say(place+"."+name, "missing")
		}
	}
	for name, v := range value {
		p, known := s.Props[name]
		switch {
		case known:
			c.check(p, v, place+"."+name)
		case s.Values != nil:
			c.check(s.Values, v, place+"."+name)
		case len(s.Props) > 0:
			c.say(place+"."+name, "unknown property")
		}
	}
}

func (c *checker) bounds(b *Bounds, value any, place string) {
	if b == nil {
		return
	}
	switch value := value.(type) {
	case string:
		c.between(place, "characters", utf8.RuneCountInString(value), b.MinLen, b.MaxLen)
		if b.Pattern != "" && !regexp.MustCompile(b.Pattern).MatchString(value) {
			c.say(place, "does not match %s", b.Pattern)
		}
	case []any:
		c.between(place, "items", len(value), b.MinItems, b.MaxItems)
		if b.Unique && repeats(value) {
			c.say(place, "holds an item twice")
		}
	case map[string]any:
		c.between(place, "properties", len(value), nil, b.MaxProps)
	case float64:
		if b.Max != nil && value > *b.Max || b.Min != nil && value < *b.Min {
			c.say(place, "%v is out of bounds", value)
		}
	}
}

func (c *checker) between(place, unit string, n int, low, high *int) {
	if low != nil && n < *low || high != nil && n > *high {
		c.say(place, "%d %s are out of bounds", n, unit)
	}
}

func repeats(values []any) bool {
	for i, v := range values {
		for _, w := range values[:i] {
			if s, ok := v.(string); ok && s == w {
				return true
			}
		}
	}
	return false
}

func isType(name string, value any) bool {
	got := typeName(value)
	if name == "integer" {
		f, ok := value.(float64)
		return ok && f == math.Trunc(f)
	}
	return got == name
}

func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}
