import { describe, expect, test } from 'vitest';
import { FakeInjector } from '../../harness/fixtures/fake-injector.js';
import { ledgerOf } from '../../harness/fixtures/ledger-of.js';
import { retryArm } from '../../harness/fixtures/retry-arm.js';
import { simulatedLinks } from '../../harness/fixtures/simulate-arm.js';
import { resetPeer } from './reset-peer.js';

const links = simulatedLinks('retry.subject');
const timeline = [{ fault: resetPeer(1), atMs: 5_000, forMs: 12_000 }];

test('puts a toxic on the way to its instances and takes it away by name', async () => {
  const injector = new FakeInjector();
  await resetPeer(1).apply(injector, links);
  await resetPeer(1).heal(injector, links);
  expect(injector.words).toEqual([
    'add reset-peer to retry.subject.llm-2',
    'remove reset-peer from retry.subject.llm-2',
  ]);
  // Upstream: there the request has been written before the reset comes, so that it is no refused connection.
  expect(injector.toxics).toEqual([
    { name: 'reset-peer', type: 'reset_peer', stream: 'upstream', attributes: { timeout: 0 } },
  ]);
});

test('says what it does', () => {
  expect(resetPeer(1)).toMatchObject({ kind: 'reset-peer', title: 'llm-2 resets accepted connections' });
  expect(resetPeer(0, 2).title).toBe('llm-1 and llm-3 reset accepted connections');
});

describe('touched', () => {
  test('counts the attempts that failed', async () => {
    const evidence = await retryArm({ timeline });
    const ledger = await ledgerOf(evidence);
    const failed = evidence.client.filter((record) => record.status === 502).length;
    expect(failed).toBe(10);
    expect(await Promise.all(ledger.faults.map((fault) => resetPeer(1).touched(ledger, fault)))).toEqual([failed]);
  });

  test('is 0 when nothing failed', async () => {
    const { faults } = await retryArm({ timeline });
    const untouched = await ledgerOf(await retryArm({ timeline: [] }));
    expect(await Promise.all(faults.map((fault) => resetPeer(1).touched(untouched, fault)))).toEqual([0]);
  });
});
