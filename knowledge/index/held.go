package index

import (
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// held reports whether another process has an index open: scorch keeps its bolt file locked while it does.
func held(path string) bool {
	file := filepath.Join(path, "store", "root.bolt")
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{Timeout: 100 * time.Millisecond, ReadOnly: true})
	if err == nil {
		_ = db.Close()
		return false
	}
	return err == bbolt.ErrTimeout
}
