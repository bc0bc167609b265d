package insight_test

import "testing"

// TestMasker_Mask_Names looks at what is taken of what people say they are called: no less than the name, and no more.
func TestMasker_Mask_Names(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"my name is sarah connor and i want to return":    "my name is [name] and i want to return",
		"My name's Anna. Where is my parcel?":             "My name's [name]. Where is my parcel?",
		"my name is Will Smith":                           "my name is [name]",
		"MY NAME IS JANE DOE AND I WANT MY MONEY BACK":    "MY NAME IS [name] AND I WANT MY MONEY BACK",
		"my name is stu, not sue!":                        "my name is [name], not sue!",
		"I am Jack Reacher and the jacket is too small":   "I am [name] and the jacket is too small",
		"I'm Premium now":                                 "I'm Premium now",
		"my name is on the invoice wrong":                 "my name is on the invoice wrong",
		"placed under the name Jonathan Pryce":            "placed under the name [name]",
		"the recipient is Mrs Dorothy Gale, Kansas":       "the recipient is [name], Kansas",
		"does MS Office run on it":                        "does MS Office run on it",
		"mi nombre es José Luis de la Cruz Pérez":         "mi nombre es [name]",
		"me llamo ana tengo un problema":                  "me llamo [name] tengo un problema",
		"Hola! Soy Lucía Gómez, ¿dónde está?":             "Hola! Soy [name], ¿dónde está?",
		"soy cliente desde 2019":                          "soy cliente desde 2019",
		"ich heiße Jürgen von der Heide und warte 3 Tage": "ich heiße [name] und warte 3 Tage",
		"ich heiße das nicht gut":                         "ich heiße das nicht gut",
		"Ich bin Kunde":                                   "Ich bin Kunde",
		"je m'appelle sophie et j'attends":                "je m'appelle [name] et j'attends",
		"Je m’appelle Anne-Marie O'Brien":                 "Je m’appelle [name]",
		"meu nome é João da Silva e quero devolver":       "meu nome é [name] e quero devolver",
		"encomenda em nome de Fernando Pessoa":            "encomenda em nome de [name]",
		"Меня зовут Иван Петров, где мой заказ?":          "Меня зовут [name], где мой заказ?",
		"получатель Смирнова Анна Викторовна":             "получатель [name]",
		"моё имя написано с ошибкой":                      "моё имя написано с ошибкой",
		"اسمي أحمد علي وأريد إرجاع الطلب":                 "اسمي [name] وأريد إرجاع الطلب",
		"اسمي على الفاتورة خطأ":                           "اسمي على الفاتورة خطأ",
		"मेरा नाम राहुल शर्मा है और मेरा ऑर्डर कहाँ है": "मेरा नाम [name] है और मेरा ऑर्डर कहाँ है",
		"mera naam priya sharma hai, order kab aayega": "mera naam [name] hai, order kab aayega",
		"मेरा नाम इनवॉइस पर गलत है":                    "मेरा नाम इनवॉइस पर गलत है",
		"Where is it?\nBest regards,\nAnna Schmidt":    "Where is it?\nBest regards,\n[name]",
		"Where is it? Thanks, bye":                     "Where is it? Thanks, bye",
		"merci, bonne journée":                         "merci, bonne journée",
		"my name is [name], and my name is":            "my name is [name], and my name is",
		"Dear Anna, it takes 3 days":                   "Dear [name], it takes 3 days",
		"Sehr geehrte Frau Dr. Kuhn, ja":               "Sehr geehrte Frau Dr. [name], ja",
		"Здравствуйте, Анна! Да":                       "Здравствуйте, [name]! Да",
		"Hi there, where is it?":                       "Hi there, where is it?",
		"Hi Team, where is it?":                        "Hi Team, where is it?",
		"Hola Buenas, ¿abrís?":                         "Hola Buenas, ¿abrís?",
		"Hello Kitty mugs, in stock?":                  "Hello Kitty mugs, in stock?",
		"name: J. R. R. Hill":                          "name: [name]",
		"My name is “Ann”":                             "My name is “[name]”",
		"my name is 12345":                             "my name is 12345",
	} {
		if got := masker.Mask(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// TestMasker_Mask_Addresses takes streets with their numbers, and what follows of the town; a street alone is asked about by everybody.
func TestMasker_Mask_Addresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"I live at 221B Baker Street, London NW1 6XE.":            "I live at [address].",
		"ship to: 1024 N. Halsted St, Chicago, IL 60642":          "ship to: [address]",
		"going to 27 moss lane":                                   "going to [address]",
		"is there a shop on Baker Street?":                        "is there a shop on Baker Street?",
		"the 2 door fridge on main street":                        "the 2 door fridge on main street",
		"P.O. Box 1234 is my address":                             "[address] is my address",
		"my address is 12 Elm, Springfield. Please change it":     "my address is [address]. Please change it",
		"Calle Mayor 3, 2º izq, 28013 Madrid":                     "[address]",
		"vivo en c/ del pez 14, bajo":                             "vivo en [address], bajo",
		"calle 50 #12-34 barrio centro":                           "[address] barrio centro",
		"la calle abre a las 9":                                   "la calle abre a las 9",
		"Ich wohne in der Hauptstraße 12, 12345 Berlin":           "Ich wohne in der [address]",
		"Unter den Linden 77, 10117 Berlin":                       "[address]",
		"wann öffnet ihr am Marktplatz 3?":                        "wann öffnet ihr am Marktplatz 3?",
		"Straße 12":                                               "Straße 12",
		"Rückweg 20 oder 30 Minuten":                              "Rückweg 20 oder 30 Minuten",
		"12 bis rue de la paix, 75002 Paris":                      "[address]",
		"un magasin rue de la Paix ?":                             "un magasin rue de la Paix ?",
		"3 cours de yoga coûtent ?":                               "3 cours de yoga coûtent ?",
		"Rua das Flores, 25, apto 12, 1200-195 Lisboa":            "[address]",
		"rua 25 de março 100":                                     "[address]",
		"avenida 9 de julho está aberta?":                         "avenida 9 de julho está aberta?",
		"ул. Ленина, д. 5, кв. 12, позвоните":                     "[address], позвоните",
		"живу на ленинский проспект д 32":                         "живу на [address]",
		"улица закрыта 2 дня":                                     "улица закрыта 2 дня",
		"شارع الملك فهد، مبنى 12، شقة 4":                          "[address]",
		"شارع التحرير مفتوح الساعة 9":                             "شارع التحرير مفتوح الساعة 9",
		"मेरा पता 12, एमजी रोड, पुणे 411001 है":                   "मेरा पता [address] है",
		"घर 2 दिन में":                                            "घर 2 दिन में",
		"Calle Mayor 3, 6123 4567 8":                              "[address], [number]",
		"Hauptstraße 12, 12345 Berlin, 0176 12345678, a@mail.org": "[address], [number], [e-mail]",
	} {
		if got := masker.Mask(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
