package knowledge

import "faqbot/faq"

// negations are the words that turn a question round, folded. Where one language's is another one's word for something else ("no"), it is only its
// own language's.
var negations = map[faq.Language]map[string]bool{
	"en": wordSet("not", "no", "never", "cannot", "without", "dont", "doesnt", "didnt", "wont", "cant", "couldnt", "isnt", "arent", "wasnt",
		"werent", "havent", "hasnt", "hadnt", "shouldnt", "wouldnt", "aint", "nothing", "none", "neither", "unable", "stop", "stopped"),
	"es": wordSet("no", "nunca", "jamas", "sin", "tampoco", "nada", "ningun", "ninguna", "ninguno"),
	"de": wordSet("nicht", "nie", "niemals", "kein", "keine", "keinen", "keinem", "keiner", "keines", "ohne", "nichts"),
	"fr": wordSet("pas", "jamais", "aucun", "aucune", "sans", "rien", "plus"),
	"pt": wordSet("nao", "nunca", "jamais", "sem", "nada", "nenhum", "nenhuma"),
	"it": wordSet("non", "mai", "senza", "niente", "nessun", "nessuno", "nessuna"),
	"nl": wordSet("niet", "nooit", "geen", "zonder", "niets"),
	"ru": wordSet("не", "нет", "нельзя", "никогда", "без", "ничего"),
	"ar": wordSet("لا", "لم", "لن", "ليس", "ليست", "بدون", "غير"),
	"hi": wordSet("नही", "नहि", "न", "मत", "बिना", "nahi", "nahin", "mat", "bina"),
}

func wordSet(words ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words {
		out[faq.Fold(w)] = true
	}
	return out
}

// negates reports whether a text says that something is not, or shall not be.
func negates(ts []token, language faq.Language) bool {
	words := negations[language.Base()]
	for _, t := range ts {
		if words[t.word] {
			return true
		}
	}
	return false
}
