package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The committed table says what the specification at hand says.
func TestTable_IsTheSpecification(t *testing.T) {
	folder := filepath.Join(dataFolder(".."), "platform-specs")
	raw, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.json"))
	if os.IsNotExist(err) {
		t.Skipf("the specification is not at %s (FAQBOT_TEST_DATA): the committed table is not compared", folder)
	}
	if err != nil {
		t.Fatal(err)
	}
	want, err := reduce(raw)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "../spec.txt", want)
	licence, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "../spec.LICENSE", licence)
}

func compare(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs from the specification; run go generate ./bot/telegram/telegramtest\n%s", path, diff)
	}
}
