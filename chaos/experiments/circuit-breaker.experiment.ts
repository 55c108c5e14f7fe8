import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('circuit-breaker', ({ subject, control }) => {
  test('clients see 502 before the trip, 503 while it is open, and 200 again after it closed', () => {
    const statuses = subject()
      .client.map((record) => record.status)
      .filter((status, place, all) => status !== all[place - 1]);
    expect(statuses[0]).toBe(200);
    expect(statuses).toContain(502);
    expect(statuses.indexOf(503)).toBeGreaterThan(statuses.indexOf(502));
    expect(statuses.at(-1)).toBe(200);
  });

  test('without the breaker no client ever sees 503', () => {
    expect(control().client.length).toBeGreaterThan(0);
    expect(control().client.filter((record) => record.status === 503)).toEqual([]);
  });
});
