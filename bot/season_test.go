package bot_test

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"faqbot/faq"
)

// season is what customers ask in a quarter: made up, but for their words, which are real.
type season struct {
	rand      *rand.Rand
	topics    []*topic
	topicOf   map[string]*topic // by what is asked, and by an entry's question
	customers int
	release   *topic
	asks      []ask
}

// topic is one thing that customers ask about.
type topic struct {
	label string
	// entry answers it; nil while it is missing.
	entry *faq.Entry
	// words are those of customers, none of which is published; said is how many have been used.
	words []string
	said  int
	// weight says how often it is asked, and since when.
	weight float64
	since  int
}

// ask is a message.
type ask struct {
	at       time.Time
	customer string
	text     string
}

const (
	seasonDays = 91
	// publishedWays is how many ways to ask an entry has.
	publishedWays = 12
	// releaseDay is when something breaks, emergeDay when new things begin to be asked.
	releaseDay, emergeDay = 23, 35
	emerging              = 5
)

// newSeason makes a quarter from a set of utterances with labels: entries for two thirds of them, and messages.
func newSeason(t *testing.T, file string, begin time.Time, messages, customers int) *season {
	t.Helper()
	s := &season{rand: rand.New(rand.NewPCG(7, 11)), topicOf: map[string]*topic{}, customers: customers}
	s.read(t, file)
	var missing []*topic
	for i, topic := range s.topics {
		topic.weight = 1 / float64(i+8) // few are asked often, many now and then
		if i%3 == 2 {
			missing = append(missing, topic)
			continue
		}
		topic.publish()
	}
	s.release = missing[len(missing)-1]
	s.release.weight /= 20 // hardly anybody asked
	for i := range emerging {
		missing[2+4*i].since = emergeDay
	}
	for week := range seasonDays / 7 {
		s.week(begin, week, messages*7/seasonDays)
	}
	s.breaks(begin.AddDate(0, 0, releaseDay), max(20, messages/100))
	slices.SortStableFunc(s.asks, func(a, b ask) int { return a.at.Compare(b.at) })
	return s
}

// read makes topics of a set, in an order that is mixed and always the same.
func (s *season) read(t *testing.T, file string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byLabel := map[string]*topic{}
	for _, row := range rows[1:] {
		text, label := row[0], row[1]
		if slices.Contains(moveLabels, label) || s.topicOf[text] != nil {
			continue
		}
		if byLabel[label] == nil {
			byLabel[label] = &topic{label: label}
		}
		byLabel[label].words = append(byLabel[label].words, text)
		s.topicOf[text] = byLabel[label]
	}
	for _, label := range slices.Sorted(maps.Keys(byLabel)) {
		words := byLabel[label].words
		s.rand.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		s.topics = append(s.topics, byLabel[label])
	}
	s.rand.Shuffle(len(s.topics), func(i, j int) { s.topics[i], s.topics[j] = s.topics[j], s.topics[i] })
}

// publish makes an entry of some of a topic's words, which no customer uses then.
func (p *topic) publish() {
	e := faq.Entry{ID: faq.EntryID(p.label), Language: "en", Question: p.words[0], Answers: []faq.Answer{{Language: "en", Text: answerAbout(p.label)}}}
	for _, words := range p.words[1:publishedWays] {
		e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: words})
	}
	p.entry, p.words = &e, p.words[publishedWays:]
}

func answerAbout(label string) string { return "This is about " + label + "." }

// next are words that nobody used yet, as long as there are such: then they are used again.
func (p *topic) next() string {
	p.said++
	return p.words[(p.said-1)%len(p.words)]
}

// week adds the messages of one. Each topic is asked as often as its weight says, give or take one: what differs between weeks is what the bot knows, and
// not luck.
func (s *season) week(begin time.Time, week, count int) {
	var total float64
	for _, p := range s.topics {
		if p.since <= week*7 {
			total += p.weight
		}
	}
	var asked []*topic
	at, step := s.rand.Float64()*total/float64(count), total/float64(count)
	for _, p := range s.topics {
		if p.since > week*7 {
			continue
		}
		for at -= p.weight; at < 0; at += step {
			asked = append(asked, p)
		}
	}
	s.rand.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
	var last ask
	for _, p := range asked {
		next := ask{customer: s.customer(), at: s.moment(begin.AddDate(0, 0, 7*week), 7), text: p.next()}
		if last.customer != "" && s.rand.IntN(5) == 0 { // who writes often has more than one question
			next.customer, next.at = last.customer, last.at.Add(time.Duration(30+s.rand.IntN(300))*time.Second)
		}
		s.asks = append(s.asks, next)
		last = next
	}
}

// customer is one of them; some write often, most seldom.
func (s *season) customer() string {
	return fmt.Sprint("customer", int(s.rand.Float64()*s.rand.Float64()*float64(s.customers)))
}

// moment is between seven and twenty-two o'clock on one of the days that follow.
func (s *season) moment(from time.Time, days int) time.Time {
	return from.AddDate(0, 0, s.rand.IntN(days)).Add(7*time.Hour + time.Duration(s.rand.IntN(15*60*60))*time.Second)
}

// breaks has many different people ask about one thing on a day, fewer on the next ones.
func (s *season) breaks(day time.Time, people int) {
	order := s.rand.Perm(s.customers)
	for days := 0; people > 0; days, people = days+1, people/4 {
		for range people {
			s.asks = append(s.asks, ask{customer: fmt.Sprint("customer", order[0]), at: s.moment(day.AddDate(0, 0, days), 1), text: s.release.next()})
			order = order[1:]
		}
	}
}

// published are the entries that there are from the beginning.
func (s *season) published() []faq.Entry {
	var out []faq.Entry
	for _, p := range s.topics {
		if p.entry != nil {
			out = append(out, *p.entry)
			s.topicOf[p.entry.Question] = p
		}
	}
	slices.SortFunc(out, func(a, b faq.Entry) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// seasonFile is the set that a quarter is made from.
func seasonFile(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("FAQBOT_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	file := filepath.Join(dir, "clinc150", "train.csv")
	if _, err := os.Stat(file); err != nil {
		t.Skipf("SKIP: there is no test data at %s; FAQBOT_TEST_DATA names its folder", dir)
	}
	return file
}
