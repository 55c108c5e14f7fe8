// Gauntlet's k6: k6 with a client that stamps each token when it arrives, and an output that writes one record per
// exchange. Everything else is k6 as its makers publish it.
package main

import (
	"go.k6.io/k6/v2/cmd"

	// Each registers itself when it is initialized: `import … from 'k6/x/gauntlet'` and `--out gauntlet=FILE`.
	_ "gauntlet/binaries/k6/client"
	_ "gauntlet/binaries/k6/exchangelog"
	// Settings of Go's runtime.
	_ "gauntlet/binaries/k6/prompt"
	// Servers to measure against, each a command of its own: `k6 x NAME`.
	_ "gauntlet/binaries/k6/delayserver"
	_ "gauntlet/binaries/k6/target"
)

func main() { cmd.Execute() }
