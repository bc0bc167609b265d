package index

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A seal is written beside the files of an index when it is closed, and taken away when it is opened. bleve does not notice flipped bytes, and
// panics on them in goroutines of its own, where nobody can recover: files that are not exactly those that were closed are not opened at all.
// So is an index whose process was killed: what it had not yet written is nobody's to guess.
const sealFile = "seal"

func sealed(path string) error {
	want, err := os.ReadFile(filepath.Join(path, sealFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("index %s was not closed", path)
	}
	if err != nil {
		return fmt.Errorf("read seal of index: %w", err)
	}
	sum, err := sumOf(path)
	if err != nil {
		return err
	}
	if string(want) != sum {
		return fmt.Errorf("index %s was altered after it was closed", path)
	}
	return nil
}

func seal(path string) error {
	sum, err := sumOf(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(path, sealFile), []byte(sum), 0o600); err != nil {
		return fmt.Errorf("seal index: %w", err)
	}
	return nil
}

func unseal(path string) error {
	if err := os.Remove(filepath.Join(path, sealFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("unseal index: %w", err)
	}
	return nil
}

// sumOf is a checksum over names, sizes and contents of all files but the seal; they are walked in the order of their names.
func sumOf(path string) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(os.DirFS(path), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == sealFile {
			return err
		}
		file, err := os.Open(filepath.Join(path, name))
		if err != nil {
			return err
		}
		defer file.Close()
		content := sha256.New()
		size, err := io.Copy(content, file)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%q", name)
		sum.Write(content.Sum(binary.BigEndian.AppendUint64(nil, uint64(size))))
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read index %s: %w", path, err)
	}
	return fmt.Sprintf("%x\n", sum.Sum(nil)), nil
}
