package telegramtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// query is a press or an inline query, which may be answered once and for a short while.
type query struct {
	id       string
	at       time.Time
	answered bool
	press    int // index into record.presses; -1 for an inline query
	results  []Suggestion
	personal bool
	cache    int64
	done     chan struct{} // closed with the answer
}

// queryLife is how long a query may be answered.
const queryLife = 15 * time.Second

// Press is a button that somebody pressed.
type Press struct {
	Chat int64
	Data string
	At   time.Time
	// Answered says that the spinner stopped; After is how long it turned, Text what was shown.
	Answered bool
	After    time.Duration
	Text     string
}

// Presses are the buttons pressed so far, in order.
func (s *Server) Presses() []Press {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.presses)
}

func (s *Server) newQuery(press int) *query {
	q := &query{id: fmt.Sprintf("34%016d", s.world.next()), at: s.options.Now(), press: press, done: make(chan struct{})}
	s.world.queries[q.id] = q
	return q
}

func (s *Server) openQuery(id string, inline bool) (*query, *apiError) {
	q := s.world.queries[id]
	if q == nil || q.answered || s.options.Now().Sub(q.at) > queryLife || inline != (q.press < 0) {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	return q, nil
}

func (s *Server) answerCallbackQuery(c *call) (any, *apiError) {
	q, problem := s.openQuery(c.params["callback_query_id"], false)
	if problem != nil {
		return nil, problem
	}
	q.answered = true
	close(q.done)
	p := &s.record.presses[q.press]
	p.Answered, p.After, p.Text = true, s.options.Now().Sub(q.at), c.params["text"]
	return true, nil
}

// Suggestion is one result of an inline query.
type Suggestion struct {
	ID, Title, Text string
}

func (s *Server) answerInlineQuery(c *call) (any, *apiError) {
	q, problem := s.openQuery(c.params["inline_query_id"], true)
	if problem != nil {
		return nil, problem
	}
	var results []struct {
		Type    string `json:"type"`
		ID      string `json:"id"`
		Title   string `json:"title"`
		Content struct {
			Text string `json:"message_text"`
		} `json:"input_message_content"`
	}
	if err := json.Unmarshal([]byte(c.params["results"]), &results); err != nil || len(results) > 50 {
		s.violate(c.method, "results: at most 50 are allowed")
		return nil, badRequest("RESULTS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, r := range results {
		if length := utf16Length(r.Content.Text); r.Type != "article" || seen[r.ID] || length < 1 || length > maxText || r.Title == "" {
			s.violate(c.method, "results: %q is no article, has no title or text, or its ID repeats", r.ID)
			return nil, badRequest("RESULT_ID_DUPLICATE")
		}
		seen[r.ID] = true
		q.results = append(q.results, Suggestion{r.ID, r.Title, r.Content.Text})
	}
	q.answered, q.personal, q.cache = true, c.isTrue("is_personal"), 300
	if _, given := c.params["cache_time"]; given {
		q.cache = c.integer("cache_time")
	}
	close(q.done)
	return true, nil
}
