package handoff

import "strings"

// Capacity is how many tickets one person is to have at a time.
type Capacity struct {
	// Most is 0 where there is no limit.
	Most int
	// Held is how many claimed tickets each has who has any; what was put off is not counted. It is read where there is a limit.
	Held map[StaffID]int
}

// full says whether somebody has as many as they are to have.
func (c Capacity) full(who StaffID) bool { return c.Most > 0 && c.Held[who] >= c.Most }

// anyway ends a command that is meant whatever speaks against it.
const anyway = "anyway"

// cutAnyway is what a command is given, and whether it is meant anyway.
func cutAnyway(rest string) (string, bool) {
	words := strings.Fields(rest)
	if len(words) == 0 || !strings.EqualFold(words[len(words)-1], anyway) {
		return rest, false
	}
	return strings.Join(words[:len(words)-1], " "), true
}

// tooMuch says so where somebody has as many tickets as they are to have.
func (p *planner) tooMuch(who Staff) bool {
	if !p.Team.Capacity.full(who.ID) {
		return false
	}
	key := "desk_full"
	if who.ID != p.Staff.ID {
		key = "desk_full_other"
	}
	p.here(key, map[string]any{"Name": oneLine(who.Called()), "Count": p.Team.Capacity.Held[who.ID], "Most": p.Team.Capacity.Most})
	return true
}
