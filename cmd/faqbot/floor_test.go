package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"faqbot/faq/faqtest"
	"faqbot/knowledge/eval"
)

// floor is what matching must come to on a data set, as shares.
type floor struct {
	train                 string
	tests                 []string
	top1, top3            float64
	auc, mcc              float64
	inScope, wrong, error float64 // at the operating point
	strict                float64 // answered rightly where at least 80 of 100 unanswerable questions are refused
	long                  bool
}

// TestFloors measures data sets that are no part of the project, with everything as an owner gets it. A share is only looked at where one is named.
func TestFloors(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	dir := testData(t)
	for _, f := range []floor{
		{train: "banking77/train_10", top1: 0.755, top3: 0.885},
		{train: "banking77/train_5", top1: 0.63},
		{train: "banking77/train_uneven_1", top1: 0.625},
		{train: "banking77/train_uneven_2", top1: 0.625},
		{train: "clinc150/train_10", top1: 0.805},
		{train: "clinc150/train_5", top1: 0.735},
		{train: "clinc150/train_uneven_1", top1: 0.725},
		{train: "clinc150/train_uneven_2", top1: 0.725},
		{train: "sofmattress/train", tests: []string{"sofmattress/test"}, top1: 0.76, mcc: 0.65, inScope: 0.45, wrong: 0.2, error: 0.08},
		{train: "banking77/train", top1: 0.91, long: true},
		{train: "clinc150/train", top1: 0.93, long: true},
		{train: "clinc150/train", tests: []string{"clinc150/valid", "clinc150/unanswerable_valid"}, auc: 0.95, strict: 0.9, long: true},
	} {
		if f.long && os.Getenv("FAQBOT_TEST_LONG") == "" {
			continue
		}
		t.Run(f.train, func(t *testing.T) { f.hold(t, dir) })
	}
}

func (f floor) hold(t *testing.T, dir string) {
	args := []string{"eval", "--json", "--train", filepath.Join(dir, f.train+".csv")}
	if f.tests == nil {
		f.tests = []string{filepath.Dir(f.train) + "/valid"}
	}
	for _, test := range f.tests {
		args = append(args, "--test", filepath.Join(dir, test+".csv"))
	}
	out, stderr, code := faqbot(t, newData(t), "", args...)
	if code != exitDone {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	var r eval.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	least := func(what string, got, want float64) {
		if got < want {
			t.Errorf("%s is %.3f, want %.3f", what, got, want)
		}
	}
	least("top1", r.Top1, f.top1)
	least("top3", r.Top3, f.top3)
	least("auc_answerable", orZero(r.AUCAnswerable), f.auc)
	least("mcc_best", r.MCCBest, f.mcc)
	least("in_scope_accuracy", r.InScopeAccuracy, f.inScope)
	if f.wrong > 0 {
		least("1 − wrong_among_given", 1-r.WrongAmongGiven, 1-f.wrong)
		least("1 − ece", 1-r.ECE, 1-f.error)
	}
	strict := 0.0
	for _, p := range r.Curve {
		if p.Refused >= 0.8 {
			strict = max(strict, p.InScopeAccuracy)
		}
	}
	least("in_scope_accuracy at refused ≥ 0.8", strict, f.strict)
	t.Logf("top1 %.3f, top3 %.3f, at %.2f: answered rightly %.3f, wrong %.3f", r.Top1, r.Top3, r.Threshold, r.InScopeAccuracy, r.WrongAmongGiven)
}
