package transfer

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"faqbot/faq/fault"
)

// Read reads a file, a folder of Markdown, or an http or https address. A file's format is that of its ending, else what
// its content looks like. An Invalid fault wraps [Problems]; the path or address may be NotFound, Forbidden or Unavailable.
func Read(ctx context.Context, source string, o Options) (Document, error) {
	if scheme, _, ok := strings.Cut(strings.ToLower(source), "://"); ok && (scheme == "http" || scheme == "https") {
		return readURL(ctx, source, o)
	}
	info, err := os.Stat(source)
	if err != nil {
		return Document{}, pathFault(source, err)
	}
	if info.IsDir() {
		b := newBuilder(source, Markdown, o)
		return b.run(source, func() error {
			files, err := b.readFolder(ctx, source)
			if err == nil && len(files) == 0 {
				return invalid(Place{File: source}, "holds no Markdown files (.md)")
			}
			return err
		})
	}
	if !info.Mode().IsRegular() {
		return Document{}, fault.New(fault.Invalid, "%s is neither a file nor a folder", source)
	}
	f, err := os.Open(source)
	if err != nil {
		return Document{}, pathFault(source, err)
	}
	defer f.Close()
	data, err := readAll(f, o.withDefaults().Limits.File)
	if err != nil {
		return Document{}, asPlaced(source, err)
	}
	return ReadBytes(source, data, o)
}

// ReadBytes reads a document from memory. The name is used in messages, and its ending tells the format.
func ReadBytes(name string, data []byte, o Options) (Document, error) {
	return readBytes(name, "", data, page{}, o)
}

func readBytes(name, contentType string, data []byte, p page, o Options) (Document, error) {
	format := formatOf(name, contentType, data)
	b := newBuilder(name, format, o)
	if int64(len(data)) > b.options.Limits.File {
		return Document{}, invalid(Place{File: name}, "is longer than %d bytes", b.options.Limits.File)
	}
	return b.run(name, func() error {
		switch format {
		case CSV:
			return b.readCSV(name, data)
		case XLSX:
			return b.readXLSX(name, data)
		case JSON:
			return b.readJSON(name, data, p)
		case YAML:
			return b.readYAML(name, data)
		case Markdown:
			return b.readMarkdown(name, data)
		case Page:
			return b.readPage(name, data, p)
		}
		return invalid(Place{File: name}, "is of no known kind; name it .csv, .xlsx, .json, .yaml, .md or .html")
	})
}

func (b *builder) run(source string, read func() error) (Document, error) {
	if err := read(); err != nil {
		if !fault.Is(err, fault.Invalid) {
			return Document{}, err
		}
		b.asProblem(Place{File: source}, err)
	}
	return b.finish()
}

func asPlaced(source string, err error) error {
	if fault.Is(err, fault.Invalid) {
		return invalid(Place{File: source}, "%s", fault.Message(err))
	}
	return pathFault(source, err)
}

var formatsByEnding = map[string]Format{
	".csv": CSV, ".tsv": CSV, ".tab": CSV, ".xlsx": XLSX, ".xlsm": XLSX, ".json": JSON, ".jsonld": JSON,
	".yaml": YAML, ".yml": YAML, ".md": Markdown, ".markdown": Markdown, ".html": Page, ".htm": Page, ".xhtml": Page,
}

// FormatOf is the format that a path's ending names, or "".
func FormatOf(name string) Format { return formatsByEnding[strings.ToLower(filepath.Ext(name))] }

var formatsByType = map[string]Format{
	"text/csv": CSV, "text/tab-separated-values": CSV, "application/json": JSON, "application/ld+json": JSON,
	"application/yaml": YAML, "application/x-yaml": YAML, "text/yaml": YAML, "text/markdown": Markdown, "text/html": Page, "application/xhtml+xml": Page,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": XLSX,
}

// formatOf goes by the name, then by what a server says, then by how the content begins.
func formatOf(name, contentType string, data []byte) Format {
	if u, err := url.Parse(name); err == nil && contentType != "" {
		name = path.Base(u.Path)
	}
	mediaType, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	if f := formatsByType[strings.TrimSpace(mediaType)]; f != "" {
		return f
	}
	if f := FormatOf(name); f != "" {
		return f
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 4096)], []byte("\uFEFF")), " \t\r\n")
	line, _, _ := bytes.Cut(start, []byte("\n"))
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return XLSX
	case bytes.HasPrefix(start, []byte("<")):
		return Page
	case bytes.HasPrefix(start, []byte("{")), bytes.HasPrefix(start, []byte("[")):
		return JSON
	case bytes.HasPrefix(start, []byte("entries:")), bytes.HasPrefix(start, []byte("- ")):
		return YAML
	case bytes.HasPrefix(start, []byte("---")):
		return Markdown
	case bytes.ContainsAny(line, ",;\t"):
		return CSV
	}
	return ""
}
