package transfer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"faqbot/faq"
)

// column is what a header says of the cells below it: "answer", "answer[es]", or, where one cell cannot hold all of
// it, the continuation "answer[es] (2)".
type column struct {
	field    string
	language faq.Language
	part     int // from 1
}

func (c column) String() string {
	s := c.field
	if c.language != "" {
		s += "[" + string(c.language) + "]"
	}
	if c.part > 1 {
		s += fmt.Sprintf(" (%d)", c.part)
	}
	return s
}

// baseColumns are written to every table, in this order; translated ones follow.
var baseColumns = []string{
	"id", "language", "question", "phrasings", "answer", "buttons", "follow_ups", "tags", "area",
	"channels", "audience_languages", "staff", "valid_from", "valid_until", "owner", "checked_on", "review_on", "answer_at", "status",
}

var translatedColumns = []string{"question", "phrasings", "answer", "buttons"}

const orderColumn = "answer_order"

// otherNames are what other programs and people call our columns.
var otherNames = map[string]string{
	"q": "question", "title": "question", "questions": "question", "faq": "question", "question_text": "question",
	"a": "answer", "answers": "answer", "answer_text": "answer", "response": "answer", "reply": "answer", "body": "answer", "text": "answer", "content": "answer",
	"phrases": "phrasings", "phrasing": "phrasings", "alternatives": "phrasings", "variants": "phrasings", "utterances": "phrasings",
	"other_phrasings": "phrasings", "alternative_questions": "phrasings", "training_phrases": "phrasings",
	"tag": "tags", "labels": "tags", "keywords": "tags",
	"category": "area", "section": "area", "topic": "area", "product_area": "area",
	"key": "id", "slug": "id", "entry": "id", "entry_id": "id",
	"lang": "language", "locale": "language",
	"links": "buttons", "button": "buttons",
	"followups": "follow_ups", "related": "follow_ups", "see_also": "follow_ups",
	"channel": "channels", "networks": "channels", "staff_only": "staff", "internal": "staff",
	"from": "valid_from", "until": "valid_until", "valid_to": "valid_until", "expires": "valid_until",
	"checked": "checked_on", "last_checked": "checked_on", "review": "review_on", "review_date": "review_on", "state": "status",
}

var headerPattern = regexp.MustCompile(`^(.*?)\s*(?:[\[(]\s*([A-Za-z][\w-]*)\s*[\])])?\s*(?:\((\d{1,3})\))?$`)

// parseColumn reads a header as people write it; ours says whether the name is the one that is written.
func parseColumn(header string) (c column, ours, ok bool) {
	m := headerPattern.FindStringSubmatch(strings.TrimSpace(header))
	if m == nil {
		return column{}, false, false
	}
	name := strings.Trim(strings.NewReplacer(" ", "_", "-", "_", ".", "_").Replace(strings.ToLower(m[1])), "_:*")
	c = column{field: name, part: 1}
	if m[3] != "" {
		c.part, _ = strconv.Atoi(m[3])
	}
	ours = slices.Contains(baseColumns, name) || name == orderColumn
	if other, known := otherNames[name]; known && !ours {
		c.field = other
	} else if !ours {
		return column{}, false, false
	}
	if m[2] == "" {
		return c, ours, c.part > 0
	}
	l, err := faq.ParseLanguage(m[2])
	if err != nil { // "Question (required)"
		return c, false, c.part > 0
	}
	c.language = l
	return c, ours, slices.Contains(translatedColumns, c.field) && c.part > 0
}

// header finds the column of each field in a row of headers. A name of ours goes before another's for the same field.
func (b *builder) header(name string, line int, cells []string) ([]column, error) {
	out := make([]column, len(cells))
	at := map[column]int{}
	var problems Problems
	if len(cells) > maxColumns {
		return nil, invalid(Place{File: name, Line: line}, "has %d columns; at most %d are read", len(cells), maxColumns)
	}
	for i, cell := range cells {
		c, ours, ok := parseColumn(cell)
		place := Place{File: name, Line: line, Field: short(cell)}
		if !ok {
			if strings.TrimSpace(cell) != "" {
				b.note(place, "column “%s” is none of ours and is ignored", short(cell))
			}
			continue
		}
		before, twice := at[c]
		if twice {
			_, oursBefore, _ := parseColumn(cells[before])
			if ours == oursBefore {
				problems.add(place, "is a second column for %s, after “%s”", c, short(cells[before]))
				continue
			}
			dropped := i
			if ours {
				dropped = before
				out[before] = column{}
			}
			b.note(place, "column “%s” is ignored, for there is one called %s", short(cells[dropped]), c)
			if dropped == i {
				continue
			}
		}
		at[c], out[i] = i, c
	}
	if !slices.ContainsFunc(out, func(c column) bool { return c.field == "question" }) {
		problems.add(Place{File: name, Line: line}, "no column is called question; the first row must name the columns, such as id, question, answer")
	}
	return out, problems.fault()
}
