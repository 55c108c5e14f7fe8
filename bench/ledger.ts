import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../chaos/experiments/catalogue.js';
import type { Benchmark, Figure } from './benchmark.js';
import { writeEvidence } from './ledger/write-evidence.js';

/** Set to measure ten million requests too: 17 GB of evidence, and some minutes to write them. */
const largeVariable = 'GAUNTLET_BENCH_LARGE';

/** A size of evidence, and how long building and judging its ledger may take and how much memory it may need. */
interface Size {
  readonly requests: number;
  readonly goalSeconds: number;
  readonly goalMb: number;
}

const usual: Size = { requests: 1_000_000, goalSeconds: 6, goalMb: 600 };
/** DuckDB's own limit is 1 GB here; the process needs some more. */
const large: Size = { requests: 10_000_000, goalSeconds: 75, goalMb: 1_600 };

/** What a child process measured of itself. */
interface Measured {
  readonly seconds: number;
  readonly mb: number;
}

export const ledger: Benchmark = {
  name: 'ledger',
  title:
    "evidence of three vantages built into a ledger and judged by all checks, beside DuckDB's bare join of the files",
  async run(say, signal) {
    const sizes = process.env[largeVariable] === undefined ? [usual] : [usual, large];
    const figures: Figure[] = [];
    for (const size of sizes) figures.push(...(await measure(size, say, signal)));
    return figures;
  },
};

async function measure(size: Size, say: (line: string) => void, signal: AbortSignal): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-ledger-'));
  try {
    const requests = writeEvidence(folder, size.requests, catalogue);
    const millions = `${(size.requests / 1e6).toFixed(0)}M`;
    say(`${requests} requests in ${folder}`);
    const bare: Measured[] = [];
    const judged: Measured[] = [];
    // Alternating, so that what else the machine does meets both alike.
    for (let round = 0; round < (size === usual ? 3 : 1); round++) {
      bare.push(await inChild('./ledger/bare-join.ts', folder, signal));
      judged.push(await inChild('./ledger/judge-evidence.ts', folder, signal));
      say(`${millions}: bare join ${told(bare.at(-1))}, ledger ${told(judged.at(-1))}`);
    }
    return [
      { name: `ledger ${millions}`, measured: told(median(judged)), goal: `${size.goalSeconds} s, ${size.goalMb} MB` },
      { name: `ledger ${millions}, bare join`, measured: told(median(bare)), goal: 'for comparison' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The run in the middle by its time. */
function median(all: readonly Measured[]): Measured | undefined {
  return all.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(all.length / 2)];
}

function told(measured: Measured | undefined): string {
  return measured === undefined ? 'nothing' : `${measured.seconds.toFixed(1)} s, ${measured.mb.toFixed(0)} MB`;
}

/** Each in a process of its own, because memory that a process once had counts for ever. */
function inChild(file: string, folder: string, signal: AbortSignal): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(new URL(file, import.meta.url), [folder], { signal });
    child.once('message', (message) => resolve(message as Measured));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} and measured nothing`)));
  });
}
