package insight_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"faqbot/faq/faqtest"
	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/insighttest"
)

// masker knows what everybody does.
var masker insight.Masker

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		// English
		{"mail me at Ana.Silva+shop@mail.example.co.uk please", "mail me at [e-mail] please"},
		{"write to o'neil@example.com.", "write to [e-mail]."},
		{"ana (at) example (dot) com is mine", "[e-mail] is mine"},
		{"ana [at] mail.example.com", "[e-mail]"},
		{"call me on (020) 7946 0958", "call me on [number]"},
		{"call 555-0123 4567", "call [number]"},
		{"my number is +1 (415) 555-2671, call after 6", "my number is +[number], call after 6"},
		{"415.555.2671", "[number]"},
		{"07911 123456 or 07911-123-456", "[number] or [number]"},
		{"card 4111 1111 1111 1111 exp 12/28", "card [number] exp 12/28"},
		{"card 4111-1111-1111-1111", "card [number]"},
		{"my ssn is 078-05-1120", "my ssn is [number]"},
		{"IBAN GB29 NWBK 6016 1331 9268 19 thanks", "IBAN [account] thanks"},
		{"ftp://ana:hunter2@files.example.com/x", "ftp://[login]@files.example.com/x"},
		{"token ghp_16C7e42F292c6912E7710c838347Ae178B4a leaked", "token [token] leaked"},
		{"my order id is 550e8400-e29b-41d4-a716-446655440000", "my order id is [token]"},
		// Spanish
		{"mi correo es josé.muñoz@correo.ejemplo.es", "mi correo es [e-mail]"},
		{"ana (arroba) ejemplo (punto) es", "[e-mail]"},
		{"llámame al 612 34 56 78", "llámame al [number]"},
		{"llámame al +34 600 123 456", "llámame al +[number]"},
		{"mi cuenta es ES91 2100 0418 4502 0005 1332", "mi cuenta es [account]"},
		// German
		{"ruf mich an: 0176/12345678", "ruf mich an: [number]"},
		{"Tel. 0049 (0)30 - 901820", "Tel. [number]"},
		{"meine IBAN DE89370400440532013000 stimmt", "meine IBAN [account] stimmt"},
		{"meine iban ist de89 3704 0044 0532 0130 00 bitte", "meine iban ist [account] bitte"},
		{"Karte 4111\u00a01111\u00a01111\u00a01111", "Karte [number]"},
		// French
		{"appelez-moi au 06 12 34 56 78", "appelez-moi au [number]"},
		{"appelez-moi au 06.12.34.56.78", "appelez-moi au [number]"},
		{"appelez-moi au 06\u202f12\u202f34\u202f56\u202f78", "appelez-moi au [number]"},
		{"RIB FR76 3000 6000 0112 3456 7890 189", "RIB [account]"},
		// Portuguese
		{"meu telefone é (11) 98765-4321", "meu telefone é [number]"},
		{"meu CPF é 529.982.247-25", "meu CPF é [number]"},
		{"o meu número é 912 345 678", "o meu número é [number]"},
		// Russian
		{"позвоните +7 (495) 123-45-67", "позвоните +[number]"},
		{"мой номер 8 800 555 35 35", "мой номер [number]"},
		{"пишите на иван@почта.рф", "пишите на [e-mail]"},
		// Arabic
		{"رقمي ٠٥٠١٢٣٤٥٦٧ اتصل بي", "رقمي [number] اتصل بي"},
		{"اتصل بي على ‎+966 50 123 4567‎", "اتصل بي على ‎+[number]‎"},
		{"بريدي ana@example.com", "بريدي [e-mail]"},
		{"رقمي ۰۹۱۲ ۳۴۵ ۶۷۸۹", "رقمي [number]"},
		// Hindi
		{"मेरा नंबर ९८७६५ ४३२१० है", "मेरा नंबर [number] है"},
		{"मेरा नंबर +91 98765-43210 है", "मेरा नंबर +[number] है"},
		{"मेरा ईमेल उपयोगकर्ता@उदाहरण.भारत है", "मेरा ईमेल [e-mail] है"},
		// Full-width letters, as Japanese keyboards write them.
		{"電話は０９０−１２３４−５６７８です", "電話は[number]です"},
		{"ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[e-mail]"},
		// Several at once
		{"ana@example.com, 06 12 34 56 78, DE89370400440532013000", "[e-mail], [number], [account]"},
	} {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			got := masker.Mask(c.text)
			if got != c.want {
				t.Errorf("masked as %q, want %q", got, c.want)
			}
			if again := masker.Mask(got); again != got {
				t.Errorf("masked again it is %q", again)
			}
		})
	}
}

// TestMask_Kept are texts that name nobody, and that would be of no use without their numbers.
func TestMask_Kept(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Hello", "what does it cost?",
		// Prices
		"is it 19.99 or 29.99?", "it costs $1,299.00", "1.299,00 €", "€ 12.500,00", "₹ 1,50,000", "1.500.000", "Rp 1.500.000", "1 500 000 ₽", "12 500 000 Ft",
		"₩1,500,000", "from 1299.00 - 1499.00", "19.99/29.99/39.99", "150000 руб", "٢٥٠٠ ريال", "५०० रुपये", "USD 120 000 000", "100 000 000 euros",
		// Dates and times
		"on 2026-11-21", "on 21.11.2026", "am 1.2.2026", "le 21/11/2026 à 10h", "on 11/21/2026", "21.11.26", "2026-11-21 10:30", "21.11.2026 10:30 Uhr", "10:30 21.11.2026",
		"from 2026-11-21 to 2026-11-25", "2026-11-21 – 2026-11-25", "21/11/2026-25/11/2026", "(21.11.2026)", "2026/11/21", "२१/११/२०२६", "٢١/١١/٢٠٢٦",
		"open 9:00-18:00", "9-12 & 14-18", "2026-11-21T10:30:00Z",
		// Years
		"in 2024", "2020-2024", "2024/2025", "2019–2021", "2023 2024 2025", "the 1999 model",
		// Small numbers and orders of them
		"order 4711", "order 123456", "Bestellung Nr. 12345", "1, 2, 3, 4, 5, 6, 7, 8", "1 2 3 4 5 6 7 8", "sizes 38 39 40 41 42", "38/39/40/41", "10 20 30 40 50", "steps 1-2-3-4-5-6-7",
		"10 x 20 x 30 cm", "pages 10-12", "12 3 4", "version 1.26.3", "iPhone 15 Pro Max 256 GB", "USB 3.2 Gen 2",
		// Words
		"@ana said so", "a@b", "meet @ 10", "Donaudampfschifffahrtsgesellschaft", "MX50 from 2019 or XL20", "SL42 with 3 lamps and 1000 lm", "half-a-dozen-words-in-one-go",
		"https://shop.example/products?id=12",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if got := masker.Mask(text); got != text {
				t.Errorf("masked as %q", got)
			}
		})
	}
}

// TestMask_Long masks more than the longest thought that is joined from messages. What takes time with the square of the length takes minutes there; the
// limit is for the race detector on a busy machine.
func TestMask_Long(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	for _, s := range []string{"1 ", "a@", "a@b.c ", "(", "DE12 ", "1.", "x-", "[at]", "\u202f1", "://a", "my name is a ", "Rua A 1 ", "name: ", "a at b dot ", "this is peter ", "passport ", "cvv a1", "regards ", "i live at 1 a street ", "Rua A 1, 1000 a "} {
		began := time.Now()
		masker.Of("Ana de la Cruz").Mask(strings.Repeat(s, 1<<16/len(s)))
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("64 KB of %q took %v", s, took)
		}
	}
}

var mailShaped = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+\.[\pL\pN]`)

// FuzzMask holds masking to what it promises of any text.
func FuzzMask(f *testing.F) {
	for _, seed := range []string{"ana@example.com 06 12 34 56 78", "a@b.c@d.e", "2026-11-21 1234567890", "DE89 3704 0044 0532 0130 00", "رقمي ٠٥٠١٢٣٤٥٦٧", "१२३४५६७८९०",
		"x://a:b@c.d/123456789", "1.500.000 € 123.456.789 €", "550e8400-e29b-41d4-a716-446655440000", "\xff123456789", "123\u200b456\u200b789", "𝟗𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠",
		"my name is [name] and A-123456", "A-12345[order]6", "ana [at] example [dot] com", "me llamo O'Neil de la Cruz", "Hauptstraße 12, 12345 Berlin", "0x12345678 0x", "passport C01X00T47 cvv 123", "vivo en c/ mayor 5 28013 madrid", "regards peter\n+1"} {
		f.Add(seed)
	}
	for _, m := range insighttest.Messages(64) {
		f.Add(m.Text)
	}
	order, err := insight.ParsePattern(`order=\bA-\d{6}\b`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 { // no network has longer messages
			return
		}
		for _, m := range []insight.Masker{{}, insight.NewMasker(order).Of("Ana de la Cruz", "will90")} {
			holds(t, m, text)
		}
		for part := range 5 { // an address is gone wherever it stands
			at := len(text) * part / 4
			for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
				at--
			}
			if masked := masker.Mask(text[:at] + " ana.silva@mail.example " + text[at:]); strings.Contains(masked, "silva@mail") {
				t.Errorf("in %q at %d an address is left: %q", text, at, masked)
			}
		}
	})
}

var placeholder = regexp.MustCompile(`\[(?:login|e-mail|account|token|number|address|name)\]`)

func holds(t *testing.T, m insight.Masker, text string) {
	t.Helper()
	masked := m.Mask(text)
	if again := m.Mask(masked); again != masked {
		t.Errorf("%q became %q, and masked again %q", text, masked, again)
	}
	if utf8.ValidString(text) && !utf8.ValidString(masked) {
		t.Errorf("%q became %q, which is no UTF-8", text, masked)
	}
	// A login of one character is the shortest that is masked.
	if len(masked) > len("[login]")*len(text) {
		t.Errorf("%q became %q, which is far longer", text, masked)
	}
	if before, after := len(placeholder.FindAllString(text, -1)), len(placeholder.FindAllString(masked, -1)); after < before {
		t.Errorf("%q became %q: of %d placeholders %d are left", text, masked, before, after)
	}
	if address := mailShaped.FindString(masked); address != "" {
		t.Errorf("%q became %q, which holds the address %q", text, masked, address)
	}
	run := 0
	for _, r := range masked {
		if run++; !unicode.IsDigit(r) {
			run = 0
		}
		if run >= 9 {
			t.Fatalf("%q became %q, which holds nine digits in a row", text, masked)
		}
	}
}
