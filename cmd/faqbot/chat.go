package main

import "context"

type chatCommand struct{}

// Run chats.
func (c *chatCommand) Run(ctx context.Context, a *app) error { return nil }
