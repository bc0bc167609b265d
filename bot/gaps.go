package bot

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// Gaps is what is known of unanswered questions, for staff who mend the FAQ where they work.
type Gaps interface {
	GapStore
	insight.DigestStore
	// Waiting counts the people who asked to be told of an answer to a gap's questions and were not told yet.
	Waiting(ctx context.Context, id insight.GroupID) (int, error)
}

// The words by which staff see gaps and close them.
const (
	gapsCommand = "gaps"
	gapCommand  = "gap"
	// gapToken begins the token of a button about a gap. It says all itself, for there is no customer whose conversation could keep it; it counts at a
	// desk alone.
	gapToken = "gap."
)

// GapVerb is what is done about a gap.
type GapVerb string

const (
	GapShow    GapVerb = "show"
	GapAdd     GapVerb = "add"     // the ways to ask go to an entry: what that would change
	GapPut     GapVerb = "put"     // do so
	GapWrite   GapVerb = "write"   // a new entry with this answer, as a draft
	GapReply   GapVerb = "reply"   // a new entry with what staff answered, as a draft
	GapPublish GapVerb = "publish" // the draft
	GapProduct GapVerb = "product" // no text helps
	GapDismiss GapVerb = "dismiss"
)

// gapVerbs are those that can be written after "/gap N".
var gapVerbs = []GapVerb{GapAdd, GapWrite, GapReply, GapPublish, GapProduct, GapDismiss}

// Wanted is what somebody wants done about a gap.
type Wanted struct {
	Gap  insight.GroupID
	Verb GapVerb
	// Rest is an entry, an answer, a matter or a reason; Base the revision of the entry that was shown, 0 where none was.
	Rest string
	Base int
}

// GapFound is what was looked up about gaps.
type GapFound struct {
	Wanted Wanted
	// List is what to mend first.
	List []insight.Weighed
	// Gap, Numbers, Asked and Near are of the one that is meant.
	Gap     *insight.Gap
	Numbers insight.Numbers
	Asked   []string
	Near    []*faq.Entry
	// Reply is what staff answered best; Proposal what would close it.
	Reply    faq.Answer
	Proposal *Proposal
	// Refused says why it cannot be done; Unasked is true where that is for want of a question that may be published.
	Refused string
	Unasked bool
}

// aboutGaps says whether an event at a desk is about gaps.
func aboutGaps(s *Situation) bool {
	e := s.Event
	if e.Kind == channel.Press {
		return s.Action == nil && strings.HasPrefix(e.Body, gapToken)
	}
	return e.Kind == channel.Command && (e.Command == gapsCommand || e.Command == gapCommand)
}

// token is what the button of a wish carries.
func (w Wanted) token() string {
	return fmt.Sprintf("%s%d.%s.%d.%s", gapToken, w.Gap, w.Verb, w.Base, w.Rest)
}

// wantedOf reads what an event wants.
func wantedOf(e channel.Event) Wanted {
	if e.Kind == channel.Press {
		parts := strings.SplitN(strings.TrimPrefix(e.Body, gapToken), ".", 4)
		if len(parts) < 4 {
			return Wanted{}
		}
		id, _ := strconv.ParseInt(parts[0], 10, 64)
		base, _ := strconv.Atoi(parts[2])
		return Wanted{Gap: insight.GroupID(id), Verb: GapVerb(parts[1]), Base: base, Rest: parts[3]}
	}
	number, rest, _ := strings.Cut(strings.TrimSpace(e.Body), " ")
	id, _ := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
	verb, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	w := Wanted{Gap: insight.GroupID(id), Verb: GapVerb(strings.ToLower(verb)), Rest: strings.TrimSpace(rest)}
	if verb == "" {
		w.Verb = GapShow
	}
	return w
}

const (
	// gapsShown is how many gaps a list shows at a desk; gapAsked how many questions of one are shown, and gapNear how many entries.
	gapsShown, gapAsked, gapNear = 8, 5, 3
	// gapRead is how many misses of a gap are read.
	gapRead = 500
)

// mark stands for an entry in a token: IDs may be long.
func mark(id faq.EntryID) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(id)))[:12] }

// lookUpGaps reads what staff want to see of gaps, and tries what they want done.
func (e *Engine) lookUpGaps(ctx context.Context, s *Situation) error {
	found := &GapFound{Wanted: wantedOf(s.Event)}
	s.Work.Found.Gap = found
	if e.mender == nil {
		return nil
	}
	var err error
	if s.Event.Kind == channel.Command && s.Event.Command == gapsCommand {
		found.List, err = insight.ToMend(ctx, e.mender.store, s.Now, gapsShown)
		return err
	}
	gap, err := e.mender.store.Gap(ctx, found.Wanted.Gap)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up a gap: %w", err)
	}
	found.Gap = &gap
	misses, err := e.mender.store.MissesOf(ctx, gap.ID, gapRead)
	if err != nil {
		return fmt.Errorf("read the questions of a gap: %w", err)
	}
	numbers, err := e.mender.store.Numbers(ctx, s.Now, gap.ID)
	if err != nil {
		return fmt.Errorf("count a gap: %w", err)
	}
	found.Numbers, found.Asked = numbers[gap.ID], insight.Questions(misses, "", gapAsked)
	for _, c := range insight.Nearest(misses, gapNear) {
		if entry, ok := e.matcher.Entry(c.Entry); ok {
			found.Near = append(found.Near, entry)
		}
	}
	if found.Reply, err = e.bestReply(ctx, misses); err != nil {
		return err
	}
	return e.tryGap(ctx, s, found)
}

// bestReply is what staff answered to the newest of these questions that a person answered.
func (e *Engine) bestReply(ctx context.Context, misses []insight.Miss) (faq.Answer, error) {
	for _, m := range misses {
		if m.Reason != insight.PersonAnswered {
			continue
		}
		lines, err := e.desks.team.Lines(ctx, ConversationID(m.Conversation))
		if err != nil {
			return faq.Answer{}, fmt.Errorf("read what staff answered: %w", err)
		}
		if reply := Reply(lines, e.policy.Masker); reply != "" {
			return faq.Answer{Language: m.Language, Text: reply}, nil
		}
	}
	return faq.Answer{}, nil
}

// tryGap works out what would close a gap. What cannot be done is said to who wants it.
func (e *Engine) tryGap(ctx context.Context, s *Situation, found *GapFound) (err error) {
	w, by := found.Wanted, s.Work.Staff.Called()
	var p Proposal
	switch w.Verb {
	case GapAdd, GapPut:
		id, ok := e.meantEntry(w.Rest, found.Near)
		if !ok {
			found.Refused = w.Rest
			return nil
		}
		p, err = e.mender.Add(ctx, found.Gap.ID, id, by)
	case GapWrite, GapReply:
		question, text := asksAndAnswers(w.Rest)
		answer := faq.Answer{Language: e.policy.Language, Text: text}
		if w.Verb == GapReply {
			question, answer = "", found.Reply
		}
		if strings.TrimSpace(answer.Text) == "" {
			return nil
		}
		p, err = e.mender.Write(ctx, found.Gap.ID, question, answer, by)
	case GapPublish:
		p, err = e.mender.Drafted(ctx, found.Gap.ID, by)
	default:
		return nil
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
	case errors.Is(err, ErrNoQuestion):
		found.Unasked = true
		return nil
	case kind == fault.Invalid || kind == fault.NotFound || kind == fault.Conflict:
		found.Refused = fault.Message(err)
		return nil
	default:
		return fmt.Errorf("try what would close gap %d: %w", found.Gap.ID, err)
	}
	found.Proposal = &p
	return nil
}

// questionEnds parts a question from the answer that is written after it. The blanks tell it from what is hidden in ||a text|| on some networks.
var questionEnds = regexp.MustCompile(`\s\|\|\s`)

// asksAndAnswers are what is written for a new entry; the question is empty where there is an answer alone.
func asksAndAnswers(text string) (question, answer string) {
	if at := questionEnds.FindStringIndex(text); at != nil {
		return strings.TrimSpace(text[:at[0]]), strings.TrimSpace(text[at[1]:])
	}
	return "", text
}

// meantEntry is the entry that somebody names: by a button's mark, by its ID, or by a number among the nearest.
func (e *Engine) meantEntry(name string, near []*faq.Entry) (faq.EntryID, bool) {
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(near) {
		return near[n-1].ID, true
	}
	if entry, ok := e.matcher.Entry(faq.EntryID(name)); ok {
		return entry.ID, true
	}
	for _, entry := range e.mender.matcher().Entries() {
		if mark(entry.ID) == name {
			return entry.ID, true
		}
	}
	return "", false
}
