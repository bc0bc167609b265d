package handoff

// AskedAgain is the ticket of a customer who waits and asks for a person again, with the time that they are told now, and whether that is a later one than
// before. It is false where no time can be said, and where somebody has the ticket.
//
// What is estimated is how long somebody waits who began to when they did, with so many before them as there are now: to reckon anew from now on would
// put the time off each time they ask. That they ask is no silence of anybody: it does not count among the moves after which others are called.
func (f Front) AskedAgain() (t Ticket, later, ok bool) {
	t = f.Ticket
	if t.Status != Open {
		return t, false, false
	}
	if !t.Promise.Pending() {
		r, ok := f.Outlook.estimate(f.Now)
		if ok {
			t.Promise = NewPromise(FirstReply, r, f.Now)
		}
		return t, false, ok
	}
	r, ok := f.Outlook.estimate(t.OpenedAt)
	if later = ok && r.To.Sub(t.Promise.Due) >= leastMove; later {
		moves := t.Promise.Moves
		t.Promise = t.Promise.moved(r.To, f.Now, &t.Broken)
		t.Promise.Moves = moves
	}
	return t, later, f.Now.Before(t.Promise.Due)
}
