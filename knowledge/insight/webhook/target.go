package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/url"

	"faqbot/faq/fault"
)

// TargetID names a receiver in what is stored. It is made from the address and does not say it: many hold a secret.
type TargetID string

// Target is a receiver.
type Target struct {
	ID  TargetID
	url string
}

// ParseTarget reads the address of a receiver: https, or http on this machine alone, since a signature hides nothing of what it signs. Its
// error says what is wrong, without the address.
func ParseTarget(address string) (Target, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return Target{}, fault.New(fault.Invalid, "is not a web address")
	case u.Fragment != "":
		return Target{}, fault.New(fault.Invalid, "has a part behind #, which no server is sent")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return Target{}, fault.New(fault.Invalid, "begins with http, by which anybody on the way could read it")
	}
	digest := sha256.Sum256([]byte("faqbot webhook\x00" + address))
	return Target{ID: TargetID(hex.EncodeToString(digest[:12])), url: address}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// String is what may be shown and logged of the address: scheme and host.
func (t Target) String() string { return Shown(t.url) }

// Shown is what may be shown of any address of a receiver, also of one that is wrong; of a text that has no host, nothing.
func Shown(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	shown := u.Scheme + "://" + u.Host
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		shown += "/…"
	}
	return shown
}
