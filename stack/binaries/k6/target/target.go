// Package target is the program `k6 x target`: an HTTP server that does next to nothing, for measuring a load generator
// against something that is no bottleneck.
package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"go.k6.io/k6/v2/cmd/state"
	"go.k6.io/k6/v2/subcommand"
)

func init() { subcommand.RegisterExtension("target", newCommand) }

func newCommand(gs *state.GlobalState) *cobra.Command {
	var listen string
	command := &cobra.Command{
		Use:   "target",
		Short: "Answer every HTTP request at once, as a target for measuring k6 itself",
		Long: "Answers every HTTP request with the same few bytes until it is interrupted. Prints its address first, which " +
			"tells the port that 0 stands for.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			ctx, stop := signal.NotifyContext(gs.Ctx, os.Interrupt, syscall.SIGTERM)
			defer stop()
			return serve(ctx, listen, func(address string) { _, _ = fmt.Fprintln(gs.Stdout, "http://"+address) })
		},
	}
	command.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "`host:port` to listen on")
	return command
}

var answer = []byte("ok\n")

// serve listens until the context is done.
func serve(ctx context.Context, listen string, ready func(address string)) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", listen, err)
	}
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer) }),
	}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	ready(listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
