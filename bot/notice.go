package bot

import (
	"context"
	"fmt"
	"strconv"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// NoticeRising tells the owner that more people than usual ask for a gap; its event's body is the gap's number.
const NoticeRising TimerKind = "rising"

// isNotice says whether an event is something that the owner is told.
func isNotice(e channel.Event) bool {
	return e.Kind == channel.Due && (TimerKind(e.Command) == NoticeRising || TimerKind(e.Command) == NoticeDigest)
}

// planNotice makes of an event what the owner is told, as it is at that moment.
func (e *Engine) planNotice(ctx context.Context, s *Situation) (Turn, error) {
	if e.mender == nil {
		return Turn{}, nil
	}
	if TimerKind(s.Event.Command) == NoticeDigest {
		return e.planDigest(ctx, s)
	}
	id, _ := strconv.ParseInt(s.Event.Body, 10, 64)
	gap, err := e.mender.store.Gap(ctx, insight.GroupID(id))
	if fault.Is(err, fault.NotFound) {
		return Turn{}, nil
	}
	if err != nil {
		return Turn{}, fmt.Errorf("look up a gap: %w", err)
	}
	numbers, err := e.mender.store.Numbers(ctx, s.Now, gap.ID)
	if err != nil {
		return Turn{}, fmt.Errorf("count a gap: %w", err)
	}
	return PlanRising(*s, gap, numbers[gap.ID], e.texts.In(e.policy.Language)), nil
}

// PlanRising tells the owner of a gap that rises, with a button that shows it. One that somebody has decided about meanwhile is left in peace.
func PlanRising(s Situation, gap insight.Gap, n insight.Numbers, voice Voice) Turn {
	p := &planner{s: s, voice: voice}
	if gap.State == insight.GapNew || gap.State == insight.GapPlanned || gap.State == insight.GapProduct {
		p.gapSay("desk_gap_rising", Args{"Number": gap.ID, "People": n.Week, "Before": n.Before[0], "Title": handoff.Defused(gap.Title)},
			p.gapButton("#"+strconv.FormatInt(int64(gap.ID), 10), Wanted{Gap: gap.ID, Verb: GapShow}))
	}
	return p.turn
}

// ForEditors says whether an event is one by which editors work in the staff chat, and the owner in their own.
func ForEditors(e channel.Event) bool {
	return aboutGaps(&Situation{Event: e})
}
