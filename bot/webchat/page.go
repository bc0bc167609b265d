package webchat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"faqbot/faq/fault"

	"golang.org/x/text/language"
)

//go:embed assets texts
var files embed.FS

// languages are those that the page itself speaks; the first is the default.
var languages = []string{"en", "es", "de", "fr", "pt", "ru", "ar", "hi"}

// pages are the files that a browser gets.
type pages struct {
	assets   []*asset
	page     *template.Template
	texts    map[string]map[string]string
	matcher  language.Matcher
	order    []string // as the matcher counts
	business string
	version  string
	policy   string
}

func newPages(settings Settings, o *origins) (*pages, error) {
	p := &pages{business: settings.BusinessName, policy: o.pagePolicy(), texts: map[string]map[string]string{}}
	for _, l := range languages {
		texts := map[string]string{}
		data, err := files.ReadFile("texts/" + l + ".json")
		if err == nil {
			err = json.Unmarshal(data, &texts)
		}
		if err != nil {
			return nil, fmt.Errorf("texts of the page in %s: %w", l, err)
		}
		p.texts[l] = texts
	}
	if err := p.rank(settings.Language); err != nil {
		return nil, err
	}
	var err error
	if p.page, err = template.ParseFS(files, "assets/page.html"); err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	return p, p.bundle()
}

// rank puts the owner's language first, where the page speaks it: a matcher falls back to its first.
func (p *pages) rank(preferred string) error {
	p.order = languages
	if preferred != "" {
		tag, err := language.Parse(preferred)
		if err != nil {
			return fault.New(fault.Invalid, "language “%s” is not a tag such as en or pt-BR", preferred)
		}
		base, _ := tag.Base()
		if p.texts[base.String()] != nil {
			p.order = append([]string{base.String()}, languages...)
		}
	}
	tags := make([]language.Tag, len(p.order))
	for i, l := range p.order {
		tags[i] = language.MustParse(l)
	}
	p.matcher = language.NewMatcher(tags)
	return nil
}

// bundle joins the scripts, each in one function of its own, so that nothing of theirs meets the names of another site's page.
func (p *pages) bundle() error {
	texts, err := json.Marshal(p.texts) // with < > & escaped
	if err != nil {
		return fmt.Errorf("encode texts: %w", err)
	}
	style, err := files.ReadFile("assets/chat.css")
	if err != nil {
		return fmt.Errorf("read style: %w", err)
	}
	styleText, err := json.Marshal(string(style))
	if err != nil {
		return fmt.Errorf("encode style: %w", err)
	}
	script := func(consts string, names ...string) ([]byte, error) {
		b := bytes.NewBufferString("(() => {\n'use strict';\n" + consts)
		for _, name := range names {
			data, err := fs.ReadFile(files, "assets/"+name)
			if err != nil {
				return nil, fmt.Errorf("read script: %w", err)
			}
			b.Write(data)
		}
		b.WriteString("})();\n")
		return b.Bytes(), nil
	}
	page, err := script("const TEXTS = "+string(texts)+";\n", "client.js", "outbox.js", "view.js", "chat.js", "page.js")
	if err != nil {
		return err
	}
	widget, err := script("const TEXTS = "+string(texts)+";\nconst STYLE = "+string(styleText)+";\n",
		"client.js", "outbox.js", "view.js", "chat.js", "widget.js")
	if err != nil {
		return err
	}
	icon, err := files.ReadFile("assets/icon.svg")
	if err != nil {
		return fmt.Errorf("read icon: %w", err)
	}
	const javaScript = "text/javascript; charset=utf-8"
	p.assets = []*asset{
		newAsset("/chat/page.js", javaScript, page), newAsset("/chat/style.css", "text/css; charset=utf-8", style),
		newAsset("/chat/icon.svg", "image/svg+xml", icon), newAsset("/widget.js", javaScript, widget),
	}
	p.assets[3].others = true
	sum := sha256.Sum256(append(page, style...))
	p.version = hex.EncodeToString(sum[:6])
	for _, a := range p.assets {
		a.version = p.version
	}
	return nil
}

// serve shows the page at "/" in the language that the browser asks for.
func (p *pages) serve(w http.ResponseWriter, r *http.Request) {
	accepted := r.Header.Get("Accept-Language")
	if asked := r.URL.Query().Get("lang"); asked != "" && len(asked) <= 35 {
		accepted = asked
	}
	if len(accepted) > 200 {
		accepted = ""
	}
	lang := p.pick(accepted)
	name := p.business
	if name == "" {
		name = p.texts[lang]["name"]
	}
	var b bytes.Buffer
	err := p.page.Execute(&b, map[string]any{
		"Lang": lang, "Dir": direction(lang), "Name": name, "Business": p.business, "Texts": p.texts[lang], "Version": p.version,
	})
	if err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	// The page's own requests tell their origin; other sites learn nothing.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language")
	if strings.Contains(p.policy, "frame-ancestors 'none'") {
		h.Set("X-Frame-Options", "DENY")
	}
	_, _ = w.Write(b.Bytes())
}

func (p *pages) pick(accepted string) string {
	tags, _, err := language.ParseAcceptLanguage(accepted)
	if err != nil {
		tags = nil
	}
	_, i, _ := p.matcher.Match(tags...)
	return p.order[i]
}

func direction(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// asset is a file that does not change while the process lives.
type asset struct {
	path, kind  string
	body, small []byte // as it is, and compressed
	etag        string
	version     string // an address that names it can be kept for ever
	others      bool   // other sites may load it
}

func newAsset(path, kind string, body []byte) *asset {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // fails for levels that do not exist
	_, _ = z.Write(body)                                  // a buffer takes everything
	_ = z.Close()
	sum := sha256.Sum256(body)
	return &asset{path: path, kind: kind, body: body, small: b.Bytes(), etag: hex.EncodeToString(sum[:8])}
}

// ServeHTTP implements [http.Handler].
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if a.others {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Cache-Control", "public, max-age=600")
	} else if r.URL.Query().Get("v") == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	body, etag := a.body, a.etag
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body, etag = a.small, a.etag+"z"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
