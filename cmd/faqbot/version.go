package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set when a release is built: go build -ldflags "-X main.version=1.2.3".
var version = "development"

type versionCommand struct {
	JSON bool `help:"Print JSON."`
}

// Help implements kong's help.
func (versionCommand) Help() string { return "Example: faqbot version --json" }

// Run prints the version.
func (c *versionCommand) Run(a *app) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(a.std.out).Encode(map[string]string{"version": version, "revision": revision, "go": runtime.Version()})
	}
	_, err := fmt.Fprintln(a.std.out, "faqbot", version, revision, runtime.Version())
	return err
}
