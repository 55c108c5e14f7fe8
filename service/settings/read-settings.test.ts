import { expect, it } from 'vitest';
import { readSettings } from './read-settings.js';

it('has a default for everything', () => {
  expect(() => readSettings({})).not.toThrow();
});

it('refuses a control port that is the main one', () => {
  const ports = { PORT: '8080', CONTROL_PORT: '8080', CONTROL_TOKEN: 'secret' };
  expect(() => readSettings(ports)).toThrow('CONTROL_PORT: received "8080", expected a port other than PORT');
});

it('tells every problem at once, and no secret', () => {
  const wrong = { PORT: 'none', CONTROL_PORT: '9', CONTROL_TOKEN: 'a secret' };
  expect(() => readSettings(wrong)).toThrow(
    /^2 wrong settings:\n {2}PORT: received "none".*\n {2}CONTROL_TOKEN: received a value that is not shown/,
  );
});

it.each([
  ['LOG_LEVEL', 'loud', 'received "loud", expected one of silent, error, warn, info, debug'],
  ['TRUSTED_PROXIES', '10.0.0.0/8, traefik', 'received "traefik", expected IP addresses or ranges'],
  ['HEADERS_TIMEOUT_MS', '60000', 'received "60000", expected at most REQUEST_TIMEOUT_MS'],
  ['MAX_CONNECTIONS', '0', 'received "0", expected an integer from 1 to'],
  ['BODY_LIMIT_BYTES', '1', 'received "1", expected an integer from 1024 to'],
  ['DRAIN_DELAY_MS', 'soon', 'received "soon", expected an integer from 0 to'],
  ['GLOBAL_CACHE_HIT_THRESHOLD', '1.5', 'received "1.5", expected a number from 0 to 1'],
  ['MAX_NUM_BATCHED_TOKENS', '0.5', 'received "0.5", expected an integer from 0 to'],
  ['STARTUP_DURATION', '-5', 'received "-5", expected an integer from 0 to'],
])('refuses %s %s', (name, value, problem) => {
  expect(() => readSettings({ [name]: value })).toThrow(`1 wrong setting:\n  ${name}: ${problem}`);
});

it('refuses a threshold of a cache that is off', () => {
  expect(() => readSettings({ ENABLE_KVCACHE: 'false', GLOBAL_CACHE_HIT_THRESHOLD: '0.5' })).toThrow(
    'GLOBAL_CACHE_HIT_THRESHOLD: received "0.5", expected 0 with ENABLE_KVCACHE=false',
  );
});
