import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleService } from '../testing/bundle-service.js';
import { connectChat } from '../testing/chat-client.js';
import { HistoryFolder } from './testing/history-folder.js';
import { HistoryInstance } from './testing/history-instance.js';

let bundle: { folder: string; file: string };

beforeAll(async () => {
  bundle = await bundleService();
});

afterAll(async () => {
  await rm(bundle.folder, { recursive: true });
});

/** A chat completion with the history as context or without; the prompt's tokens, or the error. */
async function complete(instance: HistoryInstance, content: string, history: boolean) {
  const body = { model: 'gauntlet-1', max_tokens: 1, messages: [{ role: 'user', content }], history };
  const response = await fetch(new URL('/v1/chat/completions', instance.url), {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as { usage: { prompt_tokens: number } } };
}

describe('a chat completion with the history as context', () => {
  it('has the pages that fit in its prompt, and no others', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    await instance.send('POST', { url: 'https://example.test/', title: 'How a circuit breaker trips' });
    const tokens = async (content: string, history: boolean) =>
      (await complete(instance, content, history)).json.usage.prompt_tokens;
    const [fitting, other] = ['When does the breaker trip?', 'What is for lunch?'];
    expect(await tokens(fitting, true)).toBeGreaterThan(await tokens(fitting, false));
    expect(await tokens(other, true)).toBe(await tokens(other, false));
  });

  it('has them over a WebSocket too', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    await instance.send('POST', { url: 'https://example.test/', title: 'How a circuit breaker trips' });
    const client = await connectChat(new URL(instance.url).origin);
    const messages = [{ role: 'user', content: 'When does the breaker trip?' }];
    for (const history of [true, false]) client.chat({ request_id: `${history}`, max_tokens: 1, messages, history });
    const tokens = async (id: string) =>
      (await client.first(({ type, request_id }) => type === 'start' && request_id === id)).prompt_tokens;
    expect(await tokens('true')).toBeGreaterThan(Number(await tokens('false')));
  });

  it('is served while another process holds the write lock', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    const other = await folder.open();
    other.exec('BEGIN IMMEDIATE');
    expect((await complete(instance, 'When does the breaker trip?', true)).status).toBe(200);
    other.exec('COMMIT');
  });
});

describe('the fault sqlite-lock', () => {
  const control = { CONTROL_PORT: '0', CONTROL_TOKEN: 'token' };

  async function lockFor(instance: HistoryInstance, forMs: number): Promise<void> {
    const [listening] = instance.service.printed.filter(({ event }) => event === 'listening');
    const placed = await fetch(`http://127.0.0.1:${listening?.controlPort}/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: JSON.stringify({ kind: 'sqlite-lock', forMs, count: 1 }),
    });
    expect(placed.status).toBe(201);
    expect((await complete(instance, 'hello', false)).status).toBe(200);
  }

  it('keeps every instance from writing until it is over, and none from searching', async () => {
    using folder = new HistoryFolder();
    await using one = await HistoryInstance.start(bundle.file, folder.file, control);
    await using two = await HistoryInstance.start(bundle.file, folder.file);
    await lockFor(one, 3000);
    const write = async (instance: HistoryInstance) =>
      (await instance.send('POST', { url: 'https://example.test/' })).status;
    await expect.poll(() => Promise.all([write(one), write(two)]), { timeout: 20_000 }).toEqual([503, 503]);
    expect((await two.send('GET', undefined, '?q=example')).status).toBe(200);
    await expect.poll(() => write(two), { timeout: 20_000 }).toBe(200);
  });

  it('is let go by a stop, which empties the write-ahead log as ever', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file, control);
    await instance.send('POST', { url: 'https://example.test/' });
    await lockFor(instance, 3_600_000);
    await expect
      .poll(async () => (await instance.send('POST', { url: 'https://example.test/' })).status, { timeout: 20_000 })
      .toBe(503);
    instance.service.child.kill('SIGTERM');
    expect(await instance.service.ended()).toEqual({ code: 0, stderr: '' });
    expect(existsSync(`${folder.file}-wal`)).toBe(false);
  });
});
