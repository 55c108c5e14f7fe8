import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBinaries } from '../stack/binaries/ensure-binaries.js';
import type { Benchmark } from './benchmark.js';
import { runK6 } from './generator/k6-process.js';
import { startTarget } from './generator/load-target.js';

const script = fileURLToPath(new URL('generator/load.js', import.meta.url));
const rounds = 5;
const seconds = 4;
const vus = 20;

/** One way to run k6: which client of the script, and which output. All give every request an id. */
interface Variant {
  readonly name: string;
  readonly client: 'sync' | 'async' | 'module';
  readonly output?: { readonly type: 'gauntlet' | 'csv' | 'json'; readonly file: string };
}

const records = { type: 'gauntlet', file: 'exchanges.ndjson' } as const;
const bare: Variant = { name: 'k6/http, no output', client: 'sync' };
const recorded: Variant = { name: 'k6/http, --out gauntlet', client: 'sync', output: records };
const variants: readonly Variant[] = [
  bare,
  recorded,
  { name: 'k6/http, --out csv', client: 'sync', output: { type: 'csv', file: 'samples.csv' } },
  { name: 'k6/http, --out json', client: 'sync', output: { type: 'json', file: 'samples.json' } },
  { name: 'k6/http asyncRequest, no output', client: 'async' },
  { name: 'k6/x/gauntlet request, --out gauntlet', client: 'module', output: records },
];

/** What writing down every request costs k6 in throughput, against k6 that writes nothing and against its own outputs. */
export const generator: Benchmark = {
  name: 'generator',
  title: `requests/s of k6 with and without a record of each request (${vus} VUs, ${seconds} s, median of ${rounds} alternating runs)`,
  async run(say, signal) {
    const { k6 } = await ensureBinaries({ k6: true }, { signal });
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'));
    try {
      await using target = await startTarget(k6.path, signal);
      const rates = new Map<Variant, number[]>(variants.map((variant) => [variant, []]));
      for (let round = 0; round < rounds; round += 1) {
        // Every other round backwards, so that none always follows the same one.
        for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
          rates.get(variant)?.push(await measure(variant, k6.path, target.url, folder, signal));
        }
      }
      const of = (variant: Variant): number => median(rates.get(variant) ?? []);
      // Pair by pair: the two runs of a round are neighbours, so a machine that slows down meanwhile slows both.
      const ratios = (rates.get(recorded) ?? []).map((rate, round) => rate / (rates.get(bare)?.[round] ?? Number.NaN));
      for (const variant of variants) {
        const share = Math.round((100 * of(variant)) / of(bare));
        const all = (rates.get(variant) ?? []).map(Math.round);
        const figures = `${Math.round(of(variant)).toString().padStart(7)} requests/s  ${String(share).padStart(3)} %`;
        say(`${figures}  ${variant.name} (${Math.min(...all)} to ${Math.max(...all)})`);
      }
      say(`ratio of the records to no output, round by round: ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')}`);
      return [{ name: 'generator', measured: `ratio ${median(ratios).toFixed(3)}`, goal: '0.95' }];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Requests per second of one run. Throws when requests failed or a record is missing. */
async function measure(
  variant: Variant,
  k6: string,
  url: string,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const file = variant.output && join(folder, variant.output.file);
  const args = ['run', '--quiet', '--no-usage-report', `--vus=${vus}`, `--duration=${seconds}s`];
  const env = ['--env', `TARGET=${url}`, '--env', `CLIENT=${variant.client}`];
  const out = variant.output === undefined ? [] : [`--out=${variant.output.type}=${file}`];
  const said = await runK6(k6, [...args, ...env, ...out, script], signal);
  const { requests, perSecond, failed } = JSON.parse(said) as Record<'requests' | 'perSecond' | 'failed', number>;
  if (failed > 0) throw new Error(`${variant.name}: ${failed} requests failed`);
  if (variant.output === records && file !== undefined) await checkRecords(file, requests);
  return perSecond;
}

/** A figure without the records that it is about would mean nothing. */
async function checkRecords(file: string, requests: number): Promise<void> {
  const text = await readFile(file, 'utf8');
  const end = JSON.parse(text.slice(text.trimEnd().lastIndexOf('\n'))) as { records: number; dropped: number };
  const lines = text.split('\n').length - 3;
  if (end.records !== requests || lines !== requests || end.dropped !== 0) {
    throw new Error(`${requests} requests, ${lines} records, ${JSON.stringify(end)}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
