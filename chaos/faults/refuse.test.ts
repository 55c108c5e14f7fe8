import { describe, expect, test } from 'vitest';
import type { ArmEvidence } from '../../harness/fixtures/arm-evidence.js';
import { FakeInjector } from '../../harness/fixtures/fake-injector.js';
import { ledgerOf } from '../../harness/fixtures/ledger-of.js';
import { retryArm } from '../../harness/fixtures/retry-arm.js';
import { simulatedLinks, simulatedStart } from '../../harness/fixtures/simulate-arm.js';
import { refuse } from './refuse.js';

const links = simulatedLinks('retry.subject');
const timeline = [{ fault: refuse(1), atMs: 5_000, forMs: 10_000 }];

/** How many attempts the only fault of an arm is found to have touched. */
async function touched(evidence: ArmEvidence): Promise<number> {
  const [record] = evidence.faults;
  return record === undefined ? Number.NaN : refuse(1).touched(await ledgerOf(evidence), record);
}

test('takes the links of its instances down, and up again', async () => {
  const injector = new FakeInjector();
  await refuse(0, 2).apply(injector, links);
  expect(injector.words).toEqual(['disable retry.subject.llm-1', 'disable retry.subject.llm-3']);
  await refuse(0, 2).heal(injector, links);
  expect(injector.words.slice(2)).toEqual(['enable retry.subject.llm-1', 'enable retry.subject.llm-3']);
});

test('says what it does', () => {
  expect(refuse(1)).toMatchObject({ kind: 'refuse', title: 'llm-2 refuses connections', instances: [1] });
  expect(refuse(0, 1).title).toBe('llm-1 and llm-2 refuse connections');
});

test('rejects an instance that has no link, by its number', async () => {
  await expect(refuse(3).apply(new FakeInjector(), links)).rejects.toThrow('instance 3 of 0-2 does not exist');
});

describe('touched', () => {
  test('counts the attempts that failed, those included that a retry hid', async () => {
    const evidence = await retryArm({ timeline });
    expect(evidence.client.every((record) => record.status === 200)).toBe(true);
    // Every other request of 10 s at 2.5/s: a third of all picks meets the dead instance.
    expect(Math.abs((await touched(evidence)) - 12.5)).toBeLessThanOrEqual(1.5);
  });

  test('is 0 when nothing failed', async () => {
    const { faults } = await retryArm({ timeline });
    expect(await touched({ ...(await retryArm({ timeline: [] })), faults })).toBe(0);
  });

  test('does not count what failed at another time', async () => {
    const later = await retryArm({ timeline: [{ ...timeline[0], atMs: 30_000, fault: refuse(1), forMs: 10_000 }] });
    const before = later.faults.map((fault) => ({
      ...fault,
      applyingAt: simulatedStart + 5_000,
      healedAt: simulatedStart + 15_000,
    }));
    expect(await touched({ ...later, faults: before })).toBe(0);
  });

  test('is 0 when no scrapes enclose the fault: nothing shows that it bit', async () => {
    expect(await touched({ ...(await retryArm({ timeline })), scrapes: [] })).toBe(0);
  });
});
