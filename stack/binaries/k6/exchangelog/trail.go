package exchangelog

import (
	"math"
	"strconv"

	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"

	"gauntlet/binaries/k6/exchange"
)

// Under these names a script gives its requests an id and the time at which they were meant to start.
const (
	requestIDKey  = "request_id"
	intendedAtKey = "intended_at"
)

// k6's code for an error of no special kind.
const unspecificError = 1000

// recordOf makes a record of a request that was made with k6/http. k6 tells less about those: no headers, no bytes. A
// request whose id is there but empty is not meant to be recorded; nil is returned then.
func recordOf(trail *httpext.Trail) *exchange.Record {
	id, given := lookUp(trail, requestIDKey)
	if given && id == "" {
		return nil
	}
	sent := trail.EndTime.Add(-trail.Duration - trail.Blocked)
	r := &exchange.Record{
		RequestID: id, Protocol: exchange.HTTP,
		SentAt: exchange.At(trail.EndTime, sent), EndedAt: exchange.At(trail.EndTime, trail.EndTime),
	}
	if trail.Receiving > 0 {
		r.FirstByteAt = exchange.At(trail.EndTime, trail.EndTime.Add(-trail.Receiving))
	}
	r.IntendedAt = r.SentAt
	if text, ok := lookUp(trail, intendedAtKey); ok {
		if ms, err := strconv.ParseFloat(text, 64); err == nil {
			r.IntendedAt = exchange.Instant(math.Round(ms * 1000))
		}
	}
	if trail.ConnRemoteAddr != nil {
		r.Remote = trail.ConnRemoteAddr.String()
	}
	r.Scenario, _ = lookUp(trail, metrics.TagScenario.String())
	vu, _ := lookUp(trail, metrics.TagVU.String())
	r.Client, _ = strconv.ParseUint(vu, 10, 64)
	status, _ := lookUp(trail, metrics.TagStatus.String())
	r.Status, _ = strconv.Atoi(status)
	r.Error, _ = lookUp(trail, metrics.TagError.String())
	r.ErrorCode = errorCode(trail, r.Status)
	// k6 reports the status 0 when the body broke off.
	r.Done = r.Status != 0
	return r
}

// errorCode is that of the tag, or where the tag is turned off, what k6 would have put there at the least.
func errorCode(trail *httpext.Trail, status int) int {
	text, _ := lookUp(trail, metrics.TagErrorCode.String())
	if code, err := strconv.Atoi(text); err == nil {
		return code
	}
	switch {
	case status == 0:
		return unspecificError
	case status >= 400:
		return unspecificError + status
	default:
		return 0
	}
}

// lookUp finds a value among the metadata and then among the tags.
func lookUp(trail *httpext.Trail, key string) (string, bool) {
	if value, ok := trail.Metadata[key]; ok {
		return value, true
	}
	return trail.Tags.Get(key)
}
