import type { Experiment } from '../../harness/model/experiment.js';
import { circuitBreakerExperiment } from './circuit-breaker.js';
import { rateLimitExperiment } from './rate-limit.js';
import { retryExperiment } from './retry.js';
import { stickySessionsExperiment } from './sticky-sessions.js';

/** Every experiment that `gauntlet run` knows, in the order in which it reports them. */
export const catalogue: readonly Experiment[] = [
  retryExperiment(),
  circuitBreakerExperiment(),
  stickySessionsExperiment(),
  rateLimitExperiment(),
];
