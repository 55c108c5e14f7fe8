package client

import (
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"

	"gauntlet/binaries/k6/exchange"
)

// Event is one event of a stream as a script sees it.
type Event struct {
	At   float64 `js:"at"`
	Name string  `js:"name"`
	Data string  `js:"data"`
}

// Result is what a script gets of an exchange: the fields of its record under the same names, and the content. Times
// are milliseconds since the epoch, 0 for what never came.
type Result struct {
	RequestID    string            `js:"requestId"`
	IntendedAt   float64           `js:"intendedAt"`
	SentAt       float64           `js:"sentAt"`
	FirstByteAt  float64           `js:"firstByteAt"`
	FirstEventAt float64           `js:"firstEventAt"`
	FirstTokenAt float64           `js:"firstTokenAt"`
	EndedAt      float64           `js:"endedAt"`
	Status       int               `js:"status"`
	ErrorCode    int               `js:"errorCode"`
	Error        string            `js:"error"`
	Bytes        int64             `js:"bytes"`
	Tokens       int64             `js:"tokens"`
	FinishReason string            `js:"finishReason"`
	Done         bool              `js:"done"`
	GapsMs       []float64         `js:"gapsMs"`
	Remote       string            `js:"remote"`
	Headers      map[string]string `js:"headers"`
	Body         any               `js:"body"`
	Events       []Event           `js:"events"`
}

func (x *exchanging) result(r *exchange.Record, response *httpext.Response) *Result {
	result := &Result{
		RequestID: r.RequestID, IntendedAt: r.IntendedAt.Milliseconds(), SentAt: r.SentAt.Milliseconds(),
		FirstByteAt: r.FirstByteAt.Milliseconds(), FirstTokenAt: r.FirstTokenAt.Milliseconds(),
		EndedAt: r.EndedAt.Milliseconds(), Status: r.Status, ErrorCode: r.ErrorCode, Error: r.Error, Bytes: r.Bytes,
		Tokens: r.Tokens, FinishReason: r.FinishReason, Done: r.Done, GapsMs: milliseconds(r.Gaps), Remote: r.Remote,
		Headers: response.Headers, Body: response.Body, Events: x.events,
	}
	if response.Status == 0 {
		// k6 keeps nothing of a response whose body broke off.
		for name := range x.observer.header {
			result.Headers[name] = x.observer.header.Get(name)
		}
	}
	if x.completion.Events > 0 {
		result.FirstEventAt = exchange.At(x.observer.sentAt, x.completion.FirstEventAt).Milliseconds()
		// The events hold the same text.
		result.Body = nil
	}
	return result
}

func milliseconds(gaps []time.Duration) []float64 {
	numbers := make([]float64, len(gaps))
	for i, gap := range gaps {
		numbers[i] = float64(gap.Microseconds()) / 1000
	}
	return numbers
}
