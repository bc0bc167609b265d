package bot

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"faqbot/faq"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed texts/*.json texts/desk/*.json
var textFiles embed.FS

// Texts are the bot's own words in every supported language. Adding a language is adding a file.
type Texts struct {
	bundle    *i18n.Bundle
	languages []faq.Language
	fallback  faq.Language
	// labels are what buttons say, folded, in every language.
	labels map[string]ActionKind
}

// NewTexts reads the embedded message files; fallback is the language of the business.
func NewTexts(fallback faq.Language) (*Texts, error) {
	t := &Texts{bundle: i18n.NewBundle(language.English), fallback: fallback}
	t.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := fs.Glob(textFiles, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, file := range files {
		if _, err := t.bundle.LoadMessageFileFS(textFiles, file); err != nil {
			return nil, fmt.Errorf("read texts %s: %w", file, err)
		}
		t.languages = append(t.languages, faq.Language(strings.TrimSuffix(path.Base(file), ".json")))
	}
	staff, err := fs.Glob(textFiles, "texts/desk/*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, file := range staff { // what staff read may be in fewer languages than what customers do
		if _, err := t.bundle.LoadMessageFileFS(textFiles, file); err != nil {
			return nil, fmt.Errorf("read texts %s: %w", file, err)
		}
	}
	t.labels = map[string]ActionKind{}
	for key, kind := range map[string]ActionKind{
		"button_helped": ActHelped, "button_not_meant": ActNotMeant, "button_none": ActNone, "button_keep": ActKeep, "button_take_back": ActTakeBack,
		"button_forget": ActForget, "button_cancel": ActCancel,
	} {
		for _, l := range t.languages {
			t.labels[faq.Fold(t.In(l).Say(key))] = kind
		}
	}
	return t, nil
}

// Languages are those the bot speaks.
func (t *Texts) Languages() []faq.Language { return slices.Clone(t.languages) }

// In is the voice in a language, else in its base language, else in the business's, else in English.
func (t *Texts) In(l faq.Language) Voice {
	return Voice{localizer: i18n.NewLocalizer(t.bundle, string(l), string(l.Base()), string(t.fallback), "en")}
}

// Speaks finds the supported language that a tag stands for.
func (t *Texts) Speaks(l faq.Language) (faq.Language, bool) {
	if slices.Contains(t.languages, l) {
		return l, true
	}
	return l.Base(), slices.Contains(t.languages, l.Base())
}

// Voice says texts in one language.
type Voice struct{ localizer *i18n.Localizer }

// Args fill the placeholders of a text.
type Args = map[string]any

// Say is a text; a missing key is a bug that a test finds, and shows as the key itself.
func (v Voice) Say(key string, args ...Args) string {
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		config.TemplateData = args[0]
	}
	return v.localize(key, config)
}

// Count is a text with a plural form for n.
func (v Voice) Count(key string, n int) string {
	return v.localize(key, &i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: Args{"PluralCount": n}})
}

func (v Voice) localize(key string, config *i18n.LocalizeConfig) string {
	text, err := v.localizer.Localize(config)
	if err != nil && text == "" {
		return key
	}
	return text
}
