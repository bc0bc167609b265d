package transfer_test

import (
	"os"
	"path/filepath"
	"testing"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

// sharedData is a folder of the data beside the module; the test is skipped where it is not there.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("FAQBOT_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no test data at %s (FAQBOT_TEST_DATA)", path)
	}
	return path
}

func TestRead_PublicHealthFAQ(t *testing.T) {
	t.Parallel()
	folder := sharedData(t, "cv_faq")
	doc, err := transfer.Read(t.Context(), folder, transfer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Items) != 248 {
		t.Errorf("%d entries, want 248", len(doc.Items))
	}
	if len(doc.Skipped) != 1 || filepath.Base(doc.Skipped[0].Place.File) != "LICENSE.md" {
		t.Errorf("skipped %v, want LICENSE.md alone", doc.Skipped)
	}
	var got transfer.Item
	for _, i := range doc.Items {
		e := i.Entry
		if e.Care.CheckedOn == "" || len(e.Tags) != 1 || i.Status != faq.Published || i.Generated || e.Language != "en" {
			t.Errorf("%s lacks something: %+v", e.ID, i)
		}
		if e.ID == "are-antibiotics-effective" {
			got = i
		}
	}
	wantItems(t, []transfer.Item{got}, []transfer.Item{{Status: faq.Published, Entry: faq.Entry{
		ID: "are-antibiotics-effective", Language: "en",
		Question: "Are antibiotics effective in preventing or treating COVID-19?",
		Answers: []faq.Answer{{Language: "en", Text: "No. Antibiotics do not work against viruses; they only work on bacterial infections. " +
			"Antibiotics do not prevent or treat coronavirus disease (COVID-19), because COVID-19 is caused by a virus, not bacteria. " +
			"Some patients with COVID-19 may also develop a bacterial infection, such as pneumonia. In that case, a health care professional may treat the bacterial infection with an antibiotic."}},
		Tags: []string{"Drugs and medications"}, Care: faq.Care{CheckedOn: "2020-10-15"},
	}}})
	for _, format := range transfer.Formats {
		wantItems(t, throughFile(t, format, doc.Items).Items, doc.Items)
	}
	plan, err := transfer.NewPlan(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1500s", plan.String())
	s := plan.String()
	t.Log(s[len(s)-600:])
}
