package transfer

import (
	"slices"
	"strings"

	"faqbot/faq"
)

// merge is what becomes of an entry when an item updates it: what the item's document carries, and for the rest what is
// there. A CSV of questions and answers takes nobody's tags away.
func merge(now faq.Entry, item Item) faq.Entry {
	out := item.Entry.Clone()
	out.ID = now.ID
	if item.Carries == nil {
		return out
	}
	now = now.Clone()
	if !item.carries("language") && out.Language != now.Language {
		out = inLanguage(out, now.Language)
	}
	for _, field := range keptFields {
		if !item.carries(field.name) {
			field.keep(&out, &now)
		}
	}
	out.Phrasings = mergePhrasings(now, out, item)
	out.Answers = mergeAnswers(now, out, item)
	return out
}

// inLanguage takes an entry whose document does not say its language for one in another.
func inLanguage(e faq.Entry, l faq.Language) faq.Entry {
	taken := slices.ContainsFunc(e.Answers, func(a faq.Answer) bool { return a.Language == l })
	for i := range e.Answers {
		if e.Answers[i].Language == e.Language && !taken {
			e.Answers[i].Language = l
		}
	}
	e.Language = l
	return e
}

var keptFields = []struct {
	name string
	keep func(out, now *faq.Entry)
}{
	{"question", func(out, now *faq.Entry) { out.Question = now.Question }},
	{"follow_ups", func(out, now *faq.Entry) { out.FollowUps = now.FollowUps }},
	{"tags", func(out, now *faq.Entry) { out.Tags = now.Tags }},
	{"area", func(out, now *faq.Entry) { out.Area = now.Area }},
	{"answer_at", func(out, now *faq.Entry) { out.AnswerAt = now.AnswerAt }},
	{"audience.channels", func(out, now *faq.Entry) { out.Audience.Channels = now.Audience.Channels }},
	{"audience.languages", func(out, now *faq.Entry) { out.Audience.Languages = now.Audience.Languages }},
	{"audience.staff", func(out, now *faq.Entry) { out.Audience.Staff = now.Audience.Staff }},
	{"valid_from", func(out, now *faq.Entry) { out.Validity.From = now.Validity.From }},
	{"valid_until", func(out, now *faq.Entry) { out.Validity.Until = now.Validity.Until }},
	{"owner", func(out, now *faq.Entry) { out.Care.Owner = now.Care.Owner }},
	{"checked_on", func(out, now *faq.Entry) { out.Care.CheckedOn = now.Care.CheckedOn }},
	{"review_on", func(out, now *faq.Entry) { out.Care.ReviewOn = now.Care.ReviewOn }},
}

// mergePhrasings keeps those in languages of which the document says nothing, and the order where it is the same list.
func mergePhrasings(now, out faq.Entry, item Item) []faq.Phrasing {
	said := func(p faq.Phrasing) bool {
		named := slices.ContainsFunc(out.Phrasings, func(o faq.Phrasing) bool { return o.Language == p.Language })
		return named || p.Language == "" && item.carries("phrasings") || item.carries("phrasings["+string(p.Language)+"]")
	}
	merged := slices.Clone(out.Phrasings)
	for _, p := range now.Phrasings {
		if !said(p) {
			merged = append(merged, p)
		}
	}
	if slices.Equal(sortedPhrasings(merged), sortedPhrasings(now.Phrasings)) {
		return now.Phrasings
	}
	return merged
}

func sortedPhrasings(list []faq.Phrasing) []faq.Phrasing {
	return slices.SortedFunc(slices.Values(list), func(a, b faq.Phrasing) int {
		return strings.Compare(string(a.Language)+"\x00"+a.Text, string(b.Language)+"\x00"+b.Text)
	})
}

// mergeAnswers takes each part of each answer that the document carries.
func mergeAnswers(now, out faq.Entry, item Item) []faq.Answer {
	merged := now.Answers
	for _, a := range out.Answers {
		if !slices.ContainsFunc(merged, func(m faq.Answer) bool { return m.Language == a.Language }) {
			merged = append(merged, faq.Answer{Language: a.Language})
		}
	}
	if item.carries(orderColumn) {
		rank := func(a faq.Answer) int {
			i := slices.IndexFunc(out.Answers, func(o faq.Answer) bool { return o.Language == a.Language })
			if i < 0 {
				return len(out.Answers)
			}
			return i
		}
		slices.SortStableFunc(merged, func(a, b faq.Answer) int { return rank(a) - rank(b) })
	}
	for i := range merged {
		m := &merged[i]
		from := faq.Answer{}
		if j := slices.IndexFunc(out.Answers, func(a faq.Answer) bool { return a.Language == m.Language }); j >= 0 {
			from = out.Answers[j]
		}
		says := func(part string) bool {
			return item.carries(part+"["+string(m.Language)+"]") || m.Language == out.Language && part != "question" && item.carries(part)
		}
		if says("question") {
			m.Question = from.Question
		}
		if says("answer") {
			m.Text = from.Text
		}
		if says("buttons") {
			m.Buttons = from.Buttons
		}
	}
	return slices.DeleteFunc(merged, func(a faq.Answer) bool {
		said := slices.ContainsFunc(out.Answers, func(o faq.Answer) bool { return o.Language == a.Language })
		return a.Text == "" && a.Question == "" && len(a.Buttons) == 0 && !said
	})
}
