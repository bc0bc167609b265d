package insight_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/knowledge/insight"
)

// lacks is what happened, and what is known of gaps at the end of a week.
type lacks struct {
	weekly
	gaps    []insight.Gap
	numbers map[insight.GroupID]insight.Numbers
	counted time.Time // when the numbers are of
	failing error
}

func (l lacks) Busiest(_ context.Context, from, to time.Time, limit int) (out []insight.GroupID, err error) {
	if days := to.Sub(from).Hours() / 24; days != 7*(insight.Weeks+1) || limit < len(l.gaps) {
		return nil, fmt.Errorf("%d busiest gaps of %v days", limit, days)
	}
	for _, g := range l.gaps {
		out = append(out, g.ID)
	}
	return out, l.failing
}

func (l lacks) GapsOf(_ context.Context, ids []insight.GroupID) (map[insight.GroupID]insight.Gap, error) {
	out := map[insight.GroupID]insight.Gap{}
	for _, g := range l.gaps {
		if slices.Contains(ids, g.ID) {
			out[g.ID] = g
		}
	}
	return out, nil
}

func (l lacks) Numbers(_ context.Context, now time.Time, ids ...insight.GroupID) (map[insight.GroupID]insight.Numbers, error) {
	if !now.Equal(l.counted) {
		return nil, fmt.Errorf("the numbers of %v are wanted, not those of %v", now, l.counted)
	}
	out := map[insight.GroupID]insight.Numbers{}
	for _, id := range ids {
		out[id] = l.numbers[id]
	}
	return out, nil
}

func (l lacks) Closed(_ context.Context, in insight.Period) ([]insight.Gap, error) {
	out := slices.DeleteFunc(slices.Clone(l.gaps), func(g insight.Gap) bool { return !in.Contains(g.ClosedAt) })
	slices.SortFunc(out, func(a, b insight.Gap) int { return b.ClosedAt.Compare(a.ClosedAt) })
	return out, nil
}

// digested is a week after which its digest is made on Monday at nine.
func digested(l lacks) (insight.Digest, error) {
	week := insight.WeekOf(time.Date(2026, 11, 11, 12, 0, 0, 0, time.UTC))
	l.counted = week.To
	return insight.NewDigest(context.Background(), l, week, week.To.Add(9*time.Hour))
}

func TestNewDigest(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	asked := func(at time.Time, c insight.Conversation) begun {
		c.Alike, c.Ended = max(c.Alike, 1), at
		return begun{at, c}
	}
	met := insight.Conversation{Standing: insight.Met, Counts: insight.Counts{Questions: 2, FellBack: 1}}
	confirmed := met
	confirmed.Confirmed = true
	d, err := digested(lacks{
		weekly: weekly{conversations: []begun{
			asked(day(11), confirmed), asked(day(12), met), asked(day(13), insight.Conversation{Alike: 3}),
			asked(day(10), insight.Conversation{Standing: insight.Met, Handoff: &insight.Handoff{OpenedAt: day(10)}}),
			asked(day(4), met), asked(day(5), confirmed), asked(day(16), met), // the last is of the next week
		}},
		gaps: []insight.Gap{
			{ID: 1, State: insight.GapNew}, {ID: 2, State: insight.GapPlanned}, {ID: 3, State: insight.GapAnswered, Closing: insight.Closing{ClosedAt: day(10)}},
			{ID: 4, State: insight.GapDismissed, Closing: insight.Closing{ClosedAt: day(15)}}, {ID: 5, State: insight.GapAnswered, Closing: insight.Closing{ClosedAt: day(16)}}, {ID: 6, State: insight.GapNew}, {ID: 7, State: insight.GapProduct, Closing: insight.Closing{ClosedAt: day(8)}},
		},
		numbers: map[insight.GroupID]insight.Numbers{
			1: {Week: 9, Before: [4]int{9, 9, 9, 9}}, 2: {Week: 2}, 3: {Week: 50}, 6: {Week: 5, Before: [4]int{1, 0, 0, 0}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var order, closed []insight.GroupID
	for _, w := range d.ToMend {
		order = append(order, w.Gap.ID)
	}
	for _, g := range d.Closed {
		closed = append(closed, g.ID)
	}
	if !slices.Equal(order, []insight.GroupID{1, 6, 2}) || !slices.Equal(closed, []insight.GroupID{4, 3}) || d.Rising == nil || d.Rising.Gap.ID != 6 {
		t.Errorf("to mend %v, closed %v, rising %+v", order, closed, d.Rising)
	}
	want := insight.Fared{Conversations: 6, Asked: 3, Counts: insight.Counts{Questions: 4, FellBack: 2},
		Buckets: map[insight.Bucket]int{insight.Confirmed: 1, insight.Unsettled: 1, insight.HandedOffOpen: 1, insight.NoQuestion: 3}}
	if diff := cmp.Diff(want, d.Weeks[0]); diff != "" {
		t.Errorf("the week (-want +got):\n%s", diff)
	}
	if b := d.Weeks[1].Buckets; b[insight.Silent] != 1 || b[insight.Confirmed] != 1 || d.Weeks[2].Conversations != 0 {
		t.Errorf("the weeks before are %+v", d.Weeks[1:])
	}
	if found, ok := d.Weeks[0].Found(); !ok || found != 0.5 {
		t.Errorf("something was found for %v", found)
	}
	if _, ok := d.Weeks[2].Found(); ok || d.Empty() || d.Weeks[0].HandedOff() != 1 {
		t.Errorf("the digest is %+v", d)
	}
}

func TestNewDigest_OfNothing(t *testing.T) {
	t.Parallel()
	if d, err := digested(lacks{}); err != nil || !d.Empty() || d.Rising != nil {
		t.Errorf("%+v, %v", d, err)
	}
	// Few people are no trend, and one gap that was closed is something to tell.
	d, err := digested(lacks{gaps: []insight.Gap{{ID: 1, State: insight.GapNew}}, numbers: map[insight.GroupID]insight.Numbers{1: {Week: 2}}})
	if err != nil || d.Empty() || d.Rising != nil {
		t.Errorf("%+v, %v", d, err)
	}
	broken := errors.New("broken")
	if _, err := digested(lacks{failing: broken}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := digested(lacks{weekly: weekly{err: broken}}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// drawn is a picture of gaps by number and people, the newest week first.
func drawn(t *testing.T, d insight.Digest) image.Image {
	t.Helper()
	var first, second bytes.Buffer
	if err := errors.Join(d.WritePicture(&first), d.WritePicture(&second)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) || first.Len() > 64<<10 {
		t.Errorf("two pictures of the same differ, or are large: %d bytes", first.Len())
	}
	picture, err := png.Decode(&first)
	if err != nil || picture.Bounds() != image.Rect(0, 0, insight.PictureWidth, insight.PictureHeight) {
		t.Fatalf("%v, %v", picture, err)
	}
	return picture
}

// heights are how high the bars stand that have a color, from left to right: those whose columns of pixels are next to each other are one.
func heights(picture image.Image, ink color.RGBA) (out []int) {
	last := -2
	for x := range insight.PictureWidth {
		high := 0
		for y := range insight.PictureHeight {
			if picture.At(x, y) == ink {
				high++
			}
		}
		if high == 0 {
			continue
		}
		if x > last+1 {
			out = append(out, 0)
		}
		out[len(out)-1], last = max(out[len(out)-1], high), x
	}
	return out
}

// near says whether bars are as high as they should be, but for rounding.
func near(got []int, want ...int) bool {
	return slices.EqualFunc(got, want, func(a, b int) bool { return a-b <= 2 && b-a <= 2 })
}

// TestDigest_WritePicture measures the bars: their heights are in proportion, the newest is highlighted, and what grows has a color of its own.
func TestDigest_WritePicture(t *testing.T) {
	t.Parallel()
	var (
		past, steady, grown = color.RGBA{0xb7, 0xc4, 0xd3, 255}, color.RGBA{0x2f, 0x6f, 0xd6, 255}, color.RGBA{0xe0, 0x62, 0x2b, 255}
		pastFine, newFine   = color.RGBA{0xb5, 0xd8, 0xc5, 255}, color.RGBA{0x23, 0x8f, 0x5d, 255}
	)
	d := insight.Digest{ToMend: []insight.Weighed{
		{Gap: insight.Gap{ID: 12}, Numbers: insight.Numbers{Week: 40, Before: [4]int{20, 10, 0, 4}}},
		{Gap: insight.Gap{ID: 7}, Numbers: insight.Numbers{Week: 10, Before: [4]int{10, 20, 10, 20}}},
	}}
	for week, fellBack := range []int{50, 75, 0, 100, 25} {
		d.Weeks[week].Counts = insight.Counts{Questions: 100, FellBack: fellBack}
	}
	d.Weeks[2].Questions = 0
	picture := drawn(t, d)
	if got := heights(picture, past); !near(got, 24, 61, 123, 123, 61, 123, 61) {
		t.Errorf("the bars of the weeks before are %v high", got)
	}
	if got := heights(picture, grown); !near(got, 246) {
		t.Errorf("what grows is %v high", got)
	}
	if got := heights(picture, steady); !near(got, 61) {
		t.Errorf("what does not is %v high", got)
	}
	if got := heights(picture, newFine); !near(got, 123) {
		t.Errorf("the share is %v high", got)
	}
	if got := heights(picture, pastFine); len(got) != 3 || !near(got[:1], 184) || !near(got[2:], 61) {
		t.Errorf("the shares before are %v high", got)
	}
	for _, corner := range []image.Point{{}, {X: insight.PictureWidth - 1, Y: insight.PictureHeight - 1}} {
		if _, _, _, alpha := picture.At(corner.X, corner.Y).RGBA(); alpha != 0xffff {
			t.Errorf("the picture has no background at %v", corner)
		}
	}
}

// TestDigest_WritePicture_Bounds draws what is hard to fit: great numbers stay in their places, and nothing at all is a check mark.
func TestDigest_WritePicture_Bounds(t *testing.T) {
	t.Parallel()
	var d insight.Digest
	for i := range 5 {
		d.ToMend = append(d.ToMend, insight.Weighed{Gap: insight.Gap{ID: insight.GroupID(1_000_000_000 + i)}, Numbers: insight.Numbers{Week: 9_000_000, Before: [4]int{1}}})
	}
	picture := drawn(t, d)
	for x := range insight.PictureWidth { // between the numbers of two gaps, and at the edges, nothing is written
		if inGap := (x - 24) % 114; x >= 24 && x < 590 && inGap > 4 && inGap < 110 || x > 590 {
			continue
		}
		for y := 340; y < insight.PictureHeight; y++ {
			if r, _, _, _ := picture.At(x, y).RGBA(); r < 0x8000 {
				t.Fatalf("something is written at %d, %d", x, y)
			}
		}
	}
	if got := heights(drawn(t, insight.Digest{}), color.RGBA{0x23, 0x8f, 0x5d, 255}); len(got) != 1 || got[0] < 10 {
		t.Errorf("nothing to mend shows %v", got)
	}
}
