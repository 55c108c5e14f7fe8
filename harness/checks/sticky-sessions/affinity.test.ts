import { describe, expect, test } from 'vitest';
import type { ArmEvidence } from '../../fixtures/arm-evidence.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { stickyArm } from '../../fixtures/sticky-arm.js';
import { affinity } from './affinity.js';

const check = affinity(0);

/** The ledger with some answers of one client given by another instance. */
function answeredBy(
  ledger: ArmEvidence,
  client: number,
  instance: string,
  fromMs: number,
  untilMs: number,
): ArmEvidence {
  const start = ledger.startedAt ?? 0;
  return {
    ...ledger,
    client: ledger.client.map((record) =>
      record.client === client &&
      record.status === 200 &&
      record.sentAt >= start + fromMs &&
      record.sentAt < start + untilMs
        ? { ...record, instance }
        : record,
    ),
  };
}

/** A client whose first answer came from this instance. */
function clientOf(ledger: ArmEvidence, instance: string): number {
  return ledger.client.find((record) => record.instance === instance)?.client ?? Number.NaN;
}

test('passes when the sessions of the dead instance move once and the others stay', async () => {
  expect(await check.judge(await ledgerOf(await stickyArm()))).toMatchObject({
    outcome: 'pass',
    measured: '0 of 31 sessions strayed, 10 moved once',
  });
});

describe('fails', () => {
  test('without the cookie', async () => {
    const finding = await check.judge(await ledgerOf(await stickyArm({})));
    expect(finding).toMatchObject({ outcome: 'fail', measured: '31 of 31 sessions strayed, 0 moved once' });
    expect(finding.evidence[0]).toMatch(/^strayed: client 1: llm-\d → llm-\d/);
  });

  test('when a session goes back to its old instance', async () => {
    const ledger = await stickyArm();
    const back = answeredBy(ledger, clientOf(ledger, 'llm-3'), 'llm-3', 33_000, 36_000);
    expect(await check.judge(await ledgerOf(back))).toMatchObject({
      outcome: 'fail',
      measured: '1 of 31 sessions strayed, 9 moved once',
    });
  });

  test('when a session leaves an instance that is alive', async () => {
    const ledger = await stickyArm();
    const left = answeredBy(ledger, clientOf(ledger, 'llm-1'), 'llm-2', 15_000, 36_000);
    expect(await check.judge(await ledgerOf(left))).toMatchObject({
      outcome: 'fail',
      measured: '1 of 31 sessions strayed, 11 moved once',
    });
  });

  test('when a session leaves an instance before that dies', async () => {
    const ledger = await stickyArm();
    const early = answeredBy(ledger, clientOf(ledger, 'llm-3'), 'llm-1', 4_000, 36_000);
    expect(await check.judge(await ledgerOf(early))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^1 of 31 sessions/),
    });
  });
});

test('cannot tell when the fault was never applied', async () => {
  expect(await check.judge(await ledgerOf({ ...(await stickyArm()), faults: [] }))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'the fault was never applied',
  });
});

test('cannot tell when there was no session', async () => {
  expect(await check.judge(await ledgerOf({ ...(await stickyArm()), client: [] }))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no session was recorded',
  });
});
