package insight

import "time"

// GroupID names a group for ever. Numbers are given in order and never twice.
type GroupID int64

// Edit is what somebody wants done to groups by hand. Edits are kept for ever: what is sorted later never undoes one, and learns from it.
type Edit struct {
	// Number orders edits.
	Number int64     `json:"number"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Kind   EditKind  `json:"kind"`
	// Gap is what is edited: the group that is merged, split, moved out of, or named.
	Gap GroupID `json:"gap"`
	// To is the group that takes the misses; 0 is a new one.
	To GroupID `json:"to,omitempty"`
	// Misses are those that are moved; of a merge all are.
	Misses []string `json:"misses,omitempty"`
	// Title is the new one.
	Title string `json:"title,omitempty"`
	// Done is when it was carried out, and Gap or To are numbered; Refused says why it was not.
	Done    time.Time `json:"done,omitzero"`
	Refused string    `json:"refused,omitempty"`
}

// EditKind says what is wanted.
type EditKind string

const (
	// MergeGaps makes one group a part of another.
	MergeGaps EditKind = "merge"
	// SplitGap takes misses out into a new group.
	SplitGap EditKind = "split"
	// MoveMisses brings misses from one group to another.
	MoveMisses EditKind = "move"
	// RenameGap gives a group a title that stays.
	RenameGap EditKind = "rename"
)

// Sorted is what became of misses and edits, in one step.
type Sorted struct {
	// Placed are misses with their groups, as they are now: new ones, and those that were moved.
	Placed []Placed
	// Merged are groups that became part of others.
	Merged []Merged
	// Gaps are new or changed, at the version that they have.
	Gaps []Gap
	// Edits were carried out, or refused.
	Edits []Edit
}

// Placed is where a miss belongs.
type Placed struct {
	Miss string
	Gap  GroupID
	Part int64
}

// Merged is a group that became part of another, with all its misses.
type Merged struct{ From, Into GroupID }
