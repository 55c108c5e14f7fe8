import { type BinaryHost, currentHost } from './binary-host.js';
import type { BinaryProgress } from './binary-progress.js';
import { checkBuildRequirements } from './build-requirements.js';
import { fillCache } from './fill-cache.js';
import { findBinaries } from './find-binaries.js';
import { type BinaryName, type BinaryPin, pins, type TraefikVersion } from './pins.js';
import { ProgressReporter } from './progress-reporter.js';
import type { ResolvedBinary } from './resolved-binary.js';
import { throwProblems } from './throw-problems.js';

/** The programs that are needed, and which Traefik. */
export interface BinaryRequest {
  readonly k6?: true;
  readonly toxiproxy?: true;
  readonly traefik?: TraefikVersion;
}

/** One program for each that was asked for. */
export type ResolvedBinaries<Request extends BinaryRequest> = {
  readonly [Name in keyof Request & BinaryName]: ResolvedBinary;
};

export interface EnsureBinariesOptions {
  /** Ends a wait or a build at once; nothing half-done stays behind. */
  readonly signal?: AbortSignal;
  /** Called for every step, and about once a second during long ones. */
  readonly onProgress?: (event: BinaryProgress) => void;
  readonly host?: BinaryHost;
}

/**
 * Finds the requested programs (named by the environment, cached, on PATH) and builds those that are not there.
 *
 * @throws {GauntletError} with all that is wrong at once (a variable that names another program, no suitable Go, an
 *   unsupported platform, a cache that cannot be written), or with the first build that failed.
 * @throws the reason of `signal` when it aborted.
 */
export async function ensureBinaries<const Request extends BinaryRequest>(
  request: Request,
  options: EnsureBinariesOptions = {},
): Promise<ResolvedBinaries<Request>> {
  const { host = currentHost(), signal, onProgress = () => {} } = options;
  const wanted = pinsOf(request);
  const progress = new ProgressReporter(wanted, onProgress);

  const { found, missing, problems } = await findBinaries(wanted, host, signal);
  const binaries = [...found.values()];
  if (missing.length === 0) {
    throwProblems(problems);
  }
  for (const [pin, binary] of found) {
    progress.done(pin, binary);
  }
  if (missing.length > 0) {
    const requirements = await checkBuildRequirements(missing, host, signal);
    throwProblems([...problems, ...requirements.problems]);
    binaries.push(...(await fillCache(missing, { go: requirements.go, host, progress, signal })));
  }
  return Object.fromEntries(binaries.map((binary) => [binary.name, binary])) as ResolvedBinaries<Request>;
}

function pinsOf({ k6, toxiproxy, traefik }: BinaryRequest): readonly BinaryPin[] {
  return [k6 && pins.k6, toxiproxy && pins.toxiproxy, traefik && pins.traefik[traefik]].filter(
    (pin) => pin !== undefined,
  );
}
