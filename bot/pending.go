package bot

import (
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// yes and no are the words that answer a question of the bot's own, in every language at once.
var yes, no = foldedWords("yes yep yeah yup sure ok okay please sí si claro vale ja jo gern gerne klar oui ouais ok sim claro да ага конечно نعم ايوه أجل اكيد हाँ हां जी haan han ji"),
	foldedWords("no nope nah nein nee non não nao нет لا كلا नहीं nahi")

func foldedWords(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[faq.Fold(w)] = true
	}
	return out
}

// replied acts on what answers the question that the bot asked last.
func (p *planner) replied() bool {
	pending := p.turn.Conversation.State.Pending
	p.turn.Conversation.State.Pending = ""
	if pending == "" || p.s.Event.Kind != channel.Text {
		return false
	}
	folded := faq.Fold(p.s.Event.Body)
	first, _, _ := strings.Cut(folded, " ")
	short := len(strings.Fields(folded)) <= shortReply
	label := p.texts.labels[folded]
	switch {
	case pending == WhatWorth && len(folded) == 1 && folded >= "1" && folded <= "5":
		p.rate(folded)
	case pending == WhyWorth && p.isWord():
		p.ratedWith(p.s.Event.Body)
	case pending == WhichLanguage:
		return p.namedLanguage(p.s.Event.Body)
	case pending == WhetherForget && (label == ActForget || short && yes[first]):
		p.forget()
	case pending == WhetherForget && (label == ActCancel || short && no[first]):
		p.say(p.voice.Say("forget_kept"))
	case pending == WhetherPerson && short && yes[first]:
		p.wantPerson(p.turn.Conversation.State.Asked)
	case pending == WhetherMore && short && no[first]:
		p.outcome(SmallTalk, "", 0)
		p.say(p.voice.Say("goodbye"))
	default:
		return false
	}
	return true
}

// shortReply is how many words a "yes, please" has.
const shortReply = 3

// namedLanguage takes a language by its own name or its tag.
func (p *planner) namedLanguage(wish string) bool {
	if l, err := faq.ParseLanguage(wish); err == nil {
		if spoken, ok := p.texts.Speaks(l); ok {
			p.setLanguage(spoken)
			return true
		}
	}
	for _, l := range p.texts.Languages() {
		if faq.Fold(wish) == faq.Fold(p.texts.In(l).Say("language_name")) {
			p.setLanguage(l)
			return true
		}
	}
	return false
}
