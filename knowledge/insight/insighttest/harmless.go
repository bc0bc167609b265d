package insighttest

// Harmless are questions that name nobody, and that would be of no use without their numbers and words: they must stay as they are.
var Harmless = []string{
	// English
	"Are you open on 24 December from 9:00 to 18:30?", "is the iPhone 15 Pro Max 256 GB back in stock", "What is the difference between version 2.14.3 and 3.0?", "my name is on the invoice wrong",
	"My name is misspelled on the ticket, how do I change it?", "why is my name not shown on the card", "do you have these in size 42 or 43?", "it said 3-5 days on 2026-11-02, now it is the 21st",
	"Can I get 15 % off 3 boxes of 24?", "how far is your shop from Baker Street?", "is there parking in the street at 5 pm?", "Does the 2019 model fit a 4 x 6 cm frame?", "which street are you in",
	"I paid $1,299.00 instead of $999.99, why?", "Is the 500 GB drive faster than the 1 TB drive?", "what is your address and when do you close", "my address is wrong since version 2.1",
	"will it arrive by May 5?", "do you sell to the US, UK and EU?", "Is the 2-way street map of 1990 in print?", "can I return 2 of 3 items within 30 days", "how do I change the name on my account?",
	"error 0x80070057 after update 22H2", "Are the AA or the AAA batteries (1.5 V) included?", "thanks, how long is the warranty?", "open 24/7?", "it is not coming, at this point I want my money back", "does the WH-1000XM5 work with Windows 11 23H2",
	"this is urgent", "This is the second time, where is it?", "regards the order", "as regards the 2 boxes, when do they come?", "I live in Madrid",
	"i live in a street with 3 shops, do you deliver?", "cvv is not accepted", "is the cvv 3 or 4 digits?", "do I need a passport in 2026?", "I am waiting since Monday",
	"it's broken", "do you deliver to the main street in 3 days?", "best regards from all of us",
	// Spanish
	"¿Abrís el 24/12/2026 de 10:00 a 14:00?", "mi nombre está mal en la factura", "¿la tienda de la calle abre a las 9?", "cuánto cuesta enviar 2 kg a Canarias", "¿Tenéis la talla 38 o la 40?",
	"me llamo a engaño con el precio de 19,99 €", "mi dirección es incorrecta desde el 3 de mayo", "el pedido mínimo son 50 € o 3 cajas?", "¿En qué calle está la tienda de 400 m²?", "versión 4.2.1 o 4.3",
	"¿El plazo es de 14 o de 30 días?", "hay aparcamiento en la avenida hasta las 20:00", "¿sirve el cargador de 65 W para el modelo de 2021?", "¿Cuántos puntos hacen falta para 10 € de descuento?",
	"quiero 2 plazas de garaje en 2027", "el camino más corto son 12 km?", "gracias, ¿y con factura de 1.250,50 €?", "¿Se puede pagar en 3, 6 o 12 meses?", "la calle está cortada 3 días, ¿entregáis igual?",
	"¿Qué significa el error 404 en la página 3?",
	"soy cliente", "soy nuevo aquí", "soy de Madrid", "vivo en Madrid desde 2019", "saludos cordiales",
	"un saludo y gracias", "el código de seguridad no llega", "¿hace falta el pasaporte para 2 noches?", "aquí no funciona",
	// German
	"Haben Sie am 24.12. von 9 bis 13 Uhr geöffnet?", "mein Name ist falsch geschrieben, was tun?", "Gibt es den Schuh in Größe 42 oder 43?", "Wie lange dauert die Lieferung nach Österreich, 3 oder 5 Tage?",
	"ist die Hauptstraße gesperrt?", "Parken in der Straße kostet 2 € pro Stunde, oder?", "Passt der Filter zum Modell X200 von 2019?", "meine Adresse ist seit 3 Tagen falsch", "ich heiße das nicht gut",
	"Kostet der Versand ab 50 € nichts?", "Welche Version ist neuer, 2.9 oder 2.10?", "Kann ich in 12 Raten zu 83,25 € zahlen?", "Sind 5 Sitzplätze frei, Platz 12 bis 16?", "Wie weit ist es vom Bahnhof 2 km?",
	"Wo ist der Parkplatz 3?", "Danke, gilt das auch für 2027?", "Wie viele Ampere hat das 65-W-Netzteil?", "Rückweg 20 Minuten?", "Der Ring 18 mm in Gold, lieferbar?", "Gilt die Garantie 24 Monate?", "im 3. Stock ohne Aufzug liefern?",
	"hier ist nichts angekommen", "ich bin Kunde seit 2019", "Ich wohne in Berlin, liefert ihr?", "mit freundlichen Grüßen", "wo steht die Prüfnummer der Karte?",
	"gilt der Reisepass 10 Jahre?", "ich bin nie 12000 km gefahren",
	// French
	"Êtes-vous ouverts le 14/07/2026 de 10h à 18h30 ?", "mon nom est mal orthographié sur la facture", "y a-t-il un magasin rue de la Paix ?", "avez-vous la taille 38 ou 40 ?", "Quel est le délai, 3 ou 5 jours ouvrés ?",
	"le modèle 2021 est-il compatible avec la version 3.2 ?", "Combien coûte l'envoi de 2 kg en Belgique ?", "mon adresse est fausse depuis 3 jours", "une place de parking à 2 € ?", "y a-t-il 12 places dans la salle ?",
	"je m'appelle pas comme ça sur le billet", "peut-on payer en 3 ou 4 fois sans frais", "La remise de 15 % vaut jusqu'au 31/12 ?", "prix : 1 299,00 € ou 1 199 € ?", "merci, et pour la Corse ?", "la rue est fermée 2 jours, vous livrez ?",
	"Le chargeur 65 W va avec le A54 ?", "un cours de 2 heures coûte combien", "Il reste 5 articles en 42 ?", "Quelle route fait 12 km ?",
	"c'est urgent", "je suis client depuis 2019", "ici rien ne marche", "j'habite à Paris", "cordialement",
	"où est le cryptogramme, 3 chiffres ?", "faut-il un passeport pour 2 nuits ?",
	// Portuguese
	"Estão abertos no dia 24/12 das 9h às 13h?", "meu nome está errado na fatura", "têm o tamanho 38 ou 40?", "O prazo é de 14 ou 30 dias?", "a loja da rua abre às 9?", "Quanto custa enviar 2 kg para os Açores?",
	"o meu endereço é antigo desde 2019", "serve no modelo de 2021 com versão 3.2?", "Posso pagar em 12x de R$ 83,25?", "em que avenida ficam vocês?", "o desconto de 15 % vale até 31/12/2026?", "Custa 1.299,00 € ou 999,99 €?",
	"há estacionamento na praça até às 20h?", "me chamo à atenção o preço de 50 €", "obrigado, e para 3 caixas de 24?", "o carregador de 65 W dá para o A54?", "Qual é a diferença entre 2.9 e 2.10?", "faltam 2 peças das 5",
	"a estrada fecha 3 dias, entregam na mesma?", "Preciso de 100 unidades até maio",
	"sou cliente desde 2019", "aqui não funciona", "moro em Lisboa", "atenciosamente", "onde fica o código de segurança de 3 dígitos?",
	"é preciso passaporte em 2026?",
	// Russian
	"Вы работаете 31.12.2026 с 9:00 до 18:00?", "моё имя написано неправильно в счёте", "есть размер 42 или 43?", "сколько идёт доставка, 3 или 5 дней?", "на какой улице ваш магазин?", "Подойдёт ли к модели 2019 года версия 3.2?",
	"мой адрес указан неверно уже 3 дня", "скидка 15 % действует до 31 декабря?", "Сколько стоит 2 кг в Казань, 350 или 500 ₽?", "меня зовут не так в билете", "Можно оплатить за 12 месяцев по 1 500 руб?", "улица закрыта 2 дня, вы доставите?",
	"зарядка 65 Вт подходит к A54?", "спасибо, а для 100 штук?", "В чём разница между 2.9 и 2.10?", "есть ли парковка на площади до 20:00", "Осталось 5 штук в размере 40?", "На проспекте работает магазин до 22?",
	"цена 1 299 000 рублей с НДС?", "гарантия 24 месяца с 2026 года?",
	"это срочно", "это мой второй заказ", "это не работает", "я клиент с 2019 года", "живу в Казани",
	"с уважением", "где код безопасности, 3 цифры?", "нужен ли паспорт для 2 ночей?",
	// Arabic
	"هل أنتم مفتوحون يوم 24/12/2026 من 9:00 إلى 18:00؟", "اسمي مكتوب خطأ في الفاتورة", "هل يوجد مقاس 42 أو 43؟", "كم يستغرق التوصيل، ٣ أو ٥ أيام؟", "في أي شارع المتجر؟", "هل يناسب موديل 2019 الإصدار 3.2؟",
	"عنواني غير صحيح منذ 3 أيام", "هل خصم ١٥٪ ساري حتى ٣١ ديسمبر؟", "كم سعر 2 كيلو، 150 أو 200 ريال؟", "هل المتجر في شارع التحرير مفتوح الساعة 9؟", "هل يمكن الدفع على 12 شهرا؟", "اسمي غير موجود في القائمة",
	"الشارع مغلق يومين هل توصلون؟", "ما الفرق بين 2.9 و 2.10؟", "شكرا، وماذا عن 100 قطعة؟", "هل يوجد موقف حتى 20:00؟", "بقي 5 قطع مقاس ٤٠؟", "الضمان 24 شهرا من 2026؟", "هل الشاحن 65 واط يعمل مع A54؟", "اسمي على البطاقة ناقص",
	"أنا عميل", "أنا عميل جديد منذ 2019", "أنا بانتظار الطلب", "أسكن في الرياض منذ 2019", "مع أطيب التحيات",
	"أين رمز الأمان المكون من 3 أرقام؟", "هل أحتاج جواز السفر لمدة 2 ليلة؟", "كم التوصيل إلى شارع التحرير 3 أيام؟",
	// Hindi
	"क्या आप 24/12/2026 को 9:00 से 18:00 तक खुले हैं?", "मेरा नाम बिल पर गलत है", "क्या 42 या 43 नंबर का जूता है?", "डिलीवरी में ३ या ५ दिन लगते हैं?", "आपकी दुकान किस गली में है?", "क्या 2019 का मॉडल वर्ज़न 3.2 के साथ चलेगा?",
	"मेरा पता 3 दिन से गलत है", "१५% छूट ३१ दिसंबर तक है?", "2 किलो भेजने के ₹150 लगेंगे या ₹200?", "मेरा नाम गलत है", "क्या 12 महीने में किस्त हो सकती है?", "सड़क 2 दिन बंद है, क्या डिलीवरी होगी?",
	"2.9 और 2.10 में क्या फर्क है?", "धन्यवाद, 100 पीस का क्या दाम है?", "क्या 65 वाट का चार्जर A54 में चलेगा?", "5 पीस बचे हैं, साइज़ 40?", "वारंटी 24 महीने की है या 2027 तक?", "क्या रोड पर पार्किंग 20:00 तक है?", "मेरा नाम कैसे बदलूँ?",
	"घर 2 दिन में पहुँचेगा?",
	"मैं ग्राहक हूँ", "मैं नया ग्राहक हूँ", "मैं बहुत परेशान हूँ", "मैं दिल्ली में रहता हूँ", "सादर प्रणाम",
	"सुरक्षा कोड के 3 अंक कहाँ हैं?", "क्या 2 रात के लिए पासपोर्ट चाहिए?",
}
