import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings/read-settings.js';
import type { GenerationRequest } from './engine.js';
import { QueueFull } from './queue-full.js';
import { SimulatedEngine } from './simulated-engine.js';
import { FakeClock, TURN_MS } from './testing/fake-clock.js';
import { RecordingSink } from './testing/recording-sink.js';

interface Bench {
  readonly clock: FakeClock;
  readonly engine: SimulatedEngine;
  ask(fields?: Partial<GenerationRequest>): RecordingSink & { cancel(): void };
}

function setUp(env: Readonly<Record<string, string>> = {}): Bench {
  const clock = new FakeClock();
  const engine = new SimulatedEngine(readSettings(env).engine, clock);
  const request = { requestId: 'r', messages: [{ role: 'user', content: 'Why is it slow?' }], live: true };
  return {
    clock,
    engine,
    ask(fields = {}) {
      const sink = new RecordingSink(() => clock.now());
      const generation = engine.submit({ ...request, ...fields }, sink);
      return Object.assign(sink, { cancel: () => generation.cancel() });
    },
  };
}

describe('a generation', () => {
  const env = { PREFILL_OVERHEAD: '40', PREFILL_TIME_PER_TOKEN: '2', INTER_TOKEN_LATENCY: '10' };

  it('takes the prefill of its prompt, then the latency of each token', () => {
    const { clock, ask } = setUp(env);
    const sink = ask({ maxTokens: 4 });
    clock.advance(200);
    expect(sink.tokenTimes).toEqual([50, 60, 70, 80]);
    expect(sink.end).toEqual({
      reason: 'length',
      usage: { promptTokens: 5, cachedTokens: 0, completionTokens: 4 },
      timings: { queueMs: 0, ttftMs: 50, generationMs: 30, meanItlMs: 10, tokensPerSecond: 50 },
    });
  });

  it('of a request that was read for longer than its prefill takes begins at once, and keeps its pace from then on', () => {
    const { clock, ask } = setUp(env);
    clock.advance(100);
    const sink = ask({ maxTokens: 3, arrivedAt: 20 });
    clock.advance(100);
    expect(sink.tokenTimes).toEqual([100, 110, 120].map((at) => at + TURN_MS));
    expect(sink.start?.queueMs).toBe(0);
  });

  it('has its sink prepare for the first token shortly before it, once, and not for a whole answer', () => {
    const { clock, ask } = setUp(env);
    const sinks = [ask({ maxTokens: 2 }), ask({ maxTokens: 2, live: false })];
    clock.advance(47);
    expect(sinks.map(({ preparations }) => preparations)).toEqual([0, 0]);
    clock.advance(2);
    expect(sinks.map(({ preparations }) => preparations)).toEqual([1, 0]);
    clock.advance(100);
    expect(sinks.map(({ preparations, texts }) => [preparations, texts.length])).toEqual([
      [1, 2],
      [0, 2],
    ]);
  });

  it('has no time to prepare when the prefill is short, and is in time nevertheless', () => {
    const { clock, ask } = setUp({ PREFILL_OVERHEAD: '0.25', INTER_TOKEN_LATENCY: '10' });
    const sink = ask({ maxTokens: 2 });
    clock.advance(30);
    expect(sink.preparations).toBe(0);
    expect(sink.tokenTimes).toEqual([0.25, 10.25]);
  });

  it('hands over a whole answer at its end, with the timings of a live one', () => {
    const { clock, ask } = setUp(env);
    const sink = ask({ maxTokens: 4, live: false });
    clock.advance(79);
    expect(sink.texts).toEqual([]);
    clock.advance(2);
    expect(sink.texts).toHaveLength(4);
    expect(sink.end?.timings).toMatchObject({ ttftMs: 50, generationMs: 30 });
    expect(clock.wakes).toBe(1);
  });

  it('keeps its pace when inter-token latencies are fractions of the timer', () => {
    const { clock, ask } = setUp({ PREFILL_OVERHEAD: '1', INTER_TOKEN_LATENCY: '0.3' });
    const sink = ask({ maxTokens: 1001 });
    clock.advance(400);
    expect(sink.tokenTimes.at(-1)).toBeCloseTo(301, -1);
    expect(Math.abs((sink.end?.timings.meanItlMs ?? 0) - 0.3)).toBeLessThan(0.001);
  });

  it('is slowed down by others, in proportion to the slots that run', () => {
    const { clock, ask } = setUp({ ...env, MAX_NUM_SEQS: '5', TIME_FACTOR_UNDER_LOAD: '3' });
    const alone = ask({ maxTokens: 2 });
    clock.advance(1000);
    const together = Array.from({ length: 5 }, () => ask({ maxTokens: 2 }));
    clock.advance(1000);
    expect(alone.end?.timings).toMatchObject({ ttftMs: 50, generationMs: 10 });
    // The first of them began its prefill alone; the last one waits for its second token alone.
    expect(together[0]?.end?.timings).toMatchObject({ ttftMs: 50, generationMs: 30 });
    expect(together[4]?.end?.timings).toMatchObject({ ttftMs: 150, generationMs: 10 });
  });

  it('repeats its delays and tokens for the same seed and order, and no others', () => {
    const noisy = { ...env, PREFILL_TIME_STD_DEV: '12', INTER_TOKEN_LATENCY_STD_DEV: '3' };
    const run = (seed: string): unknown => {
      const { clock, ask } = setUp({ ...noisy, SEED: seed });
      const sinks = [ask({ maxTokens: 20 }), ask({ maxTokens: 20 })];
      clock.advance(1000);
      expect(sinks[0]?.tokenTimes).not.toEqual(sinks[1]?.tokenTimes);
      expect(sinks[0]?.text).toBe(sinks[1]?.text);
      return sinks.map(({ texts, tokenTimes }) => ({ texts, tokenTimes }));
    };
    expect(run('1')).toEqual(run('1'));
    expect(run('1')).not.toEqual(run('2'));
  });
});

describe('slots and queue', () => {
  const env = { PREFILL_OVERHEAD: '10', INTER_TOKEN_LATENCY: '10', MAX_NUM_SEQS: '2', MAX_WAITING_QUEUE_LENGTH: '2' };

  it('runs as many as there are slots, the rest in order of arrival, without a gap between them', () => {
    const { clock, engine, ask } = setUp(env);
    const sinks = Array.from({ length: 4 }, () => ask({ maxTokens: 3 }));
    expect(engine.stats()).toMatchObject({ running: 2, waiting: 2, maxNumSeqs: 2 });
    clock.advance(100);
    expect(sinks.map(({ start }) => start?.queueMs)).toEqual([0, 0, 30, 30]);
    expect(sinks.map(({ tokenTimes }) => tokenTimes[0])).toEqual([10, 10, 40, 40]);
    expect(engine.stats()).toMatchObject({ running: 0, waiting: 0, generationTokens: 12 });
  });

  it('refuses what finds the queue full, with a time after which to retry', () => {
    const { clock, ask } = setUp({ ...env, INTER_TOKEN_LATENCY: '1000' });
    for (let index = 0; index < 40; index += 1) {
      ask({ maxTokens: 4 });
      clock.advance(3100);
    }
    for (let index = 0; index < 4; index += 1) ask({ maxTokens: 4 });
    const refused = (): unknown => ask();
    expect(refused).toThrow(QueueFull);
    expect(refused).toThrow(expect.objectContaining({ status: 429, headers: { 'Retry-After': '5' } }));
  });

  it('frees the slot of a generation at once when it is cancelled, and tells its sink', () => {
    const { clock, engine, ask } = setUp({ ...env, MAX_NUM_SEQS: '1' });
    const first = ask({ maxTokens: 100 });
    const second = ask({ maxTokens: 1 });
    clock.advance(25);
    first.cancel();
    first.cancel();
    expect(first.end).toMatchObject({ reason: 'cancelled', usage: { completionTokens: 2 } });
    expect(second.start?.queueMs).toBe(25);
    clock.advance(10);
    expect(second.end?.reason).toBe('length');
    expect(engine.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('lets one that waits give up its place', () => {
    const { clock, engine, ask } = setUp({ ...env, MAX_NUM_SEQS: '1' });
    const sinks = Array.from({ length: 3 }, () => ask({ maxTokens: 1 }));
    sinks[1]?.cancel();
    expect(engine.stats()).toMatchObject({ running: 1, waiting: 1 });
    clock.advance(100);
    expect(sinks.map(({ end }) => end?.reason)).toEqual(['length', 'cancelled', 'length']);
    expect(sinks[2]?.start?.queueMs).toBe(10);
  });

  it('tells observers of each step once', () => {
    const { clock, engine, ask } = setUp(env);
    const seen: string[] = [];
    engine.observe({
      queued: (id) => seen.push(`queued ${id}`),
      started: (id, { queueMs }) => seen.push(`started ${id} after ${queueMs}`),
      firstToken: (ttftMs) => seen.push(`first token after ${ttftMs}`),
      token: (itlMs) => seen.push(`token after ${itlMs}`),
      finished: (id, { reason }, e2eMs) => seen.push(`${reason} ${id} after ${e2eMs}`),
      rejected: (id) => seen.push(`rejected ${id}`),
    });
    for (const requestId of ['a', 'b', 'c', 'd']) ask({ requestId, maxTokens: 2 });
    expect(() => ask({ requestId: 'e' })).toThrow(QueueFull);
    expect(seen).toEqual([
      'queued a',
      'started a after 0',
      'queued b',
      'started b after 0',
      'queued c',
      'queued d',
      'rejected e',
    ]);
    clock.advance(100);
    expect(seen.slice(7, 11)).toEqual([
      'first token after 10',
      'first token after 10',
      'token after 10',
      'length a after 20',
    ]);
    expect(seen.at(-1)).toBe('length d after 40');
  });
});

describe('the prefix cache', () => {
  const conversation = [{ role: 'user', content: 'one two three four five six seven eight nine ten' }];
  const env = { PREFILL_OVERHEAD: '0', PREFILL_TIME_PER_TOKEN: '10', BLOCK_SIZE: '4' };

  it('saves the prefill of the blocks that an earlier prompt began with', () => {
    const { clock, engine, ask } = setUp(env);
    const first = ask({ messages: conversation });
    clock.advance(1000);
    const again = ask({ messages: conversation });
    const other = ask({ messages: [{ role: 'user', content: 'zero two three four' }] });
    clock.advance(1000);
    expect([first, again, other].map(({ end }) => end?.usage.cachedTokens)).toEqual([0, 8, 0]);
    expect(again.end?.timings.ttftMs).toBeCloseTo(20);
    expect(engine.stats()).toMatchObject({ prefixCacheQueries: 24, prefixCacheHits: 8, kvCacheUsage: 0 });
  });

  it('knows the answer too when the conversation goes on', () => {
    const { clock, ask } = setUp(env);
    const first = ask({ messages: conversation, maxTokens: 6 });
    clock.advance(1000);
    const next = [...conversation, { role: 'assistant', content: first.text }, { role: 'user', content: 'And now' }];
    const second = ask({ messages: next });
    expect(second.start).toMatchObject({ promptTokens: 18, cachedTokens: 16 });
  });

  it('keeps the blocks of running generations and forgets the least recently used of the others', () => {
    const { clock, engine, ask } = setUp({ ...env, KV_CACHE_SIZE: '4', ENABLE_KVCACHE: 'true' });
    const held = ask({ messages: conversation, maxTokens: 4000 });
    expect(engine.stats().kvCacheUsage).toBe(0.5);
    for (const word of ['red', 'green', 'blue']) {
      ask({ messages: [{ role: 'user', content: `${word} a b c d` }], maxTokens: 1 });
      clock.advance(100);
    }
    expect(ask({ messages: conversation }).start?.cachedTokens).toBe(8);
    expect(ask({ messages: [{ role: 'user', content: 'red a b c d' }] }).start?.cachedTokens).toBe(0);
    held.cancel();
  });

  it('can be turned off', () => {
    const { clock, ask } = setUp({ ...env, ENABLE_KVCACHE: 'false' });
    ask({ messages: conversation });
    clock.advance(1000);
    expect(ask({ messages: conversation }).start?.cachedTokens).toBe(0);
  });
});

describe('a cache hit threshold', () => {
  const messages = [{ role: 'user', content: 'one two three four five six seven eight nine ten' }];
  const env = { PREFILL_OVERHEAD: '20', INTER_TOKEN_LATENCY: '10', BLOCK_SIZE: '4' };

  it('lets a prompt of which too little is cached have no answer, at once, and computes nothing of it', () => {
    const { clock, engine, ask } = setUp({ ...env, GLOBAL_CACHE_HIT_THRESHOLD: '0.8' });
    const refused = [ask({ messages }), ask({ messages, live: false })];
    expect(refused.map(({ end }) => end)).toEqual([undefined, undefined]);
    clock.advance(1);
    for (const { end, texts } of refused) {
      expect(texts).toEqual([]);
      expect(end).toMatchObject({
        reason: 'cache_threshold',
        usage: { promptTokens: 10, cachedTokens: 0, completionTokens: 0 },
      });
    }
    expect(engine.stats()).toMatchObject({ running: 0, prefixCacheQueries: 0 });
    const served = ask({ messages, maxTokens: 1, cacheHitThreshold: 0 });
    clock.advance(100);
    expect(served.end).toMatchObject({ reason: 'length', usage: { cachedTokens: 0 } });
  });

  it('answers what is cached as far as it asks, and a request that asks for more than the rest does not', () => {
    const { clock, ask } = setUp({ ...env, GLOBAL_CACHE_HIT_THRESHOLD: '0.8' });
    ask({ messages, maxTokens: 1, cacheHitThreshold: 0 });
    clock.advance(100);
    const sinks = [ask({ messages, maxTokens: 1 }), ask({ messages, maxTokens: 1, cacheHitThreshold: 0.9 })];
    clock.advance(100);
    expect(sinks.map(({ end }) => [end?.reason, end?.usage.cachedTokens])).toEqual([
      ['length', 8],
      ['cache_threshold', 8],
    ]);
  });

  it('means nothing without a cache', () => {
    const { clock, ask } = setUp({ ...env, ENABLE_KVCACHE: 'false' });
    const sink = ask({ messages, maxTokens: 1, cacheHitThreshold: 1 });
    clock.advance(100);
    expect(sink.end?.reason).toBe('length');
  });
});

describe('a prefill', () => {
  const env = {
    PREFILL_OVERHEAD: '0',
    PREFILL_TIME_PER_TOKEN: '1',
    INTER_TOKEN_LATENCY: '10',
    ENABLE_KVCACHE: 'false',
  };
  const long = [{ role: 'user', content: 'word '.repeat(50) }];

  /** The tokens of one that decodes while another begins a prefill of 50 ms, 20 ms after it. */
  function interfere(own: Readonly<Record<string, string>>, live = true): RecordingSink[] {
    const { clock, ask } = setUp({ ...env, ...own });
    const decoding = ask({ maxTokens: 7, live });
    clock.advance(20);
    const prefilling = ask({ messages: long, maxTokens: 1 });
    clock.advance(200);
    return [decoding, prefilling];
  }

  it('slows nobody down unless it is asked for', () => {
    const [decoding, prefilling] = interfere({});
    expect(decoding?.tokenTimes).toEqual([5, 15, 25, 35, 45, 55, 65]);
    expect(prefilling?.tokenTimes).toEqual([70]);
  });

  it('makes the tokens of others wait for the chunk that shares their step, and is no slower itself', () => {
    const [decoding, prefilling] = interfere({ MAX_NUM_BATCHED_TOKENS: '11' });
    expect(decoding?.tokenTimes).toEqual([5, 15, 25, 45, 65, 80, 90]);
    expect(prefilling?.tokenTimes).toEqual([70]);
  });

  it('is one long wait where a step holds all of it', () => {
    const [decoding] = interfere({ MAX_NUM_BATCHED_TOKENS: '1000' });
    expect(decoding?.tokenTimes).toEqual([5, 15, 25, 80, 90, 100, 110]);
  });

  it('gets on by a token where decoding leaves nothing of a step', () => {
    const [decoding] = interfere({ MAX_NUM_BATCHED_TOKENS: '1' });
    expect(decoding?.tokenTimes).toEqual([5, 15, 25, 36, 47, 58, 69]);
  });

  it('slows down a whole answer like a stream', () => {
    const [decoding] = interfere({ MAX_NUM_BATCHED_TOKENS: '11' }, false);
    expect(decoding?.end?.timings).toMatchObject({ ttftMs: 5, generationMs: 85 });
  });

  it('that is cancelled slows nobody down any more', () => {
    const { clock, ask } = setUp({ ...env, MAX_NUM_BATCHED_TOKENS: '11' });
    const decoding = ask({ maxTokens: 5 });
    clock.advance(20);
    const prefilling = ask({ messages: long, maxTokens: 1 });
    clock.advance(10);
    prefilling.cancel();
    clock.advance(100);
    expect(decoding.tokenTimes).toEqual([5, 15, 25, 45, 55]);
  });
});

describe('the answer', () => {
  it('is the last message, exactly, when it echoes', () => {
    const { clock, ask } = setUp({ MODE: 'echo' });
    const content = '  Größe: 3,5 m² – “quoted”\n\t👍🏽 end \n ';
    const sink = ask({
      messages: [
        { role: 'user', content: 'x' },
        { role: 'user', content },
      ],
    });
    const cut = ask({ messages: [{ role: 'user', content: 'one two three' }], maxTokens: 2 });
    clock.advance(100);
    expect(sink.text).toBe(content);
    expect(sink.end?.reason).toBe('stop');
    expect(cut.text).toBe('one two');
    expect(cut.end?.reason).toBe('length');
  });

  it.each([
    ['a stop text inside of a token', ['thr'], 'one two '],
    ['a stop text across tokens', ['two three'], 'one '],
    ['the first of several', ['three', 'two'], 'one '],
    ['the very beginning', ['one'], ''],
  ])('ends before %s', (_what, stop, text) => {
    const { clock, ask } = setUp({ MODE: 'echo' });
    const sink = ask({ messages: [{ role: 'user', content: 'one two three four' }], stop });
    clock.advance(100);
    expect(sink.text).toBe(text);
    expect(sink.end?.reason).toBe('stop');
  });

  it('fills what is left of the context, and not more', () => {
    const { clock, ask } = setUp({ MAX_MODEL_LEN: '10' });
    const sink = ask({ messages: [{ role: 'user', content: 'a b c d e f' }] });
    clock.advance(100);
    expect(sink.texts).toHaveLength(4);
    expect(sink.end?.reason).toBe('length');
    expect(() => ask({ messages: [{ role: 'user', content: 'a b c d e f' }], maxTokens: 5 })).toThrow(/10 tokens long/);
  });
});
