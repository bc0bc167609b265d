package transfer

import (
	"slices"

	"faqbot/faq"
)

// encode is the reverse of decode: the readable form, and beside it what that form alone would not give back. Order is
// that of the translations where the format has one of its own, as a table has; nil is the entry's.
func encode(item Item, order []faq.Language) node {
	n := readable(item, order, false)
	back := reread(n)
	if !slices.Equal(back.Phrasings, item.Entry.Phrasings) {
		n = readable(item, order, true)
	}
	if actual := answerOrder(item.Entry); !slices.Equal(actual, answerOrder(back)) {
		setList(&n, orderColumn, actual)
	}
	return n
}

func reread(n node) faq.Entry {
	b := newBuilder("", YAML, Options{})
	d := &decoder{builder: b, item: Item{lines: map[string]int{}}}
	d.entry(n)
	return d.item.Entry
}

func answerOrder(e faq.Entry) []faq.Language {
	var order []faq.Language
	for _, a := range e.Answers {
		order = append(order, a.Language)
	}
	return order
}

// readable writes phrasings under their languages, or, inline, each with its own.
func readable(item Item, order []faq.Language, inline bool) node {
	var n node
	e := item.Entry
	n.setText("id", string(e.ID))
	n.setText("language", string(e.Language))
	n.setText("question", e.Question)
	n.setPhrasings(e.Phrasings, "", inline)
	if i := slices.IndexFunc(e.Answers, func(a faq.Answer) bool { return a.Language == e.Language && a.Question == "" }); i >= 0 {
		n.setText("answer", e.Answers[i].Text)
		n.setButtons(e.Answers[i].Buttons)
	}
	if t := translations(e, order, inline); t.kind == table {
		n.set("translations", t)
	}
	setList(&n, "follow_ups", e.FollowUps)
	setList(&n, "tags", e.Tags)
	n.setText("area", e.Area)
	if a := audience(e.Audience); a.kind == table {
		n.set("audience", a)
	}
	n.setText("valid_from", string(e.Validity.From))
	n.setText("valid_until", string(e.Validity.Until))
	n.setText("owner", e.Care.Owner)
	n.setText("checked_on", string(e.Care.CheckedOn))
	n.setText("review_on", string(e.Care.ReviewOn))
	n.setText("answer_at", faq.ShareText(e.AnswerAt))
	n.setText("status", string(item.Status))
	return n
}

func audience(a faq.Audience) node {
	var n node
	setList(&n, "channels", a.Channels)
	setList(&n, "languages", a.Languages)
	if a.Staff {
		n.set("staff", node{kind: scalar, text: "true", bare: true})
	}
	return n
}

func translations(e faq.Entry, order []faq.Language, inline bool) node {
	var out node
	languages := translated(e, inline)
	slices.SortStableFunc(languages, func(a, b faq.Language) int { return slices.Index(order, a) - slices.Index(order, b) })
	for _, l := range languages {
		var n node
		i := slices.IndexFunc(e.Answers, func(a faq.Answer) bool {
			return a.Language == l && (l != e.Language || a.Question != "") // else the top level has it
		})
		if i >= 0 {
			n.setText("question", e.Answers[i].Question)
		}
		if !inline {
			n.setPhrasings(e.Phrasings, l, false)
		}
		if i >= 0 {
			n.setText("answer", e.Answers[i].Text)
			n.setButtons(e.Answers[i].Buttons)
		}
		if n.kind == table {
			out.set(string(l), n)
		}
	}
	return out
}

// translated are the languages that have a table of their own. The entry's own language has one where its answer holds a
// question, which the top level has no key for.
func translated(e faq.Entry, inline bool) []faq.Language {
	var out []faq.Language
	for _, a := range e.Answers {
		if a.Language != e.Language || a.Question != "" {
			out = append(out, a.Language)
		}
	}
	for _, p := range e.Phrasings {
		if !inline && p.Language != "" && !slices.Contains(out, p.Language) {
			out = append(out, p.Language)
		}
	}
	return out
}

// setPhrasings adds those in a language, or all of them inline.
func (n *node) setPhrasings(phrasings []faq.Phrasing, l faq.Language, inline bool) {
	out := node{kind: list}
	for _, p := range phrasings {
		switch {
		case inline && p.Language != "":
			var item node
			item.setText("text", p.Text)
			item.setText("language", string(p.Language))
			out.items = append(out.items, item)
		case inline || p.Language == l:
			out.items = append(out.items, text(p.Text))
		}
	}
	if len(out.items) > 0 {
		n.set("phrasings", out)
	}
}

func (n *node) setButtons(buttons []faq.Link) {
	if len(buttons) == 0 {
		return
	}
	out := node{kind: list}
	for _, b := range buttons {
		var item node
		item.set("label", text(b.Label))
		item.set("url", text(b.URL))
		out.items = append(out.items, item)
	}
	n.set("buttons", out)
}
