package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"faqbot/faq/fault"
)

// lockFile is locked by the one process that serves from a folder; it holds that process's ID.
const lockFile = "faqbot.lock"

// LockFolder makes sure that one process serves from a data folder. The system gives the lock back when the process ends, however
// it does. A Conflict fault names the process that has it.
func LockFolder(dir string) (release func() error, err error) {
	path := filepath.Join(dir, lockFile)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	if err := lock(f); err != nil {
		defer f.Close()
		holder := "another process"
		if text, _ := io.ReadAll(io.LimitReader(f, 20)); len(text) > 0 {
			holder = "process " + strings.TrimSpace(string(text))
		}
		return nil, fault.Wrap(fault.Conflict, err, fmt.Sprintf("faqbot serves from the folder %s already (%s): stop that one, or use "+
			"another folder", dir, holder))
	}
	// The file stays when the lock is given back: to delete it would let two processes lock two files of one name.
	if err := writeProcess(f); err != nil {
		return nil, unwritable(path, err)
	}
	return f.Close, nil
}

func writeProcess(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}
