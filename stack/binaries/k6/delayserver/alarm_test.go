package delayserver

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAlarmNeverComesEarly(t *testing.T) {
	alarm, err := newAlarm()
	if err != nil {
		t.Fatal(err)
	}
	defer alarm.close()
	for _, wait := range []time.Duration{-time.Second, 0, time.Microsecond, 300 * time.Microsecond, 2300 * time.Microsecond} {
		instant := time.Now().Add(wait)
		if err := alarm.until(t.Context(), instant); err != nil {
			t.Fatal(err)
		}
		if early := time.Until(instant); early > 0 {
			t.Errorf("a wait of %s ended %s early", wait, early)
		}
	}
}

func TestAlarmEndsWithItsContext(t *testing.T) {
	alarm, err := newAlarm()
	if err != nil {
		t.Fatal(err)
	}
	defer alarm.close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	began := time.Now()
	if err := alarm.until(ctx, began.Add(time.Minute)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %s", took)
	}
}

// How late an alarm rings: `go test -bench Alarm`.
func BenchmarkAlarm(b *testing.B) {
	alarm, err := newAlarm()
	if err != nil {
		b.Fatal(err)
	}
	defer alarm.close()
	var total, worst time.Duration
	for b.Loop() {
		instant := time.Now().Add(2300 * time.Microsecond)
		if err := alarm.until(context.Background(), instant); err != nil {
			b.Fatal(err)
		}
		late := time.Since(instant)
		total += late
		worst = max(worst, late)
	}
	b.ReportMetric(float64(total.Microseconds())/float64(b.N), "µs-late/op")
	b.ReportMetric(float64(worst.Microseconds()), "µs-late-worst")
}
