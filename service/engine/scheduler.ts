import { TokenBucket } from '../token-bucket.js';
import type { Clock } from './clock.js';

/** Something to be run when it is due. The scheduler owns `heapIndex`; -1 means not scheduled. */
export interface Task {
  dueAt: number;
  heapIndex: number;
  /** Whether it must not run early and should not run late: the process then stays awake for the last part of a millisecond. */
  readonly isExact: boolean;
  /** Called when due, unscheduled; it may schedule itself again. */
  run(now: number): void;
}

/**
 * Node's timers count whole milliseconds. A tick therefore runs what is due within the next half millisecond too: tasks
 * run up to 0.5 ms early or late instead of 0 to 1 ms late, so that the median is on time.
 */
export const TICK_REACH_MS = 0.5;

/**
 * A tick stops after this long and goes on after the requests that arrived meanwhile were read: an instance with
 * thousands of streams would else let each new one wait for several ticks until it is read.
 */
const TICK_BUDGET_MS = 2;
/** Tasks between two looks at the clock. */
const TASKS_PER_LOOK = 16;

/** A timer is that much late on an idle machine, so before an exact task it is set earlier and the rest is spent awake. */
const TIMER_SLACK_MS = 0.5;
/** What may be spent awake: this share of all time, and this much of it in one go. */
const AWAKE = { share: 0.05, burstMs: 20 };

/**
 * Runs any number of tasks on one timer: a binary heap of due times, and one tick that runs all that is due.
 * A timer per task costs more than the task once there are thousands of them.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #heap: Task[] = [];
  /** Milliseconds that may be spent awake. */
  readonly #allowance: TokenBucket;
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: (() => void) | undefined;
  #ticking = false;
  /** Since when the process has been kept awake. */
  #awakeSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#allowance = new TokenBucket(AWAKE.burstMs, AWAKE.share, clock.now());
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Schedules a task that is not scheduled. */
  schedule(task: Task, dueAt: number): void {
    task.dueAt = dueAt;
    this.#heap.push(task);
    this.#siftUp(task, this.#heap.length - 1);
    if (!this.#ticking && dueAt < this.#armedFor - TICK_REACH_MS) this.#arm();
  }

  /** Takes a task out; does nothing when it is not scheduled. */
  cancel(task: Task): void {
    const index = task.heapIndex;
    if (index === -1) return;
    task.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === task) return;
    this.#siftUp(last, index);
    this.#siftDown(last, last.heapIndex);
  }

  #tick(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#ticking = true;
    let cutShort = false;
    try {
      const startedAt = this.#clock.now();
      if (this.#awakeSince !== undefined) this.#allowance.take(startedAt - this.#awakeSince, startedAt);
      this.#awakeSince = undefined;
      const canBeExact = this.#allowance.level(startedAt) > 0;
      let now = startedAt;
      let ran = 0;
      for (let task = this.#heap[0]; task !== undefined; task = this.#heap[0]) {
        if (task.dueAt > now + (task.isExact && canBeExact ? 0 : TICK_REACH_MS)) break;
        this.cancel(task);
        task.run(now);
        ran += 1;
        if (ran % TASKS_PER_LOOK > 0) continue;
        now = this.#clock.now();
        cutShort = now - startedAt > TICK_BUDGET_MS;
        if (cutShort) break;
      }
    } finally {
      this.#ticking = false;
      this.#arm(cutShort);
    }
  }

  #arm(soon = false): void {
    this.#disarm?.();
    this.#disarm = undefined;
    const next = this.#heap[0];
    this.#armedFor = next?.dueAt ?? Number.POSITIVE_INFINITY;
    if (next === undefined) return;
    const wake = (): void => this.#tick();
    const now = this.#clock.now();
    const isExact = next.isExact && this.#allowance.level(now) > 0;
    const delay = isExact ? Math.floor(next.dueAt - now - TIMER_SLACK_MS) : Math.max(1, Math.round(next.dueAt - now));
    this.#awakeSince = delay < 1 && !soon ? now : undefined;
    this.#disarm = soon || delay < 1 ? this.#clock.callSoon(wake) : this.#clock.callAfter(delay, wake);
  }

  #siftUp(task: Task, from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Task;
      if (parent.dueAt <= task.dueAt) break;
      heap[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    heap[index] = task;
    task.heapIndex = index;
  }

  #siftDown(task: Task, from: number): void {
    const heap = this.#heap;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      if (child === undefined) break;
      const right = heap[childIndex + 1];
      if (right !== undefined && right.dueAt < child.dueAt) {
        child = right;
        childIndex += 1;
      }
      if (child.dueAt >= task.dueAt) break;
      heap[index] = child;
      child.heapIndex = index;
      index = childIndex;
    }
    heap[index] = task;
    task.heapIndex = index;
  }
}
