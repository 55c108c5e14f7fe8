import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../../harness/model/experiment.js';
import type { Fault } from '../../harness/model/fault.js';
import type { ExperimentResult, Run } from '../../harness/model/run.js';
import { prepareRuntime } from '../../stack/prepare-runtime.js';
import { circuitBreakerExperiment } from './circuit-breaker.js';
import { exactGenerator } from './fixtures/exact-generator.js';
import { judgeRun } from './judge-run.js';
import { planCircuitBreaker, planRateLimit, planRetry } from './plan-values.js';
import { rateLimitExperiment } from './rate-limit.js';
import { recordRun } from './record-run.js';
import { retryExperiment } from './retry.js';
import { stickySessionsExperiment } from './sticky-sessions.js';

/** A fault that is announced and healed but never done. */
function withoutEffect(fault: Fault): Fault {
  return { ...fault, apply: () => Promise.resolve(), heal: () => Promise.resolve() };
}

const retry = retryExperiment();

/** What is broken on purpose, and what the run has to say about it. */
const mutants: readonly {
  readonly id: string;
  readonly broken: string;
  readonly experiment: Experiment;
  readonly outcome: ExperimentResult['outcome'];
  readonly names: string;
}[] = [
  {
    id: 'one-attempt',
    broken: 'attempts: 3 became 1',
    experiment: retryExperiment({ ...planRetry, attempts: 1 }),
    outcome: 'fail',
    names: 'retry-hides-refused',
  },
  {
    id: 'small-burst',
    broken: 'burst: 200 became 20',
    experiment: rateLimitExperiment({ ...planRateLimit, burst: 20 }),
    outcome: 'fail',
    names: 'rate-limit-burst',
  },
  {
    id: 'shared-bucket',
    broken: 'the rate limit is keyed on X-Forwarded-For, as the plan wrote it',
    experiment: rateLimitExperiment({ ...planRateLimit, key: { by: 'request-header', name: 'X-Forwarded-For' } }),
    outcome: 'fail',
    names: 'rate-limit-isolation',
  },
  {
    id: 'lax-breaker',
    broken: 'the expression became NetworkErrorRatio() > 0.90',
    experiment: circuitBreakerExperiment({ ...planCircuitBreaker, expression: 'NetworkErrorRatio() > 0.90' }),
    outcome: 'fail',
    names: 'breaker-sheds-outage',
  },
  {
    id: 'no-cookie',
    broken: 'the sticky cookie is gone',
    experiment: { ...stickySessionsExperiment(), policy: stickySessionsExperiment().control.policy },
    outcome: 'fail',
    names: 'sticky-affinity',
  },
  {
    id: 'no-fault',
    broken: 'the fault call does nothing',
    experiment: {
      ...retry,
      timeline: retry.timeline.map((planned) => ({ ...planned, fault: withoutEffect(planned.fault) })),
    },
    outcome: 'inconclusive',
    names: 'did not bite',
  },
];

describe('a product that was broken on purpose is noticed', () => {
  let folder: string;
  let judged: Run;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gauntlet-mutants-'));
    const experiments = mutants.map(({ id, experiment }) => ({ ...experiment, id }));
    const signal = new AbortController().signal;
    const run = basename(folder);
    const { runtime, versions } = await prepareRuntime({
      run,
      folder,
      choice: 'process',
      traefik: '3.7.5',
      keep: false,
      signal,
      onProgress: () => undefined,
    });
    const onEvent = () => undefined;
    const calibration = exactGenerator;
    await recordRun(experiments, { run, folder, seed: 42, runtime, versions, calibration, signal, onEvent });
    judged = (await judgeRun(folder, experiments)).run;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(mutants)('$broken: $outcome, naming $names', ({ id, outcome, names }) => {
    const result = judged.experiments.find((each) => each.id === id);
    expect(result?.outcome, result?.reason).toBe(outcome);
    expect(result?.reason).toContain(names);
  });

  test('the key on X-Forwarded-For conforms to the file all the same: it is the file that does not mean what it says', () => {
    const verdicts = judged.experiments.find((each) => each.id === 'shared-bucket')?.verdicts ?? [];
    const budget = verdicts.find((verdict) => verdict.check === 'rate-limit-budget');
    expect(budget?.outcome, budget?.measured).toBe('pass');
  });

  test('what is known of the load generator comes from the recording into the judged run', () => {
    expect(judged.calibration).toEqual(exactGenerator);
  });
});
