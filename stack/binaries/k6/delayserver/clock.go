package delayserver

import "time"

// clock tells epoch milliseconds that never jump: the wall clock once, and the monotonic clock from there.
type clock struct{ start time.Time }

func (c clock) epochMs(t time.Time) float64 {
	return float64(c.start.UnixMicro())/1000 + float64(t.Sub(c.start).Nanoseconds())/1e6
}
