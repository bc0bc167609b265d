//go:build !linux

package insight_test

import "time"

var began = time.Now()

// spent is the time that has passed: not every system tells what a thread has had of it.
func spent() time.Duration { return time.Since(began) }
