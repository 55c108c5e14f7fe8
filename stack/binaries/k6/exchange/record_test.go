package exchange

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"
)

func decode(t *testing.T, r *Record) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(r.AppendJSON(nil), &fields); err != nil {
		t.Fatalf("%v in %s", err, r.AppendJSON(nil))
	}
	return fields
}

func TestAppendJSONOfAPlainRequest(t *testing.T) {
	got := decode(t, &Record{
		RequestID: "retry.subject.1.0", Protocol: HTTP, Scenario: "clients", Client: 3,
		IntendedAt: 1764039845123000, SentAt: 1764039845123456, FirstByteAt: 1764039845130007, EndedAt: 1764039845130100,
		Status: 200, Bytes: 352, Instance: "llm-1", Done: true, Remote: "127.0.0.1:8443",
		CookieSet: &Cookie{Value: "c268", Secure: true},
	})
	want := map[string]any{
		"requestId": "retry.subject.1.0", "protocol": "http", "scenario": "clients", "client": 3.0,
		"intendedAt": 1764039845123.0, "sentAt": 1764039845123.456, "firstByteAt": 1764039845130.007,
		"firstTokenAt": 0.0, "endedAt": 1764039845130.1, "status": 200.0, "errorCode": 0.0, "error": "",
		"bytes": 352.0, "instance": "llm-1", "retryAfter": "", "cookieSent": "",
		"cookieSet": map[string]any{"value": "c268", "secure": true, "httpOnly": false},
		"tokens":    0.0, "finishReason": "", "done": true, "remote": "127.0.0.1:8443",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAppendJSONOfAStreamHasItsGaps(t *testing.T) {
	gaps := []time.Duration{20_440 * time.Microsecond, 0, time.Second}
	got := decode(t, &Record{Protocol: SSE, Gaps: gaps})
	if want := []any{20.44, 0.0, 1000.0}; !reflect.DeepEqual(got["gapsMs"], want) {
		t.Errorf("gapsMs is %v, want %v", got["gapsMs"], want)
	}
	if got := decode(t, &Record{Protocol: SSE})["gapsMs"]; !reflect.DeepEqual(got, []any{}) {
		t.Errorf("without gaps gapsMs is %v, want an empty list", got)
	}
	if _, there := decode(t, &Record{Protocol: SSE})["cookieSet"]; there {
		t.Error("cookieSet is there although no cookie was set")
	}
}

func TestAppendJSONKeepsEveryText(t *testing.T) {
	for _, text := range []string{"", "plain", `quote " and \`, "line\nbreak", "tab\t", "naïve 漢字", "\u2028", "\x00\x7f"} {
		if got := decode(t, &Record{Error: text})["error"]; got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	broken := &Record{Error: "broken \xff"}
	if got := decode(t, broken)["error"]; got != "broken \ufffd" || !utf8.Valid(broken.AppendJSON(nil)) {
		t.Errorf("invalid UTF-8 became %q", got)
	}
}

func TestAppendThousandths(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 1: "0.001", 10: "0.010", 999: "0.999", 1000: "1", 1001: "1.001", -1500: "-1.500",
		1764039845123456: "1764039845123.456",
	} {
		if got := string(appendThousandths(nil, n)); got != want {
			t.Errorf("%d became %s, want %s", n, got, want)
		}
	}
}

func TestAtMeasuresFromTheStart(t *testing.T) {
	start := time.Now()
	if got := At(start, start.Add(1500*time.Microsecond)) - At(start, start); got != 1500 {
		t.Errorf("1.5 ms are %d µs", got)
	}
	if got := At(start, start); got != Instant(start.UnixMicro()) {
		t.Errorf("the start is %d, want %d", got, start.UnixMicro())
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	r := &Record{
		RequestID: "retry.subject.1.0", Protocol: HTTP, Scenario: "clients", Client: 3, Status: 200, Bytes: 352,
		IntendedAt: 1764039845123000, SentAt: 1764039845123456, FirstByteAt: 1764039845130007, EndedAt: 1764039845130100,
		Instance: "llm-1", Done: true, Remote: "127.0.0.1:8443",
	}
	var buffer []byte
	for b.Loop() {
		buffer = r.AppendJSON(buffer[:0])
	}
}
