import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('sticky-sessions', ({ subject, control }) => {
  test('every session sends its cookie back over TLS, because the cookie is Secure', () => {
    const later = subject().client.filter((record) => !record.requestId.endsWith('.0'));
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((record) => record.cookieSent === '')).toEqual([]);
  });

  test('without the cookie a session sees every instance', () => {
    const first = control().client.filter((record) => record.client === 1 && record.instance !== '');
    expect(new Set(first.map((record) => record.instance)).size).toBe(3);
  });
});
