// Gauntlet's k6: k6 with a client that stamps each token when it arrives, and an output that writes one record per
// exchange. Everything else is k6 as its makers publish it.
package main

import (
	"go.k6.io/k6/v2/cmd"

	// Each registers itself: `import … from 'k6/x/gauntlet'`, `--out gauntlet=FILE`, and below them the programs of
	// their own (`k6 x NAME`).
	_ "gauntlet/binaries/k6/client"
	_ "gauntlet/binaries/k6/exchangelog"
)

func main() { cmd.Execute() }
