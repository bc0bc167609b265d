package faq

import (
	"strings"

	"golang.org/x/text/language"
)

// Language is a BCP 47 tag in canonical form, such as "en" or "pt-BR"; "" is unknown.
type Language string

// ParseLanguage reads a tag as people and platforms write it ("EN", "pt_BR", "zh-Hans-CN").
func ParseLanguage(s string) (Language, error) {
	tag, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	if err != nil || tag == language.Und {
		return "", &FieldError{Field: "language", Problem: "“" + s + "” is not a language tag such as en or pt-BR"}
	}
	return Language(tag.String()), nil
}

// Base is the language without region and script: "pt" for "pt-BR".
func (l Language) Base() Language {
	base, _, _ := strings.Cut(string(l), "-")
	return Language(base)
}
