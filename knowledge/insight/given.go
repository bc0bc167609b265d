package insight

// given are words that many people are called by and that stand for little else: behind “this is” or “soy” they tell a name in whatever letters.
// Names that say what somebody or something is, such as Frank, Roman or سعيد, are not among them, and neither are the words of [ordinary].
var given = func() map[string]bool {
	all := map[string]bool{}
	for _, names := range []string{givenEnglish, givenSpanish, givenGerman, givenFrench, givenPortuguese, givenRussian, givenArabic, givenHindi} {
		for w := range wordSet(names) {
			all[w] = !ordinary[w] && !alsoNames[w]
		}
	}
	return all
}()

const (
	givenEnglish = `aaron abigail adam adrian aisha alan albert alex alexander alfred alice alicia alison amanda amy andrea andrew andy angela anita ann anna anne annie anthony arthur ashley
		barbara benjamin bernard betty beverly bob bradley brandon brenda brian bruce caroline carolyn catherine charles charlotte cheryl chris christian christina christine christopher cindy colin
		craig cynthia daniel danielle darren dave david deborah debra denise dennis derek diana diane donald donna dorothy doug douglas duncan dylan edward eileen elizabeth ellen emily emma eric erica
		ethan eva evan evelyn fiona fred gareth gary gavin geoff geoffrey george gerald gillian gordon graham greg gregory hannah harold harry helen henry howard hugh ian isaac
		jack jackie jacob jacqueline james jamie jane janet janice jason jeff jeffrey jennifer jenny jeremy jerry jessica jill jim joan joanna joanne joe joel john johnny jonathan joseph joshua joyce
		judith judy julia julian julie justin karen kate katherine kathleen kathryn katie keith kelly kenneth kevin kim kimberly kyle larry laura lauren lawrence leon leonard leslie lewis liam 
		linda lisa liz lorraine louis louise lucas lucy luke lynn malcolm margaret marilyn martha martin mary matt matthew maureen megan melanie melissa mia michael michelle mike molly
		nancy naomi natalie nathan neil nicholas nick nicola nicole nigel noah nora norman oliver olivia oscar owen pamela patricia patrick paul paula peter phil philip phillip rachel ralph raymond rebecca
		rhys richard rob robert robin roger ronald ross roy russell ruth ryan sam samantha samuel sandra sara sarah scott sean sharon shaun sheila shirley simon sophia sophie stacey stephanie stephen steve
		steven stuart susan suzanne sylvia tara ted teresa terry theresa thomas tiffany tim timothy tina todd tom tony tracey tracy travis trevor tyler valerie vanessa veronica victor victoria vincent
		virginia walter wayne wendy wesley william zachary zoe`
	givenSpanish = `adriana agustín alberto alejandra alejandro alfonso alfredo alonso álvaro ana andrés antonia antonio araceli arturo beatriz begoña belén benito blas camila carla carlos carmen carolina
		catalina cecilia césar clara concepción concha cristian cristina cristóbal daniela diego domingo eduardo elena elías emilio enrique ernesto esteban esther eugenia eugenio eva fabián federico felipe
		fernanda fernando fidel francisca francisco gabriel gabriela gema gerardo germán gilberto gonzalo gregorio guillermo gustavo héctor hernán hugo ignacio inés irene isabel iván jacinto jaime
		javier jesús jimena joaquín jorge josé josefa juan juana julia julián julio laura leandro leticia lola lorena lorenzo lourdes lucas lucía luis luisa manuel manuela marcela marcelo marcos margarita
		maría mariana mariano mario marta martín mateo matías mauricio miguel mónica montserrat natalia nicolás noelia nuria óscar pablo paco patricia pedro pepe pilar rafael ramiro ramón raquel
		raúl rebeca ricardo roberto rocío rodolfo rodrigo rogelio rubén salvador samuel sandra sara sebastián sergio silvia sofía susana teresa tomás valentina valeria vicente víctor virginia
		ximena xavier yolanda`
	givenGerman = `achim alexandra alfons andreas angelika anja anke anneliese annette annika antje armin astrid axel bastian beate benedikt bernd bernhard bettina bianca birgit björn brigitte britta burkhard
		carina carsten christa christel christiane christoph claudia clemens cornelia dagmar daniela detlef dieter dietmar dirk doris edith elfriede elisabeth elke emil erich erika erwin eva fabian felix
		florian franziska franz friedrich gabi gabriele georg gerda gerhard gerlinde gertrud gisela gudrun günter günther gustav hannes hanna hans harald hartmut heide heidi heike heiko heiner heinrich heinz
		helga helmut henning herbert hermann hildegard holger horst hubert hugo inge ingeborg ingo ingrid irmgard jakob jana jannik jens joachim jochen johann johanna johannes jonas josef julia jürgen jutta
		kai karin karl karsten katharina kathrin katja katrin kerstin kirsten klara klaus konrad konstantin kurt lars leonie lothar ludwig luisa lukas lutz magdalena manfred manuela marcel marco margarete
		marianne marion markus marlene martina mathias matthias melanie michaela mirko monika moritz nadine nadja niklas nils norbert olaf oskar otto patrick petra philipp rainer ralf regina reinhard reinhold
		renate robert roland rolf rudolf rüdiger sabine sabrina sascha sebastian siegfried sigrid silke silvia simone sonja stefan stefanie steffen susanne sven svenja tanja thorsten tobias torsten udo ulrich
		ulrike ursula ute uwe volker waltraud werner wilhelm wolfgang yvonne`
	givenFrench = `adèle agnès alain albane alexandre alice aline amandine amélie anaïs andré antoine arnaud arthur audrey aurélie aurélien baptiste bastien béatrice benoît bernadette bertrand brigitte bruno camille
		caroline cécile cédric céline chantal charlène charlotte chloé christelle christophe claude clémence clémentine colette coralie corinne cyril damien danielle delphine denis didier dominique dorothée edouard
		élise élodie émilie emmanuel emmanuelle éric estelle étienne eugénie évelyne fabien fabienne fabrice fanny florent francine franck françois françoise frédéric gaël gaëlle geneviève georges gérard ghislaine
		gilbert gilles grégory guillaume guy gwenaëlle hélène henri hervé hugo inès isabelle jacqueline jacques jeanne jérémy jérôme joël joëlle joseph josiane jules julie julien juliette justine karine laetitia
		laurence laurent léa léon liliane loïc louis louise lucas lucie lucien ludovic lydie madeleine manon marc marcel margaux marguerite marie marion martine mathieu mathilde maurice maxime mélanie michel
		michèle mireille monique morgane muriel nadège nathalie nathan nicolas noémie odile olivia pascale patrice paulette pauline philippe quentin raphaël raymond rémi rémy renaud roger romain sabine
		sandrine sébastien serge séverine simone solène sophie stéphane stéphanie suzanne sylvain sylvie théo théodore thérèse thibault thierry thomas valentin valérie véronique vincent virginie viviane xavier
		yann yannick yves yvette zoé`
	givenPortuguese = `adriano afonso alexandra alexandre alice aline amália américo ana anabela andré andreia ângela antónio antônio armando artur augusto beatriz bernardo bianca breno bruna bruno caio camila
		carla carlos carolina cátia célia cláudia cláudio conceição cristiano cristina daniela danilo davi débora denise diana diogo duarte edson eduarda eduardo elaine eliane elisa érica estela eunice fábio
		fátima felipe fernanda fernando filipa filipe flávia flávio francisca francisco gabriel gabriela geraldo gilberto gisele gonçalo guilherme gustavo heitor helena henrique hugo inês isabel isabela isadora
		ivone jaqueline joana joão joaquim jorge josé juliana júlio larissa leandro leonardo letícia lídia lígia lorena lourenço luana lucas luciana luciano lúcia luís luísa luiz lurdes madalena mafalda manuel
		manuela marcelo márcia márcio marcos margarida maria mariana marina mário marta martim mateus maurício miguel milena mônica murilo natália nelson nuno olga otávio patrícia paula paulo pedro priscila
		rafael rafaela raimundo raquel regina renan renata renato ricardo rita roberto rodrigo rogério rosana rui sandra sara sebastião sérgio silvana sílvia simone sofia sónia susana tatiana telma teresa thaís
		thiago tiago tomás valéria vanessa vasco vera vicente vinícius vítor viviane wagner yasmin`
	givenRussian = `александр александра алексей алена алёна алина алиса алла анастасия анатолий ангелина андрей анна антон антонина аня аркадий арсений артем артём артур богдан борис вадим валентин валентина
		валерий валерия ваня василий варвара вася виктор виктория виталий владимир владислав всеволод вячеслав галина геннадий георгий герман глеб григорий даниил данила даша денис диана дима дмитрий ева евгений
		евгения егор екатерина елена елизавета ефим женя зинаида зоя иван игорь илья инна ирина катя кирилл константин ксения лариса леонид лидия лилия людмила маргарита мария маша матвей михаил миша наталия
		наталья настя наташа никита николай нина оксана олег олеся ольга оля павел петр пётр полина раиса римма родион руслан рустам саша светлана семен семён сергей серёжа снежана софия софья станислав степан
		таисия тамара таня татьяна тимофей тимур ульяна федор фёдор эдуард элина эльвира юлия юля юрий яков яна ярослав`
	givenArabic = `محمد أحمد احمد محمود مصطفى علي حسن حسين عمر عثمان خالد يوسف إبراهيم ابراهيم إسماعيل اسماعيل عبدالله عبدالرحمن عبدالعزيز عبد الله الرحمن العزيز القادر سعد سعود فهد فيصل تركي بندر نايف ماجد
		طارق طلال وليد ياسر ياسين زياد زيد سامي سمير سلطان سليمان سلمان داود موسى عيسى هارون يحيى زكريا أيوب أنس بلال حمزة حمد حامد حاتم حسام هشام هيثم رامي راشد رشيد رضا عادل عصام عماد عمرو علاء
		عبدو غسان فادي فارس فراس فؤاد قاسم قيس كمال لؤي مازن مروان معاذ منصور منير مهند ناصر نادر نزار نواف وسيم وائل يزن يعقوب جمال جابر جعفر بدر باسم باسل بسام تامر ثامر شادي صلاح
		ضياء فاطمة عائشة خديجة مريم زينب سارة ليلى سلمى هدى هند هبة منى مها ريم رنا رانيا دينا دعاء دلال ديما سناء سعاد سميرة سهام سوسن شيماء شيرين صفاء عبير غادة فرح لينا لبنى لمى ميساء نادية نجلاء
		نورة نورا نوال هالة هناء وفاء ياسمين يسرا إيمان ايمان أسماء اسماء أروى آية آلاء حنان حليمة جواهر ابتسام إسراء اسراء`
	givenHindi = `राहुल रोहित रोहन रवि राजेश राकेश रमेश राम राजीव राजेंद्र राजू रितेश ऋषि ऋतु अमित अमन अनिल अजय अभिषेक अभिनव आदित्य अंकित अंकिता अनिता अनीता अनुज अनुराग अर्जुन अरुण अरविंद अशोक अश्विन आकाश
		आनंद आरती भावना चेतन दिनेश दीपिका देवेंद्र दिव्या गणेश गौरव गीता गोपाल गोविंद हरीश हर्ष हेमंत ईशा जितेंद्र जगदीश कपिल कमल करण कविता कुणाल काजल कृष्ण ललित लक्ष्मी महेश मनीष मनीषा मनोज मोहन
		मोहित मुकेश मीना मीनाक्षी मीरा माया मधु नरेश नरेंद्र नवीन नितिन नीरज नेहा निशा निखिल नीता पंकज पवन प्रकाश प्रदीप प्रमोद प्रवीण प्रशांत प्रिया प्रियंका पूजा पूनम रेखा रीना रश्मि रानी राधा सचिन संजय
		संजीव संदीप संतोष सतीश समीर सरिता सविता सीता सीमा सुरेश सुनील सुनीता सुमित सुधीर सुषमा सुभाष सोनू सोनिया शिव शिवानी शालिनी शंकर श्याम श्वेता स्वाति तनु तरुण उमेश उषा विकास विक्रम विजय विनोद विनय
		विवेक विशाल वरुण विमल योगेश शर्मा वर्मा सिंह कुमार कुमारी गुप्ता यादव पटेल मिश्रा अग्रवाल चौधरी ठाकुर पांडेय त्रिपाठी मेहता जैन नायर रेड्डी खान देवी
		rahul rohit rohan ravi rajesh rakesh ramesh rajiv rajeev ritesh rishi amit aman anil ajay abhishek aditya ankit anita anuj anurag arjun arun arvind ashok akash anand aarti deepak dinesh deepika divya
		ganesh gaurav geeta gopal govind harish harsh hemant jitendra kapil karan kavita kunal krishna lalit lakshmi mahesh manish manisha manoj mohan mohit mukesh meena naresh narendra naveen nitin neeraj neha
		nisha nikhil pankaj pawan prakash pradeep pramod praveen prashant priya priyanka pooja poonam rekha reena rashmi sachin sanjay sanjeev sandeep santosh satish sameer sarita savita seema suresh sunil sunita
		sumit suman sudhir sushma subhash shivani shyam shweta swati tarun umesh vikas vikram vijay vinod vinay vivek vishal varun yogesh sharma verma singh kumar gupta yadav patel
		mohammed muhammad mohamed ahmed ahmad ali mahmoud mustafa hassan hussein omar khaled khalid yusuf youssef ibrahim abdullah fatima aisha maryam zainab layla laila
		ivan sergey sergei dmitry alexey aleksei andrey mikhail nikolai vladimir olga tatiana svetlana natalia ekaterina`
)
