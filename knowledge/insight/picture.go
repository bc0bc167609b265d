package insight

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
)

// The picture's colors. It has a background of its own, so that it reads the same in a light and in a dark chat.
var (
	paper    = color.RGBA{0xfc, 0xfb, 0xf8, 255}
	rule     = color.RGBA{0xdd, 0xda, 0xd2, 255}
	track    = color.RGBA{0xef, 0xed, 0xe7, 255}
	ink      = color.RGBA{0x2a, 0x2e, 0x35, 255}
	past     = color.RGBA{0xb7, 0xc4, 0xd3, 255}
	steady   = color.RGBA{0x2f, 0x6f, 0xd6, 255}
	grown    = color.RGBA{0xe0, 0x62, 0x2b, 255}
	pastFine = color.RGBA{0xb5, 0xd8, 0xc5, 255}
	newFine  = color.RGBA{0x23, 0x8f, 0x5d, 255}
)

// PictureWidth and PictureHeight are the size of a digest's picture in pixels.
const PictureWidth, PictureHeight = 800, 400

const (
	// Bars stand between these heights, names below them.
	barsTop, barsBottom, namesTop = 76, 322, 344
	barWidth, barGap              = 13, 6
	groupWidth                    = (Weeks+1)*barWidth + Weeks*barGap
	// gapsLeft to gapsRight is where the gaps are, shareMiddle where the share of questions is that something was found for.
	gapsLeft, gapsRight, shareMiddle = 24, 596, 692
)

// WritePicture draws the trends as a PNG: for each gap to mend the people of five weeks, the newest last and highlighted, in another color where they
// become more; beside them the share of questions that something was found for. It holds no words.
func (d Digest) WritePicture(w io.Writer) error {
	c := newCanvas(PictureWidth, PictureHeight, paper)
	d.drawGaps(c)
	c.fill(image.Rect(gapsRight*fine, 40*fine, gapsRight*fine+2, (PictureHeight-40)*fine), rule)
	d.drawShare(c)
	if err := png.Encode(w, c.picture()); err != nil {
		return fmt.Errorf("write the picture of %v: %w", d.Week, err)
	}
	return nil
}

func (d Digest) drawGaps(c canvas) {
	if len(d.ToMend) == 0 { // nothing went unanswered
		c.write("✓", (gapsLeft+gapsRight)/2, 150, 18, gapsRight-gapsLeft, newFine)
		return
	}
	most := 1
	for _, g := range d.ToMend {
		for _, people := range g.Numbers.weeks() {
			most = max(most, people)
		}
	}
	room := (gapsRight - gapsLeft) / digestGaps
	for i, g := range d.ToMend {
		middle := gapsLeft + room*i + room/2 + room*(digestGaps-len(d.ToMend))/2
		c.base(middle)
		newest, grows := steady, g.Numbers.Growth() > risingFrom
		if grows {
			newest = grown
		}
		for week, people := range g.Numbers.weeks() {
			height := people * (barsBottom - barsTop) / most
			if people > 0 {
				height = max(height, 4)
			}
			if week == 0 {
				c.column(middle, week, height, newest)
				c.write(fmt.Sprint(people), newestMiddle(middle), barsBottom-height-24, 4, room-60, ink)
			} else {
				c.column(middle, week, height, past)
			}
		}
		c.write(fmt.Sprintf("#%d", g.Gap.ID), middle, namesTop, 4, room-16, ink)
	}
}

func (d Digest) drawShare(c canvas) {
	c.base(shareMiddle)
	for week, f := range d.Weeks {
		c.column(shareMiddle, week, barsBottom-barsTop, track)
		share, asked := f.Found()
		if !asked {
			continue
		}
		height := int(math.Round(float64(share) * float64(barsBottom-barsTop)))
		fill := pastFine
		if week == 0 {
			fill = newFine
			c.write(fmt.Sprintf("%d%%", int(math.Round(100*float64(share)))), shareMiddle, barsTop-34, 5, 180, ink)
		}
		c.column(shareMiddle, week, max(height, 2), fill)
	}
	c.write("✓", shareMiddle, namesTop, 4, 100, ink)
}

// base is the line that a group of bars stands on.
func (c canvas) base(middle int) {
	left := middle - groupWidth/2 - barGap
	c.fill(image.Rect(left*fine, barsBottom*fine, (left+groupWidth+2*barGap)*fine, barsBottom*fine+4), rule)
}

// column is the bar of a week in a group: the newest week is 0, and stands last.
func (c canvas) column(middle, week, height int, fill color.RGBA) {
	if height <= 0 {
		return
	}
	left := middle - groupWidth/2 + (Weeks-week)*(barWidth+barGap)
	c.bar(image.Rect(left, barsBottom-height, left+barWidth, barsBottom), fill)
}

func newestMiddle(middle int) int {
	return middle - groupWidth/2 + Weeks*(barWidth+barGap) + barWidth/2
}

// weeks are the people of each week, the newest first.
func (n Numbers) weeks() []int { return append([]int{n.Week}, n.Before[:]...) }
