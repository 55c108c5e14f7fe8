import { expect, it } from 'vitest';
import { TrustedProxies } from './trusted-proxies.js';

it.each([
  ['nobody is trusted', [], '10.0.0.1', '1.2.3.4', '10.0.0.1'],
  ['a trusted proxy vouches', ['10.0.0.0/8'], '10.0.0.1', '1.2.3.4', '1.2.3.4'],
  [
    'a client wrote an address of its own before the proxy did',
    ['10.0.0.1'],
    '10.0.0.1',
    '6.6.6.6, 1.2.3.4',
    '1.2.3.4',
  ],
  ['two trusted proxies stand in a row', ['10.0.0.0/8'], '10.0.0.1', '6.6.6.6,1.2.3.4,10.0.0.2', '1.2.3.4'],
  ['only trusted ones are named', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ['the proxy names no address', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
  ['the proxy says nothing', ['10.0.0.1'], '10.0.0.1', '', '10.0.0.1'],
  ['another one than the trusted proxy connects', ['10.0.0.1'], '10.0.0.2', '1.2.3.4', '10.0.0.2'],
  ['the socket reports IPv4 in IPv6 form', ['10.0.0.1'], '::ffff:10.0.0.1', '::ffff:1.2.3.4', '1.2.3.4'],
  ['the proxy is reached by IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::1', '2001:db8::1'],
])('when %s, the origin is what can be believed', (_when, trusted, peer, forwardedFor, origin) => {
  const headers = forwardedFor === '' ? {} : { 'x-forwarded-for': forwardedFor };
  expect(new TrustedProxies(trusted).originOf(peer, headers)).toBe(origin);
});

it.each(['', 'proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8x', '::1/129'])('refuses the entry "%s"', (entry) => {
  expect(() => new TrustedProxies(['127.0.0.1', entry])).toThrow(new RangeError(entry));
});
