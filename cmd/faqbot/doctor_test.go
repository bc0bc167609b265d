package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faqbot/bot/telegram/telegramtest"
)

// doctored is what `doctor` found. Its exit code must be 1 where something is to be mended, and 0 else.
func doctored(t *testing.T, data string, flags ...string) []check {
	t.Helper()
	stdout, stderr, code := faqbot(t, data, "", append(flags, "doctor", "--json")...)
	var r report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v: %s%s", err, stdout, stderr)
	}
	ok := !slices.ContainsFunc(r.Checks, func(c check) bool { return !c.OK })
	if ok != (code == exitDone) || !ok && code != exitFailed {
		t.Errorf("exit code %d with all well: %v", code, ok)
	}
	return r.Checks
}

// wantCheck looks for a finding; what is bad must be said to be mendable.
func wantCheck(t *testing.T, found []check, topic string, ok bool, what string) {
	t.Helper()
	i := slices.IndexFunc(found, func(c check) bool { return c.Topic == topic && c.OK == ok && strings.Contains(c.What, what) })
	if i < 0 {
		t.Errorf("nothing says of %s “%s” (ok: %v): %+v", topic, what, ok, found)
	} else if !ok && found[i].Mend == "" {
		t.Errorf("how to mend “%s” is not said", what)
	}
}

func TestDoctor_Settings(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"--allowed-sites=https://shop.example/faq":       "allowed_sites: “https://shop.example/faq” is not an origin",
		"--allowed-sites=https://a.example,shop.example": "allowed_sites: “shop.example” is not an origin",
		"--allowed-sites=https://*.shop.example":         "allowed_sites: “https://*.shop.example” is not an origin",
		"--allowed-sites=https://shop.example?a=b":       "allowed_sites: “https://shop.example?a=b” is not an origin",
		"--allowed-sites=https://:443":                   "allowed_sites: “https://:443” is not an origin",
		"--allowed-sites=https://a:secret@shop.example":  "allowed_sites: “https://a:xxxxx@shop.example” is not an origin",
		"--public-url=faq.shop.example":                  "public_url: “faq.shop.example” is not",
		"--public-url=ftp://faq.shop.example":            "public_url: “ftp://faq.shop.example” is not",
		"--public-url=https://faq.shop.example/?from=ad": "public_url: “https://faq.shop.example/?from=ad” is not",
		"--answer-at=1.1":                                "answer_at: 1.1 is not between 0 and 1",
		"--answer-at=NaN":                                "answer_at: NaN is not between 0 and 1",
		"--clarify-at=-0.1":                              "clarify_at: -0.1 is not between 0 and 1",
		"--answer-at=0.4 --clarify-at=0.5":               "clarify_at: 0.5 is more than answer_at (0.4)",
		"--time-zone=Madrid":                             "time_zone: “Madrid” is not a time zone",
		"--default-language=?":                           "default_language: “?” is not a language tag",
		"--greeting=?=Hello":                             "greeting: “?” is not a language tag",
		"--retention-days=0":                             "retention_days: 0 is less than a day",
		"--burst=-1s":                                    "burst: -1s is less than no wait",
		"--http-addr=8080":                               "http_addr: “8080” is no address",
		"--mask=order=A-(":                               "mask: entry 1: “order”: missing closing ) at character 3 of “A-(”",
		"--mask=order=A --mask=B":                        "mask: entry 2: “B” has no name",
		"--mask=order=\\d*":                              "mask: entry 1: “order”: “\\d*” can match nothing at all",
		"--mask=order=[a-z]+":                            "mask: entry 1: “order”: “[a-z]+” takes most of what everybody writes, such as “where is my order”",
		"--http-addr=":                                   "http_addr: is empty",
		"--webhook-urls=https://tools.shop.example":      "webhook_urls: needs a webhook_secret",
		"--webhook-secret=short":                         "webhook_secret: has 5 characters, and needs 16 at least",
		"--webhook-urls=http://10.0.0.1/x --webhook-secret=0123456789abcdef": "webhook_urls: address 1 (http://10.0.0.1/…) begins with http",
	} {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			wantCheck(t, doctored(t, newData(t), strings.Fields(flags)...), "settings", false, want)
			// What `serve` builds on tells whoever did not ask first the same.
			var stderr bytes.Buffer
			a := &app{settings: parseSettings(t, append(strings.Fields(flags), "--data-dir", newData(t))...), std: streams{nil, io.Discard, &stderr}}
			s, err := a.build(t.Context())
			if err == nil {
				t.Fatal("serve starts", s.close())
			}
			if code := a.fail(err); code != exitUsage || !strings.Contains(stderr.String(), want) {
				t.Errorf("serve: exit %d, %s", code, stderr.String())
			}
		})
	}
}

func TestSettings_ThatAreRight(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{
		"", "--allowed-sites=https://shop.example,http://localhost:3000,https://shop.example/", "--public-url=https://shop.example/faq/",
		"--answer-at=0.5 --clarify-at=0.5", "--clarify-at=0.3", "--answer-at=0.1", "--http-addr=:0", "--http-addr=[::1]:80", "--burst=0s",
		"--greeting=default=Hello|es=Hola", `--mask=order=\bA-\d{6,8}\b --mask=order=\bB\d+ --mask=Номер=№\d+`,
		"--greeting=default=Hello|es=Hola", "--webhook-secret=0123456789abcdef --webhook-urls=https://10.0.0.1/x,http://127.0.0.1:9000,https://tools.shop.example",
	} {
		if _, wrong := parseSettings(t, strings.Fields(flags)...).problems(); wrong != nil {
			t.Errorf("%s: %v", flags, wrong)
		}
	}
}

func TestDoctor_Index(t *testing.T) {
	t.Parallel()
	data := newData(t)
	folder := filepath.Join(data, "index")
	look := func(ok bool, what string) {
		t.Helper()
		wantCheck(t, doctored(t, data), "index", ok, what)
	}
	serving := func(while func()) {
		t.Helper()
		a := &app{settings: parseSettings(t, "--data-dir", data), std: streams{strings.NewReader(""), discard{}, discard{}}}
		s, err := a.build(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		while()
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
	look(true, "is not there yet")
	serving(func() { look(true, "is in use") })
	look(true, "can be opened")
	look(true, "can be opened") // and was left as it was
	alter(t, folder)
	look(true, "builds it anew")
	serving(func() {})
	look(true, "can be opened")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	look(false, "cannot be written")
}

// alter adds a byte to a file of an index.
func alter(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "root.bolt" {
			return err
		}
		file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = file.WriteString("x")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDoctor_Webhook(t *testing.T) {
	t.Parallel()
	platform := telegramtest.New(t, telegramtest.Options{})
	const hook = "https://faq.shop.example/telegram"
	flags := []string{"--telegram-token", platform.Token(), "--telegram-api-url", platform.URL()}
	hooked := append(slices.Clone(flags), "--telegram-webhook-url", hook)
	wantCheck(t, doctored(t, newData(t), flags...), "telegram", true, "long polling")
	wantCheck(t, doctored(t, newData(t), hooked...), "telegram", false, "does not deliver to the webhook in the settings")
	wantCheck(t, doctored(t, newData(t), append(hooked, "--telegram-webhook-secret", "a b")...), "telegram", false, "needs a secret")

	response, err := http.PostForm(platform.URL()+"/bot"+platform.Token()+"/setWebhook", url.Values{"url": {hook}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	wantCheck(t, doctored(t, newData(t), hooked...), "telegram", true, "delivers to the webhook")
	wantCheck(t, doctored(t, newData(t), flags...), "telegram", false, "A webhook is set")
}
