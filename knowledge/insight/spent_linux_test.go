package insight_test

import (
	"syscall"
	"time"
	"unsafe"
)

// spent is the processor time of this thread: what others do on the machine does not count. Usage as [syscall.Getrusage] tells it moves on by ticks of
// milliseconds, this clock by nanoseconds.
func spent() time.Duration {
	const threadClock = 3 // CLOCK_THREAD_CPUTIME_ID
	var at syscall.Timespec
	if _, _, failed := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, threadClock, uintptr(unsafe.Pointer(&at)), 0); failed != 0 {
		panic(failed)
	}
	return time.Duration(at.Nano())
}
