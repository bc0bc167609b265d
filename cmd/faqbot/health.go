package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"faqbot/faq/fault"
)

type healthCommand struct{}

// Help implements kong's help.
func (healthCommand) Help() string {
	return "Asks the bot at the configured address; exits with 1 where it is not ready. Containers use it as their health check.\n\nExample: faqbot health"
}

// Run asks.
func (c *healthCommand) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(a.settings.HTTPAddr)+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fault.New(fault.Unavailable, "nothing answers at %s; is “faqbot serve” running there?", a.settings.HTTPAddr)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fault.New(fault.Unavailable, "the bot is not ready: %s", bytes.TrimSpace(body))
	}
	_, err = fmt.Fprintln(a.std.out, "ready")
	return err
}

// reachable turns an address to listen on into one to call.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
