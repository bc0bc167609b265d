package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	// postTime bounds a request from its connection to the end of its answer.
	postTime = 10 * time.Second
	// maxAnswer and maxHeader are how much of an answer is read, in bytes. Nothing is done with it: it is read so that the connection can be used again.
	maxAnswer = 64 << 10
	maxHeader = 64 << 10
)

// answer is what is kept of a receiver's answer.
type answer struct {
	status int // 0 where there was none
	// after is how long it asks to be left alone.
	after time.Duration
	// reason says why it is no success.
	reason string
}

func newClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxResponseHeaderBytes, own.DisableCompression, own.MaxConnsPerHost = maxHeader, true, 4
		transport = own
	}
	return &http.Client{
		Transport: transport, Timeout: postTime,
		// Elsewhere than where the owner said nothing is sent.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post makes one request, signed as of now.
func (s *Sender) post(ctx context.Context, to Target, body []byte) answer {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.url, bytes.NewReader(body))
	if err != nil {
		return answer{reason: "its address cannot be used"}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "faqbot")
	request.Header.Set(Header, Sign(s.secret, s.options.Now(), body))
	response, err := s.client.Do(request)
	if err != nil {
		return answer{reason: reasonOf(err)}
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer) // the status has said it all
	a := answer{status: response.StatusCode, reason: fmt.Sprintf("it answered %d %s", response.StatusCode, http.StatusText(response.StatusCode))}
	if a.status >= 300 && a.status < 400 {
		a.reason += ", and nothing is sent elsewhere"
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		a.after = time.Duration(min(seconds, int(longestWait.Seconds()))) * time.Second
	}
	return a
}

// reasonOf says in words of our own why there was no answer: the errors of the client quote addresses, and what the receiver wrote.
func reasonOf(err error) string {
	var timeout interface{ Timeout() bool }
	var name *net.DNSError
	var dial *net.OpError
	switch {
	case errors.As(err, &name):
		return "the name of its host is not known"
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("it did not answer within %v", postTime)
	case errors.As(err, new(*tls.CertificateVerificationError)), errors.As(err, new(x509.UnknownAuthorityError)), errors.As(err, new(x509.HostnameError)):
		return "its certificate is not valid"
	case errors.As(err, &dial) && dial.Op == "dial":
		return "it cannot be reached"
	}
	return "it broke off, or answered in a way that is not HTTP"
}
