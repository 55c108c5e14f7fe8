import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleProgram } from '../stack/images/bundle-program.js';
import { bundleService } from '../stack/images/bundle-service.js';
import type { Benchmark, Figure } from './benchmark.js';
import { type Instance, startInstance } from './history/instance.js';
import { type Contention, measureContention } from './history/measure-contention.js';
import { percentile } from './percentile.js';

const ROUNDS = 2;
const MEASURE_MS = 8000;
const INTER_TOKEN_MS = 50;
const GOAL_P99_MS = 20;

type Way = 'naive' | 'service';

/** Whether an instance stays responsive while two others write into the history that all three share. */
export const history: Benchmark = {
  name: 'history',
  title:
    'one instance with a stream, 20 writes/s and 10 searches/s, while two others write into the shared file at full speed',
  async run(say, signal) {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'));
    try {
      const files = await bundle(folder);
      const seen: Record<Way, Contention[]> = { naive: [], service: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const way of ['naive', 'service'] as const) {
          const contention = await measure(way, files, join(folder, `${way}-${round}.sqlite`), signal);
          seen[way].push(contention);
          say(describe(way, contention));
        }
      }
      return figures(seen);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function measure(way: Way, files: Files, database: string, signal: AbortSignal): Promise<Contention> {
  const env = {
    HISTORY_DB: database,
    HISTORY_ADDON: files.addon,
    INTER_TOKEN_LATENCY: String(INTER_TOKEN_MS),
    PREFILL_OVERHEAD: '0',
    MAX_MODEL_LEN: '1000000',
  };
  using stack = new DisposableInstances();
  for (let count = 0; count < 3; count += 1) stack.add(await startInstance(files[way], files.probe, env, signal));
  return await measureContention(stack.all as [Instance, Instance, Instance], `${database}-wal`, MEASURE_MS, signal);
}

class DisposableInstances implements Disposable {
  readonly all: Instance[] = [];

  add(instance: Instance): void {
    this.all.push(instance);
  }

  [Symbol.dispose](): void {
    for (const instance of this.all) instance[Symbol.dispose]();
  }
}

function figures(seen: Readonly<Record<Way, readonly Contention[]>>): Figure[] {
  const lateness = (way: Way): number[] => seen[way].flatMap(({ latenessMs }) => latenessMs);
  const gaps = (way: Way): number[] => seen[way].flatMap(({ gapsMs }) => gapsMs);
  const naive = 'writes on the event loop with a busy timeout of 5 s';
  return [
    { name: 'history: p99 event-loop delay', measured: ms(p99(lateness('service'))), goal: `below ${GOAL_P99_MS} ms` },
    { name: `history: p99 event-loop delay, ${naive}`, measured: ms(p99(lateness('naive'))), goal: 'to compare with' },
    {
      name: `history: longest gap in a stream of a token each ${INTER_TOKEN_MS} ms`,
      measured: ms(Math.max(...gaps('service'))),
      goal: `below ${INTER_TOKEN_MS + 50} ms`,
    },
    {
      name: `history: longest gap in a stream, ${naive}`,
      measured: ms(Math.max(...gaps('naive'))),
      goal: 'to compare with',
    },
  ];
}

function describe(way: Way, seen: Contention): string {
  return (
    `${way.padEnd(7)} event loop late p50 ${ms(percentile(seen.latenessMs, 0.5))}, p99 ${ms(p99(seen.latenessMs))}, ` +
    `max ${ms(Math.max(...seen.latenessMs))}; stream gap p99 ${ms(p99(seen.gapsMs))}, max ${ms(Math.max(...seen.gapsMs))} of ${seen.gapsMs.length}; ` +
    `own writes p50 ${ms(percentile(seen.writesMs, 0.5))}, p99 ${ms(p99(seen.writesMs))}, ${seen.refused} of ${seen.refused + seen.writesMs.length} refused; ` +
    `searches p99 ${ms(p99(seen.searchesMs))} of ${seen.searchesMs.length}; the others stored ${Math.round(seen.othersPerSecond)} visits/s; ` +
    `write-ahead log at most ${(seen.mostLogBytes / 2 ** 20).toFixed(1)} MiB`
  );
}

function p99(values: readonly number[]): number {
  return percentile(values, 0.99);
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** What is started, by its role, and the native part of better-sqlite3. */
type Files = Readonly<Record<Way | 'probe' | 'addon', string>>;

async function bundle(folder: string): Promise<Files> {
  const service = join(folder, 'service.mjs');
  await bundleService(service);
  const naive = join(folder, 'naive.mjs');
  await bundleProgram(new URL('history/naive-instance.ts', import.meta.url), naive);
  const probe = join(folder, 'probe.mjs');
  await bundleProgram(new URL('history/lateness-probe.ts', import.meta.url), probe);
  const sqlite = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  return {
    service,
    naive,
    probe,
    addon: join(sqlite, 'build/Release/better_sqlite3.node'),
  };
}
