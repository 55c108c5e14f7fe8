import { expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { promised, rateLimitArm } from '../../fixtures/rate-limit-arm.js';
import { admitsBurst } from './burst.js';

const check = admitsBurst(promised.burst, 'greedy');

test('passes when the whole burst is admitted', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm()))).toMatchObject({
    outcome: 'pass',
    measured: '0 of the first 60 requests rejected',
  });
});

test('fails when the bucket is smaller', async () => {
  const finding = await check.judge(await ledgerOf(await rateLimitArm({ burst: 30 })));
  expect(finding).toMatchObject({ outcome: 'fail', measured: expect.stringMatching(/^2\d of the first 60 requests/) });
  expect(finding.evidence[0]).toMatch(/^rejected: rate-limit\.subject\.1\.3\d/);
});

test('cannot tell when the client never sent that many', async () => {
  expect(await admitsBurst(200, 'greedy').judge(await ledgerOf(await rateLimitArm()))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'fewer than 200 requests were sent',
  });
});

test('cannot tell when there is no such client', async () => {
  expect((await admitsBurst(60, 'nobody').judge(await ledgerOf(await rateLimitArm()))).outcome).toBe('inconclusive');
});
