import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { resetting, retryArm } from '../../fixtures/retry-arm.js';
import { notAfterAccept } from './after-accept.js';

const check = notAfterAccept(resetting);

test('passes when a third of the requests meets a reset and fails with 502', async () => {
  expect(await check.judge(await ledgerOf(await retryArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^(9|10|11) of 3\d requests failed, 0 with another status than 502, 0 executed$/),
  });
});

describe('fails', () => {
  test('when the gateway tries again after a reset, so that no client sees it', async () => {
    expect(await check.judge(await ledgerOf(await retryArm({ retriesResets: true })))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^0 of 3\d requests failed/),
    });
  });

  test('when a failed request was executed all the same', async () => {
    const ledger = await retryArm();
    const failed = ledger.client.find((record) => record.status === 502)?.requestId ?? '';
    const [arrival] = ledger.service;
    if (arrival === undefined) throw new Error('nothing arrived');
    const executed = { ...ledger, service: [...ledger.service, { ...arrival, requestId: failed }] };
    expect(await check.judge(await ledgerOf(executed))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/, 1 executed$/),
    });
  });

  test('when a request failed in another way', async () => {
    const ledger = await retryArm();
    const place = ledger.client.findIndex((record) => record.status === 502);
    const client = ledger.client.with(place, {
      ...ledger.client[place],
      status: 504,
    } as (typeof ledger.client)[number]);
    expect(await check.judge(await ledgerOf({ ...ledger, client }))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/, 1 with another status than 502/),
    });
  });
});

test('cannot tell when the fault was never applied', async () => {
  expect(await check.judge(await ledgerOf(await retryArm({ timeline: [] })))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'the fault was never applied',
  });
});
