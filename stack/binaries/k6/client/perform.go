package client

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/sobek"

	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"

	"gauntlet/binaries/k6/exchange"
	"gauntlet/binaries/k6/sse"
)

var errInit = common.NewInitContextError("k6/x/gauntlet sends nothing in the init context: call it in a VU's function")

// request sends a request and resolves with the response when its body has been read.
func (m *module) request(method string, target sobek.Value, rest ...sobek.Value) (*sobek.Promise, error) {
	return m.start(method, target, rest, false)
}

// stream sends a request whose response is a stream of server-sent events, and resolves when it has ended.
func (m *module) stream(method string, target sobek.Value, rest ...sobek.Value) (*sobek.Promise, error) {
	return m.start(method, target, rest, true)
}

func (m *module) start(method string, target sobek.Value, rest []sobek.Value, streaming bool) (*sobek.Promise, error) {
	state := m.vu.State()
	if state == nil {
		return nil, errInit
	}
	rest = append(rest, sobek.Undefined(), sobek.Undefined())
	r := &reader{rt: m.vu.Runtime(), state: state}
	c := r.readCall(method, target, rest[0], rest[1], streaming)
	if len(r.problems) > 0 {
		name := "request"
		if streaming {
			name = "stream"
		}
		panic(r.rt.NewTypeError("%s", name+": "+strings.Join(r.problems, "; ")))
	}

	// What belongs to the VU is read here, on its own thread.
	x := &exchanging{module: m, state: state, own: *state, call: c, streaming: streaming}
	promise, resolve, reject := r.rt.NewPromise()
	callback := m.vu.RegisterCallback()
	ctx := m.vu.Context()
	go func() {
		result, err := x.perform(ctx)
		callback(func() error {
			if err != nil {
				return reject(err)
			}
			return resolve(result)
		})
	}()
	return promise, nil
}

// exchanging is one exchange while it goes on.
type exchanging struct {
	module *module
	state  *lib.State
	// own is the state as the request sees it: with the observer for a transport.
	own       lib.State
	call      *call
	streaming bool

	observer   observer
	parser     sse.Parser
	completion sse.Completion
	events     []Event
}

// perform lets k6 make the request, with the observer as its transport, and hands the record of it to the outputs. k6's
// own samples of the request are caught on their way and travel with the record: an output must not take them for those
// of another exchange.
func (x *exchanging) perform(ctx context.Context) (*Result, error) {
	x.observer.transport = x.state.Transport
	x.observer.affinityCookie = x.call.affinityCookie
	x.observer.idle = x.call.idle
	if x.streaming {
		x.observer.onBody = x.takeBody
	}
	x.own.Transport = &x.observer
	// Authentication is not offered, so each redirect makes one request, and each request one set of samples.
	caught := make(chan metrics.SampleContainer, x.call.request.Redirects.Int64+2)
	x.own.Samples = caught

	asked := time.Now()
	response, err := httpext.MakeRequest(ctx, &x.own, x.call.request)
	ended := time.Now()
	close(caught)

	var trails []*httpext.Trail
	for container := range caught {
		if trail, ok := container.(*httpext.Trail); ok {
			trails = append(trails, trail)
		}
	}
	if err != nil {
		// The rate limit of the test was interrupted, or the protocol was switched: k6 has no response then.
		response = httpext.NewResponse()
		response.Error, response.ErrorCode = err.Error(), 1000
	}
	record := x.record(asked, ended, response, trails)
	x.state.Samples <- &exchange.Container{Record: record, Samples: x.samples(record, trails)}
	return x.result(record, response), nil
}

// takeBody is told of each piece of the body of a stream.
func (x *exchanging) takeBody(piece []byte, at time.Time) bool {
	if !isEventStream(x.observer.header) || x.encoding() != "" {
		return true
	}
	goOn := true
	x.parser.Feed(piece, at, func(event sse.Event) {
		if !goOn {
			return
		}
		if x.call.plain {
			x.completion.TakePlain(event)
		} else {
			x.completion.Take(event, doneMarker)
		}
		if x.call.request.ResponseType != httpext.ResponseTypeNone {
			x.events = append(x.events, Event{
				At: exchange.At(x.observer.sentAt, event.At).Milliseconds(), Name: event.Name, Data: string(event.Data),
			})
		}
		goOn = x.completion.Events != x.call.abortAfter
	})
	return goOn
}

// doneMarker is the data of the event that ends a stream in OpenAI's format.
const doneMarker = "[DONE]"

func isEventStream(header http.Header) bool {
	mediaType, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(mediaType), "text/event-stream")
}

func (x *exchanging) record(
	asked, ended time.Time, response *httpext.Response, trails []*httpext.Trail,
) *exchange.Record {
	o := &x.observer
	start := o.sentAt
	if start.IsZero() {
		// Nothing was sent, because k6 itself refused to.
		start = asked
	}
	r := &exchange.Record{
		RequestID: x.call.requestID, Protocol: exchange.HTTP, Scenario: scenarioOf(x.call.request.TagsAndMeta.Tags), Client: x.state.VUIDGlobal,
		IntendedAt: x.call.intendedAt, SentAt: exchange.At(start, start), EndedAt: exchange.At(start, ended),
		Status: o.status, ErrorCode: response.ErrorCode, Error: response.Error, Bytes: o.bytes,
		Instance: o.header.Get("X-Llm-Instance"), RetryAfter: o.header.Get("Retry-After"),
		CookieSent: o.cookieSent, CookieSet: o.cookieSet, Done: o.whole,
	}
	if r.IntendedAt == 0 {
		r.IntendedAt = r.SentAt
	}
	if !o.headersAt.IsZero() {
		r.FirstByteAt = exchange.At(start, o.headersAt)
	}
	if len(trails) > 0 {
		last := trails[len(trails)-1]
		r.EndedAt = exchange.At(start, last.EndTime)
		if last.Receiving > 0 {
			r.FirstByteAt = exchange.At(start, last.EndTime.Add(-last.Receiving))
		}
		if last.ConnRemoteAddr != nil {
			r.Remote = last.ConnRemoteAddr.String()
		}
	}
	if x.streaming {
		x.recordStream(r, start)
	}
	return r
}

func (x *exchanging) recordStream(r *exchange.Record, start time.Time) {
	c := &x.completion
	r.Protocol = exchange.SSE
	if !isEventStream(x.observer.header) {
		return
	}
	r.Tokens, r.FinishReason, r.Gaps = c.Tokens(), c.FinishReason, c.Gaps
	if c.TokenEvents > 0 {
		r.FirstTokenAt = exchange.At(start, c.FirstTokenAt)
	}
	if !x.call.plain {
		r.Done = c.Done && x.observer.whole
	}
	if r.ErrorCode != 0 {
		return
	}
	switch {
	case x.observer.aborted:
		r.ErrorCode = exchange.CodeAborted
		r.Error = fmt.Sprintf("the client ended the stream after event %d", c.Events)
	case c.Error != "":
		r.ErrorCode, r.Error = exchange.CodeErrorEvent, c.Error
	case c.Malformed != 0:
		r.ErrorCode = exchange.CodeMalformedEvent
		r.Error = fmt.Sprintf("event %d of the stream is no JSON object", c.Malformed)
	case x.encoding() != "":
		r.ErrorCode, r.Error = exchange.CodeMalformedEvent, "the stream is compressed: "+x.encoding()
	case !r.Done:
		r.ErrorCode, r.Error = exchange.CodeTruncated, "the stream ended without "+doneMarker
	}
}

// encoding is the compression of the response, empty when there is none.
func (x *exchanging) encoding() string { return x.observer.header.Get("Content-Encoding") }

// samples are those that k6 made of the requests, and our own with the tags of the last one.
func (x *exchanging) samples(r *exchange.Record, trails []*httpext.Trail) []metrics.Sample {
	if len(trails) == 0 {
		return nil
	}
	last := trails[len(trails)-1]
	samples := last.Samples
	for _, trail := range trails[:len(trails)-1] {
		samples = append(samples, trail.Samples...)
	}
	add := func(metric *metrics.Metric, value float64) {
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: last.Tags},
			Time:       last.EndTime, Metadata: last.Metadata, Value: value,
		})
	}
	own := &x.module.metrics
	if x.call.intendedAt != 0 {
		add(own.latency, float64(r.EndedAt-r.IntendedAt)/1000)
	}
	if r.FirstTokenAt != 0 {
		add(own.timeToFirstToken, float64(r.FirstTokenAt-r.SentAt)/1000)
		add(own.tokens, float64(r.Tokens))
		for _, gap := range r.Gaps {
			add(own.tokenGap, metrics.D(gap))
		}
	}
	return samples
}

// scenarioOf finds the name of the scenario, unless the system tag of it was turned off.
func scenarioOf(tags *metrics.TagSet) string {
	name, _ := tags.Get(metrics.TagScenario.String())
	return name
}
