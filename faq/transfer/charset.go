package transfer

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decodeText reads UTF-8 with or without a byte order mark, and UTF-16 with one, as Excel writes it.
func decodeText(name string, data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", invalid(Place{File: name}, "cannot be read as UTF-16")
		}
		return string(decoded), nil
	}
	if at := invalidAt(data); at >= 0 {
		return "", invalid(Place{File: name, Line: 1 + bytes.Count(data[:at], []byte("\n"))}, "is not UTF-8; save it as UTF-8")
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return "", invalid(Place{File: name, Line: 1 + bytes.Count(data[:at], []byte("\n"))}, "holds a zero byte; it is no text")
	}
	return string(data), nil
}

func invalidAt(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return -1
}

// decodeTable also reads Windows-1252, in which Excel still saves CSV. It says which it took.
func decodeTable(name string, data []byte) (s, guessed string, err error) {
	if charset, decoder := guessCharset(data); decoder != nil {
		decoded, err := decoder.NewDecoder().Bytes(data)
		if err == nil && !strings.ContainsRune(string(decoded), utf8.RuneError) {
			return string(decoded), charset, nil
		}
	}
	s, err = decodeText(name, data)
	return s, "", err
}

func guessCharset(data []byte) (string, encoding.Encoding) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return "", nil
	case len(data) > 3 && data[0] != 0 && data[1] == 0 && data[3] == 0:
		return "UTF-16 without a mark", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case len(data) > 3 && data[0] == 0 && data[1] != 0 && data[2] == 0:
		return "UTF-16 without a mark", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case looksWindows(data):
		return "Windows-1252", charmap.Windows1252
	}
	return "", nil
}

// looksWindows reports whether bytes beyond ASCII are letters of Windows-1252, rather than UTF-8 of which some is broken.
func looksWindows(data []byte) bool {
	good, bad := 0, 0
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		switch {
		case r == 0:
			return false
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		at += size
	}
	return bad > good
}
