import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('sticky-sessions', ({ subject, control }) => {
  test('every session sends its cookie back over TLS, because the cookie is Secure', async () => {
    const [later] = await subject().query<{ requests: number; bare: number }>(
      `SELECT count(*) AS requests, count(*) FILTER (cookieSent = '') AS bare
       FROM client WHERE NOT ends_with(requestId, '.0')`,
    );
    expect(later?.requests).toBeGreaterThan(0);
    expect(later?.bare).toBe(0);
  });

  test('without the cookie a session sees every instance', async () => {
    const [first] = await control().query<{ instances: number }>(
      "SELECT count(DISTINCT instance) AS instances FROM client WHERE client = 1 AND instance <> ''",
    );
    expect(first?.instances).toBe(3);
  });
});
