import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('circuit-breaker', ({ subject, control }) => {
  test('clients see 502 before the trip, 503 while it is open, and 200 again after it closed', async () => {
    const changes = await subject().query<{ status: number }>(`
      SELECT status, lag(status) OVER in_turn IS DISTINCT FROM status AS changed FROM client
      WINDOW in_turn AS (ORDER BY sentAt, requestId) QUALIFY changed ORDER BY sentAt, requestId`);
    const statuses = changes.map((change) => change.status);
    expect(statuses[0]).toBe(200);
    expect(statuses).toContain(502);
    expect(statuses.indexOf(503)).toBeGreaterThan(statuses.indexOf(502));
    expect(statuses.at(-1)).toBe(200);
  });

  test('without the breaker no client ever sees 503', async () => {
    const statuses = await control().query<{ status: number }>('SELECT DISTINCT status FROM client');
    expect(statuses).not.toEqual([]);
    expect(statuses).not.toContainEqual({ status: 503 });
  });
});
