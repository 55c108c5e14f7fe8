import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from './settings/read-settings.js';
import { startService } from './start-service.js';
import { type JournalRecord, startTestService } from './testing/start-test-service.js';

it('has two lines for each request, of any path, in the documented order of fields', async () => {
  await using test = await startTestService({ INSTANCE_ID: 'llm-3' });
  const before = Date.now();
  await (await test.complete({}, { headers: { 'x-request-id': 'r-1' } })).text();
  await (await fetch(`${test.url}/health?probe=1`)).text();
  await (await fetch(`${test.url}/nowhere`)).text();
  // The lines come by themselves while the service runs.
  await expect.poll(() => test.journalLines()).toHaveLength(6);

  const ofCompletion = (await test.journalLines()).filter(({ n }) => n === 1);
  expect(ofCompletion.map((line) => Object.keys(line))).toEqual([
    ['event', 'n', 'requestId', 'instance', 'method', 'path', 'host', 'arrivedAt'],
    ['event', 'n', 'requestId', 'instance', 'finishedAt', 'status', 'completed', 'queueMs', 'prefillMs'],
  ]);
  const [completion, health, unknown] = await test.journal();
  expect(completion).toMatchObject({
    n: 1,
    requestId: 'r-1',
    instance: 'llm-3',
    method: 'POST',
    path: '/v1/chat/completions',
    host: `127.0.0.1:${test.service.port}`,
    status: 200,
    completed: true,
  });
  const { arrivedAt = 0, finishedAt = 0 } = completion ?? {};
  expect(arrivedAt).toBeGreaterThan(before - 50);
  expect(finishedAt - arrivedAt).toBeGreaterThan(10);
  expect(health).toMatchObject({ n: 2, requestId: '', path: '/health', status: 200, completed: true });
  expect(health).not.toHaveProperty('queueMs');
  expect(unknown).toMatchObject({ n: 3, path: '/nowhere', status: 404, completed: true });
});

it('has a request on disk before it is answered, so that a killed instance leaves it as arrived', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '60000', DRAIN_DEADLINE_MS: '0' });
  const answer = test.complete({}, { headers: { 'x-request-id': 'pending' } });
  await expect.poll(() => test.service.openCount).toBe(1);
  expect(await test.journalLines()).toMatchObject([{ event: 'arrived', n: 1, requestId: 'pending' }]);
  await test.service.stop();
  expect((await answer).status).toBe(503);
});

it('numbers on after what an earlier start wrote, whatever became of its last line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'llm-journal-'));
  const file = join(folder, 'journal.ndjson');
  try {
    for (const torn of ['', '{"event":"arri']) {
      await using test = await startTestService({ JOURNAL: file });
      await (await test.complete()).text();
      await test.service.stop();
      await appendFile(file, torn);
    }
    await using test = await startTestService({ JOURNAL: file });
    await (await test.complete()).text();
    await test.service.stop();
  } finally {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await rm(folder, { recursive: true });
    expect(lines.filter((line) => line !== '{"event":"arri').map((line) => JSON.parse(line).n)).toEqual([
      1, 1, 2, 2, 3, 3,
    ]);
  }
});

it('tells how long a request waited for a slot, and for its first token then', async () => {
  await using test = await startTestService({ MAX_NUM_SEQS: '1', PREFILL_OVERHEAD: '150', INTER_TOKEN_LATENCY: '50' });
  const ask = async (id: string): Promise<number> => {
    const sentAt = performance.now();
    const init = { headers: { 'x-request-id': id } };
    const answer = await test.complete({ stream: true, max_tokens: 4 }, init);
    const text = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let seen = ''; !/"content":"[^"]/.test(seen); ) seen += (await text?.read())?.value ?? '';
    const ttftMs = performance.now() - sentAt;
    while (!(await text?.read())?.done);
    return ttftMs;
  };
  // Each arrives while the one before it holds the only slot.
  const asked = [];
  for (const id of ['first', 'second', 'third']) {
    asked.push(ask(id));
    await expect.poll(() => test.service.openCount, { interval: 2 }).toBe(asked.length);
  }
  const ttfts = await Promise.all(asked);
  await expect.poll(() => test.journal()).toHaveLength(3);
  const [first, second, third] = await test.journal();
  const none = {} as JournalRecord;
  expect([first, second, third].map((each) => each?.requestId)).toEqual(['first', 'second', 'third']);
  const slotAt = ({ arrivedAt, queueMs = 0 }: JournalRecord = none): number => arrivedAt + queueMs;
  const firstTokenAt = (each: JournalRecord = none): number => slotAt(each) + (each.prefillMs ?? 0);
  // A slot is free when the answer before has its last token, and that is after its first.
  expect(slotAt(second)).toBeGreaterThan(firstTokenAt(first));
  expect(slotAt(third)).toBeGreaterThan(firstTokenAt(second));
  expect(second?.queueMs).toBeGreaterThan(0);
  expect(third?.queueMs).toBeGreaterThan(149);
  for (const [place, { queueMs = 0, prefillMs = 0 } = {}] of [first, second, third].entries()) {
    expect(prefillMs).toBeGreaterThan(149);
    // What is left is the way there and back, and whatever else this machine does.
    const networkMs = (ttfts[place] ?? 0) - queueMs - prefillMs;
    expect(networkMs).toBeGreaterThan(0);
    expect(networkMs).toBeLessThan(500);
  }
});

it('tells nothing of the engine where a request was given up in the queue', async () => {
  await using test = await startTestService({ MAX_NUM_SEQS: '1', PREFILL_OVERHEAD: '60000', DRAIN_DEADLINE_MS: '0' });
  const running = test.complete({}, { headers: { 'x-request-id': 'running' } });
  await expect.poll(() => test.service.openCount).toBe(1);
  const client = new AbortController();
  const waiting = test.complete({}, { signal: client.signal, headers: { 'x-request-id': 'waiting' } });
  await expect.poll(() => test.service.openCount).toBe(2);
  client.abort();
  await expect(waiting).rejects.toThrow('aborted');
  await expect.poll(() => test.journal()).toHaveLength(1);
  await test.service.stop();
  expect((await running).status).toBe(503);
  const [left, cut] = await test.journal();
  expect(left).not.toHaveProperty('queueMs');
  expect(left).not.toHaveProperty('prefillMs');
  expect(cut).toMatchObject({ requestId: 'running', queueMs: expect.any(Number) });
  expect(cut).not.toHaveProperty('prefillMs');
});

it('records a client that left before the answer as not completed, with status 0', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '60000' });
  const client = new AbortController();
  const answer = test.complete({}, { signal: client.signal, headers: { 'x-request-id': 'gone' } });
  await expect.poll(() => test.service.openCount).toBe(1);
  client.abort();
  await expect(answer).rejects.toThrow('aborted');
  await expect
    .poll(() => test.journal())
    .toMatchObject([{ requestId: 'gone', path: '/v1/chat/completions', status: 0, completed: false }]);
  expect(await (await fetch(`${test.url}/api/status`)).json()).toMatchObject({ inFlight: 0, requestsServed: 0 });
});

it('is complete after a stop, however many requests came just before it', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '0', INTER_TOKEN_LATENCY: '0' });
  const ids = Array.from({ length: 40 }, (_, index) => `r-${index}`);
  await Promise.all(ids.map(async (id) => (await test.complete({}, { headers: { 'x-request-id': id } })).text()));
  await test.service.stop();
  const journaled = (await test.journal()).map((line) => line.requestId);
  expect(journaled.toSorted()).toEqual(ids.toSorted());
});

it('stops the start when its file cannot be opened', async () => {
  const settings = readSettings({ PORT: '0', JOURNAL: tmpdir() });
  await expect(startService(settings)).rejects.toThrow(`JOURNAL ${tmpdir()} cannot be opened for appending: EISDIR`);
});
