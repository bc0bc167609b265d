package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress draws a bar on a terminal while something long runs; elsewhere it is silent.
type progress struct {
	out   *os.File
	what  string
	began time.Time
	drawn bool
}

func newProgress(a *app, what string) *progress {
	p := &progress{what: what, began: time.Now()}
	if file, ok := a.std.err.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.out = file
	}
	return p
}

const (
	barWidth = 30
	// barAfter keeps short work from flashing a bar.
	barAfter = 500 * time.Millisecond
)

func (p *progress) show(done, total int) {
	if p.out == nil || total <= 0 || time.Since(p.began) < barAfter {
		return
	}
	filled := min(barWidth, barWidth*done/total)
	fmt.Fprintf(p.out, "\r%s [%s%s] %d/%d", p.what, strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled), done, total)
	p.drawn = true
}

func (p *progress) done() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
