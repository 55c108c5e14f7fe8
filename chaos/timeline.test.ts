import { describe, expect, test } from 'vitest';
import { FakeInjector } from '../harness/fixtures/fake-injector.js';
import { simulatedLinks } from '../harness/fixtures/simulate-arm.js';
import type { PlannedFault } from '../harness/model/fault.js';
import type { FaultRecord } from '../harness/model/fault-record.js';
import { latency } from './faults/latency.js';
import { refuse } from './faults/refuse.js';
import { runTimeline, type TimelineEvent } from './timeline.js';

const links = simulatedLinks('retry.subject');
/** Timers may fire a millisecond early and, on a busy machine, a good deal late. */
const early = 2;

function run(
  timeline: readonly PlannedFault[],
  injector: FakeInjector,
  options: { signal?: AbortSignal; onEvent?: (event: TimelineEvent) => void; startsAt?: number } = {},
): Promise<FaultRecord[]> {
  const { signal = new AbortController().signal, onEvent, startsAt = Date.now() } = options;
  const arm = { name: 'retry.subject', links, startsAt };
  return runTimeline(timeline, arm, injector, { signal, ...(onEvent && { onEvent }) });
}

describe('the faults of a timeline', () => {
  test('are applied and healed in order and not before their time', async () => {
    const injector = new FakeInjector();
    const startsAt = Date.now() + 20;
    const timeline = [
      { fault: latency(300, 1), atMs: 90, forMs: 20 },
      { fault: refuse(1), atMs: 10, forMs: 40 },
    ];
    const records = await run(timeline, injector, { startsAt });
    expect(injector.words).toEqual([
      'disable retry.subject.llm-2',
      'enable retry.subject.llm-2',
      'add latency to retry.subject.llm-2',
      'remove latency from retry.subject.llm-2',
    ]);
    expect(records.map(({ index, kind }) => [index, kind])).toEqual([
      [0, 'latency'],
      [1, 'refuse'],
    ]);
    for (const [place, { atMs, forMs }] of timeline.entries()) {
      const record = records[place];
      if (record === undefined) throw new Error('a record is missing');
      expect(record).toMatchObject({ arm: 'retry.subject', plannedAtMs: atMs, plannedForMs: forMs });
      expect(record.links).toEqual(['retry.subject.llm-2']);
      expect(record.error).toBeUndefined();
      expect(record.applyingAt).toBeGreaterThanOrEqual(startsAt + atMs - early);
      expect(record.appliedAt).toBeGreaterThanOrEqual(record.applyingAt);
      expect(record.healingAt).toBeGreaterThanOrEqual(record.appliedAt + forMs - early);
      expect(record.healedAt).toBeGreaterThanOrEqual(record.healingAt);
    }
  });

  test('may overlap', async () => {
    const injector = new FakeInjector();
    const records = await run(
      [
        { fault: refuse(0), atMs: 0, forMs: 120 },
        { fault: latency(300, 1), atMs: 40, forMs: 20 },
      ],
      injector,
    );
    expect(injector.words).toEqual([
      'disable retry.subject.llm-1',
      'add latency to retry.subject.llm-2',
      'remove latency from retry.subject.llm-2',
      'enable retry.subject.llm-1',
    ]);
    expect(records[1]?.healedAt).toBeLessThanOrEqual(records[0]?.healingAt ?? 0);
  });

  test('are told of as they happen', async () => {
    const events: TimelineEvent[] = [];
    await run([{ fault: refuse(1), atMs: 0, forMs: 5 }], new FakeInjector(), {
      onEvent: (event) => events.push(event),
    });
    expect(events).toEqual([
      { type: 'fault-applied', arm: 'retry.subject', title: 'llm-2 refuses connections', forMs: 5 },
      { type: 'fault-healed', arm: 'retry.subject', title: 'llm-2 refuses connections' },
    ]);
  });

  test('of an empty timeline are none', async () => {
    expect(await run([], new FakeInjector())).toEqual([]);
  });
});

describe('a fault is healed', () => {
  test('after an error while it was applied, which is kept in its record', async () => {
    const injector = new FakeInjector((what) => what === 'disable retry.subject.llm-2');
    const [record] = await run([{ fault: refuse(0, 1), atMs: 0, forMs: 5 }], injector);
    expect(injector.words.slice(2).toSorted()).toEqual(['enable retry.subject.llm-1', 'enable retry.subject.llm-2']);
    expect(record?.error).toBe('Error: cannot disable retry.subject.llm-2');
  });

  test('with both errors in its record when healing fails too', async () => {
    const [record] = await run([{ fault: refuse(1), atMs: 0, forMs: 5 }], new FakeInjector(() => true));
    expect(record?.error).toBe('Error: cannot disable retry.subject.llm-2; Error: cannot enable retry.subject.llm-2');
  });

  test('when another fault names an instance that does not exist', async () => {
    const injector = new FakeInjector();
    const timeline = [
      { fault: refuse(7), atMs: 0, forMs: 5 },
      { fault: refuse(1), atMs: 5, forMs: 5 },
    ];
    const records = await run(timeline, injector);
    expect(records[0]).toMatchObject({ links: ['instance 7'], error: expect.stringMatching(/instance 7 of 0-2/) });
    expect(injector.words).toEqual(['disable retry.subject.llm-2', 'enable retry.subject.llm-2']);
  });

  test('at once when the run is aborted while it acts', async () => {
    const injector = new FakeInjector();
    const abort = new AbortController();
    const [record] = await run([{ fault: refuse(1), atMs: 0, forMs: 3_600_000 }], injector, {
      signal: abort.signal,
      onEvent: (event) => event.type === 'fault-applied' && abort.abort(),
    });
    expect(injector.words).toEqual(['disable retry.subject.llm-2', 'enable retry.subject.llm-2']);
    expect((record?.healedAt ?? Infinity) - (record?.appliedAt ?? 0)).toBeLessThan(60_000);
  });

  test('when the one who is told of it throws', async () => {
    const injector = new FakeInjector();
    const onEvent = (): void => {
      throw new Error('the progress display broke');
    };
    await run([{ fault: refuse(1), atMs: 0, forMs: 5 }], injector, { onEvent }).catch(() => undefined);
    expect(injector.words).toEqual(['disable retry.subject.llm-2', 'enable retry.subject.llm-2']);
  });
});

test('a fault that is not due when the run is aborted is never applied', async () => {
  const injector = new FakeInjector();
  const abort = new AbortController();
  const timeline = [
    { fault: refuse(1), atMs: 0, forMs: 3_600_000 },
    { fault: latency(300, 1), atMs: 3_600_000, forMs: 1_000 },
  ];
  await run(timeline, injector, {
    signal: abort.signal,
    onEvent: (event) => event.type === 'fault-applied' && abort.abort(),
  });
  expect(injector.words).toEqual(['disable retry.subject.llm-2', 'enable retry.subject.llm-2']);
});
