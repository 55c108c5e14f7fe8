package delayserver

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Timing is what one answer has to keep to: its first token leaves TTFT after the request was received, each further one
// Gap after the one before, Tokens in all.
type Timing struct {
	TTFT   time.Duration
	Gap    time.Duration
	Tokens int
}

const (
	longestDelay = time.Minute
	mostTokens   = 10_000
)

// DefaultTiming holds where nothing else was asked for.
var DefaultTiming = Timing{TTFT: 50 * time.Millisecond, Gap: 10 * time.Millisecond, Tokens: 10}

// With is this timing, changed by a query such as `ttft=50&gap=10&tokens=10`: milliseconds, fractions allowed, and a
// whole number. The error names every problem.
func (t Timing) With(query url.Values) (Timing, error) {
	var problems []string
	for name, values := range query {
		value := values[len(values)-1]
		switch name {
		case "ttft", "gap":
			ms, err := strconv.ParseFloat(value, 64)
			if err != nil || math.IsNaN(ms) || ms < 0 || ms > float64(longestDelay.Milliseconds()) {
				problems = append(problems, fmt.Sprintf("%s: expected milliseconds from 0 to %d, received %q",
					name, longestDelay.Milliseconds(), value))
			}
			delay := time.Duration(ms * float64(time.Millisecond))
			if name == "ttft" {
				t.TTFT = delay
			} else {
				t.Gap = delay
			}
		case "tokens":
			tokens, err := strconv.Atoi(value)
			if err != nil || tokens < 1 || tokens > mostTokens {
				problems = append(problems, fmt.Sprintf("tokens: expected a whole number from 1 to %d, received %q",
					mostTokens, value))
			}
			t.Tokens = tokens
		default:
			problems = append(problems, fmt.Sprintf("%s: unknown, expected ttft, gap or tokens", name))
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return Timing{}, errors.New(strings.Join(problems, "; "))
	}
	return t, nil
}

// at is the offset of a token, numbered from 0, from the moment at which the request was received.
func (t Timing) at(token int) time.Duration {
	return t.TTFT + time.Duration(token)*t.Gap
}
