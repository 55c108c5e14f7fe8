import { describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../testing/start-test-service.js';
import type { PerformanceFigures } from './performance-monitor.js';

async function status(test: TestService): Promise<PerformanceFigures> {
  return (await (await fetch(`${test.url}/api/status`)).json()) as PerformanceFigures;
}

async function metrics(test: TestService): Promise<string[]> {
  return (await (await fetch(`${test.url}/metrics`)).text()).split('\n');
}

function figure(lines: readonly string[], series: string): number {
  const line = lines.find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new Error(`no ${series}`);
  return Number(line.slice(series.length + 1));
}

const model = 'model_name="gauntlet-1"';

describe('the figures of the last minute', () => {
  it('tell requests, failures, tokens and latencies as configured', async () => {
    await using test = await startTestService({ PREFILL_OVERHEAD: '40', INTER_TOKEN_LATENCY: '8' });
    for (let round = 0; round < 3; round += 1) await (await test.complete({ stream: true, max_tokens: 11 })).text();
    await (await test.complete({ model: 'other' })).text();
    const { lastMinute, slots, queue, kvCache } = await status(test);
    expect(lastMinute.requests.count).toBe(4);
    expect(lastMinute.failedRequests.count).toBe(0);
    expect(lastMinute.timeToFirstToken.count).toBe(3);
    expect(lastMinute.interTokenLatency.count).toBe(30);
    // What is configured, and a bound that only a stalled machine misses.
    expect(lastMinute.timeToFirstToken.p50Ms).toBeGreaterThan(38);
    expect(lastMinute.timeToFirstToken.p50Ms).toBeLessThan(400);
    expect(lastMinute.interTokenLatency.p50Ms).toBeGreaterThan(7);
    expect(lastMinute.interTokenLatency.p50Ms).toBeLessThan(80);
    expect(lastMinute.tokensPerSecond).toBeGreaterThan(1);
    expect(slots).toEqual({ running: 0, max: expect.any(Number) });
    expect(queue).toEqual({ waiting: 0, max: 1000 });
    expect(kvCache).toMatchObject({ queriedTokens: 15 });
  });

  it('count a request that the client gave up as failed', async () => {
    await using test = await startTestService({ PREFILL_OVERHEAD: '60000' });
    const client = new AbortController();
    const answer = test.complete({}, { signal: client.signal });
    await expect.poll(async () => (await status(test)).slots.running).toBe(1);
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await expect.poll(async () => (await status(test)).lastMinute.failedRequests.count).toBe(1);
  });

  it('see an event loop that is held up', async () => {
    await using test = await startTestService();
    // The watch has to have begun before it can see a delay.
    await expect.poll(async () => (await status(test)).eventLoop.delayMaxMs).toBeGreaterThan(0);
    const until = performance.now() + 150;
    while (performance.now() < until);
    await expect.poll(async () => (await status(test)).eventLoop.delayMaxMs).toBeGreaterThan(100);
    const { memory, gc } = await status(test);
    expect(memory.rssBytes).toBeGreaterThan(memory.heapUsedBytes);
    expect(gc.totalMs).toBeGreaterThanOrEqual(gc.maxMs);
  });
});

describe('the metrics', () => {
  it("show slots and queue while they are taken, under vLLM's names", async () => {
    await using test = await startTestService({ MAX_NUM_SEQS: '1', PREFILL_OVERHEAD: '60000', DRAIN_DEADLINE_MS: '0' });
    const answers = [test.complete(), test.complete(), test.complete()];
    await expect
      .poll(async () => {
        const lines = await metrics(test);
        return ['running', 'waiting'].map((what) => figure(lines, `vllm:num_requests_${what}{${model}}`));
      })
      .toEqual([1, 2]);
    await test.service.stop();
    await Promise.all(answers);
  });

  it('sum up what the engine did, each observation in its bucket', async () => {
    await using test = await startTestService({ PREFILL_OVERHEAD: '30', INTER_TOKEN_LATENCY: '6', BLOCK_SIZE: '2' });
    for (let round = 0; round < 2; round += 1) await (await test.complete({ stream: true, max_tokens: 21 })).text();
    const lines = await metrics(test);
    const durations = ['request_queue_time', 'request_prefill_time', 'request_decode_time', 'e2e_request_latency'];
    for (const name of ['time_to_first_token', ...durations]) {
      expect(figure(lines, `vllm:${name}_seconds_count{${model}}`)).toBe(2);
    }
    expect(figure(lines, `vllm:inter_token_latency_seconds_count{${model}}`)).toBe(40);
    expect(figure(lines, `vllm:inter_token_latency_seconds_bucket{le="+Inf",${model}}`)).toBe(40);
    expect(figure(lines, `vllm:time_to_first_token_seconds_bucket{le="0.02",${model}}`)).toBe(0);
    expect(figure(lines, `vllm:inter_token_latency_seconds_sum{${model}}`)).toBeGreaterThan(0.2);
    expect(figure(lines, `vllm:request_success_total{${model},finished_reason="length"}`)).toBe(2);
    expect(figure(lines, `vllm:generation_tokens_total{${model}}`)).toBe(42);
    expect(figure(lines, `vllm:request_prefill_time_seconds_sum{${model}}`)).toBeGreaterThanOrEqual(0.06);
    expect(figure(lines, `vllm:request_decode_time_seconds_sum{${model}}`)).toBeGreaterThan(0.2);
    expect(figure(lines, `vllm:request_prompt_tokens_sum{${model}}`)).toBe(10);
    expect(figure(lines, `vllm:request_generation_tokens_bucket{le="20",${model}}`)).toBe(0);
    expect(figure(lines, `vllm:request_generation_tokens_bucket{le="50",${model}}`)).toBe(2);
    expect(figure(lines, `vllm:prefix_cache_queries_total{${model}}`)).toBe(10);
    expect(figure(lines, `vllm:prefix_cache_hits_total{${model}}`)).toBe(4);
    expect(figure(lines, `gen_ai_server_time_to_first_token_seconds_count{${model}}`)).toBe(2);
    expect(figure(lines, `gen_ai_server_time_per_output_token_seconds_count{${model}}`)).toBe(2);
  });

  it('have buckets in rising order whose counts never fall', async () => {
    await using test = await startTestService();
    await (await test.complete({ stream: true, max_tokens: 50 })).text();
    const lines = (await metrics(test)).filter((line) => line.startsWith('vllm:inter_token_latency_seconds_bucket'));
    const buckets = lines.map((line) => {
      const [, le = '', count = ''] = /le="([^"]+)".* (\d+)$/.exec(line) ?? [];
      return { le: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), count: Number(count) };
    });
    expect(buckets.length).toBeGreaterThan(10);
    expect(buckets).toEqual(buckets.toSorted((a, b) => a.le - b.le));
    expect(buckets).toEqual(buckets.toSorted((a, b) => a.count - b.count));
  });
});
