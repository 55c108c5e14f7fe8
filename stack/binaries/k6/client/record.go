package client

import (
	"math"
	"strings"
	"time"

	"github.com/grafana/sobek"

	"go.k6.io/k6/v2/js/common"

	"gauntlet/binaries/k6/exchange"
)

// record hands the record of an exchange that was made by other means, for example with k6/websockets, to the outputs.
func (m *module) record(fields sobek.Value) error {
	state := m.vu.State()
	if state == nil {
		return errInit
	}
	r := &reader{rt: m.vu.Runtime(), state: state}
	record := &exchange.Record{Protocol: exchange.WebSocket, Scenario: scenarioOf(state.Tags.GetCurrentValues().Tags), Client: state.VUIDGlobal}
	if _, ok := fields.(*sobek.Object); ok {
		object := fields.ToObject(r.rt)
		for _, key := range object.Keys() {
			if value := object.Get(key); !common.IsNullish(value) {
				r.recordField(record, key, value)
			}
		}
		if record.SentAt == 0 || record.EndedAt == 0 {
			r.problem("sentAt and endedAt are needed")
		}
	} else {
		r.problem("the fields of the record are missing")
	}
	if len(r.problems) > 0 {
		panic(r.rt.NewTypeError("%s", "record: "+strings.Join(r.problems, "; ")))
	}
	if record.IntendedAt == 0 {
		record.IntendedAt = record.SentAt
	}
	state.Samples <- &exchange.Container{Record: record}
	return nil
}

func (r *reader) recordField(record *exchange.Record, key string, value sobek.Value) {
	switch key {
	case "requestId":
		record.RequestID = value.String()
	case "protocol":
		record.Protocol = value.String()
		switch record.Protocol {
		case exchange.HTTP, exchange.SSE, exchange.WebSocket:
		default:
			r.problem(`protocol must be "http", "sse" or "websocket", not %q`, record.Protocol)
		}
	case "intendedAt":
		record.IntendedAt = r.instant(key, value)
	case "sentAt":
		record.SentAt = r.instant(key, value)
	case "firstByteAt":
		record.FirstByteAt = r.instant(key, value)
	case "firstTokenAt":
		record.FirstTokenAt = r.instant(key, value)
	case "endedAt":
		record.EndedAt = r.instant(key, value)
	case "status":
		record.Status = int(r.number(key, value, 0))
	case "errorCode":
		record.ErrorCode = int(r.number(key, value, 0))
	case "error":
		record.Error = value.String()
	case "bytes":
		record.Bytes = int64(r.number(key, value, 0))
	case "instance":
		record.Instance = value.String()
	case "retryAfter":
		record.RetryAfter = value.String()
	case "cookieSent":
		record.CookieSent = value.String()
	case "tokens":
		record.Tokens = int64(r.number(key, value, 0))
	case "finishReason":
		record.FinishReason = value.String()
	case "done":
		record.Done = value.ToBoolean()
	case "gapsMs":
		record.Gaps = r.gaps(key, value)
	case "remote":
		record.Remote = value.String()
	default:
		r.problem("there is no field %q", key)
	}
}

func (r *reader) instant(key string, value sobek.Value) exchange.Instant {
	return exchange.Instant(math.Round(r.number(key, value, 0) * 1000))
}

func (r *reader) gaps(key string, value sobek.Value) []time.Duration {
	var numbers []float64
	if err := r.rt.ExportTo(value, &numbers); err != nil {
		r.problem("%s must be a list of milliseconds", key)
		return nil
	}
	gaps := make([]time.Duration, len(numbers))
	for i, ms := range numbers {
		gaps[i] = time.Duration(math.Round(ms*1000)) * time.Microsecond
	}
	return gaps
}
