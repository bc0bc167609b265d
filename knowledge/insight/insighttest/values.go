package insighttest

// Patterns are those of the business that the messages are written to.
var Patterns = []string{`order=\bA-\d{6}\b`, `order=\bORD\d{8}\b`, `account=\bK\d{5}\b`, `contract=\bV/\d{4}/\d{2}\b`, `заказ=№\s?\d{5}\b`}

// values are made-up personal data, by what they are.
var values = map[string][]string{
	"mail": {
		"ana.silva@example.com", "j_smith+shop@mail.example.co.uk", "müller@beispiel.de", "o'neil@example.org", "IVAN.PETROV@EXAMPLE.RU", "иван@почта.рф", "उपयोगकर्ता@उदाहरण.भारत",
		"p-dupont@exemple.fr", "maria99@correo.ejemplo.es", "x.y.z@sub.domain.example",
	},
	"oddmail": {
		"ana (at) example (dot) com", "ana [at] example.com", "ana at example dot com", "ana @ example . com", "ana arroba ejemplo punto es", "ana (arroba) ejemplo.es", "anna{at}beispiel.de",
		"anna (at) beispiel (punkt) de", "anne arobase exemple point fr", "ivan собака pochta.ru", "ivan собака pochta точка ru", "ali (at) mithal.sa", "ravi एट udaharan डॉट in", "joao (arroba) exemplo (ponto) pt",
	},
	"card": {
		"4111 1111 1111 1111", "5500-0000-0000-0004", "4111111111111111", "3400 000000 00009", "4111.1111.1111.1111", "٤١١١ ١١١١ ١١١١ ١١١١", "४१११ ११११ ११११ ११११", "4111\u00a01111\u00a01111\u00a01111",
		"4111 – 1111 – 1111 – 1111",
	},
	"iban": {
		"DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "ES91-2100-0418-4502-0005-1332", "FR76 3000 6000 0112 3456 7890 189", "PT50 0002 0123 1234 5678 9015 4",
		"SA03 8000 0000 6080 1016 7519", "es91 2100 0418 4502 0005 1332", "NL91ABNA0417164300", "IT60 X054 2811 1010 0000 0123 456", "CH93 0076 2011 6238 5295 7",
	},
	"order":    {"A-482913", "A-100200", "ORD20418877", "ORD99120034", "A-739045", "№ 48213", "№70355"},
	"account":  {"K48213", "K90017", "V/8841/07", "K33310", "V/1032/44"},
	"token":    {"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "550e8400-e29b-41d4-a716-446655440000", "eyJhbGciOiJIUzI1NiIsInR5cCI6", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"},
	"login":    {"https://ana:hunter2@shop.example/x", "ftp://user:geheim!@files.example.com"},
	"passport": {"C01X00T47", "X4RTBPFW4", "AB1234567", "J8369854", "12AB34567", "c01x00t47", "AAB 482913"},
	"check":    {"738", "0492", "561"},
	"phone-en": {"+1 (415) 555-2671", "(020) 7946 0958", "415.555.2671", "07911 123456", "+44 20 7946 0958", "555-0123 4567", "0044-7911-123-456", "078-05-1120"},
	"phone-es": {"612 34 56 78", "+34 600 123 456", "(+34) 91 123 45 67", "612345678", "0034 612 345 678", "+52 1 55 1234 5678", "600-123-456"},
	"phone-de": {"0176/12345678", "0049 (0)30 - 901820", "+49 176 1234 5678", "030 901820 12", "0176 12 34 56 78", "(030) 9018-2012", "+49.30.901820"},
	"phone-fr": {"06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "06\u202f12\u202f34\u202f56\u202f78", "0612345678", "06-12-34-56-78", "0033 612 345 678"},
	"phone-pt": {"(11) 98765-4321", "912 345 678", "+351 912 345 678", "+55 11 98765 4321", "529.982.247-25", "11 98765.4321", "21 3456 7890"},
	"phone-ru": {"+7 (495) 123-45-67", "8 800 555 35 35", "89161234567", "8-916-123-45-67", "+7 916 123 45 67", "8 (916) 1234567", "495 123-45-67"},
	"phone-ar": {"٠٥٠١٢٣٤٥٦٧", "+966 50 123 4567", "٠٥٠ ١٢٣ ٤٥٦٧", "050-123-4567", "00971501234567", "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "۰۹۱۲ ۳۴۵ ۶۷۸۹"},
	"phone-hi": {"९८७६५ ४३२१०", "+91 98765-43210", "9876543210", "098765 43210", "+९१ ९८७६५४३२१०", "022-2345-6789", "98765.43210"},
	"name-en":  {"John Smith", "Sarah Connor", "Will Turner", "Siobhán O'Brien", "Mary-Jane Watson", "Priya", "sarah connor", "deepak", "Ludwig van Beethoven"},
	"name-es":  {"José Muñoz", "Lucía Fernández Ortega", "María José de la Cruz", "ana", "Íñigo Etxeberria", "carlos ramírez", "Pilar"},
	"name-de":  {"Jürgen Müller", "Änne Großmann", "Klaus-Dieter Weiß", "Ursula von der Leyenberg", "anna", "Wolfgang", "heike schmitz"},
	"name-fr":  {"Anne-Marie Dupont", "Hélène Lefèvre", "Jean de la Fontaine", "mathieu", "Zoé", "Cédric Le Goff", "chloé martin"},
	"name-pt":  {"João da Silva", "Conceição dos Santos", "Antônio Carlos", "beatriz", "Inês", "Luís de Sousa Pereira", "rui costa"},
	"name-ru":  {"Иван Петров", "Наталья Сергеевна Ковалёва", "Пётр", "ольга", "Екатерина Щербакова", "Тимур", "алексей смирнов"},
	"name-ar":  {"أحمد علي", "فاطمة الزهراء", "محمد عبدالله", "خالد", "سارة", "يوسف القحطاني", "ليلى بن سعيد"},
	"name-hi":  {"राहुल शर्मा", "प्रिया", "अनिल कुमार वर्मा", "सुनीता देवी", "विक्रम सिंह", "मीनाक्षी", "अर्जुन"},
	"address-en": {"221B Baker Street, London NW1 6XE", "742 Evergreen Terrace, Springfield, OR 97477", "12 Oak Hill Road", "1600 Pennsylvania Ave", "42 Maple Drive, Apt 4B", "10 downing street", "5-7 Kings Lane, flat 3",
		"350 5th Avenue, New York, NY 10118", "P.O. Box 4417"},
	"address-es": {"Calle Mayor 3, 2º", "Calle de Alcalá, 48, 28014 Madrid", "Avda. de la Constitución nº 12", "C/ Serrano 21, 3º izq", "calle mayor 3", "Paseo de Gracia 43, 08007 Barcelona", "Carrera 7 # 71-21", "Plaza de España 9"},
	"address-de": {"Hauptstraße 12, 12345 Berlin", "Schillerstr. 5a", "Unter den Linden 77, 10117 Berlin", "Goethe-Allee 101", "lindenstrasse 8", "Lindenplatz 4, 20099 Hamburg", "Friedrich-Ebert-Straße 44, 4. OG", "Mühlenweg 17, 80331 München",
		"Postfach 1234"},
	"address-fr": {"12 rue de la Paix", "12 bis rue de la paix, 75002 Paris", "3, avenue des Champs-Élysées, 75008 Paris", "45 boulevard Voltaire", "8 impasse du Moulin", "221 allée Jean Jaurès, appt 12", "7 quai d'Orsay", "15 place Bellecour, 69002 Lyon"},
	"address-pt": {"Rua das Flores, 25", "Av. Paulista, 1578, apto 12", "Rua Augusta 101, 1200-195 Lisboa", "Travessa do Carmo nº 8", "rua da paz, 44", "Praça da República 30", "Alameda Santos, 700, 01418-002 São Paulo"},
	"address-ru": {"ул. Ленина, д. 5", "Невский проспект, 28", "ул. Пушкина, дом 10, кв. 4", "проспект Мира 101, корп. 2", "Тверская улица, дом 7", "ул ленина 5", "г. Казань, ул. Баумана, д. 9, кв. 31", "переулок Сивцев Вражек, 15"},
	"address-ar": {"شارع الملك فهد، مبنى 12، شقة 4", "شارع التحرير ١٢", "15 شارع الجمهورية", "حي النزهة، فيلا 7", "شارع الأمير سلطان رقم ٤٥", "صندوق بريد 8812"},
	"address-hi": {"मकान नंबर 12, गांधी नगर", "फ्लैट नं. ४०३, शांति विहार", "15 महात्मा गांधी मार्ग", "प्लॉट नंबर 7, सुभाष कॉलोनी", "22, नेहरू रोड", "मकान संख्या ५६"},
	"home-en":    {"12 baker street london", "27 moss lane manchester m1 2ab", "221B Baker Street, London NW1 6XE", "10 downing street"},
	"home-es":    {"c/ mayor 5 28013 madrid", "calle alcalá 48 valencia", "la calle mayor 3, 28013 madrid", "Avda. de la Constitución nº 12"},
	"home-de":    {"der lindenstrasse 8 10117 berlin", "der Schillerstr. 5a, hamburg", "der Hauptstraße 12, 12345 Berlin"},
	"home-fr":    {"12 rue victor hugo 75002 paris", "12 rue de la paix lyon", "45 boulevard Voltaire"},
	"home-pt":    {"rua augusta 101 são paulo", "rua da paz, 44 lisboa", "Rua das Flores, 25"},
	"home-ru":    {"улице ленина 5 казань", "ул ленина 5 420111 казань", "ул. Ленина, д. 5"},
	"home-ar":    {"شارع الملك فهد 12 الرياض", "شارع التحرير ١٢ القاهرة", "حي النزهة، فيلا 7"},
	"home-hi":    {"15 महात्मा गांधी मार्ग", "मकान नंबर 12, गांधी नगर", "22, नेहरू रोड"},
}
