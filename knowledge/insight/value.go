package insight

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Value is what stands in one cell of a report.
type Value interface {
	// String is for people.
	String() string
	// Plain is for programs: a text, a whole number, or a share between 0 and 1; spans are seconds.
	Plain() any
}

// Count is a number of things.
type Count int

// String implements [Value].
func (c Count) String() string { return strconv.Itoa(int(c)) }

// Plain implements [Value].
func (c Count) Plain() any { return int(c) }

// Share is a part of a whole, between 0 and 1.
type Share float64

// String implements [Value].
func (s Share) String() string { return fmt.Sprintf("%.1f %%", 100*float64(s)) }

// Plain implements [Value].
func (s Share) Plain() any { return float64(s) }

// Estimate is a share of a sample, with the bounds between which that of the whole probably lies.
type Estimate struct{ Share, Low, High Share }

// String implements [Value].
func (e Estimate) String() string { return fmt.Sprintf("%v (%v to %v)", e.Share, e.Low, e.High) }

// Plain implements [Value].
func (e Estimate) Plain() any { return float64(e.Share) }

// Span is a length of time.
type Span time.Duration

// String implements [Value]: the two largest units.
func (s Span) String() string {
	d := time.Duration(s).Round(time.Second)
	switch day := 24 * time.Hour; {
	case d >= day:
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

// Plain implements [Value].
func (s Span) Plain() any { return time.Duration(s).Seconds() }

// Words are a text. Some are customers' own: they are shown in one line, and what would steer a terminal is left out.
type Words string

// String implements [Value].
func (w Words) String() string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return -1
		}
		return r
	}, string(w))
	return strings.Join(strings.Fields(shown), " ")
}

// Plain implements [Value].
func (w Words) Plain() any { return string(w) }

// Factor is how many times as much.
type Factor float64

// String implements [Value].
func (f Factor) String() string { return fmt.Sprintf("%.1f", float64(f)) }

// Plain implements [Value].
func (f Factor) Plain() any { return float64(f) }
