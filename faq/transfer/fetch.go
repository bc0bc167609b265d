package transfer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"faqbot/faq/fault"
)

const (
	fetchTimeout = 30 * time.Second
	maxRedirects = 5
)

// readURL fetches a page, or a file in any format that can be told by its type, ending or content.
func readURL(ctx context.Context, source string, o Options) (Document, error) {
	o = o.withDefaults()
	u, err := url.Parse(source)
	if err != nil {
		return Document{}, fault.New(fault.Invalid, "%s is not an address", short(source))
	}
	if err := checkURL(u); err != nil {
		return Document{}, err
	}
	client := newClient(o.Allow)
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	if err != nil {
		return Document{}, fault.New(fault.Invalid, "%s is not an address", short(source))
	}
	request.Header.Set("User-Agent", "faqbot-import")
	request.Header.Set("Accept", "text/html,application/xhtml+xml,application/json,text/csv,*/*;q=0.5")
	response, err := client.Do(request)
	if err != nil {
		return Document{}, fetchFault(source, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Document{}, fault.New(fault.Unavailable, "%s answered %s", source, response.Status)
	}
	data, err := readAll(response.Body, o.Limits.File)
	if fault.Is(err, fault.Invalid) {
		return Document{}, asPlaced(source, err)
	}
	if err != nil {
		return Document{}, fetchFault(source, err)
	}
	contentType := response.Header.Get("Content-Type")
	return readBytes(source, contentType, data, page{base: response.Request.URL, typeLine: contentType}, o)
}

func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fault.New(fault.Invalid, "%s is not an http or https address", short(u.Redacted()))
	case u.User != nil:
		return fault.New(fault.Invalid, "%s holds a user name; addresses with credentials are not read", short(u.Redacted()))
	case u.Hostname() == "":
		return fault.New(fault.Invalid, "%s names no host", short(u.Redacted()))
	}
	return nil
}

// newClient makes a client that reaches the public internet alone. The address is looked at when the connection is made,
// after the name was resolved, so a name that resolves to another address the second time gains nothing. No proxy is
// used, for it would do the connecting.
func newClient(allow func(netip.AddrPort) bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
		return checkAddress(network, address, allow)
	}}
	return &http.Client{
		Timeout: fetchTimeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, Proxy: nil, ForceAttemptHTTP2: true, DisableKeepAlives: true,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 20 * time.Second, MaxResponseHeaderBytes: 1 << 20,
		},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fault.New(fault.Invalid, "it leads on more than %d times", maxRedirects)
			}
			next.Header.Del("Referer")
			return checkURL(next.URL)
		},
	}
}

func checkAddress(network, address string, allow func(netip.AddrPort) bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fault.New(fault.Forbidden, "its address cannot be told")
	}
	if allow != nil && allow(at) || isPublic(at.Addr()) {
		return nil
	}
	return fault.New(fault.Forbidden, "it is at %s, which is not on the public internet", at.Addr())
}

// notPublic are ranges that are not global, beyond those that netip knows itself (IANA special-purpose registries,
// RFC 6890), and those of IPv6 that stand for an IPv4 address.
var notPublic = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// globalUnicast is all that is assigned for use on the internet (RFC 4291); so mapped, translated and local ones are out.
var globalUnicast = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !globalUnicast.Contains(a) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// fetchFault says what went wrong without the layers of net/http around it.
func fetchFault(source string, err error) error {
	if kind := fault.KindOf(err); kind != fault.Internal {
		return fault.New(kind, "%s: %s", source, fault.Message(err))
	}
	var timeout interface{ Timeout() bool }
	var unknown *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("fetch %s: %w", source, err)
	case errors.As(err, &unknown):
		return fault.New(fault.Unavailable, "%s: its name cannot be resolved", source)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fault.New(fault.Unavailable, "%s did not answer within %s", source, fetchTimeout)
	}
	return fault.Wrap(fault.Unavailable, err, source+" could not be fetched")
}
