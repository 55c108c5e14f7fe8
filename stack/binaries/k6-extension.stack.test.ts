import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureBinaries } from './ensure-binaries.js';

// The first run on a machine compiles k6.
const coldBuildMs = 10 * 60_000;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A k6 that runs this script against this address; `lines` reads its records when it has ended. */
async function startK6(script: string, target: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-k6-'));
  const { k6 } = await ensureBinaries({ k6: true });
  writeFileSync(join(folder, 'script.js'), script);
  const file = join(folder, 'exchanges.ndjson');
  const args = ['run', '--quiet', '--summary-mode=disabled', '--no-usage-report', `--out=gauntlet=${file}`];
  const child = spawn(k6.path, [...args, '--env', `TARGET=${target}`, join(folder, 'script.js')], {
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  return {
    child,
    ended: async () => {
      const [exitCode] = await ended;
      const lines: Record<string, unknown>[] = readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      return { exitCode, complaints, head: lines[0], records: lines.slice(1, -1), end: lines.at(-1) };
    },
  };
}

test(
  'requests of k6/http and of the module are recorded, each once',
  async () => {
    const target = await serve((_request, response) => response.setHeader('x-llm-instance', 'llm-1').end('hello'));
    const k6 = await startK6(
      `import exec from 'k6/execution';
       import http from 'k6/http';
       import { request } from 'k6/x/gauntlet';
       export const options = { vus: 2, iterations: 20 };
       export function setup() { http.get(__ENV.TARGET, { tags: { request_id: '' } }); }
       export default async function () {
         exec.vu.metrics.metadata.request_id = 'plain.' + exec.scenario.iterationInTest;
         http.get(__ENV.TARGET);
         await request('GET', __ENV.TARGET, null, { requestId: 'module.' + exec.scenario.iterationInTest });
       }`,
      target,
    );
    const { exitCode, complaints, head, records, end } = await k6.ended();
    expect({ exitCode, complaints }).toEqual({ exitCode: 0, complaints: '' });
    expect(head).toMatchObject({ format: 'gauntlet-exchanges', version: 1 });
    expect(end).toMatchObject({ end: true, records: 40, dropped: 0, droppedIterations: 0 });
    const expected = ['plain', 'module'].flatMap((kind) => Array.from({ length: 20 }, (_, n) => `${kind}.${n}`));
    expect(records.map((record) => record.requestId).sort()).toEqual(expected.sort());
    expect(records.every((record) => record.status === 200 && record.done === true)).toBe(true);
    const own = records.filter((record) => String(record.requestId).startsWith('module.'));
    expect(new Set(own.map((record) => `${record.instance} ${record.bytes}`))).toEqual(new Set(['llm-1 5']));
  },
  coldBuildMs,
);

test(
  'a test that is interrupted leaves a whole file, with the exchanges that were under way',
  async () => {
    let arrive: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const target = await serve((request, response) => {
      if (request.url === '/first') return response.end('hello');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n');
      // More than sockets buffer: once it is gone, k6 has read what came before.
      return response.write(`: ${'.'.repeat(1_000)}\n`.repeat(16_000), arrive);
    });
    const k6 = await startK6(
      `import { request, stream } from 'k6/x/gauntlet';
       export default async function () {
         await request('GET', __ENV.TARGET + '/first', null, { requestId: 'first' });
         await stream('POST', __ENV.TARGET + '/endless', '{}', { requestId: 'endless' });
       }`,
      target,
    );
    await underWay;
    k6.child.kill('SIGTERM');
    const { exitCode, records, end } = await k6.ended();
    expect(exitCode).toBe(105);
    expect(end).toMatchObject({ end: true, records: 2, dropped: 0, droppedIterations: 0 });
    expect(records).toMatchObject([
      { requestId: 'first', status: 200, done: true },
      { requestId: 'endless', protocol: 'sse', status: 200, errorCode: 1000, error: 'context canceled', done: false },
    ]);
  },
  coldBuildMs,
);

test(
  'iterations that k6 drops are counted',
  async () => {
    const target = await serve((_request, response) => setTimeout(() => response.end(), 400));
    const k6 = await startK6(
      `import http from 'k6/http';
     export const options = { scenarios: { steady: {
       executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 1, maxVUs: 1 } } };
     export default function () { http.get(__ENV.TARGET); }`,
      target,
    );
    const { records, end } = await k6.ended();
    expect(records.length).toBeGreaterThan(0);
    expect(records.length + Number(end?.droppedIterations)).toBeGreaterThanOrEqual(20);
    expect(end).toMatchObject({ end: true, records: records.length, dropped: 0 });
  },
  coldBuildMs,
);
