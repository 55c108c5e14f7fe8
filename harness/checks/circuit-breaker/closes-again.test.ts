import { expect, test } from 'vitest';
import { breakerArm, breakerPolicy } from '../../fixtures/breaker-arm.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { closesAgain } from './closes-again.js';

const check = closesAgain(breakerPolicy, 12_500);

test('passes when everything is served after fallback and recovery', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^0 of \d\d+ requests failed; last fallback 1[01]\.\d s after the trip$/),
  });
});

test('fails when the breaker stays open longer', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm({ fallbackDurationMs: 15_000 })))).toMatchObject({
    outcome: 'fail',
    measured: expect.stringMatching(/^[1-9]\d* of \d+ requests failed/),
  });
});

test('fails when the breaker never tripped', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm('none')))).toMatchObject({
    outcome: 'fail',
    measured: 'the breaker never tripped',
  });
});

test('cannot tell when the load ended before the breaker had to be closed', async () => {
  const ledger = await breakerArm();
  const cut = { ...ledger, client: ledger.client.filter((record) => record.sentAt < (ledger.startedAt ?? 0) + 15_000) };
  expect(await check.judge(await ledgerOf(cut))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'the load ended before the breaker had to be closed',
  });
});
