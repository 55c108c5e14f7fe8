package target

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestItAnswersUntilItIsEnded(t *testing.T) {
	ctx, end := context.WithCancel(context.Background())
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- serve(ctx, "127.0.0.1:0", func(a string) { address <- a }) }()
	resp, err := http.Post("http://"+<-address+"/any/path", "text/plain", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || string(body) != "ok\n" {
		t.Errorf("it answered %d %q", resp.StatusCode, body)
	}
	end()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestItSaysWhereItCannotListen(t *testing.T) {
	err := serve(context.Background(), "127.0.0.1:none", func(string) { t.Error("it is ready") })
	if err == nil || !strings.Contains(err.Error(), "--listen 127.0.0.1:none") {
		t.Errorf("it says %v", err)
	}
}
