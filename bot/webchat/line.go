package webchat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// The keys of lines that come from the two sides cannot meet, so no visitor can take the place of a message before it is sent.
const (
	keyIn  = "in:"
	keyOut = "out:"
)

// body is what a line holds: one of its fields.
type body struct {
	Said    *said    `json:"said,omitempty"`
	Pressed *pressed `json:"pressed,omitempty"`
	Shown   *shown   `json:"shown,omitempty"`
	// Cleared says that all earlier lines are gone.
	Cleared bool `json:"cleared,omitempty"`
}

type said struct {
	Text string `json:"text"`
}

// pressed is a button of the message that stands in a line.
type pressed struct {
	Line   LineNumber `json:"line"`
	Action string     `json:"action"`
	Label  string     `json:"label"`
}

// shown is a message of the bot. It is kept as it was sent and rendered when it is read, so a mended renderer mends old messages.
type shown struct {
	Content  channel.Document `json:"content"`
	Buttons  []channel.Button `json:"buttons,omitempty"`
	Replaces LineNumber       `json:"replaces,omitempty"`
	Quiet    bool             `json:"quiet,omitempty"`
}

// wireLine is a line as a page gets it.
type wireLine struct {
	Number LineNumber `json:"n"`
	At     time.Time  `json:"at"`
	// ID is the page's own of what it sent; empty on what the bot sent.
	ID      string       `json:"id,omitempty"`
	Text    string       `json:"text,omitempty"`
	HTML    string       `json:"html,omitempty"`
	Buttons []wireButton `json:"buttons,omitempty"`
	// Replaces is the number of the line that this one stands in for.
	Replaces LineNumber   `json:"replaces,omitempty"`
	Pressed  *wirePressed `json:"pressed,omitempty"`
	Quiet    bool         `json:"quiet,omitempty"`
	Cleared  bool         `json:"cleared,omitempty"`
}

type wireButton struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"`
	URL    string `json:"url,omitempty"`
}

type wirePressed struct {
	Line   LineNumber `json:"line"`
	Action string     `json:"action"`
}

func readBody(line Line) (body, error) {
	var b body
	if err := json.Unmarshal(line.Body, &b); err != nil {
		return body{}, fmt.Errorf("read line %d: %w", line.Number, err)
	}
	return b, nil
}

// wire makes what a page shows of a line.
func wire(line Line) (wireLine, error) {
	b, err := readBody(line)
	if err != nil {
		return wireLine{}, err
	}
	w := wireLine{Number: line.Number, At: line.At.UTC(), Cleared: b.Cleared}
	if id, ours := strings.CutPrefix(line.Key, keyIn); ours {
		w.ID = id
	}
	switch {
	case b.Said != nil:
		w.Text = b.Said.Text
	case b.Pressed != nil:
		w.Text = b.Pressed.Label
		w.Pressed = &wirePressed{Line: b.Pressed.Line, Action: b.Pressed.Action}
	case b.Shown != nil:
		w.HTML, w.Replaces, w.Quiet = renderHTML(b.Shown.Content), b.Shown.Replaces, b.Shown.Quiet
		for _, button := range b.Shown.Buttons {
			w.Buttons = append(w.Buttons, wireButton{Label: button.Label, Action: button.Action, URL: safeURL(button.URL)})
		}
	}
	return w, nil
}

// target is the message that a button of this line belongs to: the line itself, or the one that it replaces.
func (s *shown) target(line LineNumber) channel.MessageID {
	if s.Replaces != 0 {
		line = s.Replaces
	}
	return messageID(line)
}

func messageID(n LineNumber) channel.MessageID {
	return channel.MessageID(strconv.FormatInt(int64(n), 10))
}

func parseLineNumber(s string) (LineNumber, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return LineNumber(n), err == nil && n >= 0
}

// encode writes JSON without HTML escapes: it is served as JSON and read as JSON, and answers are mostly markup.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
