import type { ArmLedger } from '../model/ledger.js';
import { count } from './finding.js';

/**
 * Client, gateway and service share one clock, so nothing is received before it was sent. This much is allowed for
 * clocks that are read one after the other.
 */
const orderMs = 20;
/** Half of all requests being this far off is no scheduling delay but another clock. */
const clockMs = 100;
/** How far the planned instant in a client's record may be from the schedule's. */
const planMs = 1;

/** Statuses that Traefik notes for a server that it got no answer from. */
const unanswered = '(0, 499, 502, 504)';

/** What vantages cannot truly have seen both: a condition on a row of `requests`, and how to say it of some requests. */
const contradictions: readonly { readonly when: string; readonly says: string }[] = [
  { when: 'records > 0 AND planned = 0', says: 'sent that the schedule did not ask for' },
  { when: `abs(intendedAt - plannedAt) > ${planMs}`, says: 'planned for another instant than the schedule says' },
  { when: 'records > 1', says: "twice in the load generator's record" },
  { when: 'logs > 1', says: 'twice in the access log' },
  { when: 'logs > 0 AND records = 0 AND planned = 0', says: 'in the access log that no client sent' },
  { when: 'status > 0 AND logs = 0', says: 'answered to the client but missing in the access log' },
  {
    when: 'status = 0 AND errorCode = 0 AND logs = 0',
    says: 'without an answer, an error or a line in the access log',
  },
  { when: 'status > 0 AND status <> logStatus', says: 'with another status at the client than in the access log' },
  { when: 'succeeded AND arrivals = 0', says: 'successful but in no journal of the service' },
  {
    when: 'succeeded AND arrivals > 0 AND finishedAt IS NULL',
    says: 'successful at the client but without an end in the journal of the service',
  },
  {
    when: `records > 0 AND NOT succeeded AND originStatus NOT IN ${unanswered} AND arrivals = 0`,
    says: 'answered by an instance but in no journal of the service',
  },
  { when: 'arrivals > 0 AND records = 0 AND planned = 0', says: 'in a journal of the service that no client sent' },
  {
    when: "succeeded AND arrivals = 1 AND instance <> '' AND instance <> servedBy",
    says: 'answered by another instance than journaled it',
  },
  { when: `loggedAt < sentAt - ${orderMs}`, says: 'at the gateway before they were sent' },
  { when: `arrivedAt < loggedAt - ${orderMs}`, says: 'at an instance before they were at the gateway' },
];

/** Pairs of vantages: by how much the answering one's clock must be ahead or behind, if it is, for one request. */
const clocks = [
  { asking: 'load generator', answering: 'gateway', ahead: 'loggedEnd - endedAt', behind: 'sentAt - loggedAt' },
  { asking: 'gateway', answering: 'instance', ahead: 'finishedAt - loggedEnd', behind: 'loggedAt - arrivedAt' },
].flatMap(({ asking, answering, ahead, behind }) => [
  { asking, answering, ms: ahead, off: 'ahead of' },
  { asking, answering, ms: behind, off: 'behind' },
]);

type Column = 'planned' | 'lost' | `${'n' | 'known' | 'off' | 'ms'}${number}`;

/** What is counted over the requests that one instance served, or that none did. */
type ServedBy = Readonly<Record<Column, number | null>> & { readonly servedBy: string | null };

/**
 * Where the vantages contradict each other, a sentence each: requests that one has and another must have and has not,
 * that are there twice, that say different things, or that were received before they were sent.
 *
 * A request whose absence has a reason is no contradiction: refused before the gateway, rejected by a policy, answered by
 * an open breaker, or lost with the connection to an instance.
 */
export async function reconciliationProblems(ledger: ArmLedger): Promise<string[]> {
  const counts = contradictions.map(({ when }, place) => `count(*) FILTER (${when}) AS n${place}`);
  const offsets = clocks.map(
    ({ ms }, place) =>
      `count(${ms}) AS known${place}, count(*) FILTER (${ms} > ${clockMs}) AS off${place},
       sum(${ms}) FILTER (${ms} > ${clockMs}) AS ms${place}`,
  );
  const rows = await ledger.query<ServedBy>(
    `SELECT servedBy, count(*) FILTER (planned > 0) AS planned, count(*) FILTER (planned > 0 AND records = 0) AS lost,
       ${[...counts, ...offsets].join(', ')} FROM requests GROUP BY servedBy ORDER BY servedBy`,
  );
  const lost = total(rows, 'lost');
  const problems =
    lost > 0 ? [`${lost} of ${count(total(rows, 'planned'), 'planned request')} left no client record`] : [];
  for (const [place, { when, says }] of contradictions.entries()) {
    const requests = total(rows, `n${place}`);
    if (requests === 0) continue;
    const [first] = await ledger.query<{ requestId: string }>(
      `SELECT min(requestId) AS requestId FROM requests WHERE ${when}`,
    );
    problems.push(`${count(requests, 'request')} ${says}, for example ${first?.requestId}`);
  }
  return [...problems, ...clockProblems(rows)];
}

/** Each instance is held against the gateway by itself: the clock of one in three is wrong for a third of the requests. */
function clockProblems(rows: readonly ServedBy[]): string[] {
  const instances = rows.flatMap((row) => (row.servedBy === null ? [] : [{ name: row.servedBy, rows: [row] }]));
  return clocks.flatMap(({ asking, answering, off }, place) =>
    (answering === 'instance' ? instances : [{ name: `the ${answering}`, rows }]).flatMap(({ name, rows: its }) => {
      const wrong = total(its, `off${place}`);
      if (2 * wrong <= total(its, `known${place}`)) return [];
      const ms = Math.round(total(its, `ms${place}`) / wrong);
      return [`the clock of ${name} is about ${ms} ms ${off} the ${asking}'s`];
    }),
  );
}

function total(rows: readonly ServedBy[], column: Column): number {
  return rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
}
