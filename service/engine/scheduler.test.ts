import { describe, expect, it } from 'vitest';
import { Scheduler, type Task } from './scheduler.js';
import { FakeClock, TURN_MS } from './testing/fake-clock.js';

function makeTask(run: (now: number) => void = () => {}, isExact = false): Task {
  return { dueAt: 0, heapIndex: -1, isExact, run };
}

it('runs tasks in the order in which they are due, each within half a millisecond of its time', () => {
  const clock = new FakeClock();
  const scheduler = new Scheduler(clock);
  const ran: { dueAt: number; now: number }[] = [];
  const dueTimes = Array.from({ length: 500 }, (_, index) => 1 + ((index * 7919) % 5000) / 10);
  for (const dueAt of dueTimes)
    scheduler.schedule(
      makeTask((now) => ran.push({ dueAt, now })),
      dueAt,
    );
  clock.advance(600);
  expect(ran.map(({ dueAt }) => dueAt)).toEqual(dueTimes.toSorted((a, b) => a - b));
  expect(Math.max(...ran.map(({ dueAt, now }) => Math.abs(now - dueAt)))).toBeLessThanOrEqual(0.5);
  expect(scheduler.size).toBe(0);
});

it('needs one timer for many tasks that are due together, and none when it is empty', () => {
  const clock = new FakeClock();
  const scheduler = new Scheduler(clock);
  for (let index = 0; index < 1000; index += 1) scheduler.schedule(makeTask(), 20 + index / 2500);
  clock.advance(1000);
  expect(clock.wakes).toBe(1);
});

describe('an exact task', () => {
  it('is never early, and not late by more than a turn of the event loop, beside others that may be', () => {
    const clock = new FakeClock();
    const scheduler = new Scheduler(clock);
    const late: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const dueAt = 20 + index * 25.3;
      scheduler.schedule(
        makeTask((now) => late.push(now - dueAt), true),
        dueAt,
      );
      scheduler.schedule(makeTask(), dueAt - 0.4);
      scheduler.schedule(makeTask(), dueAt + 0.1);
    }
    clock.advance(1200);
    expect(late).toHaveLength(40);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(TURN_MS);
  });

  it('keeps the process awake for a twentieth of the time at most, and is like any other beyond that', () => {
    const clock = new FakeClock();
    const scheduler = new Scheduler(clock);
    const late: number[] = [];
    for (let index = 0; index < 4000; index += 1) {
      const dueAt = 10 + index * 2.3;
      scheduler.schedule(
        makeTask((now) => late.push(now - dueAt), true),
        dueAt,
      );
    }
    clock.advance(10_000);
    expect(late).toHaveLength(4000);
    // What may be spent in one go comes on top.
    expect(clock.turns * TURN_MS).toBeLessThan(10_000 / 20 + 25);
    expect(clock.turns * TURN_MS).toBeGreaterThan(10_000 / 25);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(-0.5);
    expect(Math.max(...late)).toBeLessThanOrEqual(1);
  });
});

it('runs a task that came later but is due earlier in time', () => {
  const clock = new FakeClock();
  const scheduler = new Scheduler(clock);
  const ran: number[] = [];
  scheduler.schedule(
    makeTask((now) => ran.push(now)),
    100,
  );
  scheduler.schedule(
    makeTask((now) => ran.push(now)),
    10,
  );
  clock.advance(50);
  expect(ran).toEqual([10]);
  clock.advance(50);
  expect(ran).toEqual([10, 100]);
});

it('lets a task schedule itself again, and others be cancelled from within a tick', () => {
  const clock = new FakeClock();
  const scheduler = new Scheduler(clock);
  let runs = 0;
  const victim = makeTask(() => {
    throw new Error('it was cancelled');
  });
  const repeating: Task = makeTask(() => {
    runs += 1;
    scheduler.cancel(victim);
    if (runs < 5) scheduler.schedule(repeating, repeating.dueAt + 10);
  });
  scheduler.schedule(repeating, 10);
  scheduler.schedule(victim, 10.2);
  clock.advance(100);
  expect(runs).toBe(5);
  expect(scheduler.size).toBe(0);
});

it('stays a heap under random cancellation', () => {
  const clock = new FakeClock();
  const scheduler = new Scheduler(clock);
  const ran: number[] = [];
  const tasks = Array.from({ length: 300 }, (_, index) => {
    const task = makeTask(() => ran.push(task.dueAt));
    scheduler.schedule(task, 1 + ((index * 193) % 300));
    return task;
  });
  const kept = tasks.filter((task, index) => {
    if (index % 3 === 0) scheduler.cancel(task);
    return index % 3 !== 0;
  });
  clock.advance(400);
  expect(ran).toEqual(kept.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b));
});
