package transfer

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	saveText  = "save it as UTF-8"
	saveTable = "save it as “CSV UTF-8” in the spreadsheet program"
)

// decodeText reads UTF-8 with or without a byte order mark, and UTF-16 with one, as Excel writes it.
func decodeText(name string, data []byte) (string, error) { return decodeOr(saveText, name, data) }

// decodeOr says what to do about a text that cannot be read.
func decodeOr(remedy, name string, data []byte) (string, error) {
	s := string(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if marked16(data) {
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", invalid(Place{File: name}, "cannot be read as UTF-16; %s", remedy)
		}
		s = string(decoded)
		// What does not fit is read as this, such as half a character at the end of a file that was cut off.
		if at := strings.IndexRune(s, utf8.RuneError); at >= 0 {
			return "", invalid(placeAt(name, s, at), "holds a broken character of UTF-16; %s", remedy)
		}
	}
	if at := invalidAt(s); at >= 0 {
		return "", invalid(placeAt(name, s, at), "is not UTF-8; %s", remedy)
	}
	if at := strings.IndexByte(s, 0); at >= 0 {
		return "", invalid(placeAt(name, s, at), "holds a zero byte; it is no text")
	}
	return s, nil
}

// marked16 reports whether data begins with the mark of UTF-16, of either order.
func marked16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF})
}

func placeAt(name, s string, at int) Place {
	return Place{File: name, Line: 1 + strings.Count(s[:at], "\n")}
}

func invalidAt(s string) int {
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
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
	s, err = decodeOr(saveTable, name, data)
	return s, "", err
}

func guessCharset(data []byte) (string, encoding.Encoding) {
	switch {
	case marked16(data):
		return "", nil
	case len(data) > 3 && data[0] != 0 && data[1] == 0 && data[3] == 0:
		return "UTF-16 without a mark", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case len(data) > 3 && data[0] == 0 && data[1] != 0 && data[2] == 0:
		return "UTF-16 without a mark", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case looksWindows(data) && !looksForeign(data):
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

// looksForeign reports whether most bytes beyond ASCII stand three or more together, as in the words of Windows-1251 and other alphabets.
// Read as Windows-1252 they would be published as a jumble; in the languages of that they stand alone or in pairs.
func looksForeign(data []byte) bool {
	alone, together, run := 0, 0, 0
	for _, c := range append(bytes.Clone(data), 0) {
		switch {
		case c > 0xA0: // those below are quotes, dashes and spaces
			run++
			continue
		case run > 2:
			together += run
		default:
			alone += run
		}
		run = 0
	}
	return together > alone
}
