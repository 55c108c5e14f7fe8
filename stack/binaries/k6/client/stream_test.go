package client

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/metrics"

	"gauntlet/binaries/k6/exchange"
)

const done = "data: [DONE]\n\n"

func eventStream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
}

func TestStreamTellsTokensFromWhatComesBefore(t *testing.T) {
	const pause = 30 * time.Millisecond
	for _, http2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			eventStream(w)
			flush(w, ": hello\n\n"+chunk(`{"role":"assistant","content":""}`))
			for _, text := range []string{"a", "b", "c"} {
				time.Sleep(pause)
				flush(w, chunk(`{"content":"`+text+`"}`))
			}
			flush(w, `data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"completion_tokens":5}}`+"\n\n")
			flush(w, done)
		}))
		server.EnableHTTP2 = http2
		server.StartTLS()
		v := newVUFor(t, server)
		result := v.run(`module.stream('POST', url, '{}', { requestId: 's' })`)
		r := v.record()
		inOrder(t, r.SentAt, r.FirstByteAt, r.FirstTokenAt, r.EndedAt)
		if wait := time.Duration(r.FirstTokenAt-r.FirstByteAt) * time.Microsecond; wait < pause*9/10 {
			t.Errorf("the first token came %v after the headers: the role is no token", wait)
		}
		if len(r.Gaps) != 2 || r.Gaps[0]+r.Gaps[1] < pause {
			t.Errorf("the gaps are %v", r.Gaps)
		}
		if r.Protocol != "sse" || r.Status != 200 || r.ErrorCode != 0 || r.Tokens != 5 || r.FinishReason != "stop" || !r.Done {
			t.Errorf("got %s", r.AppendJSON(nil))
		}
		if strings.Count(result, `"name":"message"`) != 6 || !strings.Contains(result, `"body":null`) {
			t.Errorf("the script got %s", result)
		}
	}
}

func TestStreamHasMetrics(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) {
		eventStream(w)
		flush(w, chunk(`{"content":"a"}`)+chunk(`{"content":"b"}`)+chunk(`{"content":"c"}`)+done)
	})
	v.run(`module.stream('POST', url, '{}', { responseType: 'none' })`)
	count := map[string]int{}
	for _, sample := range v.containers()[0].GetSamples() {
		count[sample.Metric.Name]++
	}
	want := map[string]int{"sse_time_to_first_token": 1, "sse_token_gap": 2, "sse_tokens": 1, metrics.HTTPReqDurationName: 1}
	for name, n := range want {
		if count[name] != n {
			t.Errorf("%d samples of %s, want %d", count[name], name, n)
		}
	}
}

// What a stream does, and what its record then says.
func TestStreamsThatGoWrong(t *testing.T) {
	for name, test := range map[string]struct {
		params string
		serve  func(http.ResponseWriter, *http.Request)
		want   exchange.Record
	}{
		"ends without its marker": {
			serve: func(w http.ResponseWriter, _ *http.Request) { flush(w, chunk(`{"content":"a"}`)) },
			want:  exchange.Record{ErrorCode: 1905, Error: "the stream ended without [DONE]", Tokens: 1},
		},
		"breaks off": {
			serve: func(w http.ResponseWriter, _ *http.Request) {
				flush(w, chunk(`{"content":"a"}`))
				panic(http.ErrAbortHandler)
			},
			want: exchange.Record{ErrorCode: 1000, Error: "unexpected EOF", Tokens: 1},
		},
		"breaks off after its marker": {
			serve: func(w http.ResponseWriter, _ *http.Request) {
				flush(w, chunk(`{"content":"a"}`)+done)
				panic(http.ErrAbortHandler)
			},
			want: exchange.Record{ErrorCode: 1000, Error: "unexpected EOF", Tokens: 1},
		},
		"reports an error": {
			serve: func(w http.ResponseWriter, _ *http.Request) {
				flush(w, chunk(`{"content":"a"}`)+`data: {"error":{"message":"out of memory"}}`+"\n\n"+done)
			},
			want: exchange.Record{ErrorCode: 1904, Error: "out of memory", Tokens: 1, Done: true},
		},
		"has an event that is no JSON": {
			serve: func(w http.ResponseWriter, _ *http.Request) {
				flush(w, chunk(`{"content":"a"}`)+"data: {\"choices\n\n"+done)
			},
			want: exchange.Record{ErrorCode: 1903, Error: "event 2 of the stream is no JSON object", Tokens: 1, Done: true},
		},
		"stalls": {
			params: `{ idleTimeout: 100 }`,
			serve: func(w http.ResponseWriter, req *http.Request) {
				flush(w, chunk(`{"content":"a"}`))
				<-req.Context().Done()
			},
			want: exchange.Record{ErrorCode: 1901, Error: "idle: nothing arrived for 100ms", Tokens: 1},
		},
		"never begins": {
			params: `{ idleTimeout: '100ms' }`,
			serve:  func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() },
			want:   exchange.Record{ErrorCode: 1901, Error: "idle: nothing arrived for 100ms"},
		},
		"takes too long": {
			params: `{ timeout: 100 }`,
			serve: func(w http.ResponseWriter, req *http.Request) {
				flush(w, chunk(`{"content":"a"}`))
				<-req.Context().Done()
			},
			want: exchange.Record{ErrorCode: 1050, Error: "request timeout", Tokens: 1},
		},
		"is aborted by the client": {
			params: `{ abortAfterEvents: 2 }`,
			serve: func(w http.ResponseWriter, req *http.Request) {
				flush(w, chunk(`{"content":"a"}`)+chunk(`{"content":"b"}`)+chunk(`{"content":"c"}`))
				// The client's going is seen here.
				<-req.Context().Done()
			},
			want: exchange.Record{ErrorCode: 1902, Error: "the client ended the stream after event 2", Tokens: 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVU(t, func(w http.ResponseWriter, req *http.Request) {
				_, _ = io.Copy(io.Discard, req.Body)
				eventStream(w)
				test.serve(w, req)
			})
			params := test.params
			if params == "" {
				params = "{}"
			}
			v.run(`module.stream('POST', url, '{}', ` + params + `)`)
			r := v.record()
			if r.ErrorCode != test.want.ErrorCode || r.Error != test.want.Error || r.Tokens != test.want.Tokens || r.Done != test.want.Done {
				t.Errorf("got %s", r.AppendJSON(nil))
			}
			if want := map[bool]int{true: 0, false: 200}[name == "never begins"]; r.Status != want {
				t.Errorf("the status is %d, want %d", r.Status, want)
			}
		})
	}
}

func TestTheIdleTimeoutBeginsAnewWithEveryPiece(t *testing.T) {
	const pause, pieces = 250 * time.Millisecond, 6
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) {
		eventStream(w)
		for range pieces {
			flush(w, chunk(`{"content":"a"}`))
			time.Sleep(pause)
		}
		flush(w, done)
	})
	v.run(`module.stream('POST', url, '{}', { idleTimeout: '1s' })`)
	if r := v.record(); r.ErrorCode != 0 || r.Tokens != pieces || !r.Done {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
}

func TestStreamThatIsAnsweredWithoutOne(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"error":{"message":"draining"}}`)
	})
	result := v.run(`module.stream('POST', url, '{}')`)
	if r := v.record(); r.Protocol != "sse" || r.Status != 503 || r.ErrorCode != 1503 || r.Tokens != 0 || !r.Done {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
	if !strings.Contains(result, "draining") || !strings.Contains(result, `"events":[]`) {
		t.Errorf("the script got %s", result)
	}
}

func TestACompressedStreamIsSaidToBeOne(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) {
		eventStream(w)
		w.Header().Set("Content-Encoding", "gzip")
		compressed := gzip.NewWriter(w)
		_, _ = io.WriteString(compressed, chunk(`{"content":"a"}`)+done)
		_ = compressed.Close()
	})
	v.run(`module.stream('POST', url, '{}')`)
	if r := v.record(); r.ErrorCode != 1903 || r.Error != "the stream is compressed: gzip" || r.Tokens != 0 {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
}

func TestPlainStreamCountsEveryEvent(t *testing.T) {
	v := newVU(t, func(w http.ResponseWriter, _ *http.Request) {
		eventStream(w)
		flush(w, "event: tick\ndata: one\n\ndata: two\n\n")
	})
	result := v.run(`module.stream('GET', url, null, { format: 'plain' })`)
	if r := v.record(); r.ErrorCode != 0 || r.Tokens != 2 || len(r.Gaps) != 1 || !r.Done || r.FirstTokenAt == 0 {
		t.Errorf("got %s", r.AppendJSON(nil))
	}
	if !strings.Contains(result, `"name":"tick","data":"one"`) {
		t.Errorf("the script got %s", result)
	}
}
