import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HistoryFolder } from '../history/testing/history-folder.js';
import { HistoryInstance } from '../history/testing/history-instance.js';
import { bundleService } from '../testing/bundle-service.js';
import { type ChatClient, connectChat } from '../testing/chat-client.js';
import { readJournal, readJournalLines } from '../testing/start-test-service.js';

const STREAMS = 200;
const SOCKETS = 50;
const DEADLINE_MS = 3000;
/** Milliseconds in which clients may take their endings, and then what a busy machine needs. */
const ALLOWANCE_MS = 500 + 2000;

let bundle: { folder: string; file: string };
beforeAll(async () => {
  bundle = await bundleService();
});
afterAll(() => rm(bundle.folder, { recursive: true }));

/** An instance with 200 streams and 50 sockets open, half of them shorter than the deadline, and writes to its history. */
async function crowded(folder: HistoryFolder, journal: string) {
  const instance = await HistoryInstance.start(bundle.file, folder.file, {
    JOURNAL: journal,
    LOG_LEVEL: 'info',
    MAX_NUM_SEQS: '1000',
    INTER_TOKEN_LATENCY: '20',
    DRAIN_DEADLINE_MS: String(DEADLINE_MS),
  });
  const url = instance.url.replace('/api/history', '');
  const isLong = (place: number): boolean => place % 2 === 1;
  const streams = Array.from({ length: STREAMS }, async (_, place) => {
    const body = JSON.stringify({
      model: 'gauntlet-1',
      messages: [{ role: 'user', content: `Question ${place}` }],
      stream: true,
      max_tokens: isLong(place) ? 4000 : 60,
    });
    const headers = { 'x-request-id': `stream-${place}` };
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers });
    return { response, isLong: isLong(place) };
  });
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => connectChat(url)));
  for (const [place, socket] of sockets.entries()) {
    // Every fifth socket is idle.
    if (place % 5 > 0) socket.chat({ request_id: `socket-${place}`, max_tokens: isLong(place) ? 4000 : 60 });
  }
  const opened = await Promise.all(streams);
  await Promise.all(
    sockets.flatMap((each, place) => (place % 5 > 0 ? each.first(({ type }) => type === 'token') : [])),
  );
  let isOver = false;
  const written = instance.write({ name: 'load', size: 20, atOnce: 2, most: 100_000, until: () => isOver });
  const pages = async () => Object((await instance.send('GET', undefined, '?q=load&limit=1')).json).pages;
  await expect.poll(pages, { timeout: 20_000 }).toHaveLength(1);
  const stopWriting = async () => {
    isOver = true;
    return await written;
  };
  return { instance, opened, sockets, stopWriting };
}

/** `complete`, or how a stream was ended. */
function endingOf(text: string): string {
  const events = text.trimEnd().split('\n\n');
  if (events.at(-1) !== 'data: [DONE]') return 'cut off';
  const last = JSON.parse(events.at(-2)?.slice('data: '.length) ?? '') as {
    error?: { code: string };
    choices?: [{ finish_reason: string | null }];
  };
  return last.error?.code ?? (last.choices?.[0].finish_reason === 'length' ? 'complete' : 'without a reason');
}

/** The close code, and what the last frame was. */
async function endingOfSocket(socket: ChatClient): Promise<string> {
  const { code } = await socket.closed;
  return `${code} after ${socket.frames.at(-1)?.type}`;
}

function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

async function integrityOf(folder: HistoryFolder): Promise<unknown> {
  return (await folder.open()).pragma('integrity_check', { simple: true });
}

describe('with 200 streams and 50 sockets open, and writes to the history', () => {
  it('SIGTERM ends each whole or as agreed, within the deadline, exit 0, the history intact', async () => {
    using folder = new HistoryFolder();
    const journal = join(bundle.folder, 'drained.ndjson');
    const { instance, opened, sockets, stopWriting } = await crowded(folder, journal);
    await using _closed = instance;
    const { service } = instance;
    service.child.kill('SIGTERM');
    const draining = (await service.event('draining')) as { time?: string };
    const endings = await Promise.all(opened.map(async ({ response }) => endingOf(await response.text())));
    const socketEndings = await Promise.all(sockets.map(endingOfSocket));
    const stopped = (await service.event('stopped')) as { time?: string; cut?: number };
    const { code } = await service.ended();

    expect(count(endings)).toEqual({ complete: STREAMS / 2, shutting_down: STREAMS / 2 });
    expect(count(socketEndings)).toEqual({
      '1001 after session': SOCKETS / 5,
      '1001 after done': (SOCKETS * 2) / 5,
      '1001 after error': (SOCKETS * 2) / 5,
    });
    expect(stopped.cut).toBe(0);
    expect(Date.parse(stopped.time ?? '') - Date.parse(draining.time ?? '')).toBeLessThan(DEADLINE_MS + ALLOWANCE_MS);
    expect(code).toBe(0);
    expect((await stopWriting()).acknowledged.length).toBeGreaterThan(0);
    expect(await integrityOf(folder)).toBe('ok');
    const journaled = await readJournal(journal);
    expect(journaled.filter(({ requestId }) => /^(stream|socket)-/.test(requestId))).toHaveLength(
      STREAMS + (SOCKETS * 4) / 5,
    );
    const lines = await readJournalLines(journal);
    expect(lines.filter(({ event }) => event === 'arrived')).toHaveLength(journaled.length);
  });

  it('kill -9 leaves every request in the journal as arrived, and the history intact', async () => {
    using folder = new HistoryFolder();
    const journal = join(bundle.folder, 'killed.ndjson');
    const { instance, opened, sockets, stopWriting } = await crowded(folder, journal);
    await using _closed = instance;
    instance.service.child.kill('SIGKILL');
    const texts = await Promise.allSettled(opened.map(({ response }) => response.text()));
    const { acknowledged } = await stopWriting();
    expect(texts.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(STREAMS / 2);
    for (const socket of sockets) expect((await socket.closed).code).toBe(1006);

    const lines = await readJournalLines(journal);
    const arrived = lines.filter(
      ({ event, requestId = '' }) => event === 'arrived' && /^(stream|socket)-/.test(requestId),
    );
    expect(arrived).toHaveLength(STREAMS + (SOCKETS * 4) / 5);
    expect(await integrityOf(folder)).toBe('ok');
    const kept = (await folder.open()).prepare('SELECT count(*) FROM pages').pluck().get();
    expect(kept).toBeGreaterThanOrEqual(acknowledged.length);
  });
});
