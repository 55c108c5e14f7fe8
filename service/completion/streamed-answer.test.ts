import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startTestService } from '../testing/start-test-service.js';

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }[];
}

function eventsOf(body: string): string[] {
  return body
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace(/^data: /, ''));
}

describe('a streamed answer', () => {
  it('says what the whole answer says, one token a chunk', async () => {
    await using test = await startTestService();
    const whole = (await (await test.complete({ max_tokens: 5 })).json()) as {
      choices: [{ message: { content: string } }];
    };
    const response = await test.complete({ max_tokens: 5, stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = eventsOf(await response.text());
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as Chunk);
    const contents = chunks.map(({ choices }) => choices[0]?.delta.content);
    expect(contents).toEqual(['', ...whole.choices[0].message.content.split(/(?= )/), undefined]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([...Array(6).fill(null), 'length']);
  });

  it('has its head and its first token in one packet', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '50' });
    const body = JSON.stringify({ model: 'gauntlet-1', stream: true, messages: [{ role: 'user', content: 'Hello' }] });
    const socket = connect(test.service.port, '127.0.0.1');
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"delta":\{"content":"\w+"\}/s);
    socket.destroy();
  });

  it('is text that any HTTP/1.0 client can read, without the framing of chunks', async () => {
    await using test = await startTestService();
    const body = JSON.stringify({ model: 'gauntlet-1', stream: true, messages: [{ role: 'user', content: 'Hello' }] });
    const socket = connect(test.service.port, '127.0.0.1');
    socket.write(`POST /v1/chat/completions HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const [, events = ''] = (await text(socket)).split('\r\n\r\n');
    expect(events).toMatch(/^data: \{.*\n\n(data: .*\n\n)*data: \[DONE\]\n\n$/);
  });

  it('is answered in turn to a client that sends several requests at once', async () => {
    await using test = await startTestService({ MODE: 'echo' });
    const socket = connect(test.service.port, '127.0.0.1');
    for (const [content, connection] of [
      ['First é', 'keep-alive'],
      ['Second', 'close'],
    ]) {
      const body = JSON.stringify({ model: 'gauntlet-1', stream: true, messages: [{ role: 'user', content }] });
      const head = `Host: x\r\nConnection: ${connection}\r\nContent-Length: ${Buffer.byteLength(body)}`;
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    }
    const answers = (await text(socket)).split('HTTP/1.1 200 OK').slice(1);
    expect(answers.map((answer) => [...answer.matchAll(/"content":"([^"]*)"/g)].map(([, token]) => token))).toEqual([
      ['', 'First', ' é'],
      ['', 'Second'],
    ]);
  });
});
