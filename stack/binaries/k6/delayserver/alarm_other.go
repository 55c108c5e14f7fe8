//go:build !linux

package delayserver

import (
	"context"
	"time"
)

// alarm wakes one goroutine at an instant: a timer, which may come a millisecond late, and the rest by spinning.
type alarm struct{}

func newAlarm() (*alarm, error) { return &alarm{}, nil }

// until returns at the instant, or earlier with the context's error.
func (a *alarm) until(ctx context.Context, instant time.Time) error {
	if left := time.Until(instant) - time.Millisecond; left > 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
	}
	for time.Now().Before(instant) {
	}
	return ctx.Err()
}

func (a *alarm) close() {}
