import { expect, test } from 'vitest';
import { breakerArm, breakerPolicy } from '../../fixtures/breaker-arm.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { openIsQuiet } from './open-is-quiet.js';

const check = openIsQuiet(breakerPolicy);

test('passes when every request of the fallback time is answered by the breaker', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^11\d requests while open, 0 not answered by the breaker$/),
  });
});

test('fails when the breaker opens for less time than configured', async () => {
  expect(
    await check.judge(await ledgerOf(await breakerArm({ fallbackDurationMs: 1_000, recoveryDurationMs: 1_000 }))),
  ).toMatchObject({
    outcome: 'fail',
    measured: expect.stringMatching(/, [1-9]\d+ not answered by the breaker$/),
  });
});

test('fails when a request reached an instance although the breaker answered it', async () => {
  const ledger = await breakerArm();
  const requestId = ledger.gateway.find((record) => record.status === 503)?.requestId ?? '';
  const [arrival] = ledger.service;
  if (arrival === undefined) throw new Error('nothing arrived');
  const finding = await check.judge(
    await ledgerOf({ ...ledger, service: [...ledger.service, { ...arrival, requestId }] }),
  );
  expect(finding).toMatchObject({ outcome: 'fail', measured: expect.stringMatching(/, 1 not answered/) });
  expect(finding.evidence).toEqual([`leaked: ${requestId}`]);
});

test('fails without a breaker', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm('none')))).toMatchObject({
    outcome: 'fail',
    measured: 'the breaker never tripped',
  });
});

test('a 503 that a server gave is not a fallback', async () => {
  const evidence = await breakerArm();
  const gateway = evidence.gateway.map((record) => (record.status === 503 ? { ...record, originStatus: 503 } : record));
  expect(await check.judge(await ledgerOf({ ...evidence, gateway }))).toMatchObject({
    outcome: 'fail',
    measured: 'the breaker never tripped',
  });
});
