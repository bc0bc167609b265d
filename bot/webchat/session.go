package webchat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// token is the secret of one visitor's browser: 256 random bits. It exists here while a request is served.
type token string

func newToken() token {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return token(base64.RawURLEncoding.EncodeToString(b[:]))
}

// hash and visitor are two images of a token. Neither leads back to it or to the other, so a visitor's ID may stand in a log.
func (t token) hash() string { return t.image("token") }

func (t token) visitor() channel.ChatID { return channel.ChatID(t.image("visitor")[:32]) }

func (t token) image(what string) string {
	sum := sha256.Sum256([]byte("faqbot webchat " + what + "\x00" + string(t)))
	return hex.EncodeToString(sum[:])
}

// serveSession makes a new visitor.
func (c *Channel) serveSession(w http.ResponseWriter, r *http.Request) error {
	var none struct{}
	if err := read(w, r, &none); err != nil {
		return err
	}
	if err := slow(c.gate.newcomers.take(c.gate.remoteKey(r))); err != nil {
		return err
	}
	t := newToken()
	err := c.store.CreateSession(r.Context(), Session{TokenHash: t.hash(), Visitor: t.visitor(), Created: c.options.Now().UTC()})
	if err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	c.reply(w, http.StatusCreated, struct {
		Token token `json:"token"`
	}{t})
	return nil
}

// visitor says whose token a request carries.
func (c *Channel) visitor(ctx context.Context, r *http.Request) (channel.ChatID, error) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || len(secret) != 43 {
		return "", errNoToken
	}
	s, err := c.store.Session(ctx, token(secret).hash())
	switch {
	case fault.Is(err, fault.NotFound):
		return "", errNoToken
	case err != nil:
		return "", fmt.Errorf("find session: %w", err)
	}
	return s.Visitor, nil
}

func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == "application/json"
}
