package delayserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.k6.io/k6/v2/cmd/state"
	"go.k6.io/k6/v2/subcommand"
)

const (
	name = "delay-server"
	// How long answers that are under way may go on after the server was asked to end.
	grace      = 2 * time.Second
	parentPoll = 500 * time.Millisecond
)

func init() {
	subcommand.RegisterExtension(name, func(*state.GlobalState) *cobra.Command { return command() })
}

func command() *cobra.Command {
	var listen, journal, timing string
	cmd := &cobra.Command{
		Use:   name,
		Short: "Answer chat completions with exactly known delays",
		Long: "Answers POST /v1/chat/completions (streamed or whole) and GET /ws with the delays that the query names:\n" +
			"?ttft=50&gap=10&tokens=10, in milliseconds. Prints its address when it is ready, and ends on SIGINT,\n" +
			"SIGTERM, or when the process that started it has ended.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			ctx, orphaned := context.WithCancel(ctx)
			defer orphaned()
			go watchParent(ctx, orphaned)
			return run(ctx, cmd.OutOrStdout(), settings{listen: listen, journal: journal, timing: timing})
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "host and port to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&journal, "journal", "", "file for one line of JSON an answer: when each token was really sent")
	cmd.Flags().StringVar(&timing, "timing", "", "delays of requests without a query, such as ttft=50&gap=10&tokens=10")
	return cmd
}

type settings struct{ listen, journal, timing string }

// run serves until the context ends, and hands on the journal.
func run(ctx context.Context, out io.Writer, settings settings) (failed error) {
	query, err := url.ParseQuery(settings.timing)
	if err != nil {
		return fmt.Errorf("--timing: %w", err)
	}
	timing, err := DefaultTiming.With(query)
	if err != nil {
		return fmt.Errorf("--timing: %w", err)
	}
	journal := io.Discard
	if settings.journal != "" {
		file, err := os.Create(settings.journal)
		if err != nil {
			return fmt.Errorf("--journal: %w", err)
		}
		defer func() { failed = errors.Join(failed, file.Close()) }()
		journal = file
	}
	listener, err := net.Listen("tcp", settings.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	handler := New(timing, journal)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(out, "known-delay server listens on %s\n", listener.Addr()); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-ended:
		return errors.Join(err, handler.Flush())
	case <-ctx.Done():
	}
	patience, done := context.WithTimeout(context.Background(), grace)
	defer done()
	if server.Shutdown(patience) != nil {
		// Answers that are still under way are cut, and stay out of the journal.
		_ = server.Close()
	}
	return handler.Flush()
}

// watchParent calls `orphaned` when the process that started this one has ended.
func watchParent(ctx context.Context, orphaned func()) {
	parent := os.Getppid()
	ticker := time.NewTicker(parentPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if os.Getppid() != parent {
				orphaned()
				return
			}
		}
	}
}
