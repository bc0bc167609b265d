package knowledge_test

import (
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
)

func TestMatcher_Topic(t *testing.T) {
	t.Parallel()
	m := knowledge.New(nil, knowledge.Options{})
	topic := func(l faq.Language, text string) knowledge.Topic {
		return m.Topic(text, l, func(word string) bool { return word == "days" })
	}
	for _, tt := range []struct {
		language    faq.Language
		text, other string
		some, whole bool // the other has something of the text, or all of it
		cases       bool
	}{
		{"en", "Can I return something?", "How long do I have to send an item back?", true, true, true},
		{"en", "How long does delivery take?", "When will my parcel arrive?", true, true, true},
		{"en", "How long does delivery abroad take?", "When will my parcel arrive?", true, false, false},
		{"en", "When does the pool open?", "When does the sauna open?", true, false, true},
		{"en", "What does breakfast cost?", "What does dinner cost?", false, false, true},
		{"en", "How big is the P15?", "How big is the P21?", true, true, false},
		{"en", "When will I be paid?", "The wage is paid.", true, true, true},
		{"en", "days", "days", false, false, true},
		{"de", "Was kostet der Versand?", "Wie hoch sind die Lieferkosten?", true, true, true},
		{"es", "¿Cuándo llega mi pedido?", "¿Cuánto tarda la entrega?", true, true, true},
		{"ru", "Как вернуть товар?", "Как вернуть посылку?", true, false, true},
	} {
		own, other := topic(tt.language, tt.text), topic(tt.language, tt.other)
		share, whole := own.In(other)
		if share > 0 != tt.some || whole != tt.whole || own.Cases(other) != tt.cases {
			t.Errorf("%q in %q: %.2f, whole %v, the same cases %v", tt.text, tt.other, share, whole, own.Cases(other))
		}
	}
}
