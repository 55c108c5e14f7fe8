import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { BinaryPin } from './pins.js';

/** Go's build and module caches after the whole set was built, plus the temporary files of a build. */
const neededDisk = '3 GB';

const unreachable =
  /dial tcp|no such host|connection refused|connection reset|i\/o timeout|TLS handshake|network is unreachable|proxyconnect|server misbehaving|module lookup disabled/;

/** Turns what a failed `go` command printed into an error that says what happened and what can be done. */
export function buildFailure(pin: BinaryPin, output: string): GauntletError {
  const program = `${pin.name} ${pin.version}`;
  const lastLines = output.trim().split('\n').slice(-15).join('\n');
  if (/no space left on device|disk quota exceeded|EDQUOT/i.test(output)) {
    return new GauntletError(`The disk is full: ${program} could not be built.\n${lastLines}`, {
      hint: `Building needs about ${neededDisk} in all, in the folders that \`go env GOCACHE GOMODCACHE\` prints and in the cache folder.`,
    });
  }
  if (unreachable.test(output)) {
    return new GauntletError(`The Go module proxy cannot be reached: ${program} could not be built.\n${lastLines}`, {
      hint: 'Check the network, or name a proxy that answers in GOPROXY (`go env GOPROXY` prints the one in use).',
    });
  }
  return new GauntletError(`Go could not build ${program}:\n${lastLines}`, {
    hint: `If that says nothing to you, name a ready ${program} with ${pin.variable}.`,
  });
}
