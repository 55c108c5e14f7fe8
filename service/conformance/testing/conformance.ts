import { answers } from './answers.js';
import { brokenStreams } from './broken-streams.js';
import { errors } from './errors.js';
import { executions } from './executions.js';
import { retries } from './retries.js';
import type { StartTarget } from './targets.js';

/** The whole suite, for what `start` starts. */
export function conformance(start: StartTarget): void {
  for (const suite of [answers, errors, brokenStreams, retries, executions]) suite(start);
}
