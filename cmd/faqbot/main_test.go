package main

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// asProgram makes the test binary the program itself, so that tests can run and kill the real thing without building it a second time.
const asProgram = "FAQBOT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		go endWithParent()
		main()
	}
	// Scripts call the test binary by the program's name.
	testscript.Main(leakChecked{m}, map[string]func(){"faqbot": main})
}

// leakChecked fails a run that passed but left goroutines behind. [goleak.VerifyTestMain] would end the process by itself, before the folder in
// which scripts find the program is removed.
type leakChecked struct{ tests testscript.TestingM }

// Run implements [testscript.TestingM].
func (l leakChecked) Run() int {
	code := l.tests.Run()
	if code != 0 {
		return code
	}
	// The index library starts these with the program and never stops them.
	if err := goleak.Find(goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker")); err != nil {
		fmt.Fprintln(os.Stderr, "goroutines that outlived the tests:", err)
		return exitFailed
	}
	return exitDone
}

// endWithParent ends the program when the test that started it is gone, however it went: its end of the input is closed then.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(exitFailed)
}
