import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { healthPolicy, stickyArm, stickyPolicy } from '../../fixtures/sticky-arm.js';
import { failover } from './failover.js';

const check = failover(healthPolicy, 0, 1_000);

test('passes when the health check moves the sessions of the dead instance in time', async () => {
  expect(await check.judge(await ledgerOf(await stickyArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(
      /^10 sessions cut off \(0 of a live instance\), the longest for [34]\.\d s; \d+ requests failed meanwhile$/,
    ),
  });
});

describe('fails', () => {
  test('without a health check: the cookie keeps leading to the dead instance', async () => {
    const finding = await check.judge(await ledgerOf(await stickyArm({ sticky: stickyPolicy })));
    expect(finding).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^10 sessions cut off \(0 of a live instance\), the longest for 1[78]\.\d s/),
    });
    expect(finding.evidence[0]).toMatch(/^late: client \d+: 1[78]\.\d s/);
  });

  test('when the health check looks more seldom than configured', async () => {
    const slow = { ...healthPolicy, intervalMs: 17_000 };
    expect(
      (await check.judge(await ledgerOf(await stickyArm({ sticky: stickyPolicy, healthCheck: slow })))).outcome,
    ).toBe('fail');
  });

  test('when a session of a live instance is disturbed', async () => {
    const ledger = await stickyArm();
    const disturbed = ledger.client.findIndex(
      (record) => record.instance === 'llm-1' && record.sentAt > (ledger.faults[0]?.appliedAt ?? 0),
    );
    const client = ledger.client.map((record, place) => (place === disturbed ? { ...record, status: 500 } : record));
    expect((await check.judge(await ledgerOf({ ...ledger, client }))).outcome).toBe('fail');
  });
});

describe('cannot tell', () => {
  test('when the fault was never applied', async () => {
    expect(await check.judge(await ledgerOf(await stickyArm(undefined, { timeline: [] })))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'the fault was never applied',
    });
  });

  test('when no session was on the dead instance', async () => {
    const ledger = await stickyArm();
    const others = ledger.client.filter(
      (record) => !ledger.client.some((each) => each.client === record.client && each.status !== 200),
    );
    expect(await check.judge(await ledgerOf({ ...ledger, client: others }))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'no session was on the dead instance',
    });
  });
});
