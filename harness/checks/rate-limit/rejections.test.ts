import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { rateLimitArm } from '../../fixtures/rate-limit-arm.js';
import { rejectsProperly } from './rejections.js';

const check = rejectsProperly();

test('passes when each rejection says when to come back and reached nobody', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^[78]\d requests got 429, 0 without a usable Retry-After, 0 arrived$/),
  });
});

describe('fails', () => {
  test.each(['', '0', '0.4', 'soon'])('when a rejection says Retry-After "%s"', async (retryAfter) => {
    const ledger = await rateLimitArm();
    const place = ledger.client.findIndex((record) => record.status === 429);
    const client = ledger.client.map((record, index) => (index === place ? { ...record, retryAfter } : record));
    const finding = await check.judge(await ledgerOf({ ...ledger, client }));
    expect(finding).toMatchObject({ outcome: 'fail', measured: expect.stringMatching(/, 1 without a usable/) });
    expect(finding.evidence[0]).toContain(`(Retry-After "${retryAfter}")`);
  });

  test('when a rejected request reached an instance', async () => {
    const ledger = await rateLimitArm();
    const requestId = ledger.client.find((record) => record.status === 429)?.requestId ?? '';
    const [arrival] = ledger.service;
    if (arrival === undefined) throw new Error('nothing arrived');
    const leaked = { ...ledger, service: [...ledger.service, { ...arrival, requestId }] };
    expect(await check.judge(await ledgerOf(leaked))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/, 1 arrived$/),
    });
  });

  test('without a limit', async () => {
    expect(await check.judge(await ledgerOf(await rateLimitArm('none')))).toMatchObject({
      outcome: 'fail',
      measured: 'nothing was rejected',
    });
  });
});
