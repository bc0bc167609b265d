// Command gen writes the facts of Discord's own OpenAPI specification that the fake holds every call against.
//
// The specification is large and not part of this project; facts.json is small and is.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"faqbot/bot/discord/discordtest/facts"
)

func main() {
	out := flag.String("out", "facts/facts.json", "the file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	folder, err := specFolder()
	if err != nil {
		return err
	}
	table, err := generate(filepath.Join(folder, "discord-openapi.json"))
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(folder, "discord-openapi.LICENSE"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(out), "LICENSE.discord-openapi"), licence, 0o644); err != nil {
		return err
	}
	return os.WriteFile(out, table, 0o644)
}

// specFolder is $FAQBOT_TEST_DATA/platform-specs, by default ../shared/data beside the module's root.
func specFolder() (string, error) {
	data := os.Getenv("FAQBOT_TEST_DATA")
	if data == "" {
		folder, err := os.Getwd()
		if err != nil {
			return "", err
		}
		for !exists(filepath.Join(folder, "go.mod")) {
			if folder == filepath.Dir(folder) {
				return "", errors.New("no go.mod above this folder, and FAQBOT_TEST_DATA is not set")
			}
			folder = filepath.Dir(folder)
		}
		data = filepath.Join(folder, "..", "shared", "data")
	}
	return filepath.Join(data, "platform-specs"), nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

type spec struct {
	Info struct {
		Version string `json:"version"`
	} `json:"info"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas map[string]*node `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Parameters  []parameter `json:"parameters"`
	RequestBody *struct {
		Required bool `json:"required"`
		Content  map[string]struct {
			Schema *node `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

type parameter struct {
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Schema   *node  `json:"schema"`
}

func generate(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var s spec
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	table := facts.Table{Version: s.Info.Version, Routes: map[string]*facts.Route{}, Schemas: map[string]*facts.Schema{}}
	c := &collector{spec: &s, into: table.Schemas}
	for path, methods := range s.Paths {
		for method, raw := range methods {
			if method == "parameters" {
				continue
			}
			var op operation
			if err := json.Unmarshal(raw, &op); err != nil {
				return nil, fmt.Errorf("read %s %s: %w", method, path, err)
			}
			table.Routes[strings.ToUpper(method)+" "+facts.Normal(path)] = c.route(op)
		}
	}
	c.take("AvailableLocalesEnum")
	return table.Encode()
}

// collector follows references, so that only schemas which a request can hold are kept.
type collector struct {
	spec *spec
	into map[string]*facts.Schema
}

func (c *collector) route(op operation) *facts.Route {
	r := &facts.Route{}
	for _, p := range op.Parameters {
		if p.In != "query" {
			continue
		}
		if r.Query == nil {
			r.Query = map[string]*facts.Schema{}
		}
		r.Query[p.Name] = c.schema(p.Schema)
		if p.Required {
			r.Required = append(r.Required, p.Name)
		}
	}
	slices.Sort(r.Required)
	if op.RequestBody == nil {
		return r
	}
	r.BodyRequired = op.RequestBody.Required
	if body, ok := op.RequestBody.Content["application/json"]; ok {
		r.Body = c.schema(body.Schema)
	}
	_, r.Multipart = op.RequestBody.Content["multipart/form-data"]
	return r
}

func (c *collector) take(name string) {
	if _, done := c.into[name]; done {
		return
	}
	c.into[name] = nil // breaks cycles
	c.into[name] = c.schema(c.spec.Components.Schemas[name])
}
