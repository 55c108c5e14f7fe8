package sse

// TakePlain adds the next event of a stream in no known format: each event counts as one token, and there is neither an
// end marker nor a reason for the end.
func (c *Completion) TakePlain(event Event) {
	c.Events++
	if c.Events == 1 {
		c.FirstEventAt = event.At
	}
	c.tokenAt(event.At)
}
