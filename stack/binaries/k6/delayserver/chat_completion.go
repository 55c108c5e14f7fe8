package delayserver

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

const (
	largestBody = 1 << 20
	model       = "known-delay"
)

type chatRequest struct {
	Stream bool `json:"stream"`
}

func (s *Server) chatCompletion(w http.ResponseWriter, r *http.Request) {
	answer, err := s.begin("http")
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, err)
		return
	}
	answer.entry.requestID = r.Header.Get("X-Request-Id")
	var request chatRequest
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err == nil {
		err = json.Unmarshal(body, &request)
	}
	if err != nil {
		answer.alarm.close()
		refuse(w, http.StatusBadRequest, fmt.Errorf("the body is no chat completion request: %w", err))
		return
	}
	timing, err := s.timing.With(r.URL.Query())
	if err != nil {
		answer.alarm.close()
		refuse(w, http.StatusBadRequest, err)
		return
	}
	answer.entry.timing = timing
	if id := answer.entry.requestID; id != "" {
		w.Header().Set("X-Request-Id", id)
	}
	if request.Stream {
		answer.entry.protocol = "sse"
		answer.end(stream(w, r, answer, timing))
		return
	}
	answer.end(whole(w, r, answer, timing))
}

// stream sends the headers and the role at once, as services do that want proxies to see a status early, and each token
// at its time. A client that takes the first event for the first token measures next to nothing.
func stream(w http.ResponseWriter, r *http.Request, answer *answer, timing Timing) error {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	send := func(data []byte) error {
		if _, err := w.Write(data); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	}
	if err := send(chunk(`{"role":"assistant","content":""}`, "null")); err != nil {
		return err
	}
	for token := range timing.Tokens {
		data := chunk(`{"content":"`+word(token)+`"}`, "null")
		if token == timing.Tokens-1 {
			// In one write, so that the end of the answer is as exactly known as its last token.
			data = append(append(data, chunk("{}", `"stop"`)...), "data: [DONE]\n\n"...)
		}
		if err := answer.sendAt(r.Context(), timing.at(token), func() error { return send(data) }); err != nil {
			return err
		}
	}
	return nil
}

// whole answers without streaming, at the moment at which a stream would have sent its last token.
func whole(w http.ResponseWriter, r *http.Request, answer *answer, timing Timing) error {
	content := ""
	for token := range timing.Tokens {
		content += word(token)
	}
	body := fmt.Appendf(nil, `{"id":"chatcmpl-known-delay","object":"chat.completion","created":0,"model":%q,"choices":[`+
		`{"index":0,"message":{"role":"assistant","content":%q,"refusal":null},"logprobs":null,"finish_reason":"stop"}],`+
		`"usage":{"prompt_tokens":1,"completion_tokens":%d,"total_tokens":%d}}`+"\n",
		model, content, timing.Tokens, timing.Tokens+1)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	return answer.sendAt(r.Context(), timing.at(timing.Tokens-1), func() error {
		if _, err := w.Write(body); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	})
}

func chunk(delta, finishReason string) []byte {
	return fmt.Appendf(nil, `data: {"id":"chatcmpl-known-delay","object":"chat.completion.chunk","created":0,"model":%q,`+
		`"choices":[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}]}`+"\n\n", model, delta, finishReason)
}

func word(token int) string { return "t" + strconv.Itoa(token) + " " }

// refuse answers with an error as OpenAI's clients expect it.
func refuse(w http.ResponseWriter, status int, reason error) {
	kind := "invalid_request_error"
	if status >= http.StatusInternalServerError {
		kind = "server_error"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":{"message":%q,"type":%q,"param":null,"code":null}}`+"\n", reason.Error(), kind)
}
