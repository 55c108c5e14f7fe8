import { describe, expect, test } from 'vitest';
import { FakeInjector } from '../../harness/fixtures/fake-injector.js';
import { ledgerOf } from '../../harness/fixtures/ledger-of.js';
import { retryArm } from '../../harness/fixtures/retry-arm.js';
import { simulatedLinks } from '../../harness/fixtures/simulate-arm.js';
import { latency } from './latency.js';

const links = simulatedLinks('retry.subject');
const timeline = [{ fault: latency(300, 1), atMs: 5_000, forMs: 12_000 }];

test('puts a toxic on the way back from its instances and takes it away by name', async () => {
  const injector = new FakeInjector();
  await latency(300, 0, 1).apply(injector, links);
  await latency(300, 0, 1).heal(injector, links);
  expect(injector.words).toEqual([
    'add latency to retry.subject.llm-1',
    'add latency to retry.subject.llm-2',
    'remove latency from retry.subject.llm-1',
    'remove latency from retry.subject.llm-2',
  ]);
  expect(injector.toxics[0]).toEqual({
    name: 'latency',
    type: 'latency',
    stream: 'downstream',
    attributes: { latency: 300, jitter: 0 },
  });
});

test('says what it does', () => {
  expect(latency(300, 1)).toMatchObject({ kind: 'latency', title: 'llm-2 answers 300 ms late', instances: [1] });
  expect(latency(50, 0, 1).title).toBe('llm-1 and llm-2 answer 50 ms late');
});

describe('touched', () => {
  test('counts the requests that its instances answered late while it acted', async () => {
    const ledger = await ledgerOf(await retryArm({ timeline }));
    expect(await Promise.all(ledger.faults.map((fault) => latency(300, 1).touched(ledger, fault)))).toEqual([10]);
  });

  test('does not count answers of other instances, however slow', async () => {
    const { faults } = await retryArm({ timeline });
    const ledger = await ledgerOf(
      await retryArm({ timeline: [{ fault: latency(300, 0, 2), atMs: 5_000, forMs: 12_000 }] }),
    );
    expect(await Promise.all(faults.map((fault) => latency(300, 1).touched(ledger, fault)))).toEqual([0]);
  });

  test('does not count answers that are slow, but less than it makes them', async () => {
    const ledger = await ledgerOf(
      await retryArm({ timeline: [{ fault: latency(200, 1), atMs: 5_000, forMs: 12_000 }] }),
    );
    expect(await Promise.all(ledger.faults.map((fault) => latency(300, 1).touched(ledger, fault)))).toEqual([0]);
  });

  test('is 0 without an effect', async () => {
    const { faults } = await retryArm({ timeline });
    const untouched = await ledgerOf(await retryArm({ timeline: [] }));
    expect(await Promise.all(faults.map((fault) => latency(300, 1).touched(untouched, fault)))).toEqual([0]);
  });
});
