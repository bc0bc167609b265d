package handoff

import (
	"strings"
	"unicode"

	"faqbot/bot/channel"
)

// joiner is invisible and keeps what it stands in from being one word to a network: a name after it is no mention, a command no command.
const joiner = "\u2060"

// defused is a text of strangers as staff may be shown it: nobody is called by an @name in it, and nothing in it can be tapped as a command. Addresses
// of mail stay as they are, to be copied.
func defused(text string) string {
	if !strings.ContainsAny(text, "@/＠") {
		return text
	}
	var b strings.Builder
	before, runes := ' ', []rune(text)
	for i, r := range runes {
		b.WriteRune(r)
		if i+1 < len(runes) && inWord(runes[i+1]) && begins(r, before) {
			b.WriteString(joiner)
		}
		before = r
	}
	return b.String()
}

// begins says whether a mention or a command may begin here. No network takes what follows another slash for a command, so addresses stay whole.
func begins(r, before rune) bool {
	switch r {
	case '@', '＠':
		return !inWord(before)
	case '/':
		return !inWord(before) && !strings.ContainsRune("/<>", before)
	}
	return false
}

// inWord says whether a network may take a letter for part of a name.
func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// Strangers is a text of strangers as staff may be shown it anywhere at a desk: nothing in it calls anybody or can be tapped.
func Strangers(text string) channel.Document { return strangers(text) }

// Defused is the same of a part of a line.
func Defused(text string) string { return defused(text) }

// strangers is a text of strangers as paragraphs.
func strangers(text string) channel.Document { return channel.PlainDocument(defused(text)) }
