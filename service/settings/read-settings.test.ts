import { expect, it } from 'vitest';
import { readSettings } from './read-settings.js';

it('has a default for everything', () => {
  expect(() => readSettings({})).not.toThrow();
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
