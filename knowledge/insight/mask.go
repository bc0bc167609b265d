package insight

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	mailPattern = regexp.MustCompile(`(?i)[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)
	ibanPattern = regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}\b`)
	// digitRun is seven digits or more with the separators people put between them: phone numbers, cards, accounts.
	digitRun  = regexp.MustCompile(`\+?[\p{Nd}(][\p{Nd} ()./–-]{5,}\p{Nd}`)
	userinfo  = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@]+@`)
	longToken = regexp.MustCompile(`\b[A-Za-z0-9_-]{24,}\b`)
)

// minDigits is how many digits make a run personal: local phone numbers have seven or more; years, prices and dates have fewer
// or, like 2026-11-21, exactly eight in the form of a date, which is kept.
const minDigits = 7

var isoDate = regexp.MustCompile(`^\d{4}[-./]\d{1,2}[-./]\d{1,2}$|^\d{1,2}[-./]\d{1,2}[-./]\d{4}$`)

// Mask replaces personal data in a text by what it was: e-mail addresses, IBANs, phone, card and account numbers, passwords in
// addresses, long tokens. It errs on the side of masking.
func Mask(s string) string {
	s = userinfo.ReplaceAllString(s, "${1}[login]@")
	s = mailPattern.ReplaceAllString(s, "[e-mail]")
	s = ibanPattern.ReplaceAllStringFunc(s, func(m string) string {
		if countDigits(m) < minDigits {
			return m
		}
		return "[account]"
	})
	s = digitRun.ReplaceAllStringFunc(s, func(m string) string {
		if countDigits(m) < minDigits || isoDate.MatchString(strings.TrimSpace(m)) {
			return m
		}
		return "[number]"
	})
	return longToken.ReplaceAllStringFunc(s, func(m string) string {
		if countDigits(m) == 0 {
			return m
		}
		return "[token]"
	})
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
