package knowledge

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

var fit = flag.Bool("fit", false, "fit the prior and print it")

// none stands in for an index: what it proposes is everything.
type allEntries struct{ Searcher }

// leftOutWeight is how many sets the one whose entries have phrasings and answers both stands for.
const leftOutWeight = 4

// sample is one question to a FAQ with the signals it gave.
type sample struct {
	signals           signals
	right, answerable bool
	weight            float64
}

func dataFolder(t testing.TB) string {
	dir := os.Getenv("FAQBOT_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIP: no test data at %s (FAQBOT_TEST_DATA)", dir)
	}
	return dir
}

func readRows(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func labelled(rows [][]string) []*faq.Entry {
	var out []*faq.Entry
	byLabel := map[string]*faq.Entry{}
	for _, row := range rows {
		if e := byLabel[row[1]]; e != nil {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: row[0]})
			continue
		}
		e := &faq.Entry{ID: faq.EntryID(row[1]), Language: "en", Question: row[0]}
		byLabel[row[1]] = e
		out = append(out, e)
	}
	return out
}

var title = regexp.MustCompile(`(?m)^title: ['"]?(.*?)['"]?$`)

func publicHealth(t testing.TB, dir string) []*faq.Entry {
	files, err := filepath.Glob(filepath.Join(dir, "cv_faq", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cv_faq", err)
	}
	var out []*faq.Entry
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "---\n")
		head, body, ok := strings.Cut(rest, "\n---\n")
		m := title.FindStringSubmatch(head)
		if !ok || m == nil {
			continue
		}
		id := strings.TrimSuffix(filepath.Base(path), ".md")
		out = append(out, &faq.Entry{ID: faq.EntryID(id), Language: "en", Question: m[1], Answers: []faq.Answer{{Language: "en", Text: body}}})
	}
	return out
}

// keepOut says which entries are taken away in a fold, so that questions to them become unanswerable ones of the FAQ's own kind.
func keepOut(id string, fold int) bool {
	h := fnv.New32a()
	fmt.Fprint(h, id, fold)
	return h.Sum32()%100 < 30
}

// few are samples of FAQs of a few entries, as every owner begins with, asked for what such a FAQ does not have as well: other questions of its kind,
// and foreign ones.
func few(entries []*faq.Entry, rows, foreign [][]string, size, times int) []sample {
	var out []sample
	r := rand.New(rand.NewPCG(uint64(size), 1))
	for range times {
		m := New(allEntries{}, Options{})
		for _, i := range r.Perm(len(entries))[:size] {
			m.add(newDocument(entries[i]))
		}
		m.epoch = 1
		m.frequencies.settle()
		missing := 3
		ask := func(row []string) {
			_, there := m.documents[faq.EntryID(row[1])]
			q := newQuery(row[0], "en", m.frequencies)
			list, _ := m.rank(q, m.candidates(Question{}, nil, true, q.folded))
			out = append(out, sample{signals: signalsOf(q, list, m.frequencies), right: string(list[0].document.entry.ID) == row[1], answerable: there})
		}
		for range 3 {
			ask([]string{foreign[r.IntN(len(foreign))][0], "\x00"})
		}
		for _, i := range r.Perm(len(rows)) {
			_, there := m.documents[faq.EntryID(rows[i][1])]
			if !there {
				if missing--; missing < 0 {
					continue
				}
			}
			ask(rows[i])
		}
	}
	return weighted30(out)
}

// leftOut asks the sample FAQ, whose entries have phrasings and answers, for each phrasing as if it was not there, and as if its entry was not.
func leftOut(t testing.TB) []sample {
	raw, err := os.ReadFile(filepath.Join("..", "cmd", "faqbot", "sample", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := transfer.ReadBytes("sample.yaml", raw, transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		t.Fatal(err)
	}
	m := New(allEntries{}, Options{})
	for _, item := range doc.Items {
		m.add(newDocument(&item.Entry))
	}
	m.epoch = 1
	m.frequencies.settle()
	clear(m.exact)
	var out []sample
	for _, item := range doc.Items {
		e := item.Entry
		whole := m.documents[e.ID]
		for i, phrasing := range e.Phrasings {
			q := newQuery(phrasing.Text, cmp.Or(phrasing.Language, "en"), m.frequencies)
			without := e
			without.Phrasings = slices.Delete(slices.Clone(e.Phrasings), i, i+1)
			m.documents[e.ID] = newDocument(&without)
			list, _ := m.rank(q, m.candidates(Question{}, nil, true, ""))
			out = append(out, sample{signals: signalsOf(q, list, m.frequencies), right: list[0].document.entry.ID == e.ID, answerable: true})
			delete(m.documents, e.ID)
			list, _ = m.rank(q, m.candidates(Question{}, nil, true, ""))
			out = append(out, sample{signals: signalsOf(q, list, m.frequencies)})
		}
		m.documents[e.ID] = whole
	}
	return weighted30(out)
}

func samples(t testing.TB, entries []*faq.Entry, rows [][]string, folds, most int) []sample {
	var out []sample
	step := max(1, len(rows)/most)
	for fold := range folds {
		m := New(allEntries{}, Options{})
		for _, e := range entries {
			if folds == 1 || fold == 0 || !keepOut(string(e.ID), fold) {
				m.add(newDocument(e))
			}
		}
		m.epoch = fold + 1
		m.frequencies.settle()
		for i := fold % step; i < len(rows); i += step {
			q := newQuery(rows[i][0], "en", m.frequencies)
			list, _ := m.rank(q, m.candidates(Question{}, nil, true, q.folded))
			_, there := m.documents[faq.EntryID(rows[i][1])]
			out = append(out, sample{signals: signalsOf(q, list, m.frequencies), right: string(list[0].document.entry.ID) == rows[i][1], answerable: there})
		}
	}
	return weighted30(out)
}

// weighted30 makes unanswerable questions 30 % of a set, whose weight as a whole is 1.
func weighted30(list []sample) []sample {
	yes := 0
	for _, s := range list {
		if s.answerable {
			yes++
		}
	}
	for i := range list {
		list[i].weight = 0.7 / float64(yes)
		if !list[i].answerable {
			list[i].weight = 0.3 / float64(len(list)-yes)
		}
	}
	return list
}

// logistic fits by gradient descent with momentum and a small ridge; the problem is convex and small.
func logistic(list []sample) calibration {
	n := len(signals{}.list())
	w, v := make([]float64, n+1), make([]float64, n+1)
	total := 0.0
	for _, s := range list {
		total += s.weight
	}
	for range 6000 {
		g := make([]float64, n+1)
		for _, s := range list {
			x := s.signals.list()
			z := w[n]
			for i := range x {
				z += w[i] * x[i]
			}
			y := 0.0
			if s.right {
				y = 1
			}
			d := s.weight * (1/(1+math.Exp(-z)) - y) / total
			for i := range x {
				g[i] += d * x[i]
			}
			g[n] += d
		}
		for i := range g {
			if i < n {
				g[i] += 0.0005 * w[i]
			}
			v[i] = 0.95*v[i] - 0.5*g[i]
			w[i] += v[i]
		}
	}
	return calibration{bias: w[n], weights: w[:n]}
}

func TestPrior_Fit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	dir := dataFolder(t)
	sets := map[string][]sample{}
	for _, name := range []string{"banking77", "clinc150"} {
		valid := readRows(t, filepath.Join(dir, name, "valid.csv"))
		if name == "clinc150" {
			valid = append(valid, readRows(t, filepath.Join(dir, name, "unanswerable_valid.csv"))...)
		}
		for _, train := range []string{"train_5", "train_10", "train_uneven_1"} {
			sets[name+" "+train] = samples(t, labelled(readRows(t, filepath.Join(dir, name, train+".csv"))), valid, 3, 300)
		}
	}
	health := publicHealth(t, dir)
	customers := append(readRows(t, filepath.Join("eval", "testdata", "cv_faq_tuning.csv")), readRows(t, filepath.Join("eval", "testdata", "cv_faq_paraphrased_tuning.csv"))...)
	bank, many := readRows(t, filepath.Join(dir, "banking77", "valid.csv")), readRows(t, filepath.Join(dir, "clinc150", "valid.csv"))
	for _, size := range []int{1, 3, 5, 10, 20} {
		sets[fmt.Sprint("cv_faq of ", size)] = few(health, customers, many, size, 1000/size)
		sets[fmt.Sprint("banking77 of ", size)] = few(labelled(readRows(t, filepath.Join(dir, "banking77", "train_5.csv"))), bank, many, size, 40)
		sets[fmt.Sprint("clinc150 of ", size)] = few(labelled(readRows(t, filepath.Join(dir, "clinc150", "train_5.csv"))), many, bank, size, 40)
	}
	for _, file := range []string{"cv_faq_tuning", "cv_faq_paraphrased_tuning"} {
		sets[file] = samples(t, health, readRows(t, filepath.Join("eval", "testdata", file+".csv")), 3, 1000)
	}
	sets["sample, left out"] = leftOut(t)
	var all []sample
	for range leftOutWeight - 1 {
		all = append(all, sets["sample, left out"]...)
	}
	for _, s := range sets {
		all = append(all, s...)
	}
	c := logistic(all)
	fmt.Printf("bias: %.3f,\nweights: []float64{", c.bias)
	for _, w := range c.weights {
		fmt.Printf("%.3f, ", w)
	}
	fmt.Println("}")
	for name, s := range sets {
		report(name, s, c)
	}
}

func report(name string, list []sample, c calibration) {
	top1, yes := 0, 0
	for _, s := range list {
		if s.answerable {
			yes++
		}
		if s.right {
			top1++
		}
	}
	fmt.Printf("%-28s top1 %.3f", name, float64(top1)/float64(yes))
	for _, threshold := range []Confidence{0.5, 0.55, 0.6, 0.65, 0.7} {
		var given, right, refused float64
		for _, s := range list {
			switch answered := c.confidence(s.signals) >= threshold; {
			case answered && s.right:
				right += s.weight
				given += s.weight
			case answered:
				given += s.weight
			case !s.answerable:
				refused += s.weight
			}
		}
		fmt.Printf("  @%.2f ans %.2f ok %.2f wrong %.2f ref %.2f", threshold, given, right/0.7, (given-right)/given, refused/0.3)
	}
	fmt.Println()
}
