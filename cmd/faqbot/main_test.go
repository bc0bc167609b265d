package main

import (
	"io"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// asProgram makes the test binary the program itself, so that tests can run and kill the real thing without building it a second time.
const asProgram = "FAQBOT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		go endWithParent()
		main()
	}
	// The index library starts these with the program and never stops them.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// endWithParent ends the program when the test that started it is gone, however it went: its end of the input is closed then.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(exitFailed)
}
