package knowledge_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sizes are FAQs in which the same questions must be decided alike: one that is ranked whole, and one that is searched first.
func sizes(t *testing.T, options knowledge.Options, entries ...faq.Entry) map[string]*knowledge.Matcher {
	t.Helper()
	return map[string]*knowledge.Matcher{
		"small": knowing(t, options, entries...),
		"large": knowing(t, options, append(padding(320), entries...)...),
	}
}

func TestMatcher_Decide(t *testing.T) {
	t.Parallel()
	for size, m := range sizes(t, knowledge.Options{}, shop()...) {
		for _, c := range []struct {
			utterance string
			kind      knowledge.Kind
			best      faq.EntryID
		}{
			{"How long can I return something?", knowledge.Answer, "returns"},
			{"shipping time", knowledge.Answer, "delivery"},
			{"are you open on sunday", knowledge.Answer, "hours"},
			{"i forgott my pasword", knowledge.Answer, "password"},
			{"how much is the moon", knowledge.Fallback, ""},
			{"zzzz qqqq", knowledge.Fallback, ""},
			{"", knowledge.Fallback, ""},
			{" \n\t", knowledge.Fallback, ""},
			{"?!…", knowledge.Fallback, ""},
			{"\xff\xfe\xfd", knowledge.Fallback, ""},
			{"\x00\x00", knowledge.Fallback, ""},
		} {
			t.Run(size+": "+c.utterance, func(t *testing.T) {
				t.Parallel()
				d := ask(t, m, said(c.utterance))
				if d.Kind != c.kind || c.best != "" && bestOf(d) != c.best {
					t.Errorf("decided %s %q (%.2f), want %s %q", d.Kind, bestOf(d), d.Confidence, c.kind, c.best)
				}
				if d.Utterance != c.utterance {
					t.Errorf("the utterance became %q", d.Utterance)
				}
			})
		}
	}
}

// TestMatcher_ServedTo asks for an entry word for word that this customer is not served.
func TestMatcher_ServedTo(t *testing.T) {
	t.Parallel()
	restricted := func(change func(*faq.Entry)) []faq.Entry {
		e := entry("secret", "What is the staff discount?", "Ten per cent.", "discount for staff")
		change(&e)
		return append(shop(), e)
	}
	for _, c := range []struct {
		what   string
		entry  func(*faq.Entry)
		asked  knowledge.Question
		served bool
	}{
		{"for everyone", func(*faq.Entry) {}, knowledge.Question{Channel: "telegram", Language: "de", Today: "2026-01-01"}, true},
		{"for staff", func(e *faq.Entry) { e.Audience.Staff = true }, knowledge.Question{}, false},
		{"for another channel", func(e *faq.Entry) { e.Audience.Channels = []string{"discord"} }, knowledge.Question{Channel: "telegram"}, false},
		{"for this channel", func(e *faq.Entry) { e.Audience.Channels = []string{"telegram"} }, knowledge.Question{Channel: "telegram"}, true},
		{"for speakers of another language", func(e *faq.Entry) { e.Audience.Languages = []faq.Language{"de"} }, knowledge.Question{Language: "en"}, false},
		{"for speakers of a variant", func(e *faq.Entry) { e.Audience.Languages = []faq.Language{"en"} }, knowledge.Question{Language: "en-GB"}, true},
		{"not valid yet", func(e *faq.Entry) { e.Validity.From = "2026-02-01" }, knowledge.Question{Today: "2026-01-31"}, false},
		{"valid from today", func(e *faq.Entry) { e.Validity.From = "2026-02-01" }, knowledge.Question{Today: "2026-02-01"}, true},
		{"valid until today", func(e *faq.Entry) { e.Validity.Until = "2026-02-01" }, knowledge.Question{Today: "2026-02-01"}, true},
		{"not valid any more", func(e *faq.Entry) { e.Validity.Until = "2026-02-01" }, knowledge.Question{Today: "2026-02-02"}, false},
		{"refused before", func(*faq.Entry) {}, knowledge.Question{Without: []faq.EntryID{"pay", "secret"}}, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			for size, m := range sizes(t, knowledge.Options{}, restricted(c.entry)...) {
				for _, utterance := range []string{"What is the staff discount?", "discount for staff", "staff discount please"} {
					q := c.asked
					q.Utterance = utterance
					shown(t, size, m, q, c.served)
				}
			}
		})
	}
}

func shown(t *testing.T, size string, m *knowledge.Matcher, q knowledge.Question, want bool) {
	t.Helper()
	is := func(e *faq.Entry) bool { return e.ID == "secret" }
	d := ask(t, m, q)
	candidate := slices.ContainsFunc(d.Candidates, func(c knowledge.Candidate) bool { return is(c.Entry) })
	if candidate != want || want && (bestOf(d) != "secret" || d.Kind != knowledge.Answer) {
		t.Errorf("%s: %q is decided %s %q (%.2f); a candidate: %v, want %v", size, q.Utterance, d.Kind, bestOf(d), d.Confidence, candidate, want)
	}
	suggested, err := m.Suggest(t.Context(), q, 8)
	if err != nil || slices.ContainsFunc(suggested, is) != want {
		t.Errorf("%s: suggested for %q: %v (%v), want it among them: %v", size, q.Utterance, ids(suggested), err, want)
	}
}

func ids(entries []*faq.Entry) []faq.EntryID {
	out := []faq.EntryID{}
	for _, e := range entries {
		out = append(out, e.ID)
	}
	return out
}

// TestMatcher_PublishedTwice asks what two entries are published for: only the customer knows which is meant, whatever the bands.
func TestMatcher_PublishedTwice(t *testing.T) {
	t.Parallel()
	twins := append(shop(), entry("twin1", "Where is the shop?", "In Lisbon."), entry("twin2", "WHERE is the shop", "In Porto."))
	for _, bands := range []knowledge.Bands{{}, {Answer: 0.3, Clarify: 0.1}, {Answer: 0.95, Clarify: 0.7}} {
		for size, m := range sizes(t, knowledge.Options{Bands: bands}, twins...) {
			d := ask(t, m, said("where is the shop?"))
			if d.Kind != knowledge.Clarify || d.Offers < 2 {
				t.Fatalf("%s, %v: decided %s with %d offers", size, bands, d.Kind, d.Offers)
			}
			offered := []faq.EntryID{d.Candidates[0].Entry.ID, d.Candidates[1].Entry.ID}
			slices.Sort(offered)
			if diff := cmp.Diff([]faq.EntryID{"twin1", "twin2"}, offered); diff != "" {
				t.Errorf("%s: offered (-want +got)\n%s", size, diff)
			}
			if d = ask(t, m, knowledge.Question{Utterance: "where is the shop?", Without: []faq.EntryID{"twin1"}}); d.Kind != knowledge.Answer || bestOf(d) != "twin2" {
				t.Errorf("%s: without the first: %s %q", size, d.Kind, bestOf(d))
			}
		}
	}
}

// TestMatcher_StolenQuestion asks an entry's question that another entry has among its phrasings.
func TestMatcher_StolenQuestion(t *testing.T) {
	t.Parallel()
	thief := entry("thief", "What is your address?", "Rua Augusta 1.", "When are you open?", "opening hours", "opening times today")
	for size, m := range sizes(t, knowledge.Options{}, append(shop(), thief)...) {
		d := ask(t, m, said("When are you open?"))
		if d.Kind == knowledge.Answer && bestOf(d) != "hours" {
			t.Errorf("%s: a phrasing of another entry took the question: %q (%.2f)", size, bestOf(d), d.Confidence)
		}
		if !slices.ContainsFunc(d.Candidates[:max(1, d.Offers)], func(c knowledge.Candidate) bool { return c.Entry.ID == "hours" }) {
			t.Errorf("%s: decided %s %q; the entry whose question it is is not offered", size, d.Kind, bestOf(d))
		}
	}
}

func TestMatcher_SeveralQuestions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		utterance string
		want      []faq.EntryID
	}{
		{"How long does delivery take? And how can I pay?", []faq.EntryID{"delivery", "pay"}},
		{"how can I pay\nare you open on Sunday\nI forgot my password", []faq.EntryID{"pay", "hours", "password"}},
		{"When are you open? When are you open?", []faq.EntryID{"hours"}},
		{"Hello! When are you open?", []faq.EntryID{"hours"}},
		{"When are you open? Thank you very much indeed.", []faq.EntryID{"hours"}},
		{"when are you open, how can I pay", []faq.EntryID{"hours", "pay"}},
		{"opening hours + payment methods", []faq.EntryID{"hours", "pay"}},
		{"I ordered last week, and it has not come. When will my parcel arrive?", []faq.EntryID{"delivery"}},
	} {
		t.Run(c.utterance, func(t *testing.T) {
			t.Parallel()
			for size, m := range sizes(t, knowledge.Options{}, shop()...) {
				var got []faq.EntryID
				for _, d := range askAll(t, m, said(c.utterance)) {
					got = append(got, bestOf(d))
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", size, diff)
				}
			}
		})
	}
}

// TestMatcher_SmallFAQ asks a FAQ of three entries, as every owner begins with: that a question is put in the same words is no likeness.
func TestMatcher_SmallFAQ(t *testing.T) {
	t.Parallel()
	m := knowing(t, knowledge.Options{},
		entry("delivery", "How long does delivery take?", "2 days"), entry("returns", "Can I return something?", "30 days"),
		entry("hours", "What are your opening hours?", "9 to 5"))
	for utterance, want := range map[string]faq.EntryID{
		"when are you open": "hours", "opening hours": "hours", "delivery time": "delivery", "how do I return this": "returns", "how long is delivery": "delivery",
		"what are your prices": "", "what is your phone number": "", "how long is the nile": "", "can I pay with card": "", "how do I fix my bike": "",
		"can I get a loan": "", "how long does a year take": "", "what are you": "", "can you help me": "",
	} {
		d := ask1(t, m, utterance)
		got := faq.EntryID("")
		if d.Kind == knowledge.Answer {
			got = d.Best().ID
		}
		if got != want {
			t.Errorf("%q is answered with %q (%.2f), want %q", utterance, got, d.Confidence, want)
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		utterance string
		want      []string
	}{
		{"", nil},
		{" \n ", nil},
		{"When are you open?", []string{"When are you open?"}},
		{"When are you open? Where is the shop?", []string{"When are you open?", "Where is the shop?"}},
		{"Hi! When are you open?", []string{"Hi! When are you open?"}},
		{"When are you open? Thanks!", []string{"When are you open? Thanks!"}},
		{"I have 3.5 kg of soil. Can I send it back?", []string{"I have 3.5 kg of soil.", "Can I send it back?"}},
		{"see shop.example for more; can I pay there", []string{"see shop.example for more;", "can I pay there"}},
		{"متى تفتحون المحل اليوم؟ كيف أدفع ثمن الطلب؟", []string{"متى تفتحون المحل اليوم؟", "كيف أدفع ثمن الطلب؟"}},
		{"one two three\n\n\nfour five six", []string{"one two three", "four five six"}},
		{"??? !!!", []string{"??? !!!"}},
		{"我可以退货吗？你们接受哪些付款方式？", []string{"我可以退货吗？", "你们接受哪些付款方式？"}},
		{"你好！送料はいくらですか？", []string{"你好！送料はいくらですか？"}},
	} {
		t.Run(c.utterance, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, knowledge.Parts(c.utterance), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestMatcher_Continuation(t *testing.T) {
	t.Parallel()
	for size, m := range map[string]*knowledge.Matcher{"small": knowing(t, knowledge.Options{}, shop()...)} {
		for _, c := range []struct {
			what      string
			asked     knowledge.Question
			continued bool
			best      faq.EntryID
		}{
			{"a short question goes on", knowledge.Question{Utterance: "other place", Previous: "how long does delivery take", Last: "delivery"}, true, "abroad"},
			{"nothing was asked before", knowledge.Question{Utterance: "other place"}, false, ""},
			{"what it says is nowhere", knowledge.Question{Utterance: "and the moon?", Previous: "how long does delivery take", Last: "delivery"}, false, ""},
			{"sure by itself", knowledge.Question{Utterance: "payment methods", Previous: "how long does delivery take", Last: "delivery"}, false, "pay"},
		} {
			t.Run(size+": "+c.what, func(t *testing.T) {
				t.Parallel()
				d := ask(t, m, c.asked)
				if d.Continued != c.continued || c.best != "" && bestOf(d) != c.best {
					t.Errorf("decided %s %q (%.2f), continued %v", d.Kind, bestOf(d), d.Confidence, d.Continued)
				}
				if d.Utterance != c.asked.Utterance {
					t.Errorf("the utterance became %q", d.Utterance)
				}
			})
		}
	}
}

func TestMatcher_Suggest(t *testing.T) {
	t.Parallel()
	german := entry("lang", "Which languages do you speak?", "English and German.")
	german.Answers = append(german.Answers, faq.Answer{Language: "de", Question: "Welche Sprachen sprecht ihr?", Text: "Englisch und Deutsch."})
	for size, m := range sizes(t, knowledge.Options{}, append(shop(), german)...) {
		for _, c := range []struct {
			asked knowledge.Question
			limit int
			first []faq.EntryID
		}{
			{said("how l"), 8, []faq.EntryID{"returns", "delivery"}},
			{said("HOW L"), 1, []faq.EntryID{"returns"}},
			{said("voucher"), 8, []faq.EntryID{"gift"}},
			{said("how"), 0, []faq.EntryID{}},
			{knowledge.Question{Utterance: "welche sp", Language: "de"}, 8, []faq.EntryID{"lang"}},
		} {
			t.Run(size+": "+c.asked.Utterance, func(t *testing.T) {
				t.Parallel()
				entries, err := m.Suggest(t.Context(), c.asked, c.limit)
				if err != nil {
					t.Fatal(err)
				}
				if len(entries) > c.limit {
					t.Errorf("%d suggestions, asked for %d", len(entries), c.limit)
				}
				got := ids(entries)
				slices.SortFunc(got[:min(2, len(got))], func(a, b faq.EntryID) int { return strings.Compare(string(b), string(a)) })
				if len(got) < len(c.first) || !slices.Equal(got[:len(c.first)], c.first) {
					t.Errorf("suggested %v, want %v first", got, c.first)
				}
				slices.Sort(got)
				if len(slices.Compact(got)) != len(entries) {
					t.Errorf("an entry is suggested twice: %v", ids(entries))
				}
			})
		}
		if all, err := m.Suggest(t.Context(), said(""), 5); err != nil || len(all) != 5 {
			t.Errorf("%s: with nothing typed: %v, %v", size, ids(all), err)
		}
	}
}

// TestMatcher_Edits changes a published FAQ and asks at once.
func TestMatcher_Edits(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 320} {
		s := &served{}
		s.publish(append(padding(n), shop()...)...)
		m := knowingFrom(t, knowledge.Options{}, s)
		s.publish(entry("pay", "Which cards do you take?", "All of them.", "amex"))
		s.withdraw("gift")
		s.publish(entry("yak", "Is there a yak?", "No."))
		synced(t, m, s)
		for utterance, want := range map[string]faq.EntryID{"which cards do you take": "pay", "amex": "pay", "is there a yak": "yak"} {
			d := ask(t, m, said(utterance))
			if bestOf(d) != want || d.Kind != knowledge.Answer {
				t.Errorf("%q is decided %s %q (%.2f), want %s", utterance, d.Kind, bestOf(d), d.Confidence, want)
			}
			if e, ok := m.Entry(want); !ok || e != d.Best() {
				t.Errorf("%q is answered with an entry that is not the one served", utterance)
			}
		}
		for _, utterance := range []string{"Do you sell gift vouchers?", "How can I pay?"} {
			if d := ask(t, m, said(utterance)); d.Kind == knowledge.Answer && d.Confidence >= 0.99 {
				t.Errorf("%q, which was withdrawn, is decided %s %q (%.2f)", utterance, d.Kind, bestOf(d), d.Confidence)
			}
		}
		if _, ok := m.Entry("gift"); ok {
			t.Error("a withdrawn entry is still served")
		}
	}
}

// TestMatcher_SameAfterRebuild builds the same FAQ in several orders, and by way of entries that came and went.
func TestMatcher_SameAfterRebuild(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 320} {
		t.Run(fmt.Sprintf("beside %d others", n), func(t *testing.T) {
			t.Parallel()
			entries := append(padding(n), shop()...)
			for _, s := range languages {
				entries = append(entries, s.entries()...)
			}
			first := knowing(t, knowledge.Options{}, entries...)
			again := rebuilt(t, entries)
			for i, utterance := range sampled(entries) {
				if i%(1+n/50) != 0 {
					continue
				}
				want := ask1(t, first, utterance)
				for how, m := range again {
					same(t, how, utterance, want, ask1(t, m, utterance))
				}
			}
		})
	}
}

func rebuilt(t *testing.T, entries []faq.Entry) map[string]*knowledge.Matcher {
	t.Helper()
	backwards := slices.Clone(entries)
	slices.Reverse(backwards)
	detour := &served{}
	detour.publish(entry("gone", "How can I open a return on Sunday?", "Never.", "voucher", "shipping time"), entry("pay", "Who pays?", "You."))
	detour.publish(shop()[2:]...)
	late := knowingFrom(t, knowledge.Options{}, detour)
	for half := range slices.Chunk(backwards, len(backwards)/3+1) {
		detour.publish(half...)
		synced(t, late, detour)
	}
	detour.withdraw("gone")
	synced(t, late, detour)
	return map[string]*knowledge.Matcher{
		"restarted": knowing(t, knowledge.Options{}, entries...), "backwards": knowing(t, knowledge.Options{}, backwards...), "by a detour": late,
	}
}

func ask1(t *testing.T, m *knowledge.Matcher, utterance string) knowledge.Decision {
	t.Helper()
	return askAll(t, m, said(utterance))[0]
}

// sampled are questions as customers might ask them: published ones shortened, mixed and misspelt.
func sampled(entries []faq.Entry) []string {
	var out []string
	for i, e := range entries {
		words := strings.Fields(e.Question)
		other := strings.Fields(entries[(i+7)%len(entries)].Question)
		out = append(out, e.Question, strings.Join(words[len(words)/2:], " "), strings.Join(words[:len(words)/2], " ")+" "+strings.Join(other[len(other)/2:], " "))
		if i%3 == 0 && len(words) > 2 {
			out = append(out, strings.Replace(e.Question, "r", "t", 1), words[len(words)-2]+" "+words[1])
		}
	}
	return out
}

func same(t *testing.T, where, utterance string, want, got knowledge.Decision) {
	t.Helper()
	close := cmp.Comparer(func(a, b knowledge.Confidence) bool { return math.Abs(float64(a-b)) <= 1e-9 })
	entries := cmp.Comparer(func(a, b *faq.Entry) bool { return a.ID == b.ID })
	if diff := cmp.Diff(want, got, close, entries); diff != "" {
		t.Errorf("%s: %q (-first +again)\n%s", where, utterance, diff)
	}
}

// TestMatcher_Explain checks that what is explained is what is decided.
func TestMatcher_Explain(t *testing.T) {
	t.Parallel()
	for size, m := range sizes(t, knowledge.Options{}, shop()...) {
		for _, utterance := range append(sampled(shop()), "", "zzz", "how long does delivery take to the moon", "\xff") {
			d, e := ask1(t, m, utterance), explained(t, m, utterance)
			if e.Decision != d.Kind || e.Confidence != d.Confidence || e.Utterance != utterance {
				t.Errorf("%s: %q is decided %s (%.4f) and explained as %s (%.4f)", size, utterance, d.Kind, d.Confidence, e.Decision, e.Confidence)
			}
			if len(e.Candidates) != min(5, len(d.Candidates)) {
				t.Errorf("%s: %q has %d candidates, %d are explained", size, utterance, len(d.Candidates), len(e.Candidates))
			}
			for i, c := range e.Candidates {
				if c.ID != d.Candidates[i].Entry.ID || c.Confidence != d.Candidates[i].Confidence {
					t.Errorf("%s: %q: candidate %d is %s (%.4f), explained as %s (%.4f)", size, utterance, i,
						d.Candidates[i].Entry.ID, d.Candidates[i].Confidence, c.ID, c.Confidence)
				}
				if n := len(c.For) + len(c.Kin) + len(c.InAnswer) + len(c.Missing); n != len(e.Words) {
					t.Errorf("%s: %q: %d words, %d of them explained", size, utterance, len(e.Words), n)
				}
			}
		}
	}
}

func explained(t *testing.T, m *knowledge.Matcher, utterance string) knowledge.Explanation {
	t.Helper()
	e, err := m.Explain(t.Context(), said(utterance))
	if err != nil {
		t.Fatalf("explain %q: %v", utterance, err)
	}
	return e
}

// TestMatcher_Hostile bounds what any message may cost.
func TestMatcher_Hostile(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	var distinct strings.Builder
	for i := 0; distinct.Len() < size; i++ {
		fmt.Fprintf(&distinct, "w%dx%d ", i, i*i)
	}
	matchers := sizes(t, knowledge.Options{}, append(shop(), languages[0].entries()...)...)
	for what, utterance := range map[string]string{
		"one word": fill("a"), "words": fill("word "), "distinct words": distinct.String(), "question marks": fill("?"), "short questions": fill("a? "),
		"questions": fill("when are you open? "), "lines": fill("\n"), "sentences": fill("I have one. "), "accents": fill("\u0301"), "an accented letter": "a" + fill("\u0301\u0327"),
		"ligatures that unfold": fill("ﷺ"), "Hangul": fill("각"), "characters": fill("漢"), "emoji": fill("😀"), "joiners": fill("\u200d"), "bytes that are no text": fill("\xff"),
		"zeros": fill("\x00"), "direction marks": fill("\u202e"), "digits": fill("7"), "Arabic": fill("كيف "), "blanks": fill(" "), "known words": fill("delivery return open pay "),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for size, m := range matchers {
				for how, do := range map[string]func(){
					"decide":   func() { askAll(t, m, said(utterance)) },
					"continue": func() { askAll(t, m, knowledge.Question{Utterance: "and abroad?", Previous: utterance}) },
					"explain":  func() { explained(t, m, utterance) },
					"suggest":  func() { _, _ = m.Suggest(t.Context(), said(utterance), 8) },
				} {
					began := time.Now()
					do()
					if took := time.Since(began); took > 3*time.Second {
						t.Errorf("%s, %s: took %v", size, how, took)
					}
				}
			}
		})
	}
}
