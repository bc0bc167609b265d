package faq

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// FieldChange is one field in which two versions of an entry differ, each side written as an editor would read it.
type FieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Diff lists the fields in which two versions of an entry differ, in the order of the fields; empty when they are the same.
func Diff(before, after Entry) []FieldChange {
	var out []FieldChange
	add := func(field, b, a string) {
		if b != a {
			out = append(out, FieldChange{Field: field, Before: b, After: a})
		}
	}
	add("language", string(before.Language), string(after.Language))
	add("question", before.Question, after.Question)
	add("phrasings", phrasingLines(before.Phrasings), phrasingLines(after.Phrasings))
	for _, l := range answerLanguages(before, after) {
		b, a := exactAnswer(before, l), exactAnswer(after, l)
		add(fmt.Sprintf("answer (%s)", l), b.Text, a.Text)
		add(fmt.Sprintf("question (%s)", l), b.Question, a.Question)
		add(fmt.Sprintf("buttons (%s)", l), compact(b.Buttons), compact(a.Buttons))
	}
	add("follow_ups", compact(before.FollowUps), compact(after.FollowUps))
	add("tags", strings.Join(before.Tags, ", "), strings.Join(after.Tags, ", "))
	add("area", before.Area, after.Area)
	add("answer_at", ShareText(before.AnswerAt), ShareText(after.AnswerAt))
	add("audience", compact(before.Audience), compact(after.Audience))
	add("validity", compact(before.Validity), compact(after.Validity))
	add("care", compact(before.Care), compact(after.Care))
	return out
}

// Same reports whether two versions have the same content.
func (e Entry) Same(other Entry) bool { return e.ID == other.ID && len(Diff(e, other)) == 0 }

func phrasingLines(list []Phrasing) string {
	lines := make([]string, len(list))
	for i, p := range list {
		lines[i] = p.Text
		if p.Language != "" {
			lines[i] += " (" + string(p.Language) + ")"
		}
	}
	return strings.Join(lines, "\n")
}

func answerLanguages(entries ...Entry) []Language {
	var out []Language
	for _, e := range entries {
		for _, a := range e.Answers {
			if !slices.Contains(out, a.Language) {
				out = append(out, a.Language)
			}
		}
	}
	return out
}

func exactAnswer(e Entry, l Language) Answer {
	if i := slices.IndexFunc(e.Answers, func(a Answer) bool { return a.Language == l }); i >= 0 {
		return e.Answers[i]
	}
	return Answer{}
}

func compact(v any) string {
	rv := reflect.ValueOf(v)
	if rv.IsZero() || rv.Kind() == reflect.Slice && rv.Len() == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// ShareText writes a share as people do; 0 is nothing.
func ShareText(share float64) string {
	if share == 0 {
		return ""
	}
	return strconv.FormatFloat(share, 'g', -1, 64)
}
