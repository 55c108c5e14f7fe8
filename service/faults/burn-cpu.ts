import { Worker } from 'node:worker_threads';

const LOOP = `
  const { workerData } = require('node:worker_threads');
  const until = performance.now() + workerData;
  while (performance.now() < until);
`;

/** Keeps one core busy for `ms` milliseconds in a thread of its own: the event loop goes on, and has to share. */
export function burnCpu(ms: number): void {
  new Worker(LOOP, { eval: true, workerData: ms }).unref();
}
