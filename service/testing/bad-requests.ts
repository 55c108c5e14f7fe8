import { Random } from '../engine/random.js';

/** A request that should not be answered with success, as bytes, and what may come back. */
export interface BadRequest {
  readonly what: string;
  readonly bytes: Buffer;
  /** Statuses that fit; `none` when the client has gone, or says nothing that could be answered. */
  readonly statuses: readonly number[] | 'none';
  /** What the client does once the bytes are sent: wait for the end, or cut the connection. */
  readonly afterwards: 'wait' | 'cut';
}

/** Bytes of a body that the service under test may accept; set it with `BODY_LIMIT_BYTES`. */
export const BAD_REQUEST_BODY_LIMIT = 4096;

const PATH = '/v1/chat/completions';
const good = { model: 'gauntlet-1', messages: [{ role: 'user', content: 'Why is it slow?' }], max_tokens: 2 };
const nonsense: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  '',
  'x',
  [],
  {},
  [[]],
  [null],
  { a: { b: [] } },
  '\u0000',
];

/** `count` bad requests of many kinds, the same ones for the same seed. */
export function badRequests(seed: number, count: number): BadRequest[] {
  const random = new Random(seed, 0);
  const draw = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T;
  const upTo = (most: number): number => 1 + Math.floor(random.next() * most);
  const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256)));
  const kinds: readonly (() => BadRequest)[] = [
    () => {
      const text = JSON.stringify(good);
      return post('JSON that is cut off', text.slice(0, upTo(text.length - 1)), [400]);
    },
    () => post('bytes for JSON', noise(upTo(300)), [400]),
    () => post('brackets without end', draw(['[', '{"a":', '[{"messages":']).repeat(upTo(250)), [400]),
    () => post('no object', JSON.stringify(draw(nonsense.filter((each) => !isObject(each)))), [400]),
    () => {
      const field = draw(['model', 'messages']);
      return post(`a wrong ${field}`, JSON.stringify({ ...good, [field]: draw(nonsense) }), [400, 404]);
    },
    () => {
      const [field, values] = draw([
        ['max_tokens', [0, -1, 1.5, 'x', 1e12, []]],
        ['temperature', [-0.1, 2.1, 'hot', {}]],
        ['top_p', [-1, 2, 'x']],
        ['n', [0, 9, 0.5, 'x']],
        ['stop', [[''], [1], {}, 7]],
        ['seed', [0.5, 'x', {}]],
        ['stream', ['yes', 1, []]],
        ['response_format', ['json', { type: 'json_object' }, []]],
      ] as const);
      return post(`a wrong ${field}`, JSON.stringify({ ...good, [field]: draw<unknown>(values) }), [400]);
    },
    () => {
      const message = { role: 'user', content: 'x', [draw(['role', 'content'])]: draw(nonsense.slice(0, 5)) };
      return post('a wrong message', JSON.stringify({ ...good, messages: [message] }), [400]);
    },
    () => post('an unknown model', JSON.stringify({ ...good, model: `m-${upTo(1e6)}` }), [404]),
    () => post('a prompt that does not fit', JSON.stringify({ ...good, max_tokens: 100_000 }), [400]),
    () => post('a body over the limit', 'x'.repeat(BAD_REQUEST_BODY_LIMIT + upTo(60_000)), [413]),
    () => {
      const size = (BAD_REQUEST_BODY_LIMIT + upTo(1000)).toString(16);
      const body = `${size}\r\n${'x'.repeat(Number.parseInt(size, 16))}\r\n0\r\n\r\n`;
      return raw('a chunked body over the limit', `POST ${PATH}`, ['Transfer-Encoding: chunked'], body, [413]);
    },
    () => raw('chunks that are none', `POST ${PATH}`, ['Transfer-Encoding: chunked'], 'zz\r\nno\r\n', [400]),
    () => {
      const encoding = draw(['gzip', 'deflate', 'br', 'zstd', 'nonsense']);
      return post('a broken encoding', noise(60), [400, 415], [`Content-Encoding: ${encoding}`]);
    },
    () => post('an unknown charset', JSON.stringify(good), [415], ['Content-Type: application/json; charset=klingon']),
    () =>
      raw('another method', `${draw(['GET', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS'])} ${PATH}`, [], '', [404]),
    () => raw('another path', `GET /${noise(upTo(20)).toString('hex')}`, [], '', [404]),
    () => raw('a path that cannot be decoded', `GET /%${draw(['', 'zz', 'c3%28', '00', 'ff'])}`, [], '', [400, 404]),
    () => raw('a method that is none', `${draw(['G\u0000T', 'GET/', '(GET)', 'get'])} /health`, [], '', [400]),
    () => raw('a header that is none', 'GET /health', [draw([': x', 'a b: c', 'no colon', 'x\u0000y: z'])], '', [400]),
    () => raw('headers over the limit', 'GET /health', [`x-long: ${'x'.repeat(16_384 + upTo(30_000))}`], '', [431]),
    () =>
      raw('a length that is none', `POST ${PATH}`, [`Content-Length: ${draw(['-1', 'x', '1e3', '1,2'])}`], '', [400]),
    () => {
      const both = ['Content-Length: 4', 'Transfer-Encoding: chunked'];
      return raw('two lengths', `POST ${PATH}`, both, '0\r\n\r\n', [400]);
    },
    () => raw('an expectation', `POST ${PATH}`, ['Expect: wonders', 'Content-Length: 0'], '', [417]),
    () => raw('a tunnel', 'CONNECT other.example:443', [], '', [405]),
    () => ({ what: 'noise', bytes: noise(upTo(500)), statuses: [400], afterwards: 'wait' }),
    () => {
      const head = ['Content-Length: 500'];
      return raw('a body that stays out', `POST ${PATH}`, head, JSON.stringify(good).slice(0, upTo(20)), [408]);
    },
    () => ({
      what: 'headers that stay out',
      bytes: Buffer.from('GET /health HTTP/1.1\r\nx-sl'),
      statuses: [408],
      afterwards: 'wait',
    }),
    () => ({ what: 'a connection without a word', bytes: Buffer.alloc(0), statuses: 'none', afterwards: 'cut' }),
    () => {
      const whole = post('a client that leaves', JSON.stringify({ ...good, stream: true, max_tokens: 500 }), []);
      return {
        ...whole,
        bytes: whole.bytes.subarray(0, upTo(whole.bytes.length)),
        statuses: 'none',
        afterwards: 'cut',
      };
    },
    () => upgrade('a handshake elsewhere', '/v1/chat/completions', {}, [404]),
    () => upgrade('a handshake without a key', '/ws/chat', { 'Sec-WebSocket-Key': draw(['', 'x', '===']) }, [400]),
    () => upgrade('a handshake of no version', '/ws/chat', { 'Sec-WebSocket-Version': draw(['0', '99', 'x']) }, [400]),
    () => upgrade('a handshake of another page', '/ws/chat', { Origin: 'https://evil.example' }, [403]),
    () => upgrade('an upgrade to something else', '/ws/chat', { Upgrade: draw(['h2c', 'tls/1.0', '\u00e4']) }, [400]),
    () => {
      const opened = upgrade('garbage after a handshake', '/ws/chat', {}, [101]);
      // A first byte with reserved bits set is never a frame.
      return { ...opened, bytes: Buffer.concat([opened.bytes, Buffer.from([0x70 | upTo(15)]), noise(upTo(200))]) };
    },
  ];
  return Array.from({ length: count }, (_, index) => (kinds[index % kinds.length] as () => BadRequest)());
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function post(
  what: string,
  body: string | Buffer,
  statuses: readonly number[],
  headers: readonly string[] = ['Content-Type: application/json'],
): BadRequest {
  return raw(what, `POST ${PATH}`, [...headers, `Content-Length: ${Buffer.byteLength(body)}`], body, statuses);
}

function upgrade(
  what: string,
  path: string,
  changed: Readonly<Record<string, string>>,
  statuses: readonly number[],
): BadRequest {
  const headers = {
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...changed,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`GET ${path} HTTP/1.1`, 'Host: a', 'Connection: Upgrade', ...lines].join('\r\n');
  return { what, bytes: Buffer.from(`${head}\r\n\r\n`, 'latin1'), statuses, afterwards: 'wait' };
}

function raw(
  what: string,
  start: string,
  headers: readonly string[],
  body: string | Buffer,
  statuses: readonly number[],
): BadRequest {
  const head = [`${start} HTTP/1.1`, 'Host: a', 'Connection: close', ...headers].join('\r\n');
  return {
    what,
    bytes: Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), Buffer.from(body)]),
    statuses,
    afterwards: 'wait',
  };
}
