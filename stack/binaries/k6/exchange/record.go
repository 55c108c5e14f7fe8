// Package exchange describes what a load generator knows about one exchange with a server: an HTTP request with its
// response, a stream of server-sent events, or a WebSocket session.
package exchange

import "time"

// Instant is a point in time in microseconds since the epoch; 0 means that it never came.
type Instant int64

// At returns the instant of t. Both come from time.Now, so that the distance to start is taken from the monotonic clock
// and a step of the wall clock in between cannot bend it.
func At(start, t time.Time) Instant {
	return Instant(start.UnixMicro() + t.Sub(start).Microseconds())
}

// Milliseconds returns the instant in milliseconds since the epoch, as JavaScript's Date.now does, with three decimals.
func (i Instant) Milliseconds() float64 { return float64(i) / 1000 }

// The protocols of an exchange.
const (
	HTTP      = "http"
	SSE       = "sse"
	WebSocket = "websocket"
)

// Error codes of what k6 has no code for. k6's own are below 1700: https://grafana.com/docs/k6/latest/javascript-api/error-codes/
const (
	// CodeIdle says that nothing arrived for the time of the idle watchdog.
	CodeIdle = 1901
	// CodeAborted says that the client ended the exchange on purpose.
	CodeAborted = 1902
	// CodeMalformedEvent says that an event's data is no JSON where JSON was announced.
	CodeMalformedEvent = 1903
	// CodeErrorEvent says that the server reported an error in the middle of the stream.
	CodeErrorEvent = 1904
	// CodeTruncated says that the stream ended without its end marker.
	CodeTruncated = 1905
)

// Cookie is a cookie that a response set.
type Cookie struct {
	Value    string `js:"value"`
	Secure   bool   `js:"secure"`
	HTTPOnly bool   `js:"httpOnly"`
}

// Record is everything that is kept of one exchange.
type Record struct {
	RequestID string
	Protocol  string
	Scenario  string
	// Client is the number of the VU.
	Client uint64

	// IntendedAt is when the schedule wanted it sent; SentAt when it was not scheduled.
	IntendedAt Instant
	SentAt     Instant
	// FirstByteAt is when the first byte of the response arrived.
	FirstByteAt Instant
	// FirstTokenAt is when the first event with generated content arrived.
	FirstTokenAt Instant
	EndedAt      Instant

	// Status is that of the response, also when its body broke off; 0 when none came.
	Status    int
	ErrorCode int
	Error     string
	// Bytes of the body as they came over the wire; 0 where that is not known.
	Bytes      int64
	Instance   string
	RetryAfter string
	CookieSent string
	CookieSet  *Cookie

	// Tokens is what the server says it generated, else the number of events with content.
	Tokens       int64
	FinishReason string
	// Done says that the response came whole: the end marker of a stream, or the end of the body.
	Done bool
	// Gaps are the times between two events with content, one after the other; nil for plain HTTP.
	Gaps   []time.Duration
	Remote string
}
