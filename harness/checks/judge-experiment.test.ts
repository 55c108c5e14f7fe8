import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../fixtures/ledger-of.js';
import { refusing, resetting, retryArm, retryPolicy, retryTimeline } from '../fixtures/retry-arm.js';
import type { Experiment } from '../model/experiment.js';
import type { ArmLedger } from '../model/ledger.js';
import type { Check } from '../model/verdict.js';
import { judgeArm } from './judge-arm.js';
import { judgeExperiment } from './judge-experiment.js';
import { notAfterAccept } from './retry/after-accept.js';
import { retryAttempts } from './retry/attempts.js';
import { hidesRefused } from './retry/hides-refused.js';

const experiment: Experiment = {
  id: 'retry',
  title: 'Retries hide an instance that refuses connections',
  policy: { middlewares: [retryPolicy] },
  control: { policy: { middlewares: [] }, removes: 'the retry middleware', mustFail: 'retry-hides-refused' },
  scenario: 'chat-clients',
  traffic: { groups: [] },
  timeline: retryTimeline,
  checks: [hidesRefused(refusing), retryAttempts(retryPolicy, refusing), notAfterAccept(resetting)],
};
const healthy = await ledgerOf(await retryArm());
const unprotected = await ledgerOf(await retryArm({ policy: { middlewares: [] } }));
const damaged: ArmLedger = { ...healthy, gaps: ["k6's output is missing"] };

const throwing: Check = {
  id: 'throwing',
  kind: 'conformance',
  policy: 'retry',
  claim: 'A claim.',
  async judge() {
    throw new RangeError('no such link');
  },
};

describe('judgeArm', () => {
  test('gives each check a verdict with its claim', async () => {
    const { verdicts, problems } = await judgeArm(experiment, healthy);
    expect(problems).toEqual([]);
    expect(verdicts.map(({ check, outcome }) => [check, outcome])).toEqual([
      ['retry-hides-refused', 'pass'],
      ['retry-attempts', 'pass'],
      ['retry-not-after-accept', 'pass'],
    ]);
    expect(verdicts[0]).toMatchObject({ kind: 'guarantee', policy: 'retry', claim: experiment.checks[0]?.claim });
  });

  test('a check that throws is inconclusive and says why, and the others are judged', async () => {
    const { verdicts } = await judgeArm({ ...experiment, checks: [throwing, ...experiment.checks] }, healthy);
    expect(verdicts.map((verdict) => verdict.outcome)).toEqual(['inconclusive', 'pass', 'pass', 'pass']);
    expect(verdicts[0]?.measured).toBe('the check itself failed: no such link');
  });

  test.each([
    ['healthy but for a gap', damaged],
    ['unprotected, with a gap', { ...unprotected, gaps: damaged.gaps }],
  ])('a problem makes every verdict inconclusive, whatever the checks found: %s', async (_title, ledger) => {
    const { verdicts, problems } = await judgeArm(experiment, ledger);
    expect(problems).toEqual(damaged.gaps);
    expect(verdicts.map((verdict) => verdict.outcome)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    for (const { evidence, measured } of verdicts) {
      expect(evidence[0]).toBe("not to be trusted: k6's output is missing");
      expect(measured).toMatch(/requests/);
    }
  });
});

test('evidence that cannot be examined makes every verdict inconclusive', async () => {
  const broken = { ...healthy, query: () => Promise.reject(new Error('the database is gone')) };
  const { verdicts, problems } = await judgeArm(experiment, broken);
  expect(problems).toEqual(['the evidence cannot be examined: the database is gone']);
  expect(verdicts.map((verdict) => verdict.outcome)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
});

describe('judgeExperiment', () => {
  test('passes when the subject passes and the control fails the check that it must fail', async () => {
    const result = await judgeExperiment(experiment, healthy, unprotected);
    expect(result).toMatchObject({ id: 'retry', outcome: 'pass', negativeControl: { outcome: 'fail' } });
    expect(result.reason).toBeUndefined();
    expect(result.negativeControl.reason).toMatch(
      /^without the retry middleware, retry-hides-refused: 1\d of 3\d requests failed \(expected 0 failed requests\)$/,
    );
  });

  test('is inconclusive when the control passes, for then the check cannot tell', async () => {
    const result = await judgeExperiment(experiment, healthy, healthy);
    expect(result).toMatchObject({ outcome: 'inconclusive', negativeControl: { outcome: 'pass' } });
    expect(result.reason).toMatch(
      /^negative control: the check cannot tell: without the retry middleware, retry-hides-refused: 0 of/,
    );
  });

  test('is inconclusive when the control fails another check only', async () => {
    const control = { ...healthy, scrapes: unprotected.scrapes };
    expect((await judgeArm(experiment, control)).verdicts.map((verdict) => verdict.outcome)).toContain('fail');
    expect((await judgeExperiment(experiment, healthy, control)).outcome).toBe('inconclusive');
  });

  test("is inconclusive when the control's evidence cannot be trusted", async () => {
    const result = await judgeExperiment(experiment, healthy, { ...unprotected, gaps: damaged.gaps });
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      reason: "negative control: without the retry middleware: k6's output is missing",
      negativeControl: { outcome: 'inconclusive' },
    });
  });

  test('is inconclusive in both arms when something forbids to trust any evidence of the run', async () => {
    const doubt = 'the calibration of the load generator before the run failed: TTFT +0.70 ms';
    const result = await judgeExperiment(experiment, healthy, unprotected, [doubt]);
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      reason: doubt,
      negativeControl: { outcome: 'inconclusive', reason: `without the retry middleware: ${doubt}` },
    });
    expect(result.verdicts.map(({ outcome, evidence }) => [outcome, evidence[0]])).toEqual(
      experiment.checks.map(() => ['inconclusive', `not to be trusted: ${doubt}`]),
    );
  });

  test('is inconclusive when the experiment has no such check', async () => {
    const control = { ...experiment.control, mustFail: 'retry-typo' };
    expect(await judgeExperiment({ ...experiment, control }, healthy, unprotected)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'negative control: the experiment has no check retry-typo',
    });
  });

  test('is inconclusive without checks', async () => {
    expect((await judgeExperiment({ ...experiment, checks: [] }, healthy, unprotected)).outcome).toBe('inconclusive');
  });

  test('fails with the numbers of the first check that failed and the names of the others', async () => {
    const result = await judgeExperiment(experiment, unprotected, unprotected);
    expect(result.outcome).toBe('fail');
    expect(result.reason).toMatch(
      /^retry-hides-refused: 1\d of 3\d requests failed \(expected 0 failed requests\); also retry-attempts$/,
    );
  });

  test('a failure stays one although another check cannot tell and the control passes', async () => {
    const checks = [throwing, ...experiment.checks];
    expect((await judgeExperiment({ ...experiment, checks }, unprotected, healthy)).outcome).toBe('fail');
  });

  test("is inconclusive with the reason when the subject's evidence cannot be trusted, also where it failed", async () => {
    for (const subject of [damaged, { ...unprotected, gaps: damaged.gaps }]) {
      const result = await judgeExperiment(experiment, subject, unprotected);
      expect(result).toMatchObject({ outcome: 'inconclusive', reason: "k6's output is missing" });
    }
  });
});
