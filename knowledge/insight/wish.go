package insight

import "time"

// Wish is what somebody wants done to groups by hand. It is carried out in order by who sorts, and kept for ever: what is sorted later never undoes it,
// and learns from it.
type Wish struct {
	// Number orders wishes.
	Number int64     `json:"number"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Kind   EditKind  `json:"kind"`
	// Group is what is edited, Into the group that takes the misses: 0 is a new one, and the number of that once it was carried out.
	Group GroupID `json:"group"`
	Into  GroupID `json:"into,omitempty"`
	// Misses are the IDs of those that are moved; of a merge all are.
	Misses []string `json:"misses,omitempty"`
	Title  string   `json:"title,omitempty"`
	// Done is when it was carried out; Refused says why it was not.
	Done    time.Time `json:"done,omitzero"`
	Refused string    `json:"refused,omitempty"`
}

// Sorted is what became of misses and wishes, in one step.
type Sorted struct {
	// Placed are new misses with their groups, in the order in which they were placed, and then those that were moved.
	Placed []Placed
	// Removed are misses that left their groups.
	Removed []string
	// Merged are groups that became part of others.
	Merged []Merger
	// Gaps are new or changed, at the version that they have.
	Gaps []Gap
	// Wishes were carried out, or refused.
	Wishes []Wish
	// Known is the count of steps that this one follows: where there were others meanwhile it is a conflict. Nil follows whatever there is.
	Known *int64
}

// Steps is by how many it is counted on.
func (s Sorted) Steps() int { return len(s.Placed) + len(s.Removed) + len(s.Wishes) }

// Placed is where a miss belongs.
type Placed struct {
	Miss  string
	Place Place
}
