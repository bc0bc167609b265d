package transfer_test

import (
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

func TestReadBytes_JSON(t *testing.T) {
	t.Parallel()
	want := []transfer.Item{{Status: faq.InReview, Entry: faq.Entry{
		ID: "a", Language: "en", Question: "1e3", Phrasings: []faq.Phrasing{{Text: "b"}, {Text: "c", Language: "es"}},
		Answers: []faq.Answer{{Language: "en", Text: "So.\r\n\"x\" \U0001F600"}}, Audience: faq.Audience{Staff: true},
	}}}
	entry := `{"id": "a", "question": 1e3, "phrasings": ["b", {"text": "c", "language": "es"}],
		"answer": "So.\r\n\"x\" \ud83d\ude00", "audience": {"staff": true}, "area": null, "status": "in review"}`
	for name, content := range map[string]string{
		"entries": `{"entries": [` + entry + `]}`,
		"a list":  " [" + entry + "]\n",
		"a mark":  "\uFEFF[" + entry + "]",
	} {
		t.Run(name, func(t *testing.T) { wantItems(t, read(t, "f.json", content, transfer.Options{}).Items, want) })
	}
}

func TestReadBytes_JSONProblems(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, want string }{
		{"unknown key", "{\"entries\": [\n{\"question\": \"a\",\n\"answer\": \"b\",\n\"colour\": 1}]}", "f.json:4: entry 1: key “colour” is unknown"},
		{"unknown key on top", "{\n\"faq\": []}", "f.json:2: key “faq” is unknown"},
		{"key twice", "[{\"id\": \"a\",\n\"id\": \"b\"}]", "f.json:2: key “id” is given twice"},
		{"comma", "[{\"id\": \"a\",\n}]", "f.json:2: is not JSON"},
		{"cut", "[{\"id\": \"a\"", "f.json:1: ends too early"},
		{"cut list", "[", "f.json:1: ends too early"},
		{"empty", "", "f.json:1: ends too early"},
		{"more", "[] []", "f.json:1: goes on after its end"},
		{"a text", "\"x\"", "f.json:1: is neither a table nor a list"},
		{"entries twice", `{"entries": [], "entries": []}`, "“entries” is given twice"},
		{"entries no list", `{"entries": {}}`, "“entries” must be a list"},
		{"empty answer", "[\n{\"id\": \"a\", \"question\": \"b\",\n\"answer\": \"\"}]", "f.json:3: entry 1.answers: has no text"},
		{"one line", `[{"question": "a", "answer": "b"}, {"question": "A!", "answer": ""}, {"id": "c", "question": "c", "answer": "b"}]`,
			"f.json:1: entry 2.answers: has no text"},
		{"the same twice on one line", `[{"question": "a", "answer": "b"}, {"question": "A!", "answer": "c"}]`,
			"f.json:1: entry 2.question: asks the same as f.json:1: entry 1; give one of them an ID"},
		{"an ID twice on one line", `[{"id": "x", "question": "a", "answer": "b"}, {"id": "x", "question": "b", "answer": "c"}]`,
			"f.json:1: entry 2.id: “x” is the ID of another entry too, at f.json:1: entry 1"},
		{"a column's name", `[{"question": "a", "answer": "b", "channels": ["telegram"]}]`,
			"f.json:1: entry 1: key “channels” is unknown; write it under audience, as “audience: {channels: …}”"},
		{"deep", strings.Repeat("[", 100_000), "f.json:1: is nested too deep"},
		{"many", "[[" + strings.Repeat("1,", 2_000_000) + "1]]", "f.json:1: holds too many values"},
		{"not UTF-8", "[{\"question\": \"\xff\"}]", "f.json:1: is not UTF-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := transfer.ReadBytes("f.json", []byte(test.content), transfer.Options{})
			wantProblems(t, err, test.want)
		})
	}
}
