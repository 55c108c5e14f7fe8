// Package prompt makes k6 stamp arrivals when they come. It changes two settings of Go's runtime when it is linked in,
// each only where the environment does not set it (GOMAXPROCS, GOGC).
//
// Go looks for arrived data when one of its processors has nothing else to run. With as many of them as the machine has,
// a piece of JavaScript or of the garbage collector makes an arrival wait, for milliseconds at times. With more, the
// kernel wakes the thread that waits for the network at once and lets it take its turn.
//
// k6's heap is small and its garbage plenty, so that Go would collect several times a second, and each time everything
// waits. An allocation that is never touched, and so takes no memory, counts as heap and makes collections rare.
package prompt

import (
	"os"
	"runtime"
)

const (
	processorsEach = 4
	ballastBytes   = 256 << 20
)

// ballast is never read.
var ballast []byte

func init() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(processorsEach * runtime.GOMAXPROCS(0))
	}
	if os.Getenv("GOGC") == "" {
		ballast = make([]byte, ballastBytes)
	}
}
