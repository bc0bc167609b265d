package transfer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

const ldPage = `<!doctype html><html lang="en-GB"><head>
<link rel="canonical" href="https://shop.example/help/faq">
<script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
  {"@type": ["WebPage", "FAQPage"], "mainEntity": [{"@id": "#q1"}, {
    "@type": "Question", "name": "Do you ship &amp; <b>pack</b>?",
    "acceptedAnswer": {"@type": "Answer", "text": "<p>Yes. See <a href=\"../ship?x=1\">shipping</a>.</p><script>alert(1)<\/script><ul><li>DHL</li><li>UPS</li></ul>"}}]},
  {"@id": "#q1", "@type": "http://schema.org/Question", "name": "How long?", "acceptedAnswer": [{"@type": "Answer", "text": "Two days.\n\nPlain * text."}]},
  {"@type": "Question", "name": "No answer?"}
]}
</script>
<script type="application/ld+json">{"@type": "Organization", "name": "x"}</script>
</head><body></body></html>`

func TestReadBytes_LinkedData(t *testing.T) {
	t.Parallel()
	doc := read(t, "faq.html", ldPage, transfer.Options{})
	ship := simple("do-you-ship-pack", "Do you ship & pack?", "Yes. See [shipping](https://shop.example/ship?x=1).\n\n- DHL\n- UPS")
	long := simple("how-long", "How long?", "Two days.\n\nPlain * text.")
	wantItems(t, doc.Items, published(ship, long))
	if line := doc.Items[1].Source.Line; line != 8 {
		t.Errorf("the second question is at line %d, want 8", line)
	}
	if len(doc.Skipped) != 1 || doc.Skipped[0].String() != "faq.html:9: Question 3: “No answer?” has no answer" {
		t.Errorf("skipped %v", doc.Skipped)
	}
	only := `{"@context": "https://schema.org", "@type": "FAQPage", "inLanguage": "es", "mainEntity": {"@type": "Question", "name": "¿Qué?", "acceptedAnswer": {"text": {"@value": "Así."}}}}`
	wantItems(t, read(t, "x.json", only, transfer.Options{}).Items, published(faq.Entry{
		ID: "que", Language: "es", Question: "¿Qué?", Answers: []faq.Answer{{Language: "es", Text: "Así."}},
	}))
}

func TestReadBytes_Microdata(t *testing.T) {
	t.Parallel()
	content := `<html lang=de><meta charset="windows-1252"><base href="https://a.example/x/"><body itemscope itemtype="https://schema.org/FAQPage">
<div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><h3 itemprop="name">Wo ist
  das B` + "\xfc" + `ro?</h3>
 <div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer"><div itemprop="text"><p>In <em>Wien</em>.</p><p>Oder <a href="y">hier</a>.</p></div></div></div>
<section itemscope itemtype="http://schema.org/Question"><meta itemprop="name" content="Wann?"><p itemprop="acceptedAnswer">Um 9.</p></section>
<section itemscope itemtype="http://schema.org/Question"><meta itemprop="name" content="wann"><p itemprop="acceptedAnswer">Um 10.</p></section>
<section itemscope itemtype="http://schema.org/QuestionAndMore"><meta itemprop="name" content="Nein"></section>
</body></html>`
	doc := read(t, "faq.htm", content, transfer.Options{})
	wantItems(t, doc.Items, published(
		faq.Entry{ID: "wo-ist-das-buro", Language: "de", Question: "Wo ist das Büro?", Answers: []faq.Answer{{Language: "de", Text: "In *Wien*.\n\nOder [hier](https://a.example/x/y)."}}},
		faq.Entry{ID: "wann", Language: "de", Question: "Wann?", Answers: []faq.Answer{{Language: "de", Text: "Um 9."}}},
	))
	if len(doc.Skipped) != 1 || !strings.Contains(doc.Skipped[0].Text, "asks the same as faq.htm: Question 2") {
		t.Errorf("skipped %v", doc.Skipped)
	}
}

func TestReadBytes_PageProblems(t *testing.T) {
	t.Parallel()
	script := func(s string) string { return "<html>\n<script type=application/ld+json>\n" + s + "</script>" }
	tests := []struct{ name, content, want string }{
		{"no markup", "<html><p>What?</p>", "f.html: holds no questions in FAQPage markup"},
		{"broken", script("{\"@type\":\n \"FAQPage\",}"), "f.html:4: is not JSON"},
		{"more", script("{} {}"), "f.html:3: goes on after its end"},
		{"deep", script(strings.Repeat("[", 1_000_000)), "f.html:3: is nested too deep"},
		{"deep elements", strings.Repeat("<div>", 100_000), "f.html: cannot be read as a page"},
		{"long answer", script(`{"@type":"FAQPage","mainEntity":{"@type":"Question","name":"a","acceptedAnswer":{"text":"` + strings.Repeat("x", 30_000) + `"}}}`), "f.html:3: Question 1.answers[0].text: has 30000 characters"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := transfer.ReadBytes("f.html", []byte(test.content), transfer.Options{})
			wantProblems(t, err, test.want)
		})
	}
}

func TestReadBytes_AnswerMarkup(t *testing.T) {
	t.Parallel()
	tests := []struct{ html, want string }{
		{"<p>One</p>\n<p>Two</p>", "One\n\nTwo"},
		{"One<br>two<br/>\n<br>three", "One  \ntwo  \nthree"},
		{"<div>One <div>two</div> three</div>", "One\n\ntwo\n\nthree"},
		{"a <b> bold </b>b<i>it</i> <strong><em>both</em></strong>", "a **bold** b*it* ***both***"},
		{"<b>a <b>b</b></b><b></b><b> </b>", "**a b**"},
		{"<ul><li>a</li><li><p>b</p><p>c</p></li><li>d<ul><li>e</li></ul></li></ul>", "- a\n- b\n\n  c\n- d\n  - e"},
		{"<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n   - c"},
		{`<a href="https://x.example/a(b)">l <b>b</b></a>, <a href="mailto:a@b.c">m</a> <a href="javascript:x()">j</a> <a>n</a> <a href="/rel">r</a>`,
			"[l **b**](https://x.example/a%28b%29), [m](mailto:a@b.c) j n r"},
		{`<img src="https://x.example/i.png" alt="a [b]"> <img src="data:x" alt="d"><img>`, `![a \[b\]](https://x.example/i.png) d`},
		{"<code>a*b</code> <code>a`b</code> <pre>x\n  y</pre>", "`a*b` `` a`b ``\n\n```\nx\n  y\n```"},
		{"5 * 3 _x_ [y] <z> \\ `q` &lt;b&gt; &amp;amp; a&b", "5 \\* 3 \\_x\\_ \\[y\\]  \\\\ \\`q\\` \\<b> \\&amp; a&b"},
		{"<p># a</p><p>- b</p><p>1. c</p><p>&gt; d</p><p>12 e</p><p>+1 f</p>", "\\# a\n\n\\- b\n\n1\\. c\n\n\\> d\n\n12 e\n\n+1 f"},
		{`<h2>See <b>the</b> <a href="https://x.example">page</a></h2>`, "**See the [page](https://x.example)**"},
		{"<h2>Head &amp; *s*</h2>text<hr><blockquote><p>q</p><p>r</p></blockquote>", "**Head & \\*s\\***\n\ntext\n\n> q\n>\n> r"},
		{"<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b  \n1 | 2"},
		{"<style>p{}</style>a<script>b</script><!-- c --><iframe>d</iframe><video>e</video>", "a"},
		{"<dl><dt>term</dt><dd>text</dd></dl>", "**term**\n\ntext"},
		{"<span>a</span><span> b</span>\n <span>c</span>", "a b c"},
		{"&nbsp;x&nbsp;", "x"},
	}
	for _, test := range tests {
		t.Run(test.html, func(t *testing.T) {
			t.Parallel()
			content := fmt.Sprintf(`<div itemscope itemtype="https://schema.org/Question"><meta itemprop=name content=q><div itemprop=acceptedAnswer>%s</div></div>`, test.html)
			doc := read(t, "f.html", content, transfer.Options{})
			want := strings.ReplaceAll(test.want, "\\]  \\\\", "\\] \\\\")
			if got := doc.Items[0].Entry.Answers[0].Text; got != want {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
		})
	}
}

// question is a page that asks one thing, with what its head holds.
func question(head, answer string) string {
	return "<html><head>" + head + "</head><body>\n" +
		`<div itemscope itemtype="https://schema.org/Question"><meta itemprop=name content=q><div itemprop=acceptedAnswer>` + answer + "</div></div></body></html>"
}

func TestReadBytes_PageLinks(t *testing.T) {
	t.Parallel()
	const relative = `See <a href="../ship">shipping</a>. <img src="i.png" alt="a box">`
	const kept = "See [shipping](https://shop.example/ship). ![a box](https://shop.example/help/i.png)"
	for head, want := range map[string]string{
		`<base href="https://shop.example/help/">`:                                     kept,
		`<link rel=canonical href="https://shop.example/help/faq">`:                    kept,
		`<base href="/help/"><link rel=canonical href="https://shop.example/faq">`:     kept,
		`<base href="https://shop.example/help/"><base href="https://other.example/">`: kept,
		`<base href="/help/">`: "See shipping. a box",
		`<link rel=canonical href="/help/faq"><link rel=canonical href="https://shop.example/help/">`: kept,
		"": "See shipping. a box",
	} {
		doc := read(t, "f.html", question(head, relative), transfer.Options{})
		if got := doc.Items[0].Entry.Answers[0].Text; got != want {
			t.Errorf("with %s the answer is %q, want %q", head, got, want)
		}
		if (len(doc.Notes) == 0) != (want == kept) {
			t.Errorf("with %s it notes %v", head, doc.Notes)
		}
	}
}

func TestReadBytes_PageLosses(t *testing.T) {
	t.Parallel()
	const unknown = "it is relative, and the address of the page is not known; import the page from its address, or write <base href> into it"
	for answer, want := range map[string]string{
		`<a href="/x">l</a> <a href="https://a.example">m</a>`: "the link “/x” is not kept: " + unknown,
		`<img src="i.png"> t`:                                                   "the picture “i.png” is not kept: " + unknown,
		`<img data-src="i.png" alt="d">`:                                        "the picture “i.png” is not kept: it is no address",
		`<a href="#top">l</a>`:                                                  "the link “#top” is not kept: " + unknown,
		`<a href="javascript:x()">l</a>`:                                        "the link “javascript:x()” is not kept: only addresses with http, https, mailto, tel are kept",
		`<a href="http://[">l</a>`:                                              "the link “http://[” is not kept: it is no address",
		`<h3>See <a href="/x">l</a></h3>`:                                       "the link “/x” is not kept: " + unknown,
		`<dt><p>See <a href="https://a.example">l</a></p></dt>`:                 "the link “https://a.example” is not kept: it stands where there can be text alone",
		`<pre>See <a href="https://a.example">l</a></pre>`:                      "the link “https://a.example” is not kept: it stands where there can be text alone",
		`t <iframe src="https://video.example/1"></iframe>`:                     "the embedded page “https://video.example/1” is not kept: answers hold text, links and pictures",
		`t <video><source src="https://video.example/1.mp4"></video>`:           "the video “https://video.example/1.mp4” is not kept: answers hold text, links and pictures",
		`<a name="top"></a><a>n</a> <a href="/x"> </a> <img><script>1</script>`: "",
	} {
		var got []string
		for _, n := range read(t, "f.html", question("", answer), transfer.Options{}).Notes {
			got = append(got, n.String())
		}
		if want != "" {
			want = "f.html: Question 1: " + want
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s notes %q, want %q", answer, got, want)
		}
	}
	const markup = `{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "a", "acceptedAnswer": {"text": "b"}},
{"@type": "Question", "name": "c", "acceptedAnswer": {"text": "<a href='/x'>d</a>"}}]}`
	notes := read(t, "f.json", markup, transfer.Options{}).Notes
	if len(notes) != 1 || notes[0].String() != "f.json:2: Question 2: the link “/x” is not kept: "+unknown {
		t.Errorf("markup alone notes %v", notes)
	}
}

// The address that a page is fetched from is what its links are relative to, markup alone as well.
func TestRead_URLLinks(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/help/faq.json" {
			fmt.Fprint(w, `{"@type": "FAQPage", "mainEntity": {"@type": "Question", "name": "q", "acceptedAnswer": {"text": "<a href='../ship'>s</a>"}}}`)
			return
		}
		fmt.Fprint(w, question("", `<a href="../ship">s</a>`))
	}))
	t.Cleanup(server.Close)
	for _, path := range []string{"/help/faq", "/help/faq.json"} {
		doc, err := transfer.Read(t.Context(), server.URL+path, transfer.Options{Allow: loopback})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := doc.Items[0].Entry.Answers[0].Text, "[s]("+server.URL+"/ship)"; got != want || len(doc.Notes) > 0 {
			t.Errorf("%s: the answer is %q, want %q; notes %v", path, got, want, doc.Notes)
		}
	}
}

func loopback(a netip.AddrPort) bool { return a.Addr().Unmap().IsLoopback() }

func TestRead_URL(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/faq", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=windows-1252")
		fmt.Fprint(w, `<div itemscope itemtype="https://schema.org/Question"><meta itemprop=name content="Caf`+"\xe9"+`?"><div itemprop=acceptedAnswer><a href="a">b</a></div></div>`)
	})
	mux.HandleFunc("/sheet", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprint(w, "id,question,answer\na,What?,So.\n")
	})
	mux.HandleFunc("/redirect/{n}", func(w http.ResponseWriter, r *http.Request) {
		n := len(r.PathValue("n"))
		to := "/redirect/" + strings.Repeat("x", n-1)
		if n == 1 {
			to = "/sheet"
		}
		http.Redirect(w, r, to, http.StatusFound)
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		for range 100 {
			fmt.Fprint(w, strings.Repeat("x", 1000))
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	get := func(path string) (transfer.Document, error) {
		return transfer.Read(t.Context(), server.URL+path, transfer.Options{Allow: loopback, Limits: transfer.Limits{File: 50_000}})
	}
	t.Run("a page", func(t *testing.T) {
		doc, err := get("/faq")
		if err != nil {
			t.Fatal(err)
		}
		wantItems(t, doc.Items, published(simple("cafe", "Café?", "[b]("+server.URL+"/a)")))
	})
	for _, path := range []string{"/sheet", "/redirect/xxxxx"} {
		doc, err := get(path)
		if err != nil {
			t.Fatal(err)
		}
		wantItems(t, doc.Items, published(simple("a", "What?", "So.")))
	}
	refused := []struct {
		path string
		kind fault.Kind
		want string
	}{
		{"/none", fault.Unavailable, "404"},
		{"/redirect/xxxxxx", fault.Invalid, "leads on more than 5 times"},
		{"/away?to=" + url.QueryEscape("http://169.254.169.254/latest"), fault.Forbidden, "169.254.169.254, which is not on the public internet"},
		{"/away?to=" + url.QueryEscape("http://user:secret@127.0.0.1/"), fault.Invalid, "holds a user name"},
		{"/away?to=" + url.QueryEscape("file:///etc/passwd"), fault.Invalid, "not an http or https address"},
		{"/long", fault.Invalid, "is longer than 50000 bytes"},
	}
	for _, test := range refused {
		t.Run(test.path, func(t *testing.T) {
			_, err := get(test.path)
			if !fault.Is(err, test.kind) || !strings.Contains(fault.Message(err), test.want) {
				t.Errorf("got %v of kind %q, want %q of %q", err, fault.KindOf(err), test.want, test.kind)
			}
		})
	}
	t.Run("an ended context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := transfer.Read(ctx, server.URL, transfer.Options{Allow: loopback}); err == nil {
			t.Error("it was fetched")
		}
	})
}

// A proxy would do the connecting, past the check of the address.
func TestRead_URLWithoutProxy(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "question,answer\na,b\n") }))
	t.Cleanup(server.Close)
	t.Setenv("HTTP_PROXY", server.URL)
	t.Setenv("http_proxy", server.URL)
	_, err := transfer.Read(t.Context(), strings.Replace(server.URL, "127.0.0.1", "localhost", 1), transfer.Options{})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("got %v, want it forbidden", err)
	}
	_, err = transfer.Read(t.Context(), "http://user:hunter2@faq.example/", transfer.Options{})
	if !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v, want it invalid and without the password", err)
	}
}

func TestRead_URLRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://127.0.0.1/", "http://127.1/", "http://169.254.169.254/", "http://100.64.0.1/",
		"http://0.0.0.0/", "http://224.0.0.1/", "http://255.255.255.255/", "http://198.18.0.1/", "http://240.0.0.1/", "http://192.0.0.8/",
		"http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[fd12::1]/",
		"http://[ff02::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001::1]/", "http://[2001:db8::1]/", "http://[::127.0.0.1]/",
		"http://localhost/", "https://user@example.com/", "http:///x",
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			_, err := transfer.Read(t.Context(), address, transfer.Options{})
			if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Invalid && !(kind == fault.Unavailable && strings.Contains(address, "127.1/")) {
				t.Errorf("got %v of kind %q", err, kind)
			}
		})
	}
}

func TestRead_SavedPage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "saved")
	if err := os.WriteFile(path, []byte(ldPage), 0o644); err != nil {
		t.Fatal(err)
	}
	doc, err := transfer.Read(t.Context(), path, transfer.Options{})
	if err != nil || len(doc.Items) != 2 || doc.Format != transfer.Page {
		t.Errorf("got %+v (%v)", doc, err)
	}
}
