package main

import (
	"encoding/json"
	"slices"
	"strings"

	"faqbot/bot/discord/discordtest/facts"
)

// node is a JSON schema as the specification writes it.
type node struct {
	Ref        string           `json:"$ref"`
	Type       oneOrMany        `json:"type"`
	Properties map[string]*node `json:"properties"`
	Required   []string         `json:"required"`
	Items      *node            `json:"items"`
	Additional json.RawMessage  `json:"additionalProperties"`
	OneOf      []*node          `json:"oneOf"`
	AnyOf      []*node          `json:"anyOf"`
	AllOf      []*node          `json:"allOf"`
	Enum       []any            `json:"enum"`
	Const      any              `json:"const"`
	specBounds
}

// specBounds are the names that the table shortens.
type specBounds struct {
	MaxLength *int     `json:"maxLength"`
	MinLength *int     `json:"minLength"`
	MaxItems  *int     `json:"maxItems"`
	MinItems  *int     `json:"minItems"`
	MaxProps  *int     `json:"maxProperties"`
	Maximum   *float64 `json:"maximum"`
	Minimum   *float64 `json:"minimum"`
	Pattern   string   `json:"pattern"`
	Unique    bool     `json:"uniqueItems"`
}

func (b specBounds) bounds() *facts.Bounds {
	if b == (specBounds{}) {
		return nil
	}
	return &facts.Bounds{
		MaxLen: b.MaxLength, MinLen: b.MinLength, MaxItems: b.MaxItems, MinItems: b.MinItems, MaxProps: b.MaxProps,
		Max: b.Maximum, Min: b.Minimum, Pattern: b.Pattern, Unique: b.Unique,
	}
}

// oneOrMany is "string" or ["string", "null"].
type oneOrMany []string

func (t *oneOrMany) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*t = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(t))
}

func (c *collector) schema(n *node) *facts.Schema {
	if n == nil {
		return nil
	}
	if n.Ref != "" {
		name := n.Ref[strings.LastIndex(n.Ref, "/")+1:]
		c.take(name)
		return &facts.Schema{Ref: name}
	}
	s := &facts.Schema{Types: n.Type, Required: slices.Sorted(slices.Values(n.Required)), Items: c.schema(n.Items), Bounds: n.bounds()}
	if len(n.Properties) > 0 {
		s.Props = map[string]*facts.Schema{}
	}
	for name, p := range n.Properties {
		s.Props[name] = c.schema(p)
	}
	var values node
	if len(n.Additional) > 0 && json.Unmarshal(n.Additional, &values) == nil {
		s.Values = c.schema(&values)
	}
	s.Enum = n.Enum
	for _, alternative := range append(n.OneOf, n.AnyOf...) {
		if alternative.Const != nil {
			s.Enum = append(s.Enum, alternative.Const)
			continue
		}
		s.Any = append(s.Any, c.schema(alternative))
	}
	for _, part := range n.AllOf {
		s.All = append(s.All, c.schema(part))
	}
	return s
}
