import { describe, expect, test } from 'vitest';
import type { ArmEvidence } from '../../fixtures/arm-evidence.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { healthPolicy, stickyArm, stickyPolicy } from '../../fixtures/sticky-arm.js';
import type { ClientRecord } from '../../model/ledger.js';
import { affinityCookie } from './cookie.js';

const check = affinityCookie(stickyPolicy);

function changed(ledger: ArmEvidence, change: (record: ClientRecord) => Partial<ClientRecord>): ArmEvidence {
  return { ...ledger, client: ledger.client.map((record) => ({ ...record, ...change(record) })) };
}

test('passes when each session gets a cookie for its instance, and another one when it has to move', async () => {
  expect(await check.judge(await ledgerOf(await stickyArm()))).toMatchObject({
    outcome: 'pass',
    expected: "cookie llm-instance: Secure, HttpOnly, value = hash of the instance's URL",
    measured: '41 cookies set, 0 with wrong attributes or value; 0 successful without a good one',
  });
});

describe('fails', () => {
  test('without a cookie', async () => {
    expect(await check.judge(await ledgerOf(await stickyArm({})))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^0 cookies set, 0 with wrong .* value; \d+ successful without a good one$/),
    });
  });

  test.each([
    { attribute: 'Secure', sticky: { ...stickyPolicy, secure: false } },
    { attribute: 'HttpOnly', sticky: { ...stickyPolicy, httpOnly: false } },
  ])('without the attribute $attribute', async ({ sticky }) => {
    expect(await check.judge(await ledgerOf(await stickyArm({ sticky, healthCheck: healthPolicy })))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^41 cookies set, 41 with wrong attributes or value/),
    });
  });

  test('when a value does not name the instance that answered', async () => {
    const ledger = await stickyArm();
    const wrong = changed(ledger, ({ cookieSet, client }) =>
      cookieSet && client === 1 ? { cookieSet: { ...cookieSet, value: '0123456789abcdef' } } : {},
    );
    const finding = await check.judge(await ledgerOf(wrong));
    expect(finding).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^41 cookies set, 1 with wrong/),
    });
    expect(finding.evidence[0]).toContain('sticky-sessions.subject.1.0: {"value":"0123456789abcdef"');
  });

  test('when the cookie is not sent back', async () => {
    const forgetful = changed(await stickyArm(), ({ client }) => (client === 2 ? { cookieSent: '' } : {}));
    expect(await check.judge(await ledgerOf(forgetful))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/ 3\d successful without a good one$/),
    });
  });

  test('when a session that has a good cookie gets one again with every answer', async () => {
    const ledger = await stickyArm(undefined, { timeline: [] });
    const first = ledger.client.find((record) => record.client === 1)?.cookieSet;
    const again = changed(ledger, ({ client }) => (client === 1 && first !== undefined ? { cookieSet: first } : {}));
    expect((await check.judge(await ledgerOf(again))).outcome).toBe('fail');
  });

  test('when another instance answers than the one whose cookie was sent', async () => {
    const ledger = await stickyArm(undefined, { timeline: [] });
    const elsewhere = changed(ledger, ({ client, cookieSent, instance }) =>
      client === 1 && cookieSent !== '' ? { instance: instance === 'llm-1' ? 'llm-2' : 'llm-1' } : {},
    );
    expect((await check.judge(await ledgerOf(elsewhere))).outcome).toBe('fail');
  });
});

test('cannot tell when nothing succeeded', async () => {
  expect(await check.judge(await ledgerOf({ ...(await stickyArm()), client: [] }))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no request succeeded',
  });
});
