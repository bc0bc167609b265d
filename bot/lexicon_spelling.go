package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"faqbot/faq"
)

// marks are the emoji that say as much as words do, in every language; others only go with words.
var marks = map[string][]string{
	string(Greets): {"👋"}, string(Thanks): {"👍", "👌", "🙏", "❤", "🙌", "🤝"}, string(Rejects): {"👎", "❌", "🙅"},
	"upset": {"😡", "🤬", "😠", "🖕"},
}

// spelling puts right how the words of moves are typed in haste: "hellooo", "thnaks", "gracas".
type spelling struct {
	// known are all words of the lexicon: they are no slips of others. meant are those that moves are made of, and lacking these by what is left
	// of them when one letter but the last is lost.
	known, meant map[string]bool
	lacking      map[string]string
}

func newSpelling() spelling {
	return spelling{known: map[string]bool{}, meant: map[string]bool{}, lacking: map[string]string{}}
}

// learn adds the lists of a language.
func (s spelling) learn(lists map[string][]string) {
	moves := append([]Move{AsksWho, "upset", "urgent"}, listed...)
	for key, list := range lists {
		name, part, _ := strings.Cut(key, "_")
		move := slices.Contains(moves, Move(key)) || part != "stem" && slices.Contains(moves, Move(name))
		for _, text := range list {
			for word := range strings.FieldsSeq(faq.Fold(text)) {
				s.known[word] = true
				s.meant[word] = s.meant[word] || move
			}
		}
	}
}

const (
	// leastMended is the length of word from which a lost or wrong letter is told from another word.
	leastMended = 5
	// longestMended bounds the words that are put right: a stranger's word of a hundred thousand letters is none of ours.
	longestMended = 32
)

func (s spelling) index() {
	for word, meant := range s.meant {
		letters := []rune(word)
		if !meant || len(letters) < leastMended {
			continue
		}
		for i := range len(letters) - 1 {
			left := dropped(letters, i)
			if other := s.lacking[left]; other == "" || word < other { // whatever the order of the map
				s.lacking[left] = word
			}
		}
	}
}

// dropped is a word without one of its letters.
func dropped(letters []rune, i int) string {
	return string(letters[:i]) + string(letters[i+1:])
}

// mended is the words of a message as the lexicon knows them, without emoji that say nothing. Loosely puts right letters that are lost or wrong
// as well: right for what is nothing but a move, for in a question it may be another word.
func (s spelling) mended(words []string, loosely bool) []string {
	var out []string
	for _, word := range words {
		if s.known[word] || strings.ContainsFunc(word, isWordLetter) {
			out = append(out, s.word(word, loosely))
		}
	}
	return out
}

func isWordLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func (s spelling) word(word string, loosely bool) string {
	if s.known[word] || len(word) > longestMended*utf8.UTFMax {
		return word
	}
	letters := []rune(word)
	if short, ok := s.unstretched(letters); ok {
		return short
	}
	if len(letters) < leastSwap {
		return word
	}
	for i := range len(letters) - 1 {
		turned := slices.Clone(letters)
		turned[i], turned[i+1] = turned[i+1], turned[i]
		if s.meant[string(turned)] {
			return string(turned)
		}
	}
	if loosely {
		return s.lost(word, letters)
	}
	return word
}

// unstretched finds the word that was drawn out: letters three times and more anywhere, twice at the end.
func (s spelling) unstretched(letters []rune) (string, bool) {
	for _, most := range []int{2, 1} {
		short := squeezed(letters, most)
		for _, w := range [][]rune{short, squeezedEnd(short)} {
			if len(w) < len(letters) && s.known[string(w)] {
				return string(w), true
			}
		}
	}
	return "", false
}

// squeezed shortens letters that stand three times and more in a row.
func squeezed(letters []rune, most int) []rune {
	var out []rune
	for i := 0; i < len(letters); {
		end := i
		for end < len(letters) && letters[end] == letters[i] {
			end++
		}
		if n := end - i; n > 2 {
			out = append(out, letters[i:i+most]...)
		} else {
			out = append(out, letters[i:end]...)
		}
		i = end
	}
	return out
}

func squeezedEnd(letters []rune) []rune {
	n := len(letters)
	for n > 1 && letters[n-1] == letters[n-2] {
		n--
	}
	return letters[:n]
}

// lost finds the word that has one letter more, fewer or other, but for the last: there forms of a word differ.
func (s spelling) lost(word string, letters []rune) string {
	if meant, ok := s.lacking[word]; ok {
		return meant
	}
	for i := range len(letters) - 1 {
		left := dropped(letters, i)
		if len(letters) > leastMended && s.meant[left] {
			return left
		}
		if meant, ok := s.lacking[left]; ok && len([]rune(meant)) == len(letters) && dropped([]rune(meant), i) == left {
			return meant
		}
	}
	return word
}
