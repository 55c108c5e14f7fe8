import { expect, test } from 'vitest';
import { describeExperiment } from './describe-experiment.js';

describeExperiment('retry', ({ subject, control }) => {
  test('while connections are refused, the dead instance executes nothing and the others execute everything', async () => {
    const { appliedAt = 0, healingAt = 0 } = subject().faults[0] ?? {};
    const during = await subject().query<{ instance: string }>(
      'SELECT DISTINCT instance FROM service WHERE arrivedAt > $appliedAt AND arrivedAt < $healingAt ORDER BY instance',
      { appliedAt, healingAt },
    );
    expect(during.map((arrival) => arrival.instance)).toEqual(['llm-1', 'llm-3']);
  });

  test('with and without retry, a reset after acceptance reaches the client as 502', async () => {
    for (const ledger of [subject(), control()]) {
      const { appliedAt = 0, healingAt = 0 } = ledger.faults[1] ?? {};
      const statuses = await ledger.query(
        'SELECT DISTINCT status FROM client WHERE sentAt > $appliedAt AND endedAt < $healingAt',
        { appliedAt, healingAt },
      );
      expect(statuses).toContainEqual({ status: 502 });
      expect(statuses).toContainEqual({ status: 200 });
    }
  });
});
