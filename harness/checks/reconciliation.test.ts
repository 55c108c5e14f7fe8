import { describe, expect, test } from 'vitest';
import type { ArmEvidence } from '../fixtures/arm-evidence.js';
import { breakerArm } from '../fixtures/breaker-arm.js';
import { ledgerOf } from '../fixtures/ledger-of.js';
import { rateLimitArm } from '../fixtures/rate-limit-arm.js';
import { retryArm } from '../fixtures/retry-arm.js';
import { stickyArm } from '../fixtures/sticky-arm.js';
import { reconciliationProblems } from './reconciliation.js';

const whole = await retryArm();
const [first = '', second = ''] = whole.client.filter(({ status }) => status === 200).map((each) => each.requestId);

async function problemsOf(changed: Partial<ArmEvidence>): Promise<string[]> {
  return reconciliationProblems(await ledgerOf({ ...whole, ...changed }));
}

type Vantage = 'client' | 'gateway' | 'service';

/** The vantage's records of the healthy arm after a change. */
function changed<V extends Vantage>(
  vantage: V,
  change: (records: ArmEvidence[V]) => ArmEvidence[V],
): Partial<ArmEvidence> {
  return { [vantage]: change(whole[vantage]) };
}

function swapIds<R extends { readonly requestId: string }>(records: readonly R[]): R[] {
  const other = new Map([
    [first, second],
    [second, first],
  ]);
  return records.map((record) => ({ ...record, requestId: other.get(record.requestId) ?? record.requestId }));
}

function double<R extends { readonly requestId: string }>(records: readonly R[]): R[] {
  return records.flatMap((record) => (record.requestId === first ? [record, record] : [record]));
}

function without<R extends { readonly requestId: string }>(records: readonly R[]): R[] {
  return records.filter((record) => record.requestId !== first);
}

function half<R>(records: readonly R[]): R[] {
  return records.slice(0, records.length / 2);
}

test.each([
  ['retries', whole],
  ['a breaker', await breakerArm()],
  ['sticky sessions', await stickyArm()],
  ['a rate limit', await rateLimitArm()],
])('whole evidence of %s contradicts itself nowhere', async (_what, evidence) => {
  expect(await reconciliationProblems(await ledgerOf(evidence))).toEqual([]);
});

describe('a line that was dropped', () => {
  test("from the client's records", async () => {
    expect(await problemsOf(changed('client', without))).toEqual(['1 of 138 planned requests left no client record']);
  });

  test('from the access log', async () => {
    expect(await problemsOf(changed('gateway', without))).toEqual([
      `1 request answered to the client but missing in the access log, for example ${first}`,
    ]);
  });

  test('from a journal', async () => {
    expect(await problemsOf(changed('service', without))).toEqual([
      `1 request successful but in no journal of the service, for example ${first}`,
    ]);
  });

  test('from a journal, the one that tells the end', async () => {
    const service = whole.service.map((row) => (row.requestId === first ? { ...row, finishedAt: undefined } : row));
    expect(await problemsOf({ service })).toEqual([
      `1 request successful at the client but without an end in the journal of the service, for example ${first}`,
    ]);
  });
});

describe('a line that is there twice', () => {
  test("in the client's records", async () => {
    expect(await problemsOf(changed('client', double))).toEqual([
      `1 request twice in the load generator's record, for example ${first}`,
    ]);
  });

  test('in the access log', async () => {
    expect(await problemsOf(changed('gateway', double))).toEqual([
      `1 request twice in the access log, for example ${first}`,
    ]);
  });
});

describe('a file that was cut in half between two lines', () => {
  test.each([
    ['client', /^69 of 138 planned requests left no client record$/],
    ['gateway', /^69 requests answered to the client but missing in the access log, for example retry/],
    ['service', /^6\d requests successful but in no journal of the service, for example retry/],
  ] as const)('%s', async (vantage, problem) => {
    expect(await problemsOf(changed<Vantage>(vantage, half as never))).toEqual([expect.stringMatching(problem)]);
  });
});

describe('two ids that were swapped', () => {
  test("in the client's records", async () => {
    expect(await problemsOf(changed('client', swapIds))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^2 requests planned for another instant than the schedule says, for example retry/),
        expect.stringMatching(/^1 request at the gateway before they were sent, for example retry/),
      ]),
    );
  });

  test('in the access log', async () => {
    expect(await problemsOf(changed('gateway', swapIds))).toContainEqual(
      expect.stringMatching(/^1 request at the gateway before they were sent, for example retry/),
    );
  });

  test('in a journal', async () => {
    expect(await problemsOf(changed('service', swapIds))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^2 requests answered by another instance than journaled it, for example retry/),
        expect.stringMatching(/^1 request at an instance before they were at the gateway, for example retry/),
      ]),
    );
  });
});

describe('a clock that is two seconds off', () => {
  const shifted = (vantage: Vantage, ms: number): Partial<ArmEvidence> => {
    const { client, gateway } = whole;
    if (vantage === 'gateway') return { gateway: gateway.map((row) => ({ ...row, startedAt: row.startedAt + ms })) };
    if (vantage === 'service') return journalsShifted(ms);
    return { client: client.map((row) => ({ ...row, sentAt: row.sentAt + ms, endedAt: row.endedAt + ms })) };
  };

  const journalsShifted = (ms: number, only?: string): Partial<ArmEvidence> => ({
    service: whole.service.map((row) =>
      only === undefined || row.instance === only
        ? { ...row, arrivedAt: row.arrivedAt + ms, finishedAt: (row.finishedAt ?? Number.NaN) + ms }
        : row,
    ),
  });

  const clocksNamed = async (evidence: Partial<ArmEvidence>): Promise<string[]> =>
    (await problemsOf(evidence))
      .filter((problem) => problem.startsWith('the clock'))
      .map((problem) => problem.replace(/ about (1999|2000|2001) /, ' about 2000 '));

  test.each([
    ['client', 2_000, "the clock of the gateway is about 2000 ms behind the load generator's"],
    ['client', -2_000, "the clock of the gateway is about 2000 ms ahead of the load generator's"],
    ['gateway', 2_000, "the clock of the gateway is about 2000 ms ahead of the load generator's"],
    ['gateway', -2_000, "the clock of llm-1 is about 2000 ms ahead of the gateway's"],
    ['service', 2_000, "the clock of llm-1 is about 2000 ms ahead of the gateway's"],
    ['service', -2_000, "the clock of llm-1 is about 2000 ms behind the gateway's"],
  ] as const)('%s by %i ms', async (vantage, ms, problem) => {
    expect(await clocksNamed(shifted(vantage, ms))).toContain(problem);
  });

  test.each([
    [2_000, ["the clock of llm-1 is about 2000 ms ahead of the gateway's"]],
    [-2_000, ["the clock of llm-1 is about 2000 ms behind the gateway's"]],
  ])('one instance of three by %i ms, and no other', async (ms, problems) => {
    expect(await clocksNamed(journalsShifted(ms, 'llm-1'))).toEqual(problems);
  });
});

describe('an absence that has a reason is no contradiction', () => {
  test('no answer came, and k6 says why', async () => {
    const client = whole.client.map((record) =>
      record.requestId === first ? { ...record, status: 0, errorCode: 1212, done: false } : record,
    );
    expect(await problemsOf({ client, ...changed('gateway', without), ...changed('service', without) })).toEqual([]);
  });

  test('without a reason it is one', async () => {
    const client = whole.client.map((record) => (record.requestId === first ? { ...record, status: 0 } : record));
    expect(await problemsOf({ client, ...changed('gateway', without) })).toEqual([
      `1 request without an answer, an error or a line in the access log, for example ${first}`,
    ]);
  });

  test('an instance answered, so its journal must know', async () => {
    const failed = <R extends { readonly requestId: string }>(record: R): R =>
      record.requestId === first ? { ...record, status: 500, originStatus: 500 } : record;
    expect(
      await problemsOf({
        client: whole.client.map(failed),
        gateway: whole.gateway.map(failed),
        ...changed('service', without),
      }),
    ).toEqual([`1 request answered by an instance but in no journal of the service, for example ${first}`]);
  });
});

test('the ledger says why a request never arrived', async () => {
  const ledger = await ledgerOf(await breakerArm());
  expect(await ledger.query('SELECT DISTINCT absence FROM requests ORDER BY absence')).toEqual([
    { absence: 'answered by the circuit breaker, or no healthy instance was left' },
    { absence: 'the connection to the instance failed' },
    { absence: null },
  ]);
});
