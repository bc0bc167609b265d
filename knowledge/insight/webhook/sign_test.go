package webhook_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight/webhook"
)

const secret = "a secret of the shop"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestSign compares with what another program made of the same: printf '%s' '1772366400.{"id":"1"}' | openssl dgst -sha256 -hmac 'a secret of the shop'
func TestSign(t *testing.T) {
	t.Parallel()
	const want = "t=1772366400,v1=e327cace41a3ec7ab86cd38e97c00917693f34fdcf9f0c9978faba02f3cb6c41"
	if got := webhook.Sign(secret, noon, []byte(`{"id":"1"}`)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	body := `{"id":"1"}`
	good := webhook.Sign(secret, noon, []byte(body))
	_, signature, _ := strings.Cut(good, ",")
	later := webhook.Sign(secret, noon.Add(time.Second), []byte(body))
	for name, c := range map[string]struct {
		secret, header, body string
		at                   time.Time
		want                 fault.Kind
	}{
		"as it was signed":           {},
		"five minutes later":         {at: noon.Add(5 * time.Minute)},
		"by a clock that is behind":  {at: noon.Add(-5 * time.Minute)},
		"too late":                   {at: noon.Add(5*time.Minute + time.Second), want: fault.Forbidden},
		"from the future":            {at: noon.Add(-5*time.Minute - time.Second), want: fault.Forbidden},
		"another body":               {body: `{"id":"2"}`, want: fault.Forbidden},
		"another secret":             {secret: "a secret of somebody", want: fault.Forbidden},
		"the time altered":           {header: "t=1772366401," + signature, want: fault.Forbidden},
		"a digit altered":            {header: good[:len(good)-1] + flipped(good), want: fault.Forbidden},
		"a part of the signature":    {header: good[:len(good)-2], want: fault.Forbidden},
		"an empty signature":         {header: "t=1772366400,v1=", want: fault.Forbidden},
		"not hexadecimal":            {header: "t=1772366400,v1=zz", want: fault.Forbidden},
		"with an older secret too":   {header: "t=1772366400,v1=00," + signature},
		"with what is not known yet": {header: good + ",v2=abc"},
		"with spaces":                {header: strings.Replace(good, ",", ", ", 1)},
		"no header":                  {header: " ", want: fault.Invalid},
		"no time":                    {header: signature, want: fault.Invalid},
		"no signature":               {header: "t=1772366400", want: fault.Invalid},
		"two times":                  {header: later + ",t=1772366400", want: fault.Invalid},
		"a time that is no number":   {header: "t=noon," + signature, want: fault.Invalid},
		"a time beyond all numbers":  {header: "t=99999999999999999999," + signature, want: fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.at.IsZero() {
				c.at = noon
			}
			err := webhook.Verify(or(c.secret, secret), or(c.header, good), []byte(or(c.body, body)), c.at)
			if fault.KindOf(err) != c.want || (err == nil) != (c.want == fault.Internal) {
				t.Errorf("%v, want kind %q", err, c.want)
			}
		})
	}
}

// TestVerify_farYears signs at times whose distance does not fit a duration.
func TestVerify_farYears(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1, 1200, 9999, 200000} {
		header := webhook.Sign(secret, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), nil)
		if err := webhook.Verify(secret, header, nil, noon); !fault.Is(err, fault.Forbidden) {
			t.Errorf("year %d: %v", year, err)
		}
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// flipped is another last digit.
func flipped(text string) string {
	if strings.HasSuffix(text, "0") {
		return "1"
	}
	return "0"
}

func FuzzVerify(f *testing.F) {
	f.Add("t=1772366400,v1=00", "{}")
	f.Add(webhook.Sign("another secret of it", noon, []byte("{}")), "{}")
	f.Add("t=,v1=,t=", "")
	f.Fuzz(func(t *testing.T, header, body string) {
		if webhook.Verify(secret, header, []byte(body), noon) == nil {
			t.Errorf("%q passes for %q", header, body)
		}
	})
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://hooks.shop.example":                    "https://hooks.shop.example",
		"https://hooks.shop.example/in?key=hidden-text": "https://hooks.shop.example/…",
		"https://me:hidden-text@shop.example:8443/":     "https://shop.example:8443",
		"https://10.1.2.3/in/hidden-text":               "https://10.1.2.3/…",
		"http://localhost:9000/hook":                    "http://localhost:9000/…",
		"http://127.0.0.1:9000":                         "http://127.0.0.1:9000",
		"http://127.9.9.9":                              "http://127.9.9.9",
		"http://[::1]:9000":                             "http://[::1]:9000",
	} {
		target, err := webhook.ParseTarget(address)
		if err != nil || target.String() != want {
			t.Errorf("%s: %v, %v, want %s", address, target, err, want)
		}
		if again, _ := webhook.ParseTarget(address); again.ID != target.ID || target.ID == "" || strings.Contains(string(target.ID), "shop") {
			t.Errorf("%s is known as %q", address, target.ID)
		}
	}
	for _, address := range []string{
		"", "shop.example", "ftp://shop.example", "https://", "https:///hook", "http://shop.example", "http://10.0.0.1", "http://localhost.shop.example",
		"http://127.0.0.1.shop.example", "https://shop.example/#hidden-text", "https://shop.example:port", "://hidden-text",
	} {
		if target, err := webhook.ParseTarget(address); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "hidden-text") {
			t.Errorf("%s: %v, %v", address, target, err)
		}
	}
}

func TestCheckSecret(t *testing.T) {
	t.Parallel()
	for secret, fine := range map[string]bool{"": false, "fifteen letters": false, "sixteen letters!": true, "  sixteen letters  ": false, "шестнадцатьбуквх": true} {
		if err := webhook.CheckSecret(secret); (err == nil) != fine {
			t.Errorf("“%s”: %v", secret, err)
		}
	}
}
