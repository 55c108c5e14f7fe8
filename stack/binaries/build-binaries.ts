import type { BinaryHost } from './binary-host.js';
import { prepareBuild } from './build-binary.js';
import { buildFailure } from './build-failure.js';
import type { BinaryPin } from './pins.js';
import type { ProgressReporter } from './progress-reporter.js';
import type { ResolvedBinary } from './resolved-binary.js';

/**
 * Builds programs: all downloads at once, but one compilation at a time, the quickest first. A compilation fills the
 * cores by itself, and the next one finds the shared packages (Go's own library above all) already compiled.
 *
 * The first failure ends all the builds. The caller holds the cache's lock.
 */
export async function buildBinaries(
  pins: readonly BinaryPin[],
  options: {
    readonly go: string;
    readonly host: BinaryHost;
    readonly progress: ProgressReporter;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ResolvedBinary[]> {
  const { progress } = options;
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const quickestFirst = [...pins].sort((a, b) => a.expected.compileSeconds - b.expected.compileSeconds);

  let previous: Promise<unknown> = Promise.resolve();
  const builds = quickestFirst.map((pin) => {
    const compiledBefore = previous;
    const build = (async () => {
      await using build = await prepareBuild(pin, { go: options.go, host: options.host, signal });
      await progress.during(pin, 'download', () => build.download());
      await compiledBefore;
      const binary = await progress.during(pin, 'compile', () => build.compile());
      progress.done(pin, binary);
      return binary;
    })();
    previous = build;
    build.catch((error: unknown) => failed.abort(isDiskFull(error) ? buildFailure(pin, error.message) : error));
    return build;
  });
  const outcomes = await Promise.allSettled(builds);
  if (signal.aborted) {
    throw signal.reason;
  }
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

/** Go says so in its output; this is for the files that are copied here. */
function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
