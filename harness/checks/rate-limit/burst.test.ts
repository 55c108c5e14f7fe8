import { expect, test } from 'vitest';
import { promised, rateLimitArm, rateLimitPolicy } from '../../fixtures/rate-limit-arm.js';
import { admitsBurst } from './burst.js';

const check = admitsBurst(rateLimitPolicy, promised.burst, 'greedy');

test('passes when the whole burst is admitted', async () => {
  expect(check.judge(await rateLimitArm())).toMatchObject({
    outcome: 'pass',
    measured: '0 of the first 60 requests rejected',
  });
});

test('fails when the bucket is smaller', async () => {
  const finding = check.judge(await rateLimitArm({ burst: 30 }));
  expect(finding).toMatchObject({ outcome: 'fail', measured: expect.stringMatching(/^2\d of the first 60 requests/) });
  expect(finding.evidence[0]).toMatch(/^rejected: rate-limit\.subject\.1\.3\d/);
});

test('cannot tell when the client never sent that many', async () => {
  expect(admitsBurst(rateLimitPolicy, 200, 'greedy').judge(await rateLimitArm())).toMatchObject({
    outcome: 'inconclusive',
    measured: 'fewer than 200 requests were sent',
  });
});

test('cannot tell when there is no such client', async () => {
  expect(admitsBurst(rateLimitPolicy, 60, 'nobody').judge(await rateLimitArm()).outcome).toBe('inconclusive');
});
