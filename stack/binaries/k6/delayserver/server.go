// Package delayserver answers chat completions with delays that are known exactly, and writes down when it really sent
// each token. What a load generator measures against it, less what it wrote down, is the generator's own error.
package delayserver

import (
	"io"
	"net/http"
	"time"
)

// Server is the handler of all of it: `POST /v1/chat/completions` as OpenAI defines it, with and without streaming,
// `GET /ws`, a stream of text messages, and `GET /health`.
type Server struct {
	mux     *http.ServeMux
	timing  Timing
	clock   clock
	journal *journal
}

// New makes a server that keeps to `timing` where a request's query asks for nothing else, and writes a line to `journal`
// for each answer that has ended.
func New(timing Timing, journal io.Writer) *Server {
	s := &Server{mux: http.NewServeMux(), timing: timing, clock: clock{start: time.Now()}, journal: newJournal(journal)}
	s.mux.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	s.mux.HandleFunc("POST /v1/chat/completions", s.chatCompletion)
	s.mux.HandleFunc("GET /ws", s.webSocket)
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Flush hands on what the journal still holds.
func (s *Server) Flush() error { return s.journal.flush() }
