package client

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.k6.io/k6/v2/metrics"

	"gauntlet/binaries/k6/exchange"
)

func TestRequestIsRecorded(t *testing.T) {
	var got *http.Request
	var body []byte
	v := newVU(t, func(w http.ResponseWriter, req *http.Request) {
		got = req
		body, _ = io.ReadAll(req.Body)
		w.Header().Set("X-LLM-Instance", "llm-2")
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, "slow down")
	})
	result := v.run(`module.request('post', url + '/v1', '{"a":1}', {
		requestId: 'arm.7.0', intendedAt: 1764039845123.5, headers: { 'content-type': 'application/json' } })`)
	if got.Method != "POST" || string(body) != `{"a":1}` || got.Header.Get("X-Request-Id") != "arm.7.0" ||
		got.Header.Get("Content-Type") != "application/json" || got.UserAgent() != "gauntlet-test" {
		t.Errorf("the server got %v %v with %s", got.Method, got.Header, body)
	}
	r := v.record()
	inOrder(t, r.IntendedAt, r.SentAt, r.FirstByteAt, r.EndedAt)
	want := exchange.Record{
		RequestID: "arm.7.0", Protocol: "http", Scenario: "clients", Client: 7, IntendedAt: 1764039845123500,
		SentAt: r.SentAt, FirstByteAt: r.FirstByteAt, EndedAt: r.EndedAt, Status: 429, ErrorCode: 1429, Bytes: 9,
		Instance: "llm-2", RetryAfter: "3", Done: true, Remote: strings.TrimPrefix(v.server.URL, "http://"),
	}
	if string(r.AppendJSON(nil)) != string(want.AppendJSON(nil)) {
		t.Errorf("got  %s\nwant %s", r.AppendJSON(nil), want.AppendJSON(nil))
	}
	for _, part := range []string{`"status":429`, `"body":"slow down"`, `"X-Llm-Instance":"llm-2"`, `"done":true`} {
		if !strings.Contains(result, part) {
			t.Errorf("the script got %s, without %s", result, part)
		}
	}
}

func TestRequestHasTheMetricsOfK6(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	v.run(`module.request('GET', url, null, { tags: { kind: 'short' }, intendedAt: Date.now() - 5000 })`)
	seen := map[string]float64{}
	for _, container := range v.containers() {
		for _, sample := range container.GetSamples() {
			seen[sample.Metric.Name] = sample.Value
			tags := sample.Tags.Map()
			if tags["kind"] != "short" || tags["status"] != "200" || tags["scenario"] != "clients" {
				t.Errorf("%s has the tags %v", sample.Metric.Name, tags)
			}
		}
	}
	for _, name := range []string{
		metrics.HTTPReqsName, metrics.HTTPReqFailedName, metrics.HTTPReqDurationName, metrics.HTTPReqBlockedName,
		metrics.HTTPReqConnectingName, metrics.HTTPReqTLSHandshakingName, metrics.HTTPReqSendingName,
		metrics.HTTPReqWaitingName, metrics.HTTPReqReceivingName, "exchange_latency",
	} {
		if _, there := seen[name]; !there {
			t.Errorf("there is no sample of %s", name)
		}
	}
	if latency := seen["exchange_latency"]; latency < 5000 {
		t.Errorf("the latency is %v ms, and it was sent 5000 ms late", latency)
	}
	if seen[metrics.HTTPReqFailedName] != 0 || seen[metrics.HTTPReqsName] != 1 {
		t.Errorf("got %v", seen)
	}
}

func TestRequestsOfAVUGoOnSideBySide(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	v := newVU(t, func(http.ResponseWriter, *http.Request) {
		both.Done()
		// Answers neither before both are there.
		both.Wait()
	})
	v.run(`Promise.all([module.request('GET', url), module.request('GET', url)])`)
	if n := len(v.containers()); n != 2 {
		t.Errorf("%d exchanges were recorded", n)
	}
}

func TestRequestFollowsRedirectsAsOneExchange(t *testing.T) {
	const pause = 30 * time.Millisecond
	v := newVU(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/" {
			time.Sleep(pause)
			http.Redirect(w, req, "/there", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "there")
	})
	v.run(`module.request('GET', url)`)
	containers := v.containers()
	if len(containers) != 1 {
		t.Fatalf("%d containers came, want one", len(containers))
	}
	container := containers[0].(*exchange.Container)
	requests := 0
	for _, sample := range container.Samples {
		if sample.Metric.Name == metrics.HTTPReqsName {
			requests++
		}
	}
	if r := container.Record; requests != 2 || r.Status != 200 || r.Bytes != 5 || !r.Done {
		t.Errorf("%d requests counted, the record is %s", requests, r.AppendJSON(nil))
	} else if took := time.Duration(r.EndedAt-r.SentAt) * time.Microsecond; took < pause {
		t.Errorf("it took %v: the exchange begins with the first request", took)
	}
}

func TestRequestKeepsCookiesAndRecordsTheOneOfInterest(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, req *http.Request) {
		if _, err := req.Cookie("node"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "node", Value: "c268", HttpOnly: true})
			http.SetCookie(w, &http.Cookie{Name: "other", Value: "x"})
		}
	})
	v.run(`module.request('GET', url, null, { affinityCookie: 'node' })`)
	if r := v.record(); r.CookieSent != "" || r.CookieSet == nil || *r.CookieSet != (exchange.Cookie{Value: "c268", HTTPOnly: true}) {
		t.Errorf("first: %s", r.AppendJSON(nil))
	}
	v.run(`module.request('GET', url, null, { affinityCookie: 'node' })`)
	if r := v.record(); r.CookieSent != "c268" || r.CookieSet != nil {
		t.Errorf("second: %s", r.AppendJSON(nil))
	}
	v.run(`module.request('GET', url, null, { affinityCookie: 'node', cookies: { node: { value: 'own', replace: true } } })`)
	if r := v.record(); r.CookieSent != "own" {
		t.Errorf("with a cookie of its own: %s", r.AppendJSON(nil))
	}
}

func TestRequestKeepsTheStatusOfABodyThatBreaksOff(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Header().Set("X-LLM-Instance", "llm-1")
		flush(w, "half")
		panic(http.ErrAbortHandler)
	})
	result := v.run(`module.request('GET', url)`)
	r := v.record()
	if r.Status != 200 || r.ErrorCode != 1000 || r.Error != "unexpected EOF" || r.Done || r.Bytes != 4 || r.Instance != "llm-1" {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
	if !strings.Contains(result, `"status":200`) || !strings.Contains(result, `"errorCode":1000`) {
		t.Errorf("the script got %s", result)
	}
}

func TestRequestThatIsRefused(t *testing.T) {
	v := newVU(t, func(http.ResponseWriter, *http.Request) {})
	v.server.Close()
	v.run(`module.request('GET', url)`)
	r := v.record()
	inOrder(t, r.SentAt, r.EndedAt)
	if r.Status != 0 || r.ErrorCode != 1212 || r.Error != "dial: connection refused" || r.Done || r.FirstByteAt != 0 {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
}

func TestRequestThatTimesOut(t *testing.T) {
	v := newVU(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	v.run(`module.request('GET', url, null, { timeout: '100ms' })`)
	if r := v.record(); r.Status != 0 || r.ErrorCode != 1050 || r.Error != "request timeout" || r.Done {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
}

func TestRequestIsRecordedWhenTheTestIsStopped(t *testing.T) {
	var v *vu
	v = newVU(t, func(_ http.ResponseWriter, req *http.Request) {
		v.runtime.CancelContext()
		<-req.Context().Done()
	})
	_, _ = v.try(`module.request('GET', url, null, { requestId: 'cut' })`)
	if r := v.record(); r.RequestID != "cut" || r.Status != 0 || r.ErrorCode != 1000 || r.Error != "context canceled" {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
}

func TestRequestsUseOneConnectionAndHTTP2WhereItIsOffered(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		var connections atomic.Int32
		var proto atomic.Value
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			proto.Store(req.Proto)
			_, _ = io.WriteString(w, "hello")
		}))
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		server.EnableHTTP2 = http2
		server.StartTLS()
		v := newVUFor(t, server)
		for range 3 {
			v.run(`module.request('GET', url)`)
		}
		if n := connections.Load(); n != 1 {
			t.Errorf("HTTP/2 %v: %d connections for three requests", http2, n)
		}
		if want := map[bool]string{false: "HTTP/1.1", true: "HTTP/2.0"}[http2]; proto.Load() != want {
			t.Errorf("the protocol is %v, want %s", proto.Load(), want)
		}
	}
}

func TestMistakesAreNamedAllAtOnce(t *testing.T) {
	v := newVU(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for script, wants := range map[string][]string{
		`module.request('G T', 'ftp://x', {}, { what: 1, timeout: -1, redirects: 1000 })`: {
			"TypeError: request: ", `not "G T"`, "http:// or https://", "JSON.stringify", `no parameter "what"`,
			"affinityCookie", `not "-1"`, "at most 100",
		},
		`module.request('GET')`:                                                   {"the URL is missing"},
		`module.request('GET', url, null, { jar: {} })`:                           {"jar must be a CookieJar"},
		`module.request('GET', url, null, { tags: { a: {} } })`:                   {"tag 'a'"},
		`module.request('GET', url, null, { abortAfterEvents: 1 })`:               {`no parameter "abortAfterEvents"`},
		`module.request('GET', url, null, { intendedAt: 'soon' })`:                {"intendedAt must be a number"},
		`module.stream('GET', url, null, { abortAfterEvents: 0, format: 'xml' })`: {"stream: ", "at least 1", `not "xml"`},
		`module.record()`: {"the fields of the record are missing"},
		`module.record({ protocol: 'ftp', colour: 'red', gapsMs: 'x' })`: {
			"record: ", `not "ftp"`, `no field "colour"`, "gapsMs must be a list", "sentAt and endedAt are needed",
		},
	} {
		_, err := v.try(script)
		if err == nil {
			t.Errorf("%s was taken", script)
			continue
		}
		for _, want := range wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s says %q, without %q", script, err, want)
			}
		}
	}
	if n := len(v.containers()); n != 0 {
		t.Errorf("%d exchanges were recorded", n)
	}
}

func TestNothingIsSentInTheInitContext(t *testing.T) {
	v := newVU(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	v.runtime.VU.StateField = nil
	for _, call := range []string{`module.request('GET', url)`, `module.stream('GET', url)`, `module.record({})`} {
		if _, err := v.try(call); err == nil || !strings.Contains(err.Error(), "init context") {
			t.Errorf("%s says %v", call, err)
		}
	}
}

func TestRecordOfAnotherProtocol(t *testing.T) {
	v := newVU(t, func(http.ResponseWriter, *http.Request) {})
	v.run(`module.record({ requestId: 'ws.1', sentAt: 1000.5, firstTokenAt: 1200, endedAt: 1300.25, status: 101,
		tokens: 3, gapsMs: [20.5, 21], done: true, finishReason: 'stop' })`)
	want := `{"requestId":"ws.1","protocol":"websocket","scenario":"clients","client":7,"intendedAt":1000.500,` +
		`"sentAt":1000.500,"firstByteAt":0,"firstTokenAt":1200,"endedAt":1300.250,"status":101,"errorCode":0,"error":"",` +
		`"bytes":0,"instance":"","retryAfter":"","cookieSent":"","tokens":3,"finishReason":"stop","done":true,` +
		`"gapsMs":[20.500,21],"remote":""}`
	if got := string(v.record().AppendJSON(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
