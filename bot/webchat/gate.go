package webchat

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"faqbot/faq/fault"
)

// gate says who may ask, and how often.
type gate struct {
	origins   *origins
	proxies   []netip.Prefix
	visitors  *limiter // events of one visitor
	addresses *limiter // requests of one remote address
	newcomers *limiter // sessions of one remote address
}

func newGate(settings Settings, options Options) (*gate, error) {
	o, err := newOrigins(settings.PublicURL, settings.AllowedSites)
	if err != nil {
		return nil, err
	}
	proxies, err := parseProxies(settings.TrustedProxies)
	if err != nil {
		return nil, err
	}
	r := options.Rates
	return &gate{
		origins: o, proxies: proxies,
		visitors:  newLimiter(r.Events, r.EventsBurst, options.Now),
		addresses: newLimiter(r.Requests, r.RequestsBurst, options.Now),
		newcomers: newLimiter(r.Sessions, r.SessionsBurst, options.Now),
	}, nil
}

var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
}

func parseProxies(list []string) ([]netip.Prefix, error) {
	if list == nil {
		return privateNetworks, nil
	}
	out := []netip.Prefix{}
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fault.New(fault.Invalid, "trusted proxy “%s” is not a network such as 10.0.0.0/8", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// remoteKey is whom a request is counted for: the address nearest to us that is no proxy of ours, and of IPv6 the network of 64 bits
// that one household gets. It serves counting alone.
func (g *gate) remoteKey(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && g.isProxy(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop
	}
	at = at.Unmap().WithZone("")
	if at.Is6() {
		if p, err := at.Prefix(64); err == nil {
			return p.String()
		}
	}
	return at.String()
}

func (g *gate) isProxy(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range g.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
