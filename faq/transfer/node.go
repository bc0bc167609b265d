package transfer

import "slices"

// node is a value of the form that all formats share: YAML and JSON as they are, a table's row, a Markdown file or a
// question in a page once it is turned into one. It remembers the line it stood on.
type node struct {
	kind  kind
	text  string // of a scalar, as it is written
	bare  bool   // a scalar that JSON and YAML write without quotes
	items []node // of a list
	pairs []pair // of a table, in order
	line  int
}

type kind int

const (
	absent kind = iota
	scalar
	list
	table
)

func (k kind) String() string {
	return [...]string{"nothing", "a text", "a list", "a table of keys"}[k]
}

type pair struct {
	key   string
	value node
	line  int
}

func text(s string) node { return node{kind: scalar, text: s} }

func (n node) find(key string) (node, bool) {
	if i := slices.IndexFunc(n.pairs, func(p pair) bool { return p.key == key }); i >= 0 {
		return n.pairs[i].value, true
	}
	return node{}, false
}

func (n *node) set(key string, value node) {
	n.kind = table
	n.pairs = append(n.pairs, pair{key: key, value: value, line: value.line})
}

// at is the table under a key, made if need be.
func (n *node) at(key string) *node {
	for i := range n.pairs {
		if v := &n.pairs[i].value; n.pairs[i].key == key {
			if v.kind == absent {
				v.kind = table
			}
			return v
		}
	}
	n.set(key, node{kind: table})
	return &n.pairs[len(n.pairs)-1].value
}

// setText adds a text, unless it is empty.
func (n *node) setText(key, s string) {
	if s != "" {
		n.set(key, text(s))
	}
}

// setList adds a list of texts, unless it is empty.
func setList[T ~string](n *node, key string, values []T) {
	if len(values) == 0 {
		return
	}
	l := node{kind: list}
	for _, s := range values {
		l.items = append(l.items, text(string(s)))
	}
	n.set(key, l)
}
