package sse

import (
	"reflect"
	"testing"
	"time"
)

// complete takes events that arrive ten milliseconds after the other.
func complete(events ...string) Completion {
	var c Completion
	for i, data := range events {
		at := epoch.Add(time.Duration(i) * 10 * time.Millisecond)
		c.Take(Event{At: at, Name: "message", Data: []byte(data)}, "[DONE]")
	}
	return c
}

func TestCompletionOfAWholeStream(t *testing.T) {
	c := complete(
		`{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}`,
		`{"choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}`,
		`{"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}`,
		`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
		`{"choices":[],"usage":{"completion_tokens":7}}`,
		`[DONE]`,
	)
	if got := c.FirstEventAt.Sub(epoch); got != 0 {
		t.Errorf("the first event came at %v", got)
	}
	if got := c.FirstTokenAt.Sub(epoch); got != 10*time.Millisecond {
		t.Errorf("the first token came at %v: a role is no token", got)
	}
	if want := []time.Duration{10 * time.Millisecond}; !reflect.DeepEqual(c.Gaps, want) {
		t.Errorf("gaps are %v, want %v", c.Gaps, want)
	}
	if c.Events != 6 || c.TokenEvents != 2 || c.Tokens() != 7 || c.FinishReason != "stop" || !c.Done {
		t.Errorf("got %+v", c)
	}
	if c.Malformed != 0 || c.Error != "" {
		t.Errorf("a whole stream has trouble: %+v", c)
	}
}

func TestCompletionKnowsATokenWhenItSeesOne(t *testing.T) {
	for delta, want := range map[string]int{
		`{"content":"a"}`:                       1,
		`{"content":""}`:                        0,
		`{"content":null}`:                      0,
		`{"role":"assistant"}`:                  0,
		`{"reasoning":"hm"}`:                    1,
		`{"reasoning_content":"hm"}`:            1,
		`{"content":null,"reasoning":"hm"}`:     1,
		`{"tool_calls":[]}`:                     0,
		`{"tool_calls":[{"index":0}]}`:          1,
		`{"role":"assistant","content":"\"[]"}`: 1,
	} {
		if got := complete(`{"choices":[{"delta":` + delta + `}]}`).TokenEvents; got != want {
			t.Errorf("%s has %d tokens, want %d", delta, got, want)
		}
	}
}

func TestCompletionWithoutUsageCountsEvents(t *testing.T) {
	c := complete(`{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}`, `{"choices":[{"delta":{"content":"c"}}]}`)
	if c.Tokens() != 2 || c.Done || c.FinishReason != "" {
		t.Errorf("got %+v", c)
	}
}

func TestGapsAreFromOneTokenToTheNext(t *testing.T) {
	token, none := `{"choices":[{"delta":{"content":"a"}}]}`, `{"choices":[]}`
	c := complete(token, token, none, token, none, none, token)
	want := []time.Duration{10 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond}
	if !reflect.DeepEqual(c.Gaps, want) {
		t.Errorf("gaps are %v, want %v", c.Gaps, want)
	}
}

func TestCompletionReportsTrouble(t *testing.T) {
	for name, data := range map[string]string{"cut off": `{"choices":[`, "no object": `[1]`, "empty": ``} {
		if got := complete(`{}`, data, data).Malformed; got != 2 {
			t.Errorf("%s: the first malformed event is %d, want 2", name, got)
		}
	}
	if got := complete(`{"error":{"message":"out of memory","code":"server_error"}}`).Error; got != "out of memory" {
		t.Errorf("the error is %q", got)
	}
	if got := complete(`{"error":{"code":7}}`).Error; got != `{"code":7}` {
		t.Errorf("the error without a message is %q", got)
	}
}
