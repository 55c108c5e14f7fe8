import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { startTestService } from '../testing/start-test-service.js';
import { targets } from './testing/targets.js';

const ASK = { model: 'gauntlet-1', messages: [{ role: 'user' as const, content: 'one two three four' }] };
const withKey = (key: string): { headers: Record<string, string> } => ({ headers: { 'Idempotency-Key': key } });

describe.each(targets)('an Idempotency-Key, with %s', (_name, start) => {
  it('gets the same answer again, whole or streamed, without another execution', async () => {
    await using target = await start();
    for (const stream of [false, true]) {
      const answers = [];
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const response = await target.test.complete({ stream }, withKey(`key-${stream}`));
        answers.push({ replayed: response.headers.get('idempotent-replayed'), body: await response.text() });
      }
      expect(answers.map(({ replayed }) => replayed)).toEqual([null, 'true']);
      expect(answers[0]?.body).toBe(answers[1]?.body);
    }
    const metrics = await (await fetch(`${target.test.url}/metrics`)).text();
    expect(metrics).toContain('gen_ai_server_tokens_total{gen_ai_token_type="output"} 16');
  });

  it('is a conflict while its request runs, and 422 for another request', async () => {
    await using target = await start({ PREFILL_OVERHEAD: '400' });
    const first = target.client.chat.completions.create(ASK, withKey('key'));
    await expect.poll(() => target.test.service.openCount).toBe(1);
    const second = target.client.chat.completions.create(ASK, withKey('key'));
    await expect(second).rejects.toBeInstanceOf(OpenAI.ConflictError);
    const other = target.client.chat.completions.create({ ...ASK, max_tokens: 1 }, withKey('key'));
    await expect(other).rejects.toBeInstanceOf(OpenAI.UnprocessableEntityError);
    expect((await first).choices).toHaveLength(1);
  });

  it('keeps the answer for a client whose connection broke', async () => {
    await using target = await start({ MODE: 'echo', INTER_TOKEN_LATENCY: '10' });
    await target.placeFault({ kind: 'stream-cut', atToken: 1, ending: 'reset', count: 1 });
    const broken = target.test.complete({ stream: true }, withKey('key')).then((response) => response.text());
    await expect(broken).rejects.toThrow(/terminated|fetch failed/);
    await expect.poll(async () => (await target.test.complete({ stream: true }, withKey('key'))).status).toBe(200);
    const again = await target.test.complete({ stream: true }, withKey('key'));
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toMatch(/"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/);
  });

  it('is free again after a failure', async () => {
    await using target = await start();
    await target.placeFault({ kind: 'error-chunk', atToken: 1, count: 1 });
    expect((await target.test.complete({}, withKey('key'))).status).toBe(500);
    const again = await target.test.complete({}, withKey('key'));
    expect(again.status).toBe(200);
    expect(again.headers.has('idempotent-replayed')).toBe(false);
  });
});

it('holds across instances that share a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idempotency-'));
  try {
    await using first = await startTestService({ IDEMPOTENCY_FOLDER: folder, INSTANCE_ID: 'llm-1' });
    await using second = await startTestService({ IDEMPOTENCY_FOLDER: folder, INSTANCE_ID: 'llm-2' });
    const answer = await (await first.complete({}, withKey('key'))).json();
    const replayed = await second.complete({}, withKey('key'));
    expect(replayed.headers.get('x-llm-instance')).toBe('llm-2');
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(await replayed.json()).toEqual(answer);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe.each(targets)('rate limits, with %s', (_name, start) => {
  it('are told with every answer, and refuse for each API key what is beyond them', async () => {
    await using target = await start({}, { RATE_LIMIT_REQUESTS_PER_MINUTE: '2', RATE_LIMIT_TOKENS_PER_MINUTE: '6000' });
    const { response } = await target.client.chat.completions.create({ ...ASK, max_tokens: 6 }).withResponse();
    const told = Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-ratelimit-')));
    expect(told).toEqual({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': expect.stringMatching(/^(29\.\d+|30)s$/),
      'x-ratelimit-limit-tokens': '6000',
      'x-ratelimit-remaining-tokens': '5990',
      'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+ms$/),
    });
    await target.client.chat.completions.create(ASK);
    const refused = target.client.chat.completions.create(ASK);
    await expect(refused).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    const error = (await refused.catch((reason: unknown) => reason)) as InstanceType<typeof OpenAI.RateLimitError>;
    expect(error).toMatchObject({ code: 'rate_limit_exceeded', type: 'requests' });
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(20);
    expect(Number(error.headers?.get('retry-after-ms'))).toBeGreaterThan(20_000);
    const other = target.client.withOptions({ apiKey: 'another-key' });
    expect((await other.chat.completions.create(ASK)).choices).toHaveLength(1);
  });
});
