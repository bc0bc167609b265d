package discord

import (
	"encoding/json"
	"strconv"
	"time"
)

// fields is a JSON object whose parts are decoded one by one: a part that has another type than it should costs that part, not the event.
type fields map[string]json.RawMessage

func parseFields(raw json.RawMessage) fields {
	var f fields
	if json.Unmarshal(raw, &f) != nil {
		return nil
	}
	return f
}

// text is a string, "" where there is none.
func (f fields) text(name string) string { return as[string](f[name]) }

// id is a snowflake, "" where there is none.
func (f fields) id(name string) string {
	if s := f.text(name); isSnowflake(s) {
		return s
	}
	return ""
}

func (f fields) number(name string) int { return as[int](f[name]) }

func (f fields) object(name string) fields { return parseFields(f[name]) }

// list is the objects in an array; what is none is left out.
func (f fields) list(name string) []fields {
	var out []fields
	for _, raw := range as[[]json.RawMessage](f[name]) {
		if o := parseFields(raw); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// ids are the snowflakes in an array.
func (f fields) ids(name string) []string {
	var out []string
	for _, raw := range as[[]json.RawMessage](f[name]) {
		if s := as[string](raw); isSnowflake(s) {
			out = append(out, s)
		}
	}
	return out
}

// as decodes a value, the zero value where it has another type.
func as[T any](raw json.RawMessage) T {
	var v T
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		var none T
		return none
	}
	return v
}

// rawUser is who acts.
type rawUser struct {
	id, name, display string
	bot               bool
}

func (f fields) user(name string) rawUser {
	o := f.object(name)
	return rawUser{id: o.id("id"), name: o.text("username"), display: o.text("global_name"), bot: as[bool](o["bot"]) || as[bool](o["system"])}
}

// discordEpoch is the first moment that a snowflake can tell, in milliseconds of Unix time.
const discordEpoch = 1420070400000

// snowflakeTime is when the thing with an ID was made; zero for what is no snowflake.
func snowflakeTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch)
}

// olderID compares snowflakes, which count up.
func olderID(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// beforeID is the ID just before another.
func beforeID(id string) string {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || n == 0 {
		return "0"
	}
	return strconv.FormatUint(n-1, 10)
}
