import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('retry', ({ subject, control }) => {
  test('while connections are refused, the dead instance executes nothing and the others execute everything', () => {
    const { client, service, faults } = subject();
    const [refused] = faults;
    const during = service.filter(
      (arrival) => arrival.arrivedAt > (refused?.appliedAt ?? 0) && arrival.arrivedAt < (refused?.healingAt ?? 0),
    );
    expect(during.length).toBeGreaterThan(0);
    expect([...new Set(during.map((arrival) => arrival.instance))].sort()).toEqual(['llm-1', 'llm-3']);
    expect(client.filter((record) => record.status === 200).length).toBeGreaterThan(0);
  });

  test('with and without retry, a reset after acceptance reaches the client as 502', () => {
    for (const ledger of [subject(), control()]) {
      const reset = ledger.faults[1];
      const statuses = ledger.client
        .filter((record) => record.sentAt > (reset?.appliedAt ?? 0) && record.endedAt < (reset?.healingAt ?? 0))
        .map((record) => record.status);
      expect(statuses).toContain(502);
      expect(statuses).toContain(200);
    }
  });
});
