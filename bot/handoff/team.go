package handoff

import "faqbot/faq"

// Team is who there is to do the work, and where and when.
type Team struct {
	// Staff are all who have ever answered, by their IDs; read where somebody is named.
	Staff    []Staff
	Desks    []Desk
	Hours    Hours
	Capacity Capacity
	// Language is the business's own.
	Language faq.Language
}
