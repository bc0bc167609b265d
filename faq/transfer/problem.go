package transfer

import (
	"fmt"
	"strings"

	"faqbot/faq/fault"
)

// Problem is something in a document that cannot be read, or does not hold.
type Problem struct {
	Place Place
	Text  string
}

func (p Problem) String() string { return p.Place.String() + ": " + p.Text }

// Problems is all that is wrong with a document, as one error: a line each. Read wraps it in an Invalid fault.
type Problems struct {
	List []Problem
	More int // not listed
}

func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, problem := range p.List {
		lines[i] = problem.String()
	}
	if p.More > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", p.More))
	}
	return strings.Join(lines, "\n")
}

func (p *Problems) add(place Place, format string, args ...any) {
	if len(p.List) >= maxProblems {
		p.More++
		return
	}
	p.List = append(p.List, Problem{Place: place, Text: fmt.Sprintf(format, args...)})
}

// fault is nil where there is no problem.
func (p *Problems) fault() error {
	if len(p.List) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "%w", p)
}

// invalid is a fault with a single problem.
func invalid(place Place, format string, args ...any) error {
	p := &Problems{}
	p.add(place, format, args...)
	return p.fault()
}
