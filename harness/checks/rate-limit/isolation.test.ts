import { expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { evenArrivals } from '../../fixtures/planned-arrivals.js';
import { rateLimitArm } from '../../fixtures/rate-limit-arm.js';
import { isolatesClients } from './isolation.js';

const check = isolatesClients('polite', 'greedy');

test('passes when only the greedy client is held back', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm()))).toMatchObject({
    outcome: 'pass',
    measured: '0 of 60 requests from 4 polite clients failed',
  });
});

test('fails when all clients share one bucket, as with X-Forwarded-For of untrusted clients', async () => {
  const key = { by: 'request-header', name: 'X-Forwarded-For' } as const;
  const finding = await check.judge(await ledgerOf(await rateLimitArm({ key })));
  expect(finding).toMatchObject({ outcome: 'fail', measured: expect.stringMatching(/^[1-9]\d* of 60 requests/) });
  expect(finding.evidence[0]).toMatch(/^failed: rate-limit\.subject\.[2-5]\.\d+ \(429\)/);
});

test('cannot tell when the greedy client was never held back', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm('none')))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'the greedy client was never held back',
  });
});

test('cannot tell when there is no polite client', async () => {
  const arrivals = evenArrivals('rate-limit.subject', {
    clients: [1],
    group: 'greedy',
    fromMs: 0,
    untilMs: 900,
    everyMs: 9,
  });
  expect(await check.judge(await ledgerOf(await rateLimitArm({}, { arrivals })))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no polite client sent a request',
  });
});
