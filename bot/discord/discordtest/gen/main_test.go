package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestFacts_MatchTheSpecificationAtHand(t *testing.T) {
	t.Parallel()
	folder, err := specFolder()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "discord-openapi.json")
	if !exists(path) {
		t.Skipf("SKIPPED: %s is not here, so the committed facts were not compared with the specification", path)
	}
	want, err := generate(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../facts/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("facts.json differs from the specification at hand: run go generate ./bot/discord/discordtest")
	}
	licence, err := os.ReadFile(filepath.Join(folder, "discord-openapi.LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../facts/LICENSE.discord-openapi"); err != nil || !bytes.Equal(got, licence) {
		t.Errorf("the licence of the specification is not beside the facts: %v", err)
	}
}
