package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"faqbot/faq/fault"
)

const (
	// Header carries the signature of a request: "t=1767225600,v1=" and 64 hexadecimal digits.
	Header = "Faqbot-Signature"
	// Tolerance is how far the time of a signature may be from the receiver's clock, either way.
	Tolerance = 5 * time.Minute
	// MinSecret is how short a secret may be, in characters.
	MinSecret = 16
)

// Sign makes the value of [Header]: the time of the attempt in seconds since 1970, and the HMAC-SHA256 of that time, a dot and the body.
func Sign(secret string, at time.Time, body []byte) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return "t=" + stamp + ",v1=" + hex.EncodeToString(sum(secret, stamp, body))
}

func sum(secret, stamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Verify looks whether a body was signed with this secret, lately. It is for receivers written in Go. What passes may still be a copy of a
// request that was received before: a receiver remembers for [Tolerance] which signatures it has seen, and refuses them, and for good which
// event IDs, and does nothing for those. A header that cannot be read gives a fault of kind Invalid, a signature that is wrong or from another
// time one of kind Forbidden.
func Verify(secret, header string, body []byte, now time.Time) error {
	stamp, signatures, err := parseHeader(header)
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "the time of the signature is not a number")
	}
	want := sum(secret, stamp, body)
	genuine := false
	for _, signature := range signatures {
		given, err := hex.DecodeString(signature)
		genuine = genuine || err == nil && hmac.Equal(given, want)
	}
	if !genuine {
		return fault.New(fault.Forbidden, "the signature does not fit")
	}
	// The difference is taken in seconds: a far year would overflow a duration.
	if age := now.Unix() - seconds; age > int64(Tolerance.Seconds()) || age < -int64(Tolerance.Seconds()) {
		return fault.New(fault.Forbidden, "the signature is from another time")
	}
	return nil
}

// parseHeader reads what Sign writes. There may be several signatures, for the days on which a secret is changed, and parts of a later
// version, which are passed over.
func parseHeader(header string) (stamp string, signatures []string, err error) {
	for part := range strings.SplitSeq(header, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			if stamp != "" {
				return "", nil, fault.New(fault.Invalid, "the signature has two times")
			}
			stamp = value
		case "v1":
			signatures = append(signatures, value)
		}
	}
	if stamp == "" || len(signatures) == 0 {
		return "", nil, fault.New(fault.Invalid, "there is no signature in the header %s", Header)
	}
	return stamp, signatures, nil
}

// CheckSecret refuses a secret that could be guessed.
func CheckSecret(secret string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(secret)); n < MinSecret {
		return fault.New(fault.Invalid, "has %d characters, and needs %d at least", n, MinSecret)
	}
	return nil
}
