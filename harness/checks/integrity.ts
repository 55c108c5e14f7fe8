import type { PlannedFault } from '../model/fault.js';
import { generatorSaturation } from '../model/generator-saturation.js';
import type { ArmLedger } from '../model/ledger.js';
import { count, seconds } from './finding.js';
import { reconciliationProblems } from './reconciliation.js';

/** In the steady state an answer takes some 15 ms; when it takes this long (99th percentile), the machine is too busy. */
const slowestSteadyMs = 500;
/** A fault that comes this much later than planned belongs to another moment of the load. */
const latestFaultMs = 1_000;

/**
 * Everything that forbids to judge an arm: holes in the evidence, a generator that fell behind, vantages that contradict
 * each other, a stack that was not well before the first fault, a reload of the gateway, a fault that did not bite. One
 * sentence each.
 */
export async function integrityProblems(ledger: ArmLedger, timeline: readonly PlannedFault[]): Promise<string[]> {
  return [
    ...ledger.gaps,
    ...(await loadProblems(ledger)),
    ...(await reconciliationProblems(ledger)),
    ...gatewayProblems(ledger),
    ...(await faultProblems(ledger, timeline)),
    ...(await steadyStateProblems(ledger, timeline)),
  ];
}

async function loadProblems(ledger: ArmLedger): Promise<string[]> {
  if (ledger.startedAt === undefined) return ['the load generator never started'];
  const [late] = await ledger.query<{ p99: number | null }>(
    'SELECT quantile_disc(sentAt - intendedAt, 0.99) AS p99 FROM client',
  );
  return generatorSaturation({ lateP99Ms: late?.p99 ?? 0 });
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

async function faultProblems(ledger: ArmLedger, timeline: readonly PlannedFault[]): Promise<string[]> {
  const problems = timeline.map(async ({ fault, atMs }, index) => {
    const record = ledger.faults.find((each) => each.index === index);
    if (record === undefined) return [`the fault "${fault.title}" was never applied`];
    if (record.error !== undefined) return [`the fault "${fault.title}" went wrong: ${record.error}`];
    const lateMs = record.applyingAt - (ledger.startedAt ?? 0) - atMs;
    if (lateMs > latestFaultMs) return [`the fault "${fault.title}" came ${seconds(lateMs)} late`];
    if ((await fault.touched(ledger, record)) > 0) return [];
    return [`the fault "${fault.title}" did not bite: no traffic shows an effect of it`];
  });
  return (await Promise.all(problems)).flat();
}

async function steadyStateProblems(ledger: ArmLedger, timeline: readonly PlannedFault[]): Promise<string[]> {
  if (timeline.length === 0) return [];
  const faultAt = Math.min(...ledger.faults.map((fault) => fault.applyingAt), Number.MAX_VALUE);
  const [before] = await ledger.query<{ requests: number; failed: number; p99: number | null }>(
    `SELECT count(*) AS requests, count(*) FILTER (NOT succeeded) AS failed,
       quantile_disc(endedAt - intendedAt, 0.99) AS p99
     FROM client WHERE endedAt < $faultAt`,
    { faultAt },
  );
  const { requests = 0, failed = 0, p99 = 0 } = before ?? {};
  if (requests === 0) return ['no request was answered before the first fault, so there is no steady state'];
  if (failed > 0) return [`${failed} of ${count(requests, 'request')} failed before the first fault: no steady state`];
  if (p99 === null || p99 <= slowestSteadyMs) return [];
  return [
    `the machine is too busy: before the first fault 1 % of the answers took ${Math.round(p99)} ms or more (limit ${slowestSteadyMs} ms)`,
  ];
}
