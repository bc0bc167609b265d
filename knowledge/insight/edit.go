package insight

import "time"

// Edit is what somebody did to groups by hand. Edits are kept for ever: what is sorted later never undoes one, and learns from it.
type Edit struct {
	// Number orders edits, and the placing of misses, in one row.
	Number int64     `json:"number"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Kind   EditKind  `json:"kind"`
	// Gap is what was edited: the group that was merged, split, or moved out of.
	Gap GapID `json:"gap"`
	// To is the group that takes the misses: a new one after a split.
	To GapID `json:"to"`
	// Misses are those that were moved; of a merge all are.
	Misses []string `json:"misses,omitempty"`
}

// EditKind says what was done.
type EditKind string

const (
	// Merge makes one group a part of another.
	Merge EditKind = "merge"
	// Split takes misses out into a new group.
	Split EditKind = "split"
	// Shift brings misses from one group to another.
	Shift EditKind = "move"
)

// Placement is which group a miss belongs to.
type Placement struct {
	Miss string
	Gap  GapID
	// Opens is the group where this miss is the first of it.
	Opens *Gap
}
