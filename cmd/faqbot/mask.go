package main

import "faqbot/knowledge/insight"

// checkMask reads the owner's patterns of what is personal.
func (s Settings) checkMask(wrong wrongFunc) insight.Masker {
	var patterns []insight.Pattern
	for i, text := range s.Mask {
		p, err := insight.ParsePattern(text)
		if err != nil {
			what, mend := toMend(err.Error())
			wrong("mask", mend, "entry %d: %s", i+1, what)
			continue
		}
		patterns = append(patterns, p)
	}
	return insight.NewMasker(patterns...)
}
