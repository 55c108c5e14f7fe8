package delayserver

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gorilla/websocket"
)

const (
	largestMessage = 1 << 16
)

// webSocket answers each text message, which is a request's id, with one text message a token and `{"done":true}` in
// the end. Requests on one socket are answered one after another.
func (s *Server) webSocket(w http.ResponseWriter, r *http.Request) {
	timing, err := s.timing.With(r.URL.Query())
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	connection, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = connection.Close() }()
	connection.SetReadLimit(largestMessage)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	for {
		kind, message, err := connection.ReadMessage()
		if err != nil {
			return
		}
		if kind != websocket.TextMessage {
			end := websocket.FormatCloseMessage(websocket.CloseUnsupportedData, "expected the id of a request as text")
			_ = connection.WriteMessage(websocket.CloseMessage, end)
			return
		}
		answer, err := s.begin("websocket")
		if err != nil {
			return
		}
		answer.entry.requestID = string(message)
		answer.entry.timing = timing
		failed := sendMessages(ctx, connection, answer, timing)
		answer.end(failed)
		if failed != nil {
			return
		}
	}
}

func sendMessages(ctx context.Context, connection *websocket.Conn, answer *answer, timing Timing) error {
	for token := range timing.Tokens {
		message := fmt.Appendf(nil, `{"token":%q}`, word(token))
		send := func() error { return connection.WriteMessage(websocket.TextMessage, message) }
		if err := answer.sendAt(ctx, timing.at(token), send); err != nil {
			return err
		}
	}
	return connection.WriteMessage(websocket.TextMessage, []byte(`{"done":true}`))
}
