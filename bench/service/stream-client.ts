import { connect } from 'node:net';
import type { StreamLoad, StreamLoadResult } from './stream-load.js';

/**
 * The client process. It reads raw sockets into one shared buffer and counts the ends of events, because a client that
 * parses would use the core that is to be measured. Lateness is on this process's clock: from when the request was
 * written, plus prefill and inter-token latency as configured, to when the bytes of the token were read here. So the
 * time that the service takes to read the request, and any delay of this client, count as lateness too.
 */
const BIN_MS = 0.05;
const BINS = 200_000;
const WARM_UP_ROUNDS = 10;
const WARM_UP_STREAMS = 50;
const MESSAGE = { role: 'user', content: 'Why is it slow?' };

process.once('message', (load: StreamLoad) => {
  void measure(load).then((result) => {
    process.send?.(result, () => process.exit(0));
  });
});

/** Has the service compile what it will need: a stream that arrives while it does so would be late to its end. */
async function warmUp(load: StreamLoad): Promise<void> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    const body = JSON.stringify({ model: 'gauntlet-1', stream: true, max_tokens: 4, messages: [MESSAGE] });
    const url = `http://127.0.0.1:${load.port}/v1/chat/completions`;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    await Promise.all(Array.from({ length: WARM_UP_STREAMS }, async () => (await fetch(url, init)).text()));
  }
}

async function measure(load: StreamLoad): Promise<StreamLoadResult> {
  await warmUp(load);
  const bins = new Uint32Array(BINS);
  const buffer = Buffer.alloc(4096);
  const begin = performance.now();
  const from = begin + load.rampMs + load.settleMs;
  const until = from + load.measureMs;
  let tokens = 0;
  let tokensDue = 0;
  let streamsLost = 0;
  let over = false;

  const body = JSON.stringify({
    model: 'gauntlet-1',
    stream: true,
    max_tokens: Math.ceil((load.rampMs + load.settleMs + load.measureMs + 10_000) / load.interTokenMs),
    messages: [MESSAGE],
  });
  const request =
    `POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;

  const open = (): void => {
    let dueAt = 0;
    let lastByte = 0;
    let greeted = false;
    const eventEnded = (now: number): void => {
      if (!greeted) {
        greeted = true;
        return;
      }
      if (dueAt >= from && dueAt < until) {
        tokens += 1;
        const bin = Math.min(BINS - 1, Math.max(0, Math.floor((now - dueAt) / BIN_MS)));
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
      dueAt += load.interTokenMs;
    };
    const socket = connect({
      port: load.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback(size: number): boolean {
          const now = performance.now();
          // An event ends with an empty line. The first one names the role and carries no token.
          if (lastByte === 10 && buffer[0] === 10) eventEnded(now);
          let at = buffer.indexOf('\n\n', 0, 'latin1');
          while (at !== -1 && at + 1 < size) {
            eventEnded(now);
            at = buffer.indexOf('\n\n', at + 2, 'latin1');
          }
          lastByte = buffer[size - 1] ?? 0;
          return true;
        },
      },
    });
    socket.on('connect', () => {
      dueAt = performance.now() + load.prefillMs;
      const skipped = Math.max(0, Math.ceil((from - dueAt) / load.interTokenMs));
      tokensDue += Math.max(0, Math.ceil((until - (dueAt + skipped * load.interTokenMs)) / load.interTokenMs));
      socket.write(request);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!over) streamsLost += 1;
    });
  };

  for (let opened = 0; opened < load.streams; ) {
    const due = Math.ceil((load.streams * Math.min(load.rampMs, performance.now() - begin)) / load.rampMs);
    for (; opened < due; opened += 1) open();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await new Promise((resolve) => setTimeout(resolve, from - performance.now()));
  const cpuBefore = process.cpuUsage();
  // Tokens that are late at the end still count, so they are waited for.
  await new Promise((resolve) => setTimeout(resolve, until - performance.now()));
  const { user, system } = process.cpuUsage(cpuBefore);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  over = true;
  return {
    tokens,
    tokensDue,
    streamsLost,
    latenessMs: percentiles(bins, tokens),
    cpu: (user + system) / 1000 / load.measureMs,
  };
}

function percentiles(bins: Uint32Array, total: number): StreamLoadResult['latenessMs'] {
  const at = (share: number): number => {
    let seen = 0;
    for (let bin = 0; bin < bins.length; bin += 1) {
      seen += bins[bin] ?? 0;
      if (seen >= share * total && seen > 0) return (bin + 1) * BIN_MS;
    }
    return Number.NaN;
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
