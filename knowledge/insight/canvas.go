package insight

import (
	"image"
	"image/color"
)

// canvas is drawn on in subpixels, of which [fine] by fine make a pixel, so that edges come out smooth. All is whole numbers: the same drawing is the same
// picture everywhere.
type canvas struct{ image *image.RGBA }

const fine = 3

func newCanvas(width, height int, background color.RGBA) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, width*fine, height*fine))}
	c.fill(c.image.Rect, background)
	return c
}

// fill paints a rectangle of subpixels.
func (c canvas) fill(r image.Rectangle, ink color.RGBA) {
	r = r.Intersect(c.image.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c.image.SetRGBA(x, y, ink)
		}
	}
}

// bar paints a rectangle of pixels whose upper corners are round.
func (c canvas) bar(r image.Rectangle, ink color.RGBA) {
	r = image.Rect(r.Min.X*fine, r.Min.Y*fine, r.Max.X*fine, r.Max.Y*fine)
	round := min(r.Dx()/2, r.Dy()/2, 4*fine)
	c.fill(image.Rect(r.Min.X, r.Min.Y+round, r.Max.X, r.Max.Y), ink)
	c.fill(image.Rect(r.Min.X+round, r.Min.Y, r.Max.X-round, r.Min.Y+round), ink)
	c.dot(image.Pt(r.Min.X+round, r.Min.Y+round), round, ink)
	c.dot(image.Pt(r.Max.X-round-1, r.Min.Y+round), round, ink)
}

// dot paints a disc around a subpixel.
func (c canvas) dot(at image.Point, radius int, ink color.RGBA) {
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			if x*x+y*y <= radius*radius+radius/2 && at.Add(image.Pt(x, y)).In(c.image.Rect) {
				c.image.SetRGBA(at.X+x, at.Y+y, ink)
			}
		}
	}
}

// line draws from one subpixel to another with a round pen.
func (c canvas) line(from, to image.Point, radius int, ink color.RGBA) {
	d := to.Sub(from)
	steps := max(d.X, -d.X, d.Y, -d.Y, 1)
	for i := range steps + 1 {
		c.dot(image.Pt(from.X+d.X*i/steps, from.Y+d.Y*i/steps), radius, ink)
	}
}

// strokes are the characters that can be written, as lines through points on a grid of 8 by 12: what is written is the same in every language.
var strokes = map[rune][][]image.Point{
	'0': {pts(2, 0, 6, 0, 8, 2, 8, 10, 6, 12, 2, 12, 0, 10, 0, 2, 2, 0)},
	'1': {pts(1, 3, 5, 0, 5, 12)},
	'2': {pts(0, 2, 2, 0, 6, 0, 8, 2, 8, 4, 0, 12, 8, 12)},
	'3': {pts(0, 1, 2, 0, 6, 0, 8, 2, 8, 4, 6, 6, 3, 6), pts(6, 6, 8, 8, 8, 10, 6, 12, 2, 12, 0, 11)},
	'4': {pts(6, 12, 6, 0, 0, 8, 8, 8)},
	'5': {pts(7, 0, 1, 0, 0, 6, 2, 5, 6, 5, 8, 7, 8, 10, 6, 12, 2, 12, 0, 11)},
	'6': {pts(6, 0, 3, 1, 0, 6, 0, 10, 2, 12, 6, 12, 8, 10, 8, 8, 6, 6, 2, 6, 0, 8)},
	'7': {pts(0, 0, 8, 0, 3, 12)},
	'8': {pts(2, 6, 0, 4, 0, 2, 2, 0, 6, 0, 8, 2, 8, 4, 6, 6, 2, 6, 0, 8, 0, 10, 2, 12, 6, 12, 8, 10, 8, 8, 6, 6)},
	'9': {pts(2, 12, 5, 11, 8, 6, 8, 2, 6, 0, 2, 0, 0, 2, 0, 4, 2, 6, 6, 6, 8, 4)},
	'#': {pts(3, 0, 2, 12), pts(7, 0, 6, 12), pts(0, 4, 8, 4), pts(0, 8, 8, 8)},
	'%': {pts(8, 0, 0, 12), pts(1, 0, 2, 0, 3, 1, 3, 3, 2, 4, 1, 4, 0, 3, 0, 1, 1, 0), pts(6, 8, 7, 8, 8, 9, 8, 11, 7, 12, 6, 12, 5, 11, 5, 9, 6, 8)},
	'✓': {pts(0, 7, 3, 11, 8, 1)},
}

func pts(xy ...int) []image.Point {
	out := make([]image.Point, len(xy)/2)
	for i := range out {
		out[i] = image.Pt(xy[2*i], xy[2*i+1])
	}
	return out
}

// advance is how far characters are from each other on their grid.
const advance = 12

// write puts a text around the middle of a line, in pixels; top is where its characters begin, and it is no wider than most. Size is subpixels for each unit
// of the grid, of which a character is twelve high.
func (c canvas) write(text string, middle, top, size, most int, ink color.RGBA) {
	runes := []rune(text)
	width := func() int { return (len(runes)*advance - advance + 8) * size }
	for size > 1 && width() > most*fine {
		size--
	}
	left := middle*fine - width()/2
	for _, r := range runes {
		for _, stroke := range strokes[r] {
			for i := 1; i < len(stroke); i++ {
				at := image.Pt(left, top*fine)
				c.line(at.Add(stroke[i-1].Mul(size)), at.Add(stroke[i].Mul(size)), max(1, 4*size/5), ink)
			}
		}
		left += advance * size
	}
}

// picture makes pixels of the subpixels.
func (c canvas) picture() *image.RGBA {
	size := c.image.Rect.Size().Div(fine)
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			var sum [3]int
			for i := range fine * fine {
				p := c.image.RGBAAt(x*fine+i%fine, y*fine+i/fine)
				sum[0], sum[1], sum[2] = sum[0]+int(p.R), sum[1]+int(p.G), sum[2]+int(p.B)
			}
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / (fine * fine)), uint8(sum[1] / (fine * fine)), uint8(sum[2] / (fine * fine)), 255})
		}
	}
	return out
}
