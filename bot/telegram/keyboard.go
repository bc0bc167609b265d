package telegram

import (
	"encoding/json"
	"strings"

	"faqbot/bot/channel"
)

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// maxRows keeps a keyboard on one screen.
const maxRows = 8

// keyboard lays buttons out in rows of one or two: short labels share a row, and as many more as it takes to keep to maxRows.
func keyboard(buttons []channel.Button) string {
	var all []button
	for _, b := range buttons {
		label := cut(strings.TrimSpace(strings.ToValidUTF8(b.Label, "\uFFFD")), maxLabel)
		if label == "" {
			label = "…"
		}
		all = append(all, button{Text: label, Data: b.Action, URL: b.URL})
	}
	if len(all) == 0 {
		return ""
	}
	const short, longest = 14, 1 << 10
	rows := rowsOf(all, short)
	for width := short; len(rows) > maxRows && width < longest; width += 2 {
		rows = rowsOf(all, width)
	}
	raw, _ := json.Marshal(map[string]any{"inline_keyboard": rows})
	return string(raw)
}

// rowsOf pairs neighbours whose labels are both no wider than so many characters.
func rowsOf(all []button, width int) [][]button {
	fits := func(i int) bool { return i < len(all) && len([]rune(all[i].Text)) <= width }
	var rows [][]button
	for i := 0; i < len(all); i++ {
		if fits(i) && fits(i+1) {
			rows = append(rows, all[i:i+2])
			i++
			continue
		}
		rows = append(rows, all[i:i+1])
	}
	return rows
}

// cut shortens a text to so many UTF-16 code units, with a mark where something is missing.
func cut(s string, most int) string {
	if channel.UTF16Length(s) <= most {
		return s
	}
	runes := []rune(s)
	for channel.UTF16Length(string(runes)) > most-1 {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
