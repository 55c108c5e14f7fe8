import type { PlannedFault } from '../model/fault.js';
import type { ArmLedger } from '../model/ledger.js';
import { count, seconds } from './finding.js';
import { succeeded } from './window.js';

/** A generator that sends this much later than planned (99th percentile) no longer makes the load it claims to. */
const latestSendMs = 250;
/** In the steady state an answer takes some 15 ms; when it takes this long (99th percentile), the machine is too busy. */
const slowestSteadyMs = 500;
/** A fault that comes this much later than planned belongs to another moment of the load. */
const latestFaultMs = 1_000;

/**
 * Everything that forbids to judge an arm: holes in the evidence, a generator that fell behind, a stack that was not
 * well before the first fault, a reload of the gateway, a fault that did not bite. One sentence each.
 */
export function integrityProblems(ledger: ArmLedger, timeline: readonly PlannedFault[]): string[] {
  return [
    ...ledger.gaps,
    ...loadProblems(ledger),
    ...reconciliationProblems(ledger),
    ...gatewayProblems(ledger),
    ...faultProblems(ledger, timeline),
    ...steadyStateProblems(ledger, timeline),
  ];
}

function loadProblems(ledger: ArmLedger): string[] {
  if (ledger.startedAt === undefined) return ['the load generator never started'];
  const recorded = new Set(ledger.client.map((record) => record.requestId));
  const missing = ledger.planned.filter((arrival) => !recorded.has(arrival.requestId));
  const p99 = percentile99(ledger.client.map((record) => record.sentAt - record.intendedAt));
  return [
    ...(missing.length > 0
      ? [`${missing.length} of ${count(ledger.planned.length, 'planned request')} left no client record`]
      : []),
    ...(p99 > latestSendMs
      ? [`the load generator fell behind: 1 % of the requests left more than ${p99} ms late (limit ${latestSendMs} ms)`]
      : []),
  ];
}

function reconciliationProblems(ledger: ArmLedger): string[] {
  const logged = new Map(ledger.gateway.map((record) => [record.requestId, record]));
  const arrived = new Set(ledger.service.map((arrival) => arrival.requestId));
  const sent = new Set(ledger.client.map((record) => record.requestId));
  const unlogged = ledger.client.filter((record) => record.status > 0 && !logged.has(record.requestId));
  const disagree = ledger.client.filter((record) => {
    const status = logged.get(record.requestId)?.status;
    return record.status > 0 && status !== undefined && status !== record.status;
  });
  const unserved = ledger.client.filter((record) => succeeded(record) && !arrived.has(record.requestId));
  const unasked = ledger.service.filter((arrival) => !sent.has(arrival.requestId));
  const say = (records: readonly { requestId: string }[], what: string): string[] =>
    records.length === 0 ? [] : [`${count(records.length, 'request')} ${what}, for example ${records[0]?.requestId}`];
  return [
    ...say(unlogged, 'answered to the client but missing in the access log'),
    ...say(disagree, 'with another status at the client than in the access log'),
    ...say(unserved, 'successful but in no journal of the service'),
    ...say(unasked, 'in a journal of the service that no client sent'),
  ];
}

function gatewayProblems(ledger: ArmLedger): string[] {
  // Traefik may take its providers' first configurations one after another; only what comes later is a reload.
  const before = ledger.scrapes.findLastIndex((scrape) => scrape.at <= (ledger.startedAt ?? 0));
  const during = ledger.scrapes.slice(Math.max(0, before));
  const reloads = during.map((scrape) => scrape.configReloads);
  if (reloads.length === 0) return ["there is no scrape of Traefik's counters"];
  const moved = Math.max(...reloads) - Math.min(...reloads);
  if (Number.isNaN(moved)) return ["Traefik's reload counter is missing in a scrape"];
  return moved === 0 ? [] : [`Traefik reloaded its configuration ${moved} times during the measurement`];
}

function faultProblems(ledger: ArmLedger, timeline: readonly PlannedFault[]): string[] {
  return timeline.flatMap(({ fault, atMs }, index) => {
    const record = ledger.faults.find((each) => each.index === index);
    if (record === undefined) return [`the fault "${fault.title}" was never applied`];
    if (record.error !== undefined) return [`the fault "${fault.title}" went wrong: ${record.error}`];
    const lateMs = record.applyingAt - (ledger.startedAt ?? 0) - atMs;
    if (lateMs > latestFaultMs) return [`the fault "${fault.title}" came ${seconds(lateMs)} late`];
    if (fault.touched(ledger, record) > 0) return [];
    return [`the fault "${fault.title}" did not bite: no traffic shows an effect of it`];
  });
}

function steadyStateProblems(ledger: ArmLedger, timeline: readonly PlannedFault[]): string[] {
  if (timeline.length === 0) return [];
  const firstFault = Math.min(...ledger.faults.map((fault) => fault.applyingAt));
  const before = ledger.client.filter((record) => record.endedAt < firstFault);
  const failed = before.filter((record) => !succeeded(record));
  if (before.length === 0) return ['no request was answered before the first fault, so there is no steady state'];
  if (failed.length > 0) {
    return [`${failed.length} of ${count(before.length, 'request')} failed before the first fault: no steady state`];
  }
  const p99 = percentile99(before.map((record) => record.endedAt - record.sentAt));
  return p99 <= slowestSteadyMs
    ? []
    : [
        `the machine is too busy: before the first fault 1 % of the answers took ${Math.round(p99)} ms or more (limit ${slowestSteadyMs} ms)`,
      ];
}

/** Nearest rank; 0 for no values. */
function percentile99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;
}
