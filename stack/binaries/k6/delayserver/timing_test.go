package delayserver

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTimingIsChangedByAQuery(t *testing.T) {
	query, _ := url.ParseQuery("ttft=1.5&tokens=3")
	timing, err := DefaultTiming.With(query)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Timing{TTFT: 1500 * time.Microsecond, Gap: 10 * time.Millisecond, Tokens: 3}); timing != want {
		t.Errorf("got %+v, want %+v", timing, want)
	}
	if timing.at(2) != 21500*time.Microsecond {
		t.Errorf("the third token is due at %s", timing.at(2))
	}
}

func TestTimingNamesEveryProblemOfAQuery(t *testing.T) {
	query, _ := url.ParseQuery("ttft=-1&gap=soon&tokens=0&tempo=3")
	_, err := DefaultTiming.With(query)
	if err == nil {
		t.Fatal("expected an error")
	}
	for _, part := range []string{
		`ttft: expected milliseconds from 0 to 60000, received "-1"`,
		`gap: expected milliseconds from 0 to 60000, received "soon"`,
		`tokens: expected a whole number from 1 to 10000, received "0"`,
		"tempo: unknown, expected ttft, gap or tokens",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing in %q", part, err)
		}
	}
}
