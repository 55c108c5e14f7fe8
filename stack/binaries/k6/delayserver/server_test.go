package delayserver

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

type line struct {
	RequestID  string    `json:"requestId"`
	Protocol   string    `json:"protocol"`
	TTFTMs     float64   `json:"ttftMs"`
	GapMs      float64   `json:"gapMs"`
	ReceivedAt float64   `json:"receivedAt"`
	SentAt     []float64 `json:"sentAt"`
	Completed  bool      `json:"completed"`
}

// start serves on loopback. The returned function stops serving and gives the journal.
func start(t *testing.T) (url string, journal func() []line) {
	t.Helper()
	var written bytes.Buffer
	handler := New(DefaultTiming, &written)
	server := httptest.NewServer(handler)
	var stop sync.Once
	t.Cleanup(func() { stop.Do(server.Close) })
	return server.URL, func() []line {
		stop.Do(server.Close)
		if err := handler.Flush(); err != nil {
			t.Fatal(err)
		}
		var lines []line
		for text := range strings.Lines(written.String()) {
			var each line
			if err := json.Unmarshal([]byte(text), &each); err != nil {
				t.Fatalf("%v in %q", err, text)
			}
			lines = append(lines, each)
		}
		return lines
	}
}

func post(t *testing.T, url, id, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Request-Id", id)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// keepsTime checks that no token left early, and in what order they left.
func keepsTime(t *testing.T, got line, tokens int) {
	t.Helper()
	if len(got.SentAt) != tokens || !got.Completed {
		t.Fatalf("expected %d tokens and a complete answer, got %+v", tokens, got)
	}
	if !slices.IsSorted(got.SentAt) {
		t.Errorf("not in order: %v", got.SentAt)
	}
	for i, at := range got.SentAt {
		due := got.ReceivedAt + got.TTFTMs + float64(i)*got.GapMs
		// The journal keeps microseconds.
		if at < due-0.002 {
			t.Errorf("token %d left %.3f ms early", i, due-at)
		}
	}
}

func TestStreamsAsOpenAIDoesAndWritesDownWhenEachTokenLeft(t *testing.T) {
	url, journal := start(t)
	status, answer := post(t, url+"/v1/chat/completions?ttft=20&gap=5&tokens=3", "a-1", `{"stream":true,"messages":[]}`)
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, answer)
	}
	var contents, reasons []string
	events := strings.Split(strings.TrimSpace(answer), "\n\n")
	for _, event := range events[:len(events)-1] {
		var chunk struct {
			Object  string `json:"object"`
			Choices []struct {
				Delta struct {
					Content string `json:"content"`
				} `json:"delta"`
				FinishReason *string `json:"finish_reason"`
			} `json:"choices"`
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(event, "data: ")), &chunk); err != nil {
			t.Fatalf("%v in %q", err, event)
		}
		if chunk.Object != "chat.completion.chunk" {
			t.Errorf("object %q", chunk.Object)
		}
		contents = append(contents, chunk.Choices[0].Delta.Content)
		if reason := chunk.Choices[0].FinishReason; reason != nil {
			reasons = append(reasons, *reason)
		}
	}
	if want := []string{"", "t0 ", "t1 ", "t2 ", ""}; !slices.Equal(contents, want) {
		t.Errorf("contents %q, want %q", contents, want)
	}
	if !slices.Equal(reasons, []string{"stop"}) || events[len(events)-1] != "data: [DONE]" {
		t.Errorf("ends with %q after finish reasons %q", events[len(events)-1], reasons)
	}
	lines := journal()
	if len(lines) != 1 || lines[0].RequestID != "a-1" || lines[0].Protocol != "sse" || lines[0].TTFTMs != 20 {
		t.Fatalf("journal %+v", lines)
	}
	keepsTime(t, lines[0], 3)
}

func TestSendsTheHeadersAtOnce(t *testing.T) {
	url, _ := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/chat/completions?ttft=60000",
		strings.NewReader(`{"stream":true}`))
	// Returns with the headers: long before the first token is due.
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("content type %q", kind)
	}
	cancel()
	_ = response.Body.Close()
}

func TestAnswersWholeWhenAStreamWouldHaveEnded(t *testing.T) {
	url, journal := start(t)
	status, answer := post(t, url+"/v1/chat/completions?ttft=10&gap=5&tokens=3", "b-1", `{"messages":[]}`)
	if status != http.StatusOK || !strings.Contains(answer, `"content":"t0 t1 t2 "`) {
		t.Fatalf("status %d: %s", status, answer)
	}
	lines := journal()
	if len(lines) != 1 || lines[0].Protocol != "http" || len(lines[0].SentAt) != 1 {
		t.Fatalf("journal %+v", lines)
	}
	if took := lines[0].SentAt[0] - lines[0].ReceivedAt; took < 19.998 {
		t.Errorf("answered after %.3f ms", took)
	}
}

func TestSpeaksWebSocketOneRequestAfterAnother(t *testing.T) {
	url, journal := start(t)
	connection, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/ws?ttft=5&gap=2&tokens=2", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"w-1", "w-2"} {
		if err := connection.WriteMessage(websocket.TextMessage, []byte(id)); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`{"token":"t0 "}`, `{"token":"t1 "}`, `{"done":true}`} {
			_, message, err := connection.ReadMessage()
			if err != nil || string(message) != want {
				t.Fatalf("got %q (%v), want %q", message, err, want)
			}
		}
	}
	_ = connection.Close()
	lines := journal()
	if len(lines) != 2 || lines[0].RequestID != "w-1" || lines[1].RequestID != "w-2" || lines[1].Protocol != "websocket" {
		t.Fatalf("journal %+v", lines)
	}
	keepsTime(t, lines[1], 2)
}

func TestRefusesWhatItCannotAnswer(t *testing.T) {
	url, journal := start(t)
	for _, each := range []struct{ query, body, part string }{
		{"?tokens=0", `{}`, `tokens: expected a whole number from 1 to 10000, received \"0\"`},
		{"", `{"stream":`, "the body is no chat completion request"},
		{"", `{"stream":"yes"}`, "the body is no chat completion request"},
	} {
		status, answer := post(t, url+"/v1/chat/completions"+each.query, "c", each.body)
		if status != http.StatusBadRequest || !strings.Contains(answer, each.part) || !json.Valid([]byte(answer)) {
			t.Errorf("%+v: status %d: %s", each, status, answer)
		}
	}
	if lines := journal(); len(lines) != 0 {
		t.Errorf("journal %+v", lines)
	}
}

func TestSaysThatAnAnswerWasNotTakenToItsEnd(t *testing.T) {
	var written bytes.Buffer
	handler := New(DefaultTiming, &written)
	ctx, cancel := context.WithCancel(t.Context())
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/chat/completions?ttft=0&gap=60000&tokens=2",
		strings.NewReader(`{"stream":true}`))
	time.AfterFunc(20*time.Millisecond, cancel)
	handler.ServeHTTP(httptest.NewRecorder(), request)
	if err := handler.Flush(); err != nil {
		t.Fatal(err)
	}
	var got line
	if err := json.Unmarshal(written.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Completed || len(got.SentAt) > 1 {
		t.Errorf("journal %+v", got)
	}
}
