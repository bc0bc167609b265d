package main

import (
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// replica is the real program in a process of its own, which can be killed and started again on its data folder.
type replica struct {
	t     *testing.T
	dir   string
	flags []string
	log   *logged

	cmd   *exec.Cmd
	input io.Closer
	ended chan error
	// before is how many times a process had said that it answers when this one was started.
	before int
}

func newReplica(t *testing.T, flags ...string) *replica {
	r := &replica{t: t, dir: newData(t), flags: append([]string{"serve", "--http-addr", "127.0.0.1:0"}, flags...), log: &logged{}}
	r.start()
	t.Cleanup(func() {
		if r.cmd != nil {
			r.kill()
		}
		r.log.show(t)
	})
	return r
}

// start begins a process; it does not wait until that is ready.
func (r *replica) start() {
	r.t.Helper()
	program, err := os.Executable()
	if err != nil {
		r.t.Fatal(err)
	}
	r.before = len(r.log.lines(answering))
	cmd := exec.Command(program, r.flags...)
	cmd.Dir = r.dir // without a settings file
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), asProgram+"=1"), r.log, r.log
	input, err := cmd.StdinPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.cmd, r.input, r.ended = cmd, input, make(chan error, 1)
	go func() { r.ended <- cmd.Wait() }()
}

// kill ends the process without a chance to do anything more (SIGKILL), and returns when it is dead. A process that was dead already is
// a failure.
func (r *replica) kill() {
	r.t.Helper()
	select {
	case err := <-r.ended:
		r.t.Errorf("the program ended by itself: %v", err)
	default:
		_ = r.cmd.Process.Kill()
		<-r.ended
	}
	r.input.Close()
	r.cmd = nil
}

// answering is what the program says when it is ready.
const answering = "faqbot answers at "

// stop asks the process to end, as an operator does: once it is there, for in its first milliseconds it does not listen yet.
func (r *replica) stop() {
	r.t.Helper()
	for end := time.Now().Add(stopTime); len(r.log.lines(answering)) == r.before && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		r.t.Fatal(err)
	}
	select {
	case err := <-r.ended:
		if err != nil {
			r.t.Errorf("the program did not end well: %v", err)
		}
	case <-time.After(2 * stopTime):
		r.t.Error("the program did not stop")
		r.kill()
	}
	r.input.Close()
	r.cmd = nil
}
