package knowledge

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
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

// leftOutWeight is how many sets the one whose entries have phrasings and answers both stands for.
const leftOutWeight = 3

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

// put asks a FAQ a question; entry is empty or unknown to it where it has no answer.
func (t trialFAQ) put(text string, language faq.Language, entry string) trial {
	q := newQuery(text, language, t.frequencies)
	if t.documents[faq.EntryID(entry)] == nil {
		entry = ""
	}
	list, _ := t.rank(q, t.examples.documents)
	return newTrial(q, list, faq.EntryID(entry), 1)
}

// few are trials of FAQs of a few entries, as every owner begins with, asked for what such a FAQ does not have as well: other questions of its
// kind, and foreign ones.
func few(t testing.TB, entries []*faq.Entry, rows, foreign [][]string, size, times int) []trial {
	var out []trial
	r := rand.New(rand.NewPCG(uint64(size), 1))
	for range times {
		var some []*faq.Entry
		for _, i := range r.Perm(len(entries))[:size] {
			some = append(some, entries[i])
		}
		f := newTrialFAQ(t.Context(), some, nil, 2)
		missing := 3
		for range 3 {
			out = append(out, f.put(foreign[r.IntN(len(foreign))][0], "en", ""))
		}
		for _, i := range r.Perm(len(rows)) {
			if f.documents[faq.EntryID(rows[i][1])] == nil {
				if missing--; missing < 0 {
					continue
				}
			}
			out = append(out, f.put(rows[i][0], "en", rows[i][1]))
		}
	}
	return out
}

func sampleEntries(t testing.TB) []*faq.Entry {
	raw, err := os.ReadFile(filepath.Join("..", "cmd", "faqbot", "sample", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := transfer.ReadBytes("sample.yaml", raw, transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		t.Fatal(err)
	}
	var out []*faq.Entry
	for i := range doc.Items {
		out = append(out, &doc.Items[i].Entry)
	}
	return out
}

// leftOutOf asks the sample FAQ, whose entries have phrasings and answers, for each phrasing as if it was not there, and as if its entry was not.
func leftOutOf(t testing.TB) []trial {
	entries := sampleEntries(t)
	var out []trial
	for i := range entries {
		for j, phrasing := range entries[i].Phrasings {
			var with, without []*faq.Entry
			for k := range entries {
				e := *entries[k]
				if k == i {
					e.Phrasings = slices.Delete(slices.Clone(e.Phrasings), j, j+1)
				} else {
					without = append(without, &e)
				}
				with = append(with, &e)
			}
			language, id := cmp.Or(phrasing.Language, "en"), string(entries[i].ID)
			out = append(out, newTrialFAQ(t.Context(), with, nil, 2).put(phrasing.Text, language, id))
			out = append(out, newTrialFAQ(t.Context(), without, nil, 2).put(phrasing.Text, language, ""))
		}
	}
	return out
}

// customers are trials of a FAQ by real questions, with other parts of its entries kept out in each fold; the first leaves all in.
func customers(t testing.TB, entries []*faq.Entry, rows [][]string, folds, most int) []trial {
	var out []trial
	step := max(1, len(rows)/most)
	for fold := range folds {
		var kept []*faq.Entry
		for _, e := range entries {
			if fold == 0 || !keepOut(string(e.ID), fold) {
				kept = append(kept, e)
			}
		}
		f := newTrialFAQ(t.Context(), kept, nil, 2)
		for i := fold % step; i < len(rows); i += step {
			out = append(out, f.put(rows[i][0], "en", rows[i][1]))
		}
	}
	return out
}

// hardlyAny is the weight of no prior, for what makes the prior, as a share of that of all trials.
const hardlyAny = 0.0025

func TestPrior_Fit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	dir := dataFolder(t)
	sets := map[string][]trial{}
	for _, name := range []string{"banking77", "clinc150"} {
		valid := readRows(t, filepath.Join(dir, name, "valid.csv"))
		if name == "clinc150" {
			valid = append(valid, readRows(t, filepath.Join(dir, name, "unanswerable_valid.csv"))...)
		}
		for _, train := range []string{"train_5", "train_10", "train_uneven_1", "train_uneven_2", "train"} {
			entries := labelled(readRows(t, filepath.Join(dir, name, train+".csv")))
			if train != "train" { // which takes long
				sets[name+" "+train] = customers(t, entries, valid, 3, 400)
			}
			own, err := trials(t.Context(), entries, nil, 2)
			if err != nil {
				t.Fatal(err)
			}
			sets[name+" "+train+" by itself"] = own
		}
	}
	health := publicHealth(t, dir)
	asked := append(readRows(t, filepath.Join("eval", "testdata", "cv_faq_tuning.csv")), readRows(t, filepath.Join("eval", "testdata", "cv_faq_paraphrased_tuning.csv"))...)
	bank, many := readRows(t, filepath.Join(dir, "banking77", "valid.csv")), readRows(t, filepath.Join(dir, "clinc150", "valid.csv"))
	for _, size := range []int{1, 3, 5, 10, 20} {
		sets[fmt.Sprint("cv_faq of ", size)] = few(t, health, asked, many, size, 1000/size)
		sets[fmt.Sprint("banking77 of ", size)] = few(t, labelled(readRows(t, filepath.Join(dir, "banking77", "train_5.csv"))), bank, many, size, 40)
		sets[fmt.Sprint("clinc150 of ", size)] = few(t, labelled(readRows(t, filepath.Join(dir, "clinc150", "train_5.csv"))), many, bank, size, 40)
	}
	for _, file := range []string{"cv_faq_tuning", "cv_faq_paraphrased_tuning"} {
		sets[file] = customers(t, health, readRows(t, filepath.Join("eval", "testdata", file+".csv")), 3, 1000)
	}
	sets["sample, left out"] = leftOutOf(t)
	sets["sample, asked"] = customers(t, sampleEntries(t), readRows(t, filepath.Join("eval", "testdata", "sample_tuning.csv")), 3, 1000)
	fmt.Printf("usualMargin = %v\n", usual(sets))
	var all []trial
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		if strings.Contains(name, " of ") {
			continue // which of three entries is meant is no choice to learn from
		}
		all = append(all, evened(sets[name])...)
	}
	mix := fitMixture(all, mixture{}, hardlyAny*float64(len(sets)))
	fmt.Printf("priorMixture = mixture{")
	for _, w := range mix {
		fmt.Printf("%.3f, ", w)
	}
	fmt.Println("}")
	var samples []sample
	by := map[string][]sample{}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		rescore(sets[name], mix)
		by[name] = samplesOf(sets[name], DefaultUnanswerable)
		n := float64(len(by[name]))
		for i := range by[name] {
			by[name][i].weight /= n
		}
		samples = append(samples, by[name]...)
		if strings.HasPrefix(name, "sample") {
			for range leftOutWeight - 1 {
				samples = append(samples, by[name]...)
			}
		}
	}
	c := fitCalibration(samples, calibration{}, hardlyAny*float64(len(by)))
	fmt.Printf("prior = calibration{bias: %.3f, weights: [coefficients]float64{", c.bias)
	for _, w := range c.weights {
		fmt.Printf("%.3f, ", w)
	}
	fmt.Println("}}")
	for _, name := range slices.Sorted(maps.Keys(by)) {
		report(name, by[name], c)
	}
}

// evened are trials that weigh 1 together.
func evened(list []trial) []trial {
	total := 0.0
	for _, t := range list {
		if t.right >= 0 {
			total += t.weight
		}
	}
	out := slices.Clone(list)
	for i := range out {
		out[i].weight /= total
	}
	return out
}

// usual fits what models say by least squares on the nearness of an utterance.
func usual(sets map[string][]trial) []float64 {
	var a [3][4]float64
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		for _, t := range sets[name] {
			for _, r := range t.list[:min(5, len(t.list))] {
				x := [3]float64{1, r.evidence.body, r.evidence.nearest}
				for i := range x {
					for j := range x {
						a[i][j] += x[i] * x[j]
					}
					a[i][3] += x[i] * r.evidence.margin
				}
			}
		}
	}
	for i := range a {
		for k := range a {
			if k == i {
				continue
			}
			by := a[k][i] / a[i][i]
			for j := range a[k] {
				a[k][j] -= by * a[i][j]
			}
		}
	}
	return []float64{a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]}
}

func report(name string, list []sample, c calibration) {
	var top1, yes, no float64
	for _, s := range list {
		if s.answerable {
			yes += s.weight
		} else {
			no += s.weight
		}
		if s.right {
			top1 += s.weight
		}
	}
	fmt.Printf("%-32s top1 %.3f", name, top1/yes)
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
		fmt.Printf("  @%.2f ok %.2f wrong %.2f ref %.2f", threshold, right/yes, (given-right)/given, refused/no)
	}
	fmt.Println()
}
