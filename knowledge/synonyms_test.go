package knowledge_test

import (
	"context"
	"slices"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

// speaking is a source whose editors keep synonyms.
type speaking struct {
	served
	groups []faq.Synonyms
	told   faq.Cursor
}

func (s *speaking) Changes(ctx context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	changes, cursor, err := s.served.Changes(ctx, after)
	return changes, cursor + s.told, err
}

func (s *speaking) Synonyms(context.Context) ([]faq.Synonyms, error) { return s.groups, nil }

// say replaces all groups.
func (s *speaking) say(groups ...faq.Synonyms) {
	s.groups = groups
	s.told++
}

func english(terms ...string) faq.Synonyms { return faq.Synonyms{Language: "en", Terms: terms} }

// trade is a shop with entries in Spanish, and as many others.
func trade(others int) *speaking {
	s := &speaking{}
	s.publish(append(padding(others), shop()...)...)
	for _, e := range []faq.Entry{
		entry("vale", "¿Venden un vale?", "Sí."), entry("horas", "¿Cuándo está abierta la tienda?", "Siempre."), entry("gastos", "¿Cuánto cuesta el envío?", "Nada."),
	} {
		e.Language, e.Answers[0].Language = "es", "es"
		s.publish(e)
	}
	return s
}

func listening(t *testing.T, s *speaking) *knowledge.Matcher {
	t.Helper()
	x, err := index.Open("", index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	m := knowledge.New(x, knowledge.Options{})
	synced(t, m, s)
	return m
}

var rankings = map[string]int{"ranked whole": 0, "searched": 400}

// A term finds what says another one, whichever of them has more words, from the next Sync on and until it is removed.
func TestMatcher_Sync_synonyms(t *testing.T) {
	t.Parallel()
	groups := []faq.Synonyms{
		english("wibble", "gift voucher"), english("purple wobble", "parcel"), english("flurb the gnarl", "cancel"), english("grommet zone", "other countries"),
	}
	asked := map[string]faq.EntryID{
		"do you sell wibbles": "gift", "has my purple wobble arrived": "delivery", "can I flurb the gnarls": "cancel", "delivery to a grommet zone": "abroad",
	}
	for name, others := range rankings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trade(others)
			m := listening(t, s)
			confidences := func() map[string]knowledge.Confidence {
				out := map[string]knowledge.Confidence{}
				for q, want := range asked {
					for _, c := range ask(t, m, said(q)).Candidates {
						if c.Entry.ID == want {
							out[q] = c.Confidence
						}
					}
				}
				return out
			}
			before := confidences()
			s.say(groups...)
			synced(t, m, s)
			after := confidences()
			for q, want := range asked {
				if d := ask(t, m, said(q)); d.Kind == knowledge.Fallback || bestOf(d) != want {
					t.Errorf("%q: %s %q, want %q", q, d.Kind, bestOf(d), want)
				}
				if after[q] < before[q]+0.2 {
					t.Errorf("%q: confidence %.2f, and %.2f without synonyms", q, after[q], before[q])
				}
			}
			s.say(groups[1:]...)
			synced(t, m, s)
			if now := confidences()["do you sell wibbles"]; now != before["do you sell wibbles"] {
				t.Errorf("after it was removed a term finds with confidence %.2f, want %.2f", now, before["do you sell wibbles"])
			}
		})
	}
}

// Groups hold for their own language alone, in all its variants.
func TestMatcher_Sync_synonymsOfALanguage(t *testing.T) {
	t.Parallel()
	english := knowledge.Question{Utterance: "do you sell gift bonos", Language: "en"}
	spanish := knowledge.Question{Utterance: "tengo un bono", Language: "es"}
	s := trade(0)
	m := listening(t, s)
	untouched, before := ask(t, m, english), ask(t, m, spanish)
	s.say(faq.Synonyms{Language: "es-MX", Terms: []string{"bono", "vale", "voucher"}})
	synced(t, m, s)
	alike(t, "in English", []string{english.Utterance}, []knowledge.Decision{untouched}, []knowledge.Decision{ask(t, m, english)})
	if after := ask(t, m, spanish); bestOf(after) != "vale" || after.Confidence < before.Confidence+0.1 {
		t.Errorf("in Spanish: %q with %.2f, and %q with %.2f before", bestOf(after), after.Confidence, bestOf(before), before.Confidence)
	}
}

// Whatever the order of groups, and of the terms in them, is: decisions are the same.
func TestMatcher_Sync_orderOfSynonyms(t *testing.T) {
	t.Parallel()
	groups := []faq.Synonyms{
		english("wibble", "gift voucher", "present"), english("wibble", "gift card"), english("purple wobble", "parcel", "delivery"), english("purple", "gift"),
		{Language: "en-GB", Terms: []string{"wobble", "order"}}, {Language: "es", Terms: []string{"wibble", "vale"}},
	}
	questions := []string{"do you sell wibbles", "where is my purple wobble", "cancel a wobble", "a purple card as a present", "can I pay with a wibble", "return period"}
	backward := make([]faq.Synonyms, len(groups))
	for i, g := range groups {
		g.Terms = slices.Clone(g.Terms)
		slices.Reverse(g.Terms)
		backward[len(groups)-1-i] = g
	}
	for name, others := range rankings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trade(others)
			m := listening(t, s)
			without := decided(t, m, questions)
			s.say(groups...)
			synced(t, m, s)
			forward := decided(t, m, questions)
			if forward[0].Confidence == without[0].Confidence {
				t.Errorf("%q is decided as without synonyms", questions[0])
			}
			s.say(backward...)
			synced(t, m, s)
			alike(t, "in another order", questions, forward, decided(t, m, questions))
		})
	}
}

// TestMatcher_Sync_synonymsAnswer asks with words that nothing but a synonym knows: they are as good as those they stand for.
func TestMatcher_Sync_synonymsAnswer(t *testing.T) {
	t.Parallel()
	s := trade(0)
	s.say(english("wobble", "parcel"), english("sesame thing", "password"), english("flurb", "gift card"))
	m := listening(t, s)
	for utterance, want := range map[string]faq.EntryID{
		"when will my wobble arrive": "delivery", "lost my sesame thing, reset it": "password", "do you have a flurb": "gift",
	} {
		if d := ask1(t, m, utterance); d.Kind != knowledge.Answer || bestOf(d) != want {
			t.Errorf("%q: %s %q (%.2f), want %q", utterance, d.Kind, bestOf(d), d.Confidence, want)
		}
	}
}
