package delayserver

import (
	"errors"
	"testing"
	"time"
)

func TestATokenIsStampedBeforeItIsSent(t *testing.T) {
	alarm, err := newAlarm()
	if err != nil {
		t.Fatal(err)
	}
	defer alarm.close()
	start := time.Now()
	a := &answer{server: &Server{clock: clock{start}}, alarm: alarm, received: start}
	var sending time.Time
	slow := func() error {
		sending = time.Now()
		time.Sleep(20 * time.Millisecond)
		return nil
	}
	if err := a.sendAt(t.Context(), 10*time.Millisecond, slow); err != nil {
		t.Fatal(err)
	}
	due, began := a.server.clock.epochMs(start.Add(10*time.Millisecond)), a.server.clock.epochMs(sending)
	if at := a.entry.sentAt; len(at) != 1 || at[0] < due || at[0] > began {
		t.Errorf("it was due at %v, its sending began at %v, and it is stamped %v", due, began, at)
	}
	refused := errors.New("gone")
	if err := a.sendAt(t.Context(), 0, func() error { return refused }); err != refused || len(a.entry.sentAt) != 1 {
		t.Errorf("a token that was not sent: %v, stamped %v", err, a.entry.sentAt)
	}
}
