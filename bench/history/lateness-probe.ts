import { isMainThread } from 'node:worker_threads';

/** Loaded into an instance before its own code: how late its event loop is. */
const TICK_MS = 5;

/**
 * Milliseconds by which each of the ticks that were due came late. A loop that stood still for a second owes all ticks of
 * that second, the first of them a second late: it does not count as one late tick among many on time.
 */
let lateness: number[] = [];
let due = performance.now() + TICK_MS;

function tick(): void {
  const now = performance.now();
  for (; due <= now; due += TICK_MS) lateness.push(now - due);
  setTimeout(tick, due - now).unref();
}

if (isMainThread) {
  tick();
  process.on('message', (message) => {
    if (message === 'report') process.send?.(lateness);
    lateness = [];
  });
}
