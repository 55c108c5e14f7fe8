package delayserver

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunPrintsItsAddressAndKeepsTheJournalWhenItEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	journal := filepath.Join(t.TempDir(), "journal.ndjson")
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, writer, settings{listen: "127.0.0.1:0", journal: journal, timing: "ttft=7&tokens=1"})
	}()
	greeting, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address, found := strings.CutPrefix(strings.TrimSpace(greeting), "known-delay server listens on ")
	if !found {
		t.Fatalf("it says %q", greeting)
	}
	if status, answer := post(t, "http://"+address+"/v1/chat/completions?gap=1", "d-1", `{}`); status != 200 {
		t.Fatalf("status %d: %s", status, answer)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(journal)
	if err != nil || !strings.Contains(string(content), `"requestId":"d-1","protocol":"http","ttftMs":7.000,"gapMs":1.000`) {
		t.Errorf("journal %q (%v)", content, err)
	}
}

func TestRunSaysWhatItCannotOpen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	nowhere := filepath.Join(t.TempDir(), "missing", "journal.ndjson")
	for _, each := range []struct {
		settings settings
		flag     string
	}{
		{settings{listen: taken.Addr().String()}, "--listen"},
		{settings{listen: "127.0.0.1:0", journal: nowhere}, "--journal"},
		{settings{listen: "127.0.0.1:0", timing: "ttft=never"}, "--timing"},
	} {
		if err := run(t.Context(), io.Discard, each.settings); err == nil || !strings.Contains(err.Error(), each.flag) {
			t.Errorf("%+v: got %v", each.settings, err)
		}
	}
}
