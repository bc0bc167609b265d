package insight

import (
	"regexp"
	"strings"
)

// maskPattern finds what stands for personal data, whoever's pattern found it.
var maskPattern = regexp.MustCompile(`\[[\p{L}\p{N} _-]{1,40}\]`)

const (
	// mostIntroducing is how many words somebody may say who they are in, and leastAsked how many must follow then for these to be what is asked.
	mostIntroducing, leastAsked = 6, 2
)

// gist is a text without what stands for personal data, and without the words that it was introduced with: "my name is [name], do you ship rabbits" is about
// rabbits. Who asks tells nothing of what is asked, and would put together all who say it.
func gist(text string) string {
	if !strings.Contains(text, "[") {
		return text
	}
	if at := strings.Index(text, nameMask); at >= 0 {
		before, after := text[:at], text[at+len(nameMask):]
		if len(strings.Fields(before)) <= mostIntroducing && !strings.ContainsAny(before, "?？؟") && len(strings.Fields(maskPattern.ReplaceAllString(after, " "))) >= leastAsked {
			text = after
		}
	}
	return maskPattern.ReplaceAllString(text, " ")
}
