import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArmRole, armName, type Experiment } from '../../harness/model/experiment.js';
import type { FaultRecord } from '../../harness/model/fault-record.js';
import { type RecordedArm, type Recording, runFiles } from '../../harness/model/recording.js';
import { LineWriter } from './line-writer.js';

const startedAt = Date.parse('2026-11-23T22:00:00.000Z');
const durationMs = 90_000;
const instances = ['llm-1', 'llm-2', 'llm-3'];

/** One arm while its evidence is made. */
interface Arm {
  readonly experiment: Experiment;
  readonly role: ArmRole;
  readonly recorded: RecordedArm;
  readonly clients: number;
  readonly writer: LineWriter;
  readonly routed: Record<string, number>;
  readonly attempted: Record<string, number>;
  records: number;
  turn: number;
}

/** What became of one request. `server` is the index of the last instance that was tried, if any was. */
interface Answer {
  readonly status: number;
  readonly server: number | undefined;
  /** Tries at instances that refused before `server` was tried. */
  readonly refused: number;
}

/**
 * Writes a run's folder of about `requests` requests over all arms of `experiments`: client records, access log,
 * journals, scrapes and injector, in the formats that a real run leaves. All requests of an arm are spread evenly over
 * 90 s and its clients; faults, retries, breaker and limiter act roughly as configured.
 *
 * @returns the number of requests
 */
export function writeEvidence(folder: string, requests: number, experiments: readonly Experiment[]): number {
  const path = (name: string): string => join(folder, name);
  const arms = experiments.flatMap((experiment) =>
    (['subject', 'control'] as const).map((role) =>
      openArm(folder, experiment, role, requests / experiments.length / 2),
    ),
  );
  const access = new LineWriter(path(runFiles.accessLog));
  const scrapes = new LineWriter(path(runFiles.scrapes));
  const journals = instances.map((name) => new LineWriter(path(`${runFiles.journals}/${name}.ndjson`)));
  const injector = new LineWriter(path(runFiles.faults));
  for (const arm of arms) for (const fault of faultRecords(arm)) injector.write(JSON.stringify(fault));
  let total = 0;
  for (let second = -1; second <= durationMs / 1000; second++) {
    if (second >= 0 && second < durationMs / 1000) {
      for (const arm of arms) total += writeSecond(arm, second, access, journals);
    }
    scrapes.write(
      JSON.stringify({
        at: startedAt + (second + 1) * 1000 + 60,
        routes: Object.fromEntries(
          arms.map((arm) => [arm.recorded.name, { routerRequests: arm.routed, serviceRequests: arm.attempted }]),
        ),
        configReloads: 1,
      }),
    );
  }
  for (const arm of arms) {
    arm.writer.write(JSON.stringify({ end: true, records: arm.records, dropped: 0, droppedIterations: 0 }));
    arm.writer.close();
  }
  for (const each of [access, scrapes, injector, ...journals]) each.close();
  const recording: Recording = {
    run: 'bench',
    profile: 'bench',
    runtime: 'process',
    versions: {},
    seed: 1,
    startedAt: new Date(startedAt).toISOString(),
    durationMs,
    arms: arms.map((arm) => arm.recorded),
  };
  writeFileSync(path(runFiles.recording), JSON.stringify(recording));
  return total;
}

function openArm(folder: string, experiment: Experiment, role: ArmRole, requests: number): Arm {
  const name = armName(experiment.id, role);
  const clients = experiment.traffic.groups.reduce((sum, group) => sum + group.count, 0);
  // A whole number of requests a second for each client, so that every second looks alike.
  const ratePerSecond = Math.max(1, Math.round(requests / clients / (durationMs / 1000)));
  const writer = new LineWriter(join(folder, runFiles.client(name), runFiles.clientRecords));
  writer.write(JSON.stringify({ format: 'gauntlet-exchanges', version: 1, startedAt }));
  return {
    experiment,
    role,
    recorded: {
      name,
      experiment: experiment.id,
      role,
      policy: role === 'subject' ? experiment.policy : experiment.control.policy,
      links: instances.map((instance, index) => ({
        name: `${name}.${instance}`,
        instance,
        url: `http://127.0.0.1:${9101 + index}`,
      })),
      traffic: {
        groups: experiment.traffic.groups.map((group) => ({
          ...group,
          spreadMs: 0,
          stages: [{ fromMs: 0, untilMs: durationMs, ratePerSecond }],
        })),
      },
      startedAt,
      load: { exitCode: 0, errors: [] },
    },
    clients,
    writer,
    routed: { '200': 3 },
    attempted: { '200': 3 },
    records: 0,
    turn: 0,
  };
}

function faultRecords({ experiment, recorded }: Arm): FaultRecord[] {
  return experiment.timeline.map(({ fault, atMs, forMs }, index) => ({
    arm: recorded.name,
    index,
    kind: fault.kind,
    title: fault.title,
    links: fault.instances.map((instance) => recorded.links[instance]?.name ?? ''),
    plannedAtMs: atMs,
    plannedForMs: forMs,
    applyingAt: startedAt + atMs,
    appliedAt: startedAt + atMs + 5,
    healingAt: startedAt + atMs + forMs,
    healedAt: startedAt + atMs + forMs + 5,
  }));
}

/** Writes what all vantages saw of one arm in one second. */
function writeSecond(arm: Arm, second: number, access: LineWriter, journals: readonly LineWriter[]): number {
  const [stage] = arm.recorded.traffic.groups[0]?.stages ?? [];
  const rate = stage?.ratePerSecond ?? 0;
  for (let place = 0; place < rate; place++) {
    const atMs = second * 1000 + (place * 1000) / rate;
    for (let client = 1; client <= arm.clients; client++) {
      writeRequest(arm, client, second * rate + place, atMs, access, journals);
    }
  }
  return rate * arm.clients;
}

function writeRequest(
  arm: Arm,
  client: number,
  number: number,
  atMs: number,
  access: LineWriter,
  journals: readonly LineWriter[],
): void {
  const { name, links } = arm.recorded;
  const requestId = `${name}.${client}.${number}`;
  const { status, server, refused } = answer(arm, client, number, atMs);
  const intendedAt = startedAt + atMs;
  const sentAt = round(intendedAt + 0.3);
  const gatewayAt = sentAt + 0.4;
  const workMs = status === 200 ? 9 + (number % 7) + refused * 100 : 0.5;
  const endedAt = round(gatewayAt + workMs + 0.7);
  const link = server === undefined ? undefined : links[server];
  const instance = status === 200 ? (link?.instance ?? '') : '';
  arm.records += 1;
  arm.writer.write(
    `{"requestId":"${requestId}","protocol":"http","scenario":"clients","client":${client},"intendedAt":${intendedAt},"sentAt":${sentAt},"firstByteAt":${endedAt},"firstTokenAt":0,"endedAt":${endedAt},"status":${status},"errorCode":${status >= 400 ? 1000 + status : 0},"error":"","bytes":352,"instance":"${instance}","retryAfter":"${status === 429 ? 1 : ''}","cookieSent":"","tokens":0,"finishReason":"stop","done":${status === 200},"gapsMs":[],"remote":"127.0.0.1:443"}`,
  );
  const nanos = String(Math.round((gatewayAt % 1000) * 1e6)).padStart(9, '0');
  const startUtc = `${new Date(gatewayAt).toISOString().slice(0, 19)}.${nanos}Z`;
  const work = Math.round(workMs * 1e6);
  const of = (message: string): string =>
    `"${message}_X-Llm-Instance":"${instance}","${message}_X-Request-Id":"${requestId}"`;
  access.write(
    `{"ClientHost":"127.0.0.${1 + client}","DownstreamContentSize":352,"DownstreamStatus":${status},"Duration":${work},"OriginDuration":${work},"OriginStatus":${server === undefined ? 0 : status},"Overhead":124575,"RequestCount":${access.nextNumber()},"RequestHost":"${name}.gauntlet.test","RequestMethod":"POST","RequestPath":"/v1/chat/completions","RequestProtocol":"HTTP/2.0","RetryAttempts":0,"RouterName":"${name}@file",${link === undefined ? '' : `"ServiceURL":"${link.url}",`}"StartUTC":"${startUtc}",${of('downstream')},"level":"info","msg":"",${link === undefined ? '' : `${of('origin')},`}"request_X-Request-Id":"${requestId}","time":"${startUtc.slice(0, 19)}Z"}`,
  );
  const journal = server === undefined ? undefined : journals[server];
  if (status === 200 && journal !== undefined) {
    const arrivedAt = gatewayAt + 0.3 + refused * 100;
    const n = journal.nextNumber();
    journal.write(
      `{"event":"arrived","n":${n},"requestId":"${requestId}","instance":"${instance}","method":"POST","path":"/v1/chat/completions","host":"${name}.gauntlet.test","arrivedAt":${arrivedAt}}`,
    );
    journal.write(
      `{"event":"finished","n":${n},"requestId":"${requestId}","instance":"${instance}","finishedAt":${arrivedAt + workMs - refused * 100 - 0.5},"status":200,"completed":true,"queueMs":0,"prefillMs":5}`,
    );
  }
  count(arm.routed, status);
  if (server !== undefined) count(arm.attempted, status);
  for (let each = 0; each < refused; each++) count(arm.attempted, 502);
}

function answer(arm: Arm, client: number, number: number, atMs: number): Answer {
  const { experiment, role } = arm;
  const protectedBy = (id: string): boolean => role === 'subject' && experiment.id === id;
  if (protectedBy('rate-limit') && client === 1 && number % 100 !== 0) {
    return { status: 429, server: undefined, refused: 0 };
  }
  const acting = experiment.timeline.find((each) => atMs >= each.atMs && atMs < each.atMs + each.forMs);
  const since = atMs - (experiment.timeline[0]?.atMs ?? 0);
  if (protectedBy('circuit-breaker') && since > 5_000 && (since < 35_000 || (since < 65_000 && number % 2 === 0))) {
    return { status: 503, server: undefined, refused: 0 };
  }
  const server = arm.turn++ % instances.length;
  const dead = (index: number): boolean =>
    acting !== undefined && acting.fault.kind !== 'latency' && acting.fault.instances.includes(index);
  if (!dead(server)) return { status: 200, server, refused: 0 };
  if (!protectedBy('retry') || acting?.fault.kind !== 'refuse') return { status: 502, server, refused: 0 };
  return { status: 200, server: arm.turn++ % instances.length, refused: 1 };
}

function count(counters: Record<string, number>, status: number): void {
  counters[status] = (counters[status] ?? 0) + 1;
}

/** Microseconds, the precision of the client's records. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
