package discord

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// dial makes the wire of a shard for a ws address, dialTLS for a wss one: the wire must be inside the encryption.
func (s *shard) dial(ctx context.Context, address string) (net.Conn, error) {
	conn, err := s.reach(ctx, "http", address)
	if err != nil {
		return nil, err
	}
	return s.hold(conn), nil
}

func (s *shard) dialTLS(ctx context.Context, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	conn, err := s.reach(ctx, "https", address)
	if err != nil {
		return nil, err
	}
	secured := tls.Client(conn, &tls.Config{ServerName: host, NextProtos: []string{"http/1.1"}})
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return s.hold(secured), nil
}

func (s *shard) hold(conn net.Conn) *wire {
	fresh := s.resumeAddress() == ""
	w := newWire(conn, s.gateway.timing, &s.seq, func() {
		if fresh {
			s.budget.spend(s.id, s.plan)
		}
	})
	s.mu.Lock()
	s.wire = w
	s.mu.Unlock()
	return w
}

// reach connects to an address, through the environment's proxy where it names one.
func (s *shard) reach(ctx context.Context, scheme, address string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: s.gateway.timing.open, KeepAlive: 30 * time.Second}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: scheme, Host: address}})
	if err != nil || proxy == nil || proxy.Scheme != "http" {
		return dialer.DialContext(ctx, "tcp", address)
	}
	conn, err := dialer.DialContext(ctx, "tcp", proxy.Host)
	if err != nil {
		return nil, err
	}
	if err := tunnel(conn, proxy, address, time.Now().Add(s.gateway.timing.open)); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// tunnel asks a proxy for a connection to an address.
func tunnel(conn net.Conn, proxy *url.URL, address string, deadline time.Time) error {
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	r := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if user := proxy.User; user != nil {
		password, _ := user.Password()
		basic := &http.Request{Header: http.Header{}}
		basic.SetBasicAuth(user.Username(), password)
		r.Header.Set("Proxy-Authorization", basic.Header.Get("Authorization"))
	}
	if err := r.Write(conn); err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), r)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy answers %s", response.Status)
	}
	return conn.SetDeadline(time.Time{})
}
