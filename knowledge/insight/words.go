package insight

import (
	"strings"

	"faqbot/faq"
)

// particles stand between the words of a name.
var particles = wordSet(`de del la las los da do dos das di du des le e y i van von vom zu zum zur der den dem ten ter el al bin ibn abu bint بن بنت آل أبو d l`)

// alsoNames are words of a language that people are called by, too. With a capital they may be a name.
var alsoNames = wordSet(`will may can mark rose grace joy hope faith bill art dot pat rob sue drew chase dean guy ray jean mine son sol mar luz cruz rosa flor
	paz alma ida ernst frank lang klein gross jung kaiser koch dora milo vera nina pierre marine france claire blanche olivier pascal надежда любовь вера
	слава роза лев روز نور امل سلام كريم किरण आशा सूरज राज`)

// ordinary are words that are no names: those that sentences are made of, and what people say of a name instead of telling it.
var ordinary = func() map[string]bool {
	all := map[string]bool{}
	for _, words := range []string{english, spanish, german, french, portuguese, russian, arabic, hindi} {
		for w := range wordSet(words) {
			all[w] = !alsoNames[w]
		}
	}
	return all
}()

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[faq.Fold(w)] = true
	}
	return set
}

const (
	english = `a about above account actually after again all already also always am an and another any are as ask asking at back be because been before being below both but by
		came change changed check come contact correct could customer did didn't different does doesn't don't either else email ever every false first for from full get
		getting give given gone got had has have having he hello help her here hers hey hi him his how however i if in incomplete incorrect incorrectly instead invalid is isn't it its just
		know last late left like listed live living long longer look looking made make many me misspelled misspelt missing more most much my name need needed never new not now number of off
		often old on once one only or order ordered other our ours out over own phone placed please printed put question really received reach regarding registered right same saved
		say see send sent shall she should show showing shown since some someone something sorry spelled spelt still such than thank thanks that the their them then there these they this those
		though through thus till today told too tried trying two under until unknown up upon us use used want wanted was wasn't we were what when where whether which while who whom whose why
		with within without work would written wrong wrongly yes yet you your yours bought buy calling cannot cancel return writing wrote problem team support everyone everybody guys folks sir madam world using public private visible required`
	spanish = `a ahora al algo alguien ante antes aquí así aun aunque bajo bien busco cada cambió casi como cómo compré con contra correcto cual cuál cuándo cuando cuánto cuenta de debo del demasiado desde después
		dice diferente donde dónde dos durante el él ella en entre equivocado era erróneo es esa escrito ese eso esta está están estar este esto estoy falta fue gracias ha hace hacer hago han hasta hay he hice hola
		igual incompleto incorrecto la largo las le les lo los mal más me mi mis mismo mucho muy nada necesito ni no nos nuestro o otra otro para pedí pedido pero podría por porque
		puede puedo pues que qué quería quiero quisiera quien recibí se ser si sí sido sin sobre solo son soy su sus también tanto te tengo tiene tienen todavía todo tu tus un una unos usted usé vivo voy y ya yo número
		apellido teléfono correo ayuda favor buenas buenos equipo todos amigos días tardes`
	german = `ab aber alle als also am an andere auch auf aus bei beim bekomme bereits bestellt bestellung bin bis bitte brauche da dabei damit danke dann das dass dein dem den denn der des deshalb die dies diese dieser
		dieses doch dort du durch ein eine einem einen einer eines er es etwas euch euer falsch fehlt fehlerhaft für geändert ganz gar gegen geht gekauft geschrieben gerne guten habe haben hallo hat hatte heute hier hilfe
		hätte ich ihr ihre ihm ihn ihnen im immer in ins ist ja jede jetzt kann kein keine könnte können kommt lautet leider mal man mehr mein meine meinem meinen meiner mich mir mit möchte muss nach nicht nichts noch nun
		nur ob oder ohne richtig schon sehr seit sein seine sich sie sind so sollte sondern steht tag über um und uns unser unter unvollständig verkehrt viel vom von vor wann war warum was wegen weil wer werden wenn wie
		wieder will wird wo wohne worden wurde würde zu zum zur zwar zweimal bestellte suche leute zusammen kollegen damen herren telefonnummer nummer adresse eingetragen`
	french = `à actuellement ai aide ainsi alors après as au aucun aussi autre aux avais avant avec avez avoir avons bien bonjour bonsoir ça car ce cela celle celui ces cet cette chez ci combien comme comment commandé
		commande compte contre correct d'abord dans de depuis dernier des deux devant différent dit dois doit donc du elle elles en encore entre erroné est et était étant été êtes être eu fait faux faudrait grand habite il ils
		incomplet incorrect j'ai j'aimerais je juste l'ai la là le les leur long lors lui ma mais mal me même merci mes mettre moi moins mon n'est ne ni non nos notre nous numéro on ont orthographié ou où oublié par
		parce pas peu peut peux plus pour pourquoi pouvez pouvoir puis quand que quel quelle quelqu'un quelque qui quoi reçu sa sans sera ses si son sont souhaite sous suis sur ta te tel téléphone tes toi ton toujours tous
		tout très trop tu un une vers veux vos votre voudrais vous y écrit besoin acheté équipe messieurs`
	portuguese = `a ainda algo alguém além antes ao aos aqui as assim até bem boa bom cada certo com como comprei conta contra correto da dado das de depois desde dia diferente diz do dois dos e é ela ele em enquanto
		entre era errado errada escrito essa esse esta está estão estar este estou eu falta fazer fez fiz foi gostaria há incompleto incorreto isso isto já la lá lhe longo mais mal mas me mesmo meu meus minha minhas moro muito
		na nada não nas nem no nos nossa nosso num número numa o obrigado obrigada oi olá onde os ou outra outro para pedi pedido pela pelo pode poderia por porque posso precisa preciso preciso qual quando quanto que quem
		quero recebi saber são se sem ser seu seus sim só sobre sou sua também te tem tenho ter teu toda todo tudo um uma você voltar telefone ajuda consta aparece mudou equipe pessoal senhores dia tarde`
	russian = `а бы без был была были было быть в вам вас ваш ваша ваше ваши весь во вот все всё всего всех вы где да давно два для до добрый день другое другой его ее её если есть еще ещё же живу за заказал заказала заказ здравствуйте
		здесь зачем и из изменилось или им их к как какой какая какие когда кого кто ли лишь меня мне много мной могу может можно мой моя моё мое мои мы на надо нам нас наш не него нее неё неправильно неправильное неверно
		неверное нет неверная неправильная ни никак но ну нужна нужно о об один одна он она они оно опять от очень ошибка ошибкой перед по под пожалуйста получил получила после потом потому почему при про привет прошу раз с сейчас со спасибо стоит
		так также такой там тебя тем теперь то тоже только том тот ты у уже указано указана ужас хотел хотела хочу чего чем через что чтобы эта эти это этого этой этот я номер телефон адрес написано написана помогите пишу купил купила
		добрый хотелось подскажите никто другая друзья коллеги команда клиент клиентка покупатель`
	arabic = `أن إن ان أنا انا أنت انت أي اي إلى الى أو او أين اين أود اود أريد اريد ابغى أبغى ابي أبي احتاج أحتاج إذا اذا اشتريت اطلب أطلب اسكن أسكن استلمت بعد بدون بس بسبب بها به بالخطأ تم ثم جدا جدًا حتى حيث خطأ خاطئ خاطئة رقم
		رقمي سوف شكرا طلبت طلبي عايز عاوز عن عند عندي عندكم عنواني غير غلط في فقط قبل قد كان كانت كل كم كما كيف لا لأن لان لدي لديكم لذلك لقد لكن لم لماذا لما لن له لها لو ليس ليش ما ماذا متى مختلف مرحبا
		مشكلة مع مفقود مكتوب مكتوبة من منذ ناقص نعم هذا هذه هل هنا هو هي وصل وصلني يا يظهر يوجد ظهر موجود صحيح السلام اتصل أتواصل ممكن لو سمحت حسابي الفاتورة كتب هاتفي جوالي ايميلي بريدي بحاجة من فضلك اسمي اسمه اسمها لكم للجميع للفريق لفريق والتقدير`
	hindi = `अगर अच्छा अब अभी आप आपका आपके आपकी आपको इस इसका इसके इसमें इसे उस उसका उसके एक और ऑर्डर कब कभी कर करके करना करने करें करो का कि की किया किस किसी की को कोई कौन क्या क्यों कृपया के केवल कैसे कहाँ कहां खरीदा गया गयी गई
		गलत चाहता चाहती चाहिए चाहते जब जहाँ जी जो तक तब तो था थी थे दिया दिखा दिखाई दी दो धन्यवाद नंबर नमस्ते नहीं नाम ने पता पर पहले फिर फोन बदल बदलना बदलें बहुत बाद बार भी भेजा मत मदद मुझे मेरा मेरी मेरे मैं मैंने में यह यहाँ ये रहा रही रहे
		रहता रहती लिए लिखा लेकिन वह वहाँ वापस वाला वाली वे सब सही से साथ सकता सकती सकते हम हमारा हमारे हमें ही हुआ हुई हुए हूँ हूं है हैं हो होता होगा अलग अधूरा छपा गायब बोल लिख प्रणाम नमस्कार hai hain hun hoon aur mera meri mujhe mere ka ki ke ko se main kab kahan kya kyun nahi`
)
