package insight_test

import "testing"

// TestMasker_Mask_Documents takes the numbers of papers and the check numbers of cards where they are called so, and leaves other numbers beside them.
func TestMasker_Mask_Documents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"my passport C01X00T47 is expired":       "my passport [number] is expired",
		"passport number: X4RTBPFW4.":            "passport number: [number].",
		"my passport is AB 1234567 thanks":       "my passport is [number] thanks",
		"C01X00T47 is my passport number":        "[number] is my passport number",
		"mein Reisepass ist C01X00T47":           "mein Reisepass ist [number]",
		"Personalausweis Nr. L01X00T47":          "Personalausweis Nr. [number]",
		"mi pasaporte es AAB123456":              "mi pasaporte es [number]",
		"DNI 12345678Z":                          "DNI [number]",
		"mon passeport 12AB34567":                "mon passeport [number]",
		"meu passaporte: FH123456":               "meu passaporte: [number]",
		"паспорт серия 4510 номер 123456":        "паспорт серия [number]",
		"мой загранпаспорт № AB1234567":          "мой загранпаспорт № [number]",
		"جواز سفري A12345678":                    "جواز سفري [number]",
		"मेरा पासपोर्ट नंबर J8369854 है":         "मेरा पासपोर्ट नंबर [number] है",
		"passport photos 35x45 mm":               "passport photos 35x45 mm",
		"is a passport of 2026 valid":            "is a passport of 2026 valid",
		"passport 2026?":                         "passport 2026?",
		"passport, 20.11.2026":                   "passport, 20.11.2026",
		"the passport holder X4RTBPFW4 in black": "the passport holder X4RTBPFW4 in black",
		"ich habe nie 12000 bestellt":            "ich habe nie 12000 bestellt",
		"cvv 123":                                "cvv [number]",
		"CVV123, exp 04/28":                      "CVV[number], exp 04/28",
		"the cvc is 4567.":                       "the cvc is [number].",
		"el código de seguridad es 123":          "el código de seguridad es [number]",
		"Prüfnummer: 123":                        "Prüfnummer: [number]",
		"cryptogramme visuel 123":                "cryptogramme visuel [number]",
		"código de segurança 123":                "código de segurança [number]",
		"cvv код 123":                            "cvv код [number]",
		"رمز الأمان ١٢٣":                         "رمز الأمان [number]",
		"सुरक्षा कोड १२३ है":                     "सुरक्षा कोड [number] है",
		"cvv is 3 or 4 digits":                   "cvv is 3 or 4 digits",
		"is cvv 100 % safe?":                     "is cvv 100 % safe?",
		"cvv 123.50 €":                           "cvv 123.50 €",
	} {
		got := masker.Mask(text)
		if got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		if again := masker.Mask(got); again != got {
			t.Errorf("%q masked again is %q", got, again)
		}
	}
}
