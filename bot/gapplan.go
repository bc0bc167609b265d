package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// gaps shows staff what to mend, and does what they want about it.
func (p *planner) gaps() {
	p.turn.Conversation = Conversation{}
	found := p.s.Work.Found.Gap
	switch {
	case p.s.Event.Kind == channel.Command && p.s.Event.Command == gapsCommand:
		p.gapList(found.List)
	case found.Gap == nil:
		p.gapSay("desk_gap_which", nil)
	case found.Wanted.Verb == GapShow:
		p.gapShow(found)
	default:
		p.gapDo(found)
	}
}

func (p *planner) gapSay(key string, args Args, buttons ...channel.Button) {
	p.toStaff(channel.PlainDocument(p.voice.Say(key, args)), buttons)
}

func (p *planner) gapButton(label string, w Wanted) channel.Button {
	return channel.Button{Label: shorten(label, p.s.Limits.Label), Action: w.token()}
}

func (p *planner) gapList(list []insight.Weighed) {
	if len(list) == 0 {
		p.gapSay("desk_gaps_none", nil)
		return
	}
	doc := channel.PlainDocument(p.voice.Say("desk_gaps"))
	lines := channel.Block{Kind: channel.List}
	var buttons []channel.Button
	for _, s := range list {
		lines.Items = append(lines.Items, channel.PlainDocument(p.voice.Say("desk_gaps_line", Args{
			"Number": s.Gap.ID, "People": s.Numbers.Week, "Trend": trend(s.Numbers), "Title": handoff.Defused(s.Gap.Title),
		})))
		buttons = append(buttons, p.gapButton("#"+strconv.FormatInt(int64(s.Gap.ID), 10), Wanted{Gap: s.Gap.ID, Verb: GapShow}))
	}
	p.toStaff(append(doc, lines), buttons)
}

// trend is an arrow: more than half as many again as before, or less than two thirds.
func trend(n insight.Numbers) string {
	switch g := n.Growth(); {
	case g > 1.5:
		return "↑"
	case g < 0.67:
		return "↓"
	}
	return "→"
}

func (p *planner) gapShow(found *GapFound) {
	g, n := found.Gap, found.Numbers
	doc := channel.PlainDocument(p.voice.Say("desk_gap", Args{
		"Number": g.ID, "Title": handoff.Defused(g.Title), "Status": p.voice.Say("desk_gap_" + string(g.State)),
		"People": n.People, "Week": n.Week, "Before": n.Before[0], "Minutes": n.Minutes,
	}))
	for _, text := range found.Asked {
		doc = append(doc, channel.Block{Kind: channel.Quote, Blocks: handoff.Strangers(text)})
	}
	var buttons []channel.Button
	if g.Open() {
		doc = append(doc, channel.PlainDocument(p.voice.Say("desk_gap_how", Args{"Number": g.ID}))...)
		for _, e := range found.Near {
			buttons = append(buttons, p.gapButton(p.voice.Say("desk_button_gap_add", Args{"Entry": e.QuestionIn(p.policy.Language)}), Wanted{Gap: g.ID, Verb: GapAdd, Rest: mark(e.ID)}))
		}
		if found.Reply.Text != "" {
			buttons = append(buttons, p.gapButton(p.voice.Say("desk_button_gap_reply"), Wanted{Gap: g.ID, Verb: GapReply}))
		}
		buttons = append(buttons, p.gapButton(p.voice.Say("desk_button_gap_product"), Wanted{Gap: g.ID, Verb: GapProduct, Rest: string(insight.MatterProduct)}))
	}
	p.toStaff(doc, buttons)
}

// gapDo does what is wanted, or says what it would change first.
func (p *planner) gapDo(found *GapFound) {
	w, g := found.Wanted, *found.Gap
	switch {
	case g.State == insight.GapAnswered && !slices.Contains([]GapVerb{GapProduct, GapDismiss}, w.Verb):
		p.gapSay("desk_gap_moved", Args{"Number": g.ID, "Status": p.voice.Say("desk_gap_" + string(g.State))})
	case found.Unasked:
		p.gapSay("desk_gap_question", Args{"Number": g.ID})
	case found.Refused != "":
		p.gapSay("desk_gap_refused", Args{"Reason": handoff.Defused(found.Refused)})
	case w.Verb == GapAdd && found.Proposal != nil:
		p.gapPropose(found.Proposal, GapPut, mark(found.Proposal.Revision.Content.ID))
	case (w.Verb == GapWrite || w.Verb == GapReply) && found.Proposal != nil:
		draft := found.Proposal.Revision
		draft.Status, draft.Live = faq.Draft, found.Proposal.Live
		p.turn.Draft = &draft
		p.gapPropose(found.Proposal, GapPublish, "")
	case w.Verb == GapWrite || w.Verb == GapReply:
		p.gapSay("desk_gap_write", Args{"Number": g.ID})
	case (w.Verb == GapPut || w.Verb == GapPublish) && found.Proposal != nil:
		p.gapClose(found.Proposal, w.Base)
	case w.Verb == GapProduct && slices.Contains(insight.Matters, insight.Matter(strings.ToLower(w.Rest))):
		g.Matter = insight.Matter(strings.ToLower(w.Rest))
		p.gapMove(g, insight.GapProduct)
	case w.Verb == GapDismiss && w.Rest != "":
		g.Reason = p.policy.Masker.Mask(shorten(w.Rest, maxReason))
		p.gapMove(g, insight.GapDismissed)
	default:
		p.gapSay("desk_gap_verbs", Args{"Number": g.ID})
	}
}

// maxReason is how many characters a reason has at most.
const maxReason = 500

func (p *planner) gapMove(g insight.Gap, to insight.GapStatus) {
	g = g.Move(to, p.s.Now)
	p.turn.Gap = &g
	p.gapSay("desk_gap_moved", Args{"Number": g.ID, "Status": p.voice.Say("desk_gap_" + string(g.State))})
}

// gapPropose says what an entry would change, and offers to publish it.
func (p *planner) gapPropose(proposal *Proposal, verb GapVerb, rest string) {
	entry := proposal.Revision.Content
	answer, _ := entry.Answer(p.policy.Language)
	doc := channel.PlainDocument(p.voice.Say("desk_gap_proposal", Args{
		"Entry": handoff.Defused(entry.QuestionIn(p.policy.Language)), "Answered": proposal.Answered, "Questions": proposal.Questions, "Added": len(proposal.Added),
		"Fresh": int(100*proposal.Fresh + 0.5),
	}))
	doc = append(doc, channel.Block{Kind: channel.Quote, Blocks: channel.PlainDocument(shorten(channel.Parse(answer.Text).PlainText(), sampledAnswer))})
	doc = append(doc, p.gapBreaks(proposal)...)
	doc = append(doc, p.gapWarned(proposal)...)
	doc = append(doc, p.gapBeside(proposal)...)
	doc = append(doc, channel.PlainDocument(p.voice.Say("desk_gap_told", Args{"Told": proposal.Told}))...)
	w := Wanted{Gap: proposal.Gap.ID, Verb: verb, Rest: rest, Base: proposal.Revision.Number}
	if verb == GapPublish {
		w.Base++ // the draft is a revision of its own
	}
	p.toStaff(doc, []channel.Button{p.gapButton(p.voice.Say("desk_button_gap_publish"), w)})
}

// gapBreaks warns of questions whose known answer would be lost.
func (p *planner) gapBreaks(proposal *Proposal) (doc channel.Document) {
	if len(proposal.Broken) == 0 {
		return nil
	}
	doc = channel.PlainDocument("⚠ " + p.voice.Say("desk_gap_breaks", Args{"Broken": len(proposal.Broken), "Known": proposal.Known}))
	name := func(id faq.EntryID) string { return cmp.Or(string(id), "–") }
	for _, b := range proposal.Broken[:min(len(proposal.Broken), gapFindings)] {
		asked := shorten(b.Utterance, breaksShown)
		doc = append(doc, channel.Block{Kind: channel.Quote, Blocks: handoff.Strangers(fmt.Sprintf("%s\n%s → %s", asked, name(b.Entry), name(b.After.Entry)))})
	}
	return doc
}

// breaksShown is how many characters are shown of a question that would lose its answer.
const breaksShown = 200

const (
	// gapFindings is how many warnings are shown; gapBeside how many other questions that change, and how many other gaps.
	gapFindings, gapBeside = 3, 3
	// besideLength is how many characters of such a question are shown.
	besideLength = 100
)

// gapWarned is what was found in the texts, and first that most of the gap's questions stay without an answer.
func (p *planner) gapWarned(proposal *Proposal) (doc channel.Document) {
	if proposal.Few() {
		doc = channel.PlainDocument("⚠ " + p.voice.Say("desk_gap_few"))
	}
	list := slices.DeleteFunc(slices.Clone(proposal.List), func(f eval.Finding) bool { return f.Kind == FewAnswered })
	for _, f := range list[:min(len(list), gapFindings)] {
		doc = append(doc, channel.PlainDocument("⚠ "+handoff.Defused(f.Text))...)
	}
	return doc
}

// gapBeside is what changes for questions that are not the gap's own, the worst first, and the other open gaps that they are in.
func (p *planner) gapBeside(proposal *Proposal) channel.Document {
	doc := channel.PlainDocument(p.voice.Say("desk_gap_beside", Args{"Changed": len(proposal.Changed)}))
	lines := channel.Block{Kind: channel.List}
	for _, c := range proposal.Changed[:min(len(proposal.Changed), gapBeside)] {
		mark := ""
		if c.Asks {
			mark = "⚠ "
		}
		lines.Items = append(lines.Items, channel.PlainDocument(mark+p.voice.Say("desk_gap_change", Args{
			"Question": handoff.Defused(shorten(c.Utterance, besideLength)), "Before": p.gapOutcome(c.Before), "After": p.gapOutcome(c.After),
		})))
	}
	if more := len(proposal.Changed) - gapBeside; more > 0 {
		lines.Items = append(lines.Items, channel.PlainDocument(p.voice.Say("desk_gap_more", Args{"More": more})))
	}
	if len(lines.Items) > 0 {
		doc = append(doc, lines)
	}
	for _, also := range proposal.Also[:min(len(proposal.Also), gapBeside)] {
		doc = append(doc, channel.PlainDocument(p.voice.Say("desk_gap_also", Args{
			"Number": also.Gap.ID, "Title": handoff.Defused(shorten(also.Gap.Title, besideLength)), "Answered": also.Answered,
		}))...)
	}
	return doc
}

// gapOutcome is what a question gets, in words.
func (p *planner) gapOutcome(o eval.Outcome) string {
	switch o.Decision {
	case knowledge.Answer:
		return p.voice.Say("desk_gap_then_answered", Args{"Entry": o.Entry})
	case knowledge.Clarify:
		return p.voice.Say("desk_gap_then_offered", Args{"Entry": o.Entry})
	}
	return p.voice.Say("desk_gap_then_none")
}

// gapClose publishes the entry, and closes the gap with it, in one turn. Where somebody else changed the entry meanwhile it is shown anew.
func (p *planner) gapClose(proposal *Proposal, base int) {
	if proposal.Revision.Number != base { // changed meanwhile, or never shown
		verb, rest := GapPut, mark(proposal.Revision.Content.ID)
		if p.s.Work.Found.Gap.Wanted.Verb == GapPublish {
			verb, rest = GapPublish, ""
			proposal.Revision.Number--
		}
		p.gapPropose(proposal, verb, rest)
		return
	}
	r, g := proposal.Revision, proposal.Closed(p.s.Now)
	p.turn.Draft, p.turn.Gap = &r, &g
	p.gapSay("desk_gap_closed", Args{"Number": g.ID, "Entry": handoff.Defused(r.Content.QuestionIn(p.policy.Language)), "Answered": proposal.Answered, "Questions": proposal.Questions})
}
