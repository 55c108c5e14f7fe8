package delayserver

import (
	"context"
	"time"
)

// answer sends one answer on time and keeps what really happened.
type answer struct {
	server   *Server
	alarm    *alarm
	received time.Time
	entry    entry
}

// begin starts the clock of an answer: the request counts as received now.
func (s *Server) begin(protocol string) (*answer, error) {
	received := time.Now()
	alarm, err := newAlarm()
	if err != nil {
		return nil, err
	}
	return &answer{
		server:   s,
		alarm:    alarm,
		received: received,
		entry:    entry{protocol: protocol, receivedAt: s.clock.epochMs(received)},
	}, nil
}

// sendAt waits for the offset from the reception, stamps the time and sends.
func (a *answer) sendAt(ctx context.Context, offset time.Duration, send func() error) error {
	if err := a.alarm.until(ctx, a.received.Add(offset)); err != nil {
		return err
	}
	now := time.Now()
	if err := send(); err != nil {
		return err
	}
	a.entry.sentAt = append(a.entry.sentAt, a.server.clock.epochMs(now))
	return nil
}

// end writes the journal's line. The answer is complete unless something went wrong.
func (a *answer) end(failed error) {
	a.alarm.close()
	a.entry.completed = failed == nil
	// A journal that cannot be written is found by whoever reads it: answers without a line.
	_ = a.server.journal.add(a.entry)
}
