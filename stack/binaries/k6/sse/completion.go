package sse

import (
	"time"

	"github.com/tidwall/gjson"
)

// Completion is what the events of a streamed chat completion say, in the format that OpenAI's API made common.
//
// A token arrives with an event whose delta has non-empty content, reasoning or tool calls. The first event of a stream
// often has a role only; it is no token. Several tokens may share an event, so events are no count of tokens.
type Completion struct {
	// FirstEventAt is when the first event arrived, FirstTokenAt when the first one with a token did.
	FirstEventAt time.Time
	FirstTokenAt time.Time
	// Gaps are the times between two events with a token, one after the other.
	Gaps []time.Duration
	// Events counts all events, TokenEvents those with a token.
	Events      int
	TokenEvents int
	// Usage is the number of tokens that the server reports, 0 when it reports none.
	Usage        int64
	FinishReason string
	// Done says that the end marker came.
	Done bool
	// Malformed is the number of the first event, from 1, whose data is no JSON object; 0 when there is none.
	Malformed int
	// Error is what the server reported in an error event, empty when it reported none.
	Error string

	lastTokenAt time.Time
}

// Take adds the next event. doneMarker is the data that ends the stream.
func (c *Completion) Take(event Event, doneMarker string) {
	c.Events++
	if c.Events == 1 {
		c.FirstEventAt = event.At
	}
	if string(event.Data) == doneMarker {
		c.Done = true
		return
	}
	// Not parsed twice: gjson looks for the few fields only, in text that was found to be valid.
	if !gjson.ValidBytes(event.Data) || event.Data[0] != '{' {
		if c.Malformed == 0 {
			c.Malformed = c.Events
		}
		return
	}
	chunk := gjson.ParseBytes(event.Data)
	hasToken := false
	chunk.Get("choices").ForEach(func(_, choice gjson.Result) bool {
		hasToken = hasToken || deltaHasToken(choice.Get("delta"))
		if reason := choice.Get("finish_reason"); reason.Type == gjson.String {
			c.FinishReason = reason.String()
		}
		return true
	})
	if hasToken {
		c.tokenAt(event.At)
	}
	if usage := chunk.Get("usage.completion_tokens"); usage.Exists() {
		c.Usage = usage.Int()
	}
	if failure := chunk.Get("error"); failure.IsObject() && c.Error == "" {
		c.Error = failure.Get("message").String()
		if c.Error == "" {
			c.Error = failure.Raw
		}
	}
}

// Tokens returns what the server reports, else the number of events with a token.
func (c *Completion) Tokens() int64 {
	if c.Usage > 0 {
		return c.Usage
	}
	return int64(c.TokenEvents)
}

func (c *Completion) tokenAt(at time.Time) {
	c.TokenEvents++
	if c.TokenEvents == 1 {
		c.FirstTokenAt = at
	} else {
		c.Gaps = append(c.Gaps, at.Sub(c.lastTokenAt))
	}
	c.lastTokenAt = at
}

func deltaHasToken(delta gjson.Result) bool {
	found := false
	delta.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "content", "reasoning", "reasoning_content":
			found = value.Type == gjson.String && value.Str != ""
		case "tool_calls":
			found = value.IsArray() && len(value.Raw) > len("[]")
		}
		return !found
	})
	return found
}
