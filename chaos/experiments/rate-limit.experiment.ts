import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('rate-limit', ({ subject, control }) => {
  test('clients come from different addresses, and only the greedy one is ever rejected', async () => {
    const [counted] = await subject().query<{ addresses: number; clients: number }>(`
      SELECT count(DISTINCT clientHost) AS addresses, count(DISTINCT client) AS clients
      FROM client JOIN gateway USING (requestId)`);
    expect(counted?.addresses).toBe(counted?.clients);
    const rejected = await subject().query('SELECT DISTINCT client FROM client WHERE status = 429');
    expect(rejected).toEqual([{ client: 1 }]);
  });

  test('without the limit nothing is rejected', async () => {
    const statuses = await control().query<{ status: number }>('SELECT DISTINCT status FROM client');
    expect(statuses).not.toEqual([]);
    expect(statuses).not.toContainEqual({ status: 429 });
  });
});
