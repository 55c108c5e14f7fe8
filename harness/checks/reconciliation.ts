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
  { asking: 'gateway', answering: 'service', ahead: 'finishedAt - loggedEnd', behind: 'loggedAt - arrivedAt' },
].flatMap(({ asking, answering, ahead, behind }) => [
  { ms: ahead, says: (ms: number) => `the clock of the ${answering} is about ${ms} ms ahead of the ${asking}'s` },
  { ms: behind, says: (ms: number) => `the clock of the ${answering} is about ${ms} ms behind the ${asking}'s` },
]);

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
       round(avg(${ms}) FILTER (${ms} > ${clockMs})) AS ms${place}`,
  );
  const [row = {}] = await ledger.query<Readonly<Record<string, number | null>>>(
    `SELECT count(*) FILTER (planned > 0) AS planned, count(*) FILTER (planned > 0 AND records = 0) AS lost,
       ${[...counts, ...offsets].join(', ')} FROM requests`,
  );
  const lost = Number(row.lost ?? 0);
  const problems =
    lost > 0 ? [`${lost} of ${count(Number(row.planned), 'planned request')} left no client record`] : [];
  for (const [place, { when, says }] of contradictions.entries()) {
    const requests = row[`n${place}`] ?? 0;
    if (requests === 0) continue;
    const [first] = await ledger.query<{ requestId: string }>(
      `SELECT min(requestId) AS requestId FROM requests WHERE ${when}`,
    );
    problems.push(`${count(requests, 'request')} ${says}, for example ${first?.requestId}`);
  }
  return [
    ...problems,
    ...clocks.flatMap(({ says }, place) => {
      const most = 2 * Number(row[`off${place}`] ?? 0) > Number(row[`known${place}`] ?? 0);
      return most ? [says(Number(row[`ms${place}`]))] : [];
    }),
  ];
}
