import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('rate-limit', ({ subject, control }) => {
  test('clients come from different addresses, and only the greedy one is ever rejected', () => {
    const { client, gateway } = subject();
    const addressOf = new Map(gateway.map((record) => [record.requestId, record.clientHost]));
    const addresses = new Set(client.map((record) => addressOf.get(record.requestId)));
    expect(addresses.size).toBe(new Set(client.map((record) => record.client)).size);
    const rejected = new Set(client.filter((record) => record.status === 429).map((record) => record.client));
    expect([...rejected]).toEqual([1]);
  });

  test('without the limit nothing is rejected', () => {
    expect(control().client.length).toBeGreaterThan(0);
    expect(control().client.filter((record) => record.status === 429)).toEqual([]);
  });
});
