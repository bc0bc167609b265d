package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"io"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"faqbot/faq/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables to the state that this program knows. There is no way back: a backup is.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, w words, options ...goose.ProviderOption) error {
	texts, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	options = append(options, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	provider, err := goose.NewProvider(dialect, db, dialectFS{texts, w.migrations}, options...)
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return newer(current, target)
	}
	if current == target {
		return nil
	}
	_, err = provider.Up(ctx)
	return err
}

// schema is the version of the tables that this program knows.
func schema() (int64, error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(files[len(files)-1].Name())
}

func newer(theirs, ours int64) error {
	return fault.New(fault.Conflict, "the database was written by a newer faqbot (tables of version %d; this program knows %d): "+
		"use that version, or restore a backup that was made before the update", theirs, ours)
}

// dialectFS puts a database's words in the place of the marks in the migrations.
type dialectFS struct {
	fs.FS
	words map[string]string
}

// Open implements [fs.FS].
func (d dialectFS) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	for mark, word := range d.words {
		text = bytes.ReplaceAll(text, []byte("{{"+mark+"}}"), []byte(word))
	}
	return textFile{f, bytes.NewReader(text)}, nil
}

type textFile struct {
	fs.File
	text *bytes.Reader
}

// Read implements [fs.File].
func (f textFile) Read(p []byte) (int, error) { return f.text.Read(p) }
