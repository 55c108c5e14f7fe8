// Package dns stands in for lego's table of 150 DNS providers, whose client libraries are a third of a Traefik build.
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

// NewDNSChallengeProviderByName always fails: DNS-01 challenges are not part of this build.
func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("DNS provider %q is not part of this build of Traefik", name)
}
