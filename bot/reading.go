package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge"
)

// Reading is what a message was found to mean, before it is decided what to do about it.
type Reading struct {
	// Text is what was read: the message, or the parts of a thought together.
	Text string
	// Language is the one that the message shows to be written in; empty where it shows none.
	Language faq.Language
	// Served are the languages that there are answers in.
	Served []faq.Language
	Move   Move
	// Upset is true where the message sounds upset, Urgent where it says that it cannot wait.
	Upset, Urgent bool
	// Decisions are what is asked; beside a wish for a person the sure ones alone.
	Decisions []knowledge.Decision
	// Before is what was asked before a person was asked for, or with it.
	Before string
	// Corrected is true for "no, I mean …": the answer before was refused, and what was meant is asked again.
	Corrected bool
	// Leftover is true for the end of a question that was answered before it was typed to the end.
	Leftover bool
	// Shown is the entry that a pressed button asks for, where it is still served.
	Shown *faq.Entry
	// Others are entries by ID that the turn may offer: follow-ups, near ones that were kept, often asked ones.
	Others map[faq.EntryID]*faq.Entry
	// Popular are the most asked entries.
	Popular []faq.EntryID
}

// Matcher is what the engine needs of knowledge.
type Matcher interface {
	Decide(ctx context.Context, question knowledge.Question) ([]knowledge.Decision, error)
	Entry(id faq.EntryID) (*faq.Entry, bool)
	// Languages are those that answers are served in.
	Languages() []faq.Language
	// Suggest lists entries for what has been typed so far.
	Suggest(ctx context.Context, question knowledge.Question, limit int) ([]*faq.Entry, error)
}

// Popularity tells which entries are asked most.
type Popularity interface {
	Popular(ctx context.Context, since time.Time, limit int) ([]faq.EntryID, error)
}

// read finds out what an event means. It changes nothing.
func (e *Engine) read(ctx context.Context, s *Situation) (Reading, error) {
	r := Reading{Others: map[faq.EntryID]*faq.Entry{}}
	state := s.Conversation.State
	switch s.Event.Kind {
	case channel.Text, channel.Edited:
		r.Text = s.Event.Body
		if s.Event.Kind == channel.Text && len(state.Collecting) > 0 {
			r.Text = strings.Join(append(state.Collecting[:len(state.Collecting):len(state.Collecting)], s.Event.Body), "\n")
		}
	case channel.Due:
		r.Text = strings.Join(state.Collecting, "\n")
	case channel.Command:
		if s.Event.Command == "ask" || !known(s.Event.Command) && !forTeam(s.Event.Command) {
			r.Text = s.Event.Body
		}
	}
	if strings.TrimSpace(r.Text) != "" {
		if err := e.understand(ctx, s, &r); err != nil {
			return Reading{}, err
		}
	}
	e.gather(ctx, s, &r)
	return r, nil
}

func (e *Engine) understand(ctx context.Context, s *Situation, r *Reading) error {
	e.closeThought(s, r)
	if r.Before == "" {
		r.Move = e.lexicon.Move(r.Text)
	}
	r.Served = e.matcher.Languages()
	r.Upset, r.Urgent = e.lexicon.Upset(r.Text), e.lexicon.Urgent(r.Text)
	if l, ok := knowledge.Detect(r.Text, e.spoken()); ok { // what is but likely is said as well
		r.Language = l
	}
	if r.Move == WantsHelp {
		return e.beside(ctx, s, r)
	}
	q := e.asking(s, r)
	decisions, err := e.matcher.Decide(ctx, q)
	if err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	r.Decisions = decisions
	if r.Language == "" && decisions[0].LanguageTold {
		r.Language = decisions[0].Language
	}
	if s.flooded() {
		return e.readFlood(ctx, s, r)
	}
	if r.Move == NoMove {
		if r.Leftover, err = e.leftover(ctx, s, q, decisions[0]); err != nil {
			return err
		}
	}
	// A thought that makes no sense as a whole may be a new question after an abandoned one.
	if len(s.Conversation.State.Collecting) > 0 && s.Event.Kind == channel.Text && decisions[0].Kind == knowledge.Fallback {
		q.Utterance = e.lexicon.Core(s.Event.Body)
		alone, err := e.matcher.Decide(ctx, q)
		if err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		if alone[0].Kind == knowledge.Answer {
			r.Decisions = alone
		}
	}
	return nil
}

// asking is the question of a message. What was meant instead of the answer before is not answered with the same again.
func (e *Engine) asking(s *Situation, r *Reading) knowledge.Question {
	asked := s.Conversation.State.Asked
	if meant, ok := e.lexicon.Correction(r.Text); ok && r.Move == NoMove && asked.Entry != "" && s.Now.Sub(asked.At) < followsWithin {
		r.Corrected = true
		q := e.question(s, e.lexicon.Core(meant))
		q.Without = append(slices.Clone(asked.Refused), asked.Entry)
		return q
	}
	return e.question(s, e.lexicon.Core(r.Text))
}

// beside reads the question that stands in one message with a wish for a person. What is no question that is answered leaves the one before
// in its place: "this is useless, a person!" is still about that.
func (e *Engine) beside(ctx context.Context, s *Situation, r *Reading) error {
	rest := e.lexicon.Beside(r.Text)
	if rest == "" || r.Before != "" {
		return nil
	}
	decisions, err := e.matcher.Decide(ctx, e.question(s, rest))
	if err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	r.Decisions = slices.DeleteFunc(decisions, func(d knowledge.Decision) bool { return d.Kind != knowledge.Answer })
	if asked := s.Conversation.State.Asked; len(r.Decisions) > 0 || asked.Utterance == "" || s.Now.Sub(asked.At) > quietDay {
		r.Before = rest
	}
	return nil
}

// closeThought takes a move that comes after the beginning of a thought for what it is: "human", and the question before it goes along; "please", and
// the question stands by itself.
func (e *Engine) closeThought(s *Situation, r *Reading) {
	begun := s.Conversation.State.Collecting
	if s.Event.Kind != channel.Text || len(begun) == 0 || s.flooded() {
		return
	}
	switch e.lexicon.Move(s.Event.Body) {
	case NoMove:
	case WantsHelp:
		r.Move, r.Before = WantsHelp, strings.Join(begun, "\n")
	default:
		r.Text = strings.Join(begun, "\n")
	}
}

// leftover says whether a message is the rest of the question that was answered a moment ago: "where is my" was sure enough, and then comes "order".
func (e *Engine) leftover(ctx context.Context, s *Situation, q knowledge.Question, alone knowledge.Decision) (bool, error) {
	asked := s.Conversation.State.Asked
	if s.Event.Kind != channel.Text || asked.Entry == "" || s.Now.Sub(asked.At) > leftoverWithin || alone.Continued || !isFragment(s.Event.Body) {
		return false, nil
	}
	same := alone.Best() != nil && alone.Best().ID == asked.Entry
	if len(strings.Fields(s.Event.Body)) > leftoverWords && !same {
		return false, nil
	}
	if alone.Kind == knowledge.Answer { // the same again is a repetition, other words for it are not
		return same && faq.Fold(s.Event.Body) != faq.Fold(asked.Utterance), nil
	}
	q.Previous, q.Last = "", ""
	q.Utterance = asked.Utterance
	before, err := e.matcher.Decide(ctx, q)
	if err != nil {
		return false, fmt.Errorf("decide: %w", err)
	}
	q.Utterance += " " + s.Event.Body
	joined, err := e.matcher.Decide(ctx, q)
	if err != nil {
		return false, fmt.Errorf("decide: %w", err)
	}
	// What belongs to a question makes its answer surer; another question does not.
	return len(joined) == 1 && joined[0].Kind == knowledge.Answer && joined[0].Best().ID == asked.Entry && (same || joined[0].Confidence > before[0].Confidence), nil
}

// spoken are the languages that customers are expected to write in: those of the answers, and those that the bot speaks itself.
func (e *Engine) spoken() []faq.Language {
	out := e.texts.Languages()
	for _, l := range e.matcher.Languages() {
		if !slices.ContainsFunc(out, func(o faq.Language) bool { return o.Base() == l.Base() }) {
			out = append(out, l)
		}
	}
	return out
}

// readFlood reads each message of a flood by itself: they are no parts of one thought, unless only together they make sense.
func (e *Engine) readFlood(ctx context.Context, s *Situation, r *Reading) error {
	var each []knowledge.Decision
	said := map[string]bool{}
	for text := range strings.SplitSeq(r.Text, "\n") {
		core := e.lexicon.Core(text)
		if said[faq.Fold(core)] || e.lexicon.Move(text) != NoMove {
			continue
		}
		said[faq.Fold(core)] = true
		decisions, err := e.matcher.Decide(ctx, e.question(s, core))
		if err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		for _, d := range decisions {
			if !slices.ContainsFunc(each, func(o knowledge.Decision) bool {
				return d.Kind == knowledge.Answer && o.Kind == knowledge.Answer && o.Best() == d.Best()
			}) {
				each = append(each, d)
			}
		}
	}
	if slices.ContainsFunc(each, func(d knowledge.Decision) bool { return d.Kind == knowledge.Answer }) || r.Decisions[0].Kind != knowledge.Answer && len(each) > 0 {
		r.Decisions = each
	}
	return nil
}

// flooded says whether what was collected came as a flood.
func (s *Situation) flooded() bool {
	return len(s.Conversation.State.Collecting) > 0 && len(s.Conversation.State.Recent) > floodMessages
}

func (e *Engine) question(s *Situation, utterance string) knowledge.Question {
	c := s.Conversation
	q := knowledge.Question{
		Utterance: utterance, Language: preferred(c.Profile, s.Event.From, c.Customer),
		Channel: string(s.Event.Address.Network), Today: faq.DateOf(s.Now.In(e.policy.Location)),
	}
	if asked := c.State.Asked; asked.Utterance != "" && s.Now.Sub(asked.At) < followsWithin {
		q.Previous, q.Last = asked.Utterance, asked.Entry
	}
	return q
}

// preferred is the customer's own choice, else the platform's locale, else unknown.
func preferred(p Profile, people ...channel.Person) faq.Language {
	if p.Language != "" {
		return p.Language
	}
	for _, person := range people {
		if l, err := faq.ParseLanguage(person.Locale); err == nil {
			return l
		}
	}
	return ""
}

// gather looks up the entries that buttons may need.
func (e *Engine) gather(ctx context.Context, s *Situation, r *Reading) {
	take := func(id faq.EntryID) *faq.Entry {
		entry, ok := e.matcher.Entry(id)
		if !ok || !entry.Audience.Includes(string(s.Event.Address.Network), "") {
			return nil
		}
		r.Others[id] = entry
		return entry
	}
	if n, ok := newsOf(s.Event.Body); ok && s.Event.Kind == channel.Due && TimerKind(s.Event.Command) == TimerNews {
		take(n.Entry)
	}
	if s.Action != nil {
		if s.Action.Entry != "" {
			r.Shown = take(s.Action.Entry)
		}
		for _, c := range s.Action.Asked.Candidates {
			take(c.Entry)
		}
	}
	for _, c := range s.Conversation.State.Asked.Candidates {
		take(c.Entry)
	}
	for _, d := range r.Decisions {
		for _, c := range d.Candidates {
			if r.Move == WantsHelp {
				take(c.Entry.ID)
			}
		}
		if best := d.Best(); best != nil {
			for _, id := range best.FollowUps {
				take(id)
			}
		}
	}
	if r.Shown != nil {
		for _, id := range r.Shown.FollowUps {
			take(id)
		}
	}
	if s.Conversation.Profile.Greeted && r.Move != Greets && s.Event.Kind != channel.Command && s.Event.Kind != channel.Arrived {
		return
	}
	for _, id := range e.popular.list(ctx, s.Now) {
		if take(id) != nil {
			r.Popular = append(r.Popular, id)
		}
	}
}
