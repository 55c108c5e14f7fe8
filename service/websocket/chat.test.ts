import { describe, expect, it } from 'vitest';
import { type ChatClient, connectChat, type Frame } from '../testing/chat-client.js';
import { startTestService, type TestService } from '../testing/start-test-service.js';

const isDone = (id: string) => (frame: Frame) => frame.type === 'done' && frame.request_id === id;
const isToken = ({ type }: Frame): boolean => type === 'token';
const isError = ({ type }: Frame): boolean => type === 'error';

async function running(test: TestService): Promise<unknown> {
  const status = (await (await fetch(`${test.url}/api/status`)).json()) as { slots: { running: number } };
  return status.slots.running;
}

describe('a chat', () => {
  it('streams the tokens that HTTP gives, numbered, between a start and an end with usage and timings', async () => {
    await using test = await startTestService({ INSTANCE_ID: 'llm-2' });
    const client = await connectChat(test.url, { headers: { 'x-request-id': 'handshake-1' } });
    expect(await client.opened).toMatchObject({
      'x-llm-instance': 'llm-2',
      'x-llm-version': '1.3.0',
      'x-request-id': 'handshake-1',
    });
    expect(client.frames).toEqual([
      {
        type: 'session',
        session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        instance: 'llm-2',
        version: '1.3.0',
        resumed: false,
        seq: 0,
      },
    ]);

    client.chat({ request_id: 'r-1', max_tokens: 4 });
    const done = await client.first(isDone('r-1'));
    const [, start, ...rest] = client.frames;
    expect(start).toEqual({ seq: 1, type: 'start', request_id: 'r-1', prompt_tokens: 5, cached_tokens: 0 });
    expect(rest.slice(0, -1)).toEqual(
      [0, 1, 2, 3].map((index) => ({
        seq: index + 2,
        type: 'token',
        request_id: 'r-1',
        index,
        text: expect.stringMatching(/^ ?\w+$/),
      })),
    );
    expect(done).toEqual({
      seq: 6,
      type: 'done',
      request_id: 'r-1',
      finish_reason: 'length',
      usage: {
        prompt_tokens: 5,
        completion_tokens: 4,
        total_tokens: 9,
        prompt_tokens_details: { cached_tokens: 0 },
      },
      metrics: expect.objectContaining({ time_to_first_token_ms: expect.any(Number) }),
    });
    const whole = (await (await test.complete({ max_tokens: 4 })).json()) as {
      choices: [{ message: { content: string } }];
    };
    expect(client.textOf('r-1')).toBe(whole.choices[0].message.content);
  });

  it('answers several requests of one session side by side', async () => {
    await using test = await startTestService();
    const client = await connectChat(test.url);
    client.chat({ request_id: 'a', seed: 1 });
    client.chat({ request_id: 'b', seed: 2 });
    await Promise.all(['a', 'b'].map((id) => client.first(isDone(id))));
    expect(client.textOf('a')).not.toBe(client.textOf('b'));
    expect(client.frames.flatMap(({ seq }) => seq ?? []).slice(1)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it('ends at once, and frees its slot, when it is cancelled or the client says goodbye', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '5' });
    const client = await connectChat(test.url);
    for (const id of ['a', 'other']) client.chat({ request_id: id, max_tokens: 4000 });
    await client.first(isToken);
    client.send({ type: 'cancel', request_id: 'a' });
    expect(await client.first(isDone('a'))).toMatchObject({ finish_reason: 'cancelled' });
    expect(await running(test)).toBe(1);
    client.send({ type: 'cancel', request_id: 'other' });
    await client.first(isDone('other'));
    expect(await running(test)).toBe(0);

    client.chat({ request_id: 'b', max_tokens: 4000 });
    await client.first(({ type, request_id: id }) => type === 'token' && id === 'b');
    client.socket.close();
    await expect.poll(() => running(test)).toBe(0);
  });

  it('is journaled: the connection as one arrival, each request as another', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '5' });
    const client = await connectChat(test.url, { headers: { 'x-request-id': 'handshake-1' } });
    client.chat({ request_id: 'good' });
    await client.first(isDone('good'));
    client.chat({ request_id: 'bad', messages: [] });
    await client.first(isError);
    client.chat({ request_id: 'left', max_tokens: 4000 });
    await client.first(({ type, request_id: id }) => type === 'token' && id === 'left');
    client.socket.close();
    await client.closed;
    await expect.poll(() => test.journal()).toHaveLength(4);
    expect((await test.journal()).toSorted((a, b) => a.n - b.n)).toMatchObject([
      { requestId: 'handshake-1', method: 'GET', path: '/ws/chat', status: 101, completed: true },
      {
        requestId: 'good',
        method: 'WS',
        path: '/ws/chat',
        status: 200,
        completed: true,
        prefillMs: expect.any(Number),
      },
      { requestId: 'bad', method: 'WS', status: 400, completed: true },
      { requestId: 'left', method: 'WS', status: 200, completed: false },
    ]);
  });
});

describe('a request that cannot be answered', () => {
  it.each([
    ['names every bad field', { messages: [], max_tokens: 0 }, 400, 'messages', 'invalid_value'],
    ['an unknown model', { model: 'other' }, 404, 'model', 'model_not_found'],
    ['several answers', { n: 2 }, 400, 'n', 'unsupported_value'],
    ['history where there is none', { history: true }, 400, 'history', 'history_unavailable'],
    ['a prompt that does not fit', { max_tokens: 99_999 }, 400, undefined, 'context_length_exceeded'],
  ])('%s', async (_what, fields, status, param, code) => {
    await using test = await startTestService();
    const client = await connectChat(test.url);
    client.chat({ request_id: 'r', ...fields });
    const error = await client.first(isError);
    expect(error).toMatchObject({ request_id: 'r', status, error: { code } });
    if (param !== undefined) expect(error).toMatchObject({ error: { param } });
    // The connection is as good as before.
    client.chat({ request_id: 'next' });
    await client.first(isDone('next'));
  });

  it('is refused with 429 when slots and queue are full, or the session has eight', async () => {
    await using test = await startTestService({
      MAX_NUM_SEQS: '1',
      MAX_WAITING_QUEUE_LENGTH: '1',
      INTER_TOKEN_LATENCY: '50',
    });
    const client = await connectChat(test.url);
    for (const id of ['a', 'b', 'c']) client.chat({ request_id: id, max_tokens: 1000 });
    expect(await client.first(isError)).toMatchObject({ request_id: 'c', status: 429, error: { code: 'queue_full' } });
    client.chat({ request_id: 'a' });
    expect(await client.first(({ status }) => status === 409)).toMatchObject({
      error: { code: 'request_in_progress' },
    });
    client.socket.close();

    await using roomy = await startTestService({ INTER_TOKEN_LATENCY: '50' });
    const eager = await connectChat(roomy.url);
    for (let place = 1; place <= 9; place += 1) eager.chat({ request_id: `r-${place}`, max_tokens: 1000 });
    expect(await eager.first(isError)).toMatchObject({
      request_id: 'r-9',
      status: 429,
      error: { code: 'too_many_requests' },
    });
    eager.socket.close();
  });
});

describe('a message that makes no sense', () => {
  it.each([
    ['no JSON', '{"type":', 'invalid_json'],
    ['no object', '[]', 'invalid_value'],
    ['an unknown type', { type: 'shout' }, 'invalid_value'],
    ['a cancel without a request', { type: 'cancel' }, 'invalid_value'],
    ['a resume from before the beginning', { type: 'resume', session_id: 'x', after: -1 }, 'invalid_value'],
  ])('is answered with an error: %s', async (_what, message, code) => {
    await using test = await startTestService();
    const client = await connectChat(test.url);
    client.send(message);
    expect(await client.first(isError)).toMatchObject({ request_id: null, status: 400, error: { code } });
  });

  it('ends the connection with 1008 when there are ten in a row', async () => {
    await using test = await startTestService();
    const client = await connectChat(test.url);
    for (let place = 0; place < 9; place += 1) client.send('nonsense');
    client.chat({ request_id: 'sense' });
    await client.first(isDone('sense'));
    for (let place = 0; place < 10; place += 1) client.send('nonsense');
    expect(await client.closed).toMatchObject({ code: 1008 });
    expect(client.frames.filter(isError)).toHaveLength(19);
  });

  it.each([
    ['binary data with 1003', (client: ChatClient) => client.socket.send(Buffer.from('{}')), 1003],
    [
      'text that is not UTF-8 with 1007',
      (client: ChatClient) => sendRaw(client, [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]),
      1007,
    ],
    ['a frame against the protocol with 1002', (client: ChatClient) => sendRaw(client, [0xb1, 0x80, 0, 0, 0, 0]), 1002],
    ['a message over the limit with 1009', (client: ChatClient) => client.send('x'.repeat(5000)), 1009],
  ])('ends the connection: %s', async (_what, send, code) => {
    await using test = await startTestService({ BODY_LIMIT_BYTES: '4096' });
    const client = await connectChat(test.url);
    send(client);
    expect(await client.closed).toMatchObject({ code });
    expect((await test.complete()).status).toBe(200);
  });
});

describe('a handshake is refused', () => {
  it.each([
    ['at another path', '/v1/chat/completions', {}, 404, 'unsupported_upgrade'],
    ['for a page of another origin', '/ws/chat', { origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
    ['for an origin that is none', '/ws/chat', { origin: 'null' }, 403, 'origin_not_allowed'],
    ['of another protocol version', '/ws/chat', { 'sec-websocket-version': '1' }, 400, 'invalid_handshake'],
  ])('%s', async (_what, path, headers, status, code) => {
    await using test = await startTestService();
    const refused = await refusal(test.url + path, headers);
    expect(refused).toMatchObject({ status, body: { error: { code } } });
    expect(refused.headers['x-llm-instance']).toBe('llm-1');
    await test.service.stop();
    expect(await test.journal()).toMatchObject([{ path, status, completed: true }]);
  });

  it('while the instance starts', async () => {
    await using test = await startTestService({ STARTUP_DURATION: '3600000' });
    const refused = await refusal(`${test.url}/ws/chat`, {});
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'starting' } } });
    expect(refused.headers['retry-after']).toBe('1');
  });

  it('but not for pages of the service itself, nor of an origin that was allowed', async () => {
    await using test = await startTestService({ WS_ALLOWED_ORIGINS: 'https://chat.example' });
    await connectChat(test.url, { origin: test.url });
    await connectChat(test.url, { origin: 'https://chat.example' });
  });
});

/** Sends bytes past the client's own WebSocket code. */
function sendRaw(client: ChatClient, bytes: readonly number[]): void {
  (client.socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(Buffer.from(bytes));
}

async function refusal(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>>; body: unknown }> {
  const { get } = await import('node:http');
  const { json } = await import('node:stream/consumers');
  return new Promise((resolve, reject) => {
    const handshake = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
    };
    const request = get(url, { headers: { ...lowerCase(handshake), ...headers } }, (response) => {
      json(response).then((body) => resolve({ status: response.statusCode, headers: response.headers, body }), reject);
    });
    request.on('error', reject);
  });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
