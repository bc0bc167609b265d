package webchat

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"faqbot/faq/fault"
)

// origins are the sites that may use the chat.
type origins struct {
	own     string // of the public URL; "" where that is not set
	allowed []string
}

func newOrigins(publicURL string, sites []string) (*origins, error) {
	o := &origins{}
	if publicURL != "" {
		u, err := url.Parse(publicURL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, fault.New(fault.Invalid, "public URL “%s” is not an address such as https://faq.example", publicURL)
		}
		o.own = originOf(u)
	}
	for _, site := range sites {
		u, err := url.Parse(strings.TrimSuffix(site, "/"))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
			u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(u.Host, "*;,' ") {
			return nil, fault.New(fault.Invalid, "allowed site “%s” is not an origin such as https://shop.example (no path, no *)", site)
		}
		o.allowed = append(o.allowed, originOf(u))
	}
	slices.Sort(o.allowed)
	o.allowed = slices.Compact(o.allowed)
	return o, nil
}

// originOf writes an origin as browsers do: lower case, without the scheme's own port.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}

// admit reports whether a request comes from our own page, from an allowed site, or from no browser; to an allowed site it adds the
// headers that let it read the answer. It is asked for reading too, which http.CrossOriginProtection lets through.
func (o *origins) admit(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	h.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" {
		// Browsers leave Origin out of same-origin reads alone. A cross-site request without it cannot read the answer.
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	if o.isOwn(origin, r.Host) {
		return true
	}
	if !slices.Contains(o.allowed, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	return true
}

func (o *origins) isOwn(origin, host string) bool {
	if o.own != "" && origin == o.own {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}

func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
	h.Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
}

// pagePolicy is the content security policy of the page. Answers may show pictures from any https address; nothing else comes from
// elsewhere, and there is no inline script or style.
func (o *origins) pagePolicy() string {
	ancestors := "'none'"
	if len(o.allowed) > 0 {
		ancestors = "'self' " + strings.Join(o.allowed, " ")
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https:; " +
		"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types faqbot; frame-ancestors " + ancestors
}
