package webchat_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"

	"github.com/chromedp/chromedp"
)

// shop is a script with something of everything.
func shop(e channel.Event) []channel.Message {
	person := channel.Button{Label: "Talk to a person", Action: "person"}
	switch {
	case e.Kind == channel.Arrived:
		return []channel.Message{{
			Content: channel.Parse("Hello! I am the bot of Juniper & Finch. Ask me anything about orders, delivery and plants. If you would rather talk to a person, say so at any time."),
			Buttons: []channel.Button{{Label: "Where is my order?", Action: "q:order"}, {Label: "Can I send something back?", Action: "q:back"}, {Label: "How long does delivery take?", Action: "q:time"}, person},
		}}
	case e.Body == "q:order" || strings.Contains(e.Body, "order"):
		return []channel.Message{{
			Content: channel.Parse("You can see where your order is at any time under [My orders](https://juniper-finch.example/orders). Without an account, use the link in your order confirmation.\n\n- **Received**: we have it and will pack it soon.\n- **Packed**: it leaves with the next collection.\n- **On its way**: your tracking link is in the dispatch e-mail.\n\nIf nothing has changed for 3 working days, write to hello@juniper-finch.example and we will look into it."),
			Buttons: []channel.Button{{Label: "See my orders", URL: "https://juniper-finch.example/orders"}, {Label: "That helped", Action: "helped"}, {Label: "Not what I meant", Action: "not"}, person},
		}}
	case e.Body == "helped":
		return []channel.Message{{Content: channel.Parse("Glad to hear it. Have a lovely day!")}}
	case strings.Contains(e.Body, "كيف"):
		return []channel.Message{{Content: channel.Parse("يستغرق التوصيل من **يومين** إلى ثلاثة أيام عمل.\n\n1. نجهّز طلبك\n2. نسلّمه إلى Juniper & Finch Delivery"), Buttons: []channel.Button{{Label: "هذا مفيد", Action: "helped"}, {Label: "أريد التحدث إلى شخص", Action: "person"}}}}
	}
	return []channel.Message{{
		Content: channel.Parse("I am not sure which of these you mean:"),
		Buttons: []channel.Button{{Label: "Can I change the delivery address of an order that has already been packed?", Action: "a"}, {Label: "Do you deliver abroad?", Action: "b"}, {Label: "None of these", Action: "c"}, person},
	}}
}

// TestLook takes the pictures by which the design is judged, and checks what a picture cannot show.
func TestLook(t *testing.T) {
	b := browser(t)
	s := open(t, siteOptions{settings: webchat.Settings{BusinessName: "Juniper & Finch"}, script: shop})
	b.visit(s.server.URL)
	b.await("a greeting", `chat.querySelectorAll('.fq-bot').length == 1`)
	b.shoot("greeting")
	b.say("where is my order")
	b.await("an answer", `chat.querySelectorAll('.fq-bot').length == 2`)
	b.click("That helped")
	b.await("thanks", `chat.querySelectorAll('.fq-bot').length == 3`)
	b.say("and abroad?")
	b.await("an answer", `chat.querySelectorAll('.fq-bot').length == 4`)
	if err := s.Typing(t.Context(), s.core.handled()[0].Address); err != nil {
		t.Fatal(err)
	}
	b.await("dots", `!chat.querySelector('.fq-typing').hidden`)
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"wide", 1280, 860}, {"phone", 390, 780}, {"narrow", 320, 568}} {
		for _, scheme := range []string{"light", "dark"} {
			b.do(chromedp.EmulateViewport(size.width, size.height))
			_ = s.Typing(t.Context(), s.core.handled()[0].Address)
			b.media("prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce")
			time.Sleep(250 * time.Millisecond)
			b.shoot(size.name + "-" + scheme)
			if over := value[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("at %d pixels the page is %d too wide", size.width, over)
			}
		}
	}
}

// TestLook_Elsewhere takes pictures of the chat on another site, and in a language that is written from right to left.
func TestLook_Elsewhere(t *testing.T) {
	b := browser(t)
	shopSite := host(t)
	s := open(t, siteOptions{
		settings: webchat.Settings{
			BusinessName: "Juniper & Finch", AllowedSites: []string{shopSite.URL},
			Notice: func(context.Context) string { return "These are sample answers of a fictional shop." },
		},
		script: shop,
	})
	b.visit(s.server.URL + "/?lang=ar")
	b.await("a greeting", `chat.querySelectorAll('.fq-bot').length == 1`)
	b.say("كيف يتم التوصيل؟")
	b.await("an answer", `chat.querySelectorAll('.fq-bot').length == 2`)
	time.Sleep(300 * time.Millisecond)
	b.do(chromedp.EmulateViewport(390, 780))
	time.Sleep(300 * time.Millisecond)
	b.shoot("arabic")
	b.do(chromedp.EmulateViewport(1100, 800))
	b.visit(shopSite.URL + "/?script=" + url.QueryEscape(`<script src="`+s.server.URL+`/widget.js" async data-lang="de"></script>`))
	b.await("the button", `chat.querySelector('.fq-launcher')`)
	b.shoot("widget-closed")
	b.click("Chat öffnen")
	b.await("the conversation", `chat.querySelectorAll('.fq-bot').length == 1`)
	b.say("where is my order")
	b.await("the answer", `chat.querySelectorAll('.fq-bot').length == 2`)
	time.Sleep(300 * time.Millisecond)
	b.shoot("widget-open")
	b.media("prefers-color-scheme", "dark")
	b.do(chromedp.EmulateViewport(360, 640))
	time.Sleep(300 * time.Millisecond)
	b.shoot("widget-phone-dark")
}
