package bot

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/knowledge/insight"
)

// NoticeDigest tells the owner how a week was; its event's body is the first day of that week.
const NoticeDigest TimerKind = "digest"

// DigestLate is how late a digest may be: after that the next one tells more.
const DigestLate = 48 * time.Hour

// ReportNetwork is where files about a week come from: they are made of what is stored when they are sent. A file's reference is "report/", the first day
// of the week, and ".md" for the whole report or ".png" for the trends.
const ReportNetwork channel.Network = "faqbot"

const reportPrefix = "report/"

// ReportFiles are the references to the files about a week.
func ReportFiles(week insight.Period) []channel.Attachment {
	day := week.From.Format(time.DateOnly)
	return []channel.Attachment{
		{Network: ReportNetwork, Media: channel.Photo, Ref: reportPrefix + day + ".png", Name: "trends-" + day + ".png", Type: "image/png"},
		{Network: ReportNetwork, Media: channel.File, Ref: reportPrefix + day + ".md", Name: "report-" + day + ".md", Type: "text/markdown"},
	}
}

// ReportOf is the week and the kind of file, "md" or "png", that a reference stands for; false where it is none.
func ReportOf(ref string, zone *time.Location) (week insight.Period, kind string, ok bool) {
	name, ok := strings.CutPrefix(ref, reportPrefix)
	day, kind, _ := strings.Cut(name, ".")
	week, known := weekOf(day, zone)
	return week, kind, ok && known && (kind == "md" || kind == "png")
}

// weekOf is the week in which a day lies.
func weekOf(day string, zone *time.Location) (insight.Period, bool) {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	return insight.WeekOf(at.Add(12 * time.Hour)), err == nil
}

// planDigest makes of an event how the week was.
func (e *Engine) planDigest(ctx context.Context, s *Situation) (Turn, error) {
	week, ok := weekOf(s.Event.Body, e.policy.Location)
	if !ok || s.Now.Sub(s.Event.At) > DigestLate {
		return Turn{}, nil
	}
	digest, err := insight.NewDigest(ctx, e.mender.store, week, s.Now)
	if err != nil {
		return Turn{}, fmt.Errorf("make the digest of %v: %w", week, err)
	}
	return PlanDigest(*s, digest, e.texts.In(e.policy.Language)), nil
}

// PlanDigest tells the owner how a week was, with a button for each gap that is named, and sends the whole report and a picture of the trends after it. Where
// there is nothing at all to tell, the owner is left in peace.
func PlanDigest(s Situation, d insight.Digest, voice Voice) Turn {
	p := &planner{s: s, voice: voice}
	if d.Empty() {
		return p.turn
	}
	lines := p.digestFigures(d)
	mend, buttons := p.digestGaps(d)
	p.toStaff(channel.PlainDocument(strings.Join(append(lines, mend...), "\n")), buttons)
	p.turn.Messages = append(p.turn.Messages, Outgoing{Message: channel.Message{
		To: s.Event.Address, Content: channel.PlainDocument(voice.Say("desk_digest_files")), Attachments: ReportFiles(d.Week), Quiet: true,
	}})
	return p.turn
}

// digestFigures are the lines on how customers fared, each beside the week before.
func (p *planner) digestFigures(d insight.Digest) []string {
	now, before := d.Weeks[0], d.Weeks[1]
	lines := []string{
		p.voice.Say("desk_digest", Args{"From": d.Week.From.Format(time.DateOnly), "To": d.Week.To.Add(-12 * time.Hour).Format(time.DateOnly)}),
		p.voice.Say("desk_digest_asked", Args{"Asked": now.Asked, "Before": before.Asked}),
	}
	if now.Asked+before.Asked == 0 {
		return lines
	}
	lines = append(lines, p.voice.Say("desk_digest_helped", Args{
		"Confirmed": now.Buckets[insight.Confirmed], "ConfirmedBefore": before.Buckets[insight.Confirmed], "HandedOff": now.HandedOff(), "HandedOffBefore": before.HandedOff(),
		"GivenUp": now.Buckets[insight.GivenUp], "GivenUpBefore": before.Buckets[insight.GivenUp],
	}), p.voice.Say("desk_digest_silent", Args{
		"Silent": now.Buckets[insight.Silent], "Unsettled": now.Buckets[insight.Unsettled], "SilentBefore": before.Buckets[insight.Silent],
	}))
	if found, ok := now.Found(); ok {
		lines = append(lines, p.voice.Say("desk_digest_found", Args{"Found": percent(found), "Before": foundBefore(before)}))
	}
	return lines
}

func percent(s insight.Share) string { return fmt.Sprintf("%d %%", int(math.Round(100*float64(s)))) }

func foundBefore(f insight.Fared) string {
	if found, ok := f.Found(); ok {
		return percent(found)
	}
	return "–"
}

const (
	// digestShown is how many gaps are named, digestLength how many characters are shown of one, and digestClosed how many closed ones are named.
	digestShown, digestLength, digestClosed = 4, 90, 8
)

// digestGaps are the lines on what went unanswered, with the buttons that show it.
func (p *planner) digestGaps(d insight.Digest) (lines []string, buttons []channel.Button) {
	shows := map[insight.GroupID]bool{}
	button := func(g insight.Gap) {
		if !shows[g.ID] {
			shows[g.ID] = true
			buttons = append(buttons, p.gapButton(numbered(g), Wanted{Gap: g.ID, Verb: GapShow}))
		}
	}
	if len(d.ToMend) == 0 {
		lines = append(lines, p.voice.Say("desk_digest_none"))
	} else {
		lines = append(lines, p.voice.Say("desk_digest_first"))
	}
	for _, w := range d.ToMend[:min(digestShown, len(d.ToMend))] {
		lines = append(lines, digestLine(w))
		button(w.Gap)
	}
	if r := d.Rising; r != nil {
		lines = append(lines, p.voice.Say("desk_digest_rising", Args{
			"Number": r.Gap.ID, "Title": digestTitle(r.Gap), "People": r.Numbers.Week, "Before": r.Numbers.Before[0],
		}))
		button(r.Gap)
	}
	if len(d.Closed) > 0 {
		lines = append(lines, p.voice.Say("desk_digest_closed", Args{"Count": len(d.Closed), "Gaps": named(d.Closed)}))
	}
	return lines, buttons
}

// digestLine needs no words: number, people, those of the week before, trend, and what they asked.
func digestLine(w insight.Weighed) string {
	return fmt.Sprintf("%s · %d (%d) %s · %s", numbered(w.Gap), w.Numbers.Week, w.Numbers.Before[0], trend(w.Numbers), digestTitle(w.Gap))
}

func digestTitle(g insight.Gap) string { return handoff.Defused(shorten(g.Title, digestLength)) }

func numbered(g insight.Gap) string { return "#" + strconv.FormatInt(int64(g.ID), 10) }

// named are the numbers of gaps, of many the first ones.
func named(gaps []insight.Gap) string {
	var out []string
	for _, g := range gaps[:min(digestClosed, len(gaps))] {
		out = append(out, numbered(g))
	}
	if len(gaps) > digestClosed {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}
