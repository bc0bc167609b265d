package terminal

import (
	"io"
	"strconv"
	"strings"

	"faqbot/bot/channel"
)

// screen is the output. Each message is one write.
type screen struct {
	out      io.Writer
	live     bool // a terminal, with a person before it
	color    bool
	prompted bool // the last line is a prompt that waits
}

const promptText = "> "

func (s *screen) prompt() {
	if !s.live || s.prompted {
		return
	}
	_, err := io.WriteString(s.out, promptText)
	s.prompted = err == nil
}

// show writes a message in the place of the prompt, where there is one, and the prompt again.
func (s *screen) show(name string, content channel.Document, buttons numbered, width int) error {
	p := &printer{width: width, color: s.color}
	if s.prompted {
		p.WriteString("\r" + strings.Repeat(" ", len(promptText)) + "\r")
	}
	if name != "" {
		p.write(frame{}, p.text(name, bold|accent))
	}
	body := frame{first: "  ", rest: "  "}
	p.document(content, body)
	p.buttons(buttons, body)
	p.WriteString("\n")
	if s.prompted {
		p.WriteString(promptText)
	}
	_, err := io.WriteString(s.out, p.String())
	return err
}

// numbered are buttons whose numbers follow those of others.
type numbered struct {
	buttons []channel.Button
	after   int
}

// buttons are numbered as far as they can be pressed; the others show where they lead.
func (p *printer) buttons(list numbered, f frame) {
	if len(list.buttons) == 0 {
		return
	}
	p.WriteString("\n")
	n := list.after
	widest := len(strconv.Itoa(n+len(actions(list.buttons)))) + len("[] ")
	for _, b := range list.buttons {
		mark, content := "", p.text(b.Label, 0)
		if b.Action != "" {
			n++
			mark = "[" + strconv.Itoa(n) + "] "
		} else {
			content = append(content, p.text(" ("+b.URL+")", dim)...)
		}
		mark = strings.Repeat(" ", widest-len(mark)) + mark
		p.write(f.inside(mark, strings.Repeat(" ", widest)), content)
	}
}
