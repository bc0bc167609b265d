//go:build !unix

package storetest

import "testing"

// Postgres skips the test: the server is started on Unix alone.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	t.Skip("SKIPPED: PostgreSQL is tested on Unix alone")
	return ""
}

// EmptyPostgres skips as well.
func EmptyPostgres(t testing.TB) (url string) {
	t.Helper()
	return Postgres(t)
}
