import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from './instance.js';

/** What was seen of one instance while the others wrote. */
export interface Contention {
  /** How late each tick of its event loop came, in milliseconds. */
  readonly latenessMs: readonly number[];
  /** Times between two tokens of its stream, in milliseconds. */
  readonly gapsMs: readonly number[];
  /** How long its own writes of one visit took, in milliseconds, and how many were refused. */
  readonly writesMs: readonly number[];
  readonly refused: number;
  /** How long its searches took, in milliseconds. */
  readonly searchesMs: readonly number[];
  /** Visits that the others stored in one second. */
  readonly othersPerSecond: number;
  /** Largest size of the write-ahead log. */
  readonly mostLogBytes: number;
}

const WARM_UP_MS = 2000;
const BATCH = 500;
/** Batches that each of the others has under way. */
const AT_ONCE = 2;
/** Different batches; after them pages are visited again. */
const BATCHES = 60;
const OWN_WRITE_MS = 50;
const SEARCH_MS = 100;

/**
 * Loads the last two instances with batches as fast as they take them, and the first with a stream, single visits and
 * searches; measures the first for `measureMs` after a warm-up.
 * @param log the write-ahead log that they share
 */
export async function measureContention(
  instances: readonly [Instance, Instance, Instance],
  log: string,
  measureMs: number,
  signal: AbortSignal,
): Promise<Contention> {
  const [measured, ...others] = instances;
  const stop = new AbortController();
  const until = AbortSignal.any([stop.signal, signal]);
  let stored = 0;
  let mostLogBytes = 0;
  const load = [
    ...others.flatMap((other, index) =>
      Array.from({ length: AT_ONCE }, (_, client) =>
        writeBatches(other.url, index * AT_ONCE + client, until, () => {
          stored += BATCH;
        }),
      ),
    ),
  ];
  const gaps = new Samples();
  const writes = new Samples();
  const searches = new Samples();
  let refused = 0;
  load.push(
    readStream(measured.url, until, gaps),
    every(OWN_WRITE_MS, until, async (turn) => {
      const visits = [{ url: `https://example.test/own/${turn}`, title: `own ${turn}` }];
      const began = performance.now();
      const { ok } = await post(measured.url, JSON.stringify({ visits }), until);
      if (ok) writes.add(performance.now() - began);
      else refused += 1;
    }),
    every(SEARCH_MS, until, async (turn) => {
      const began = performance.now();
      await (await fetch(`${measured.url}/api/history?q=topic${turn % 500}`, { signal: until })).arrayBuffer();
      searches.add(performance.now() - began);
    }),
  );
  load.push(
    every(SEARCH_MS, until, async () => {
      mostLogBytes = Math.max(mostLogBytes, statSync(log, { throwIfNoEntry: false })?.size ?? 0);
    }),
  );
  try {
    await delay(WARM_UP_MS, undefined, { signal });
    for (const samples of [gaps, writes, searches]) samples.restart();
    refused = 0;
    const before = stored;
    const began = performance.now();
    measured.beginMeasurement();
    await delay(measureMs, undefined, { signal });
    const latenessMs = await measured.endMeasurement();
    const othersPerSecond = ((stored - before) * 1000) / (performance.now() - began);
    const [gapsMs, writesMs, searchesMs] = [gaps.all, writes.all, searches.all];
    return { latenessMs, gapsMs, writesMs, searchesMs, refused, othersPerSecond, mostLogBytes };
  } finally {
    stop.abort();
    await Promise.allSettled(load);
  }
}

class Samples {
  all: number[] = [];

  add(value: number): void {
    this.all.push(value);
  }

  restart(): void {
    this.all = [];
  }
}

function post(url: string, body: string, signal: AbortSignal): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(`${url}/api/history`, { method: 'POST', headers, body, signal }).then(async (response) => {
    await response.arrayBuffer();
    return response;
  });
}

async function writeBatches(url: string, writer: number, until: AbortSignal, onStored: () => void): Promise<void> {
  const bodies = Array.from({ length: BATCHES }, (_, batch) => {
    const visits = Array.from({ length: BATCH }, (_, index) => ({
      url: `https://example.test/${writer}/${batch}/${index}`,
      title: `page ${index} of writer ${writer} about topic${(batch * BATCH + index) % 500}`,
    }));
    return JSON.stringify({ visits });
  });
  for (let batch = 0; !until.aborted; batch = (batch + 1) % BATCHES) {
    // An instance that stands still loses connections; the load goes on.
    const response = await post(url, bodies[batch] as string, until).catch(() => undefined);
    if (response?.ok) onStored();
  }
}

/** Starts `work` each `intervalMs`, whether the one before is done or not, until `until`. */
async function every(intervalMs: number, until: AbortSignal, work: (turn: number) => Promise<void>): Promise<void> {
  const running: Promise<void>[] = [];
  for (let turn = 0; !until.aborted; turn += 1) {
    running.push(work(turn).catch(() => undefined));
    await delay(intervalMs, undefined, { signal: until }).catch(() => undefined);
  }
  await Promise.all(running);
}

/** Reads a stream of tokens and keeps the times between what arrives. */
async function readStream(url: string, until: AbortSignal, gaps: Samples): Promise<void> {
  const body = JSON.stringify({
    model: 'gauntlet-1',
    messages: [{ role: 'user', content: 'Go on.' }],
    stream: true,
    max_tokens: 100_000,
  });
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, signal: until });
  if (!response.ok || response.body === null) throw new Error(`the stream was answered with ${response.status}`);
  let last = performance.now();
  for await (const _chunk of response.body) {
    const now = performance.now();
    gaps.add(now - last);
    last = now;
  }
}
