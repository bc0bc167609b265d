package webchat_test

import (
	"net"
	"testing"
	"time"
)

// listen takes an address that was just given up.
func listen(t *testing.T, instead net.Listener, addr string) net.Listener {
	t.Helper()
	_ = instead.Close()
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		l, err := net.Listen("tcp", addr)
		if err == nil {
			return l
		}
		if time.Since(start) > 10*time.Second {
			t.Fatal(err)
		}
	}
}
