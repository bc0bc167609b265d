package insight

import (
	"math"
	"slices"
)

// part is texts that are alike: what is compared with a new one is their sum.
type part struct {
	id     int64
	group  *group
	voices []*voice
	sum    *vector // nil where it is to be made anew
	words  []sign  // those that it is found by
	// settledAt and dividedAt are how many voices there were when it was last looked at for another part that is the same, and for two in one.
	settledAt, dividedAt int
	turn                 int // the voice to look at next
	seat                 seat
}

const (
	// mostVoices is how many misses a part remembers. More would tell what is meant no better; what is not remembered is not divided when it should be.
	mostVoices = 256
	// joinAt is how alike a text must be to join, as a share of what is usual among texts that mean the same. It and the next are fitted on the train sets.
	joinAt = 0.35
	// mergeAt is the same for two parts of one voice, and mergeRise by how much more it must be for each e-fold of the smaller one's voices: the more
	// there are, the less is chance.
	mergeAt, mergeRise = 0.35, 0.1
	// divideAt and divideRise are below what the halves of a part fall to two, in the same way; divideNear is by how much that is higher for a FAQ whose
	// entries are nearer to each other than usual.
	divideAt, divideRise, divideNear = -0.25, 0.3, 1.6
	// divideBig is by how much that is higher for each e-fold of voices above big: what so many ask is often several things that are near each other, and
	// an editor who closes it with one answer would answer the others wrongly. A large gap that is shown as two does less harm.
	divideBig, big = 1.2, 90
	// stay is how much better another part must be before a miss moves there.
	stay = 0.03
	// pairsBefore is how many pairs of voices what is usual counts as, in a part's own likeness.
	pairsBefore = 10
)

func (p *part) place() Place { return Place{p.group.id, p.id} }

// heard reports whether a person has a voice here.
func (p *part) heard(person uint64) bool {
	return slices.ContainsFunc(p.voices, func(v *voice) bool { return v.person == person })
}

// sumOf is the sum of a part's voices.
func (g *Grouper) sumOf(p *part) *vector {
	if p.sum != nil {
		return p.sum
	}
	readings := make([]*vector, len(p.voices))
	for i, v := range p.voices {
		readings[i] = g.reading(v)
	}
	sum := total(readings)
	g.setSum(p, sum)
	return sum
}

// total is the sum of texts; nil of none.
func total(texts []*vector) *vector {
	switch n := len(texts); n {
	case 0:
		return nil
	case 1:
		return texts[0]
	default: // halves first, so that few long ones are added
		return total(texts[:n/2]).plus(total(texts[n/2:]), 1)
	}
}

// setSum keeps the sum of a part of several voices. A single one is read again when it is wanted: most groups of a million misses are of one.
func (g *Grouper) setSum(p *part, sum *vector) {
	if p.sum = sum; len(p.voices) < 2 {
		p.sum = nil
	}
}

// usual is how alike the texts of a sum are, with what is usual as long as there are few.
func (l *Lesson) usual(square, own, count int64) float64 {
	pairs := float64(count * (count - 1))
	return (float64(square-own)/(unit*unit) + pairsBefore*l.Within) / (pairs + pairsBefore)
}

// likeness is how alike texts are, as a share of what is usual in both.
func (l *Lesson) likeness(alike, one, other float64) float64 {
	return alike / math.Sqrt(float64(l.Within*math.Sqrt(float64(one*other))))
}

// fits is how well a text fits a part; own says that it is one of its voices, which do not count for themselves.
func (g *Grouper) fits(x *vector, p *part, own bool) float64 {
	sum := g.sumOf(p)
	if sum == nil {
		return 0
	}
	dot, count, square, alone := x.dot(sum), sum.count, sum.square, sum.own
	if own {
		square += x.own - 2*dot
		dot, count, alone = dot-x.own, count-1, alone-x.own
	}
	if count == 0 {
		return 0
	}
	alike := float64(dot) / (float64(count) * unit * unit)
	return g.lesson.likeness(alike, g.lesson.Within, g.lesson.usual(square, alone, count))
}

// choice is where a text belongs.
type choice struct {
	best, second *part
	fit          float64
}

// choose finds the part that a text belongs to; best is nil where it fits none. A voice is looked at as if it was not there, and needs a reason to go.
func (g *Grouper) choose(x *vector, v *voice) choice {
	scores := map[GroupID]*standing{}
	var order []*standing
	for _, p := range g.index.near(x, mostNear) {
		own := v != nil && v.part == p
		if own && len(p.voices) == 1 {
			continue
		}
		fit := g.fits(x, p, own)
		if own {
			fit += stay
		}
		s := scores[p.group.id]
		if s == nil {
			s = &standing{part: p, taught: g.taught(x, p.group, v)}
			scores[p.group.id] = s
			order = append(order, s)
		}
		s.hear(p, fit)
	}
	out := choice{fit: joinAt}
	runner := math.Inf(-1)
	for _, s := range order {
		switch fit := s.fit(); {
		case fit > out.fit || fit == out.fit && out.best != nil && s.part.group.id < out.best.group.id:
			if out.best != nil {
				out.second, runner = out.best, out.fit
			}
			out.best, out.fit = s.part, fit
		case fit > runner:
			out.second, runner = s.part, fit
		}
	}
	return out
}

// standing is how well a text fits a group.
type standing struct {
	part                *part
	best, other, taught float64
}

func (s *standing) hear(p *part, fit float64) {
	if fit > s.best {
		s.part, s.best, s.other = p, fit, s.best
	} else if fit > s.other {
		s.other = fit
	}
}

// between is how much the second part of a group counts: what lies between two that were joined by hand is drawn to both.
const between = 0.25

func (s *standing) fit() float64 { return max(float64(s.best+float64(between*s.other)), s.taught) }

// taught is how well a text fits what was brought to a group by hand: where that was is where the like of it goes.
func (g *Grouper) taught(x *vector, gr *group, v *voice) float64 {
	best := 0.0
	for _, t := range gr.taught {
		if t != v {
			best = max(best, x.alike(g.reading(t)))
		}
	}
	return taughtShare * best / g.lesson.Within
}

const (
	// taughtShare is what likeness to one text is worth beside likeness to many: single ones vary more.
	taughtShare = 0.6
	// mostTaught bounds what is kept of it in each group.
	mostTaught = 32
)
