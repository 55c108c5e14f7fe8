import { expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { evenArrivals } from '../../fixtures/planned-arrivals.js';
import { stickyArm } from '../../fixtures/sticky-arm.js';
import { distribution } from './distribution.js';

const check = distribution();

test('passes when the first answers come from all instances alike', async () => {
  expect(await check.judge(await ledgerOf(await stickyArm()))).toMatchObject({
    outcome: 'pass',
    expected: '10.3 ± 8.6 sessions on each instance',
    measured: 'llm-1 11, llm-2 10, llm-3 10',
  });
});

test('fails when one instance gets nearly all sessions', async () => {
  const ledger = await stickyArm();
  const client = ledger.client.map((record) => (record.client > 5 ? { ...record, instance: 'llm-1' } : record));
  expect(await check.judge(await ledgerOf({ ...ledger, client }))).toMatchObject({
    outcome: 'fail',
    measured: expect.stringMatching(/^llm-1 2[78], llm-2 [12], llm-3 [12]$/),
  });
});

test('fails when an instance that is no one of them answered', async () => {
  const ledger = await stickyArm();
  const client = ledger.client.map((record) => ({ ...record, instance: 'llm-9' }));
  expect(await check.judge(await ledgerOf({ ...ledger, client }))).toMatchObject({
    outcome: 'fail',
    measured: 'llm-1 0, llm-2 0, llm-3 0',
  });
});

test('cannot tell when no session was served', async () => {
  expect(await check.judge(await ledgerOf({ ...(await stickyArm()), client: [] }))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no session was served',
  });
});

test('cannot tell from so few sessions that even all on one instance could be chance', async () => {
  const arm = 'sticky-sessions.subject';
  const arrivals = evenArrivals(arm, { clients: [1, 2, 3], fromMs: 0, untilMs: 5_000, everyMs: 1_000 });
  const ledger = await stickyArm(undefined, { arrivals, timeline: [] });
  const client = ledger.client.map((record) => ({ ...record, instance: 'llm-1' }));
  expect((await check.judge(await ledgerOf({ ...ledger, client }))).outcome).toBe('inconclusive');
});
