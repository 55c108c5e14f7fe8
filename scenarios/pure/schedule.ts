import type { ClientGroup, ClientSchedule, PlannedArrival, Stage, Traffic } from '../../harness/model/traffic.js';
import { seededRandom } from './seeded-random.js';

/** A client of a group, numbered from 1 over all groups: the number of the k6 VU that plays it. */
interface Client {
  readonly number: number;
  readonly group: ClientGroup;
  /** How much later than the group's first client this one starts, in milliseconds. */
  readonly offsetMs: number;
}

function clients(traffic: Traffic): Client[] {
  const places = traffic.groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, place) => ({ group, place })),
  );
  return places.map(({ group, place }, index) => ({
    number: index + 1,
    group,
    offsetMs: (group.spreadMs * place) / group.count,
  }));
}

/** How many clients the traffic has, and so how many VUs k6 needs. */
export function clientCount(traffic: Traffic): number {
  return traffic.groups.reduce((sum, group) => sum + group.count, 0);
}

/** By when every planned arrival is due, in milliseconds from the start of the load. */
export function trafficDurationMs(traffic: Traffic): number {
  return Math.max(0, ...traffic.groups.flatMap((group) => group.stages.map((stage) => stage.untilMs + group.spreadMs)));
}

/**
 * The arrivals of one client, in time order. Open loop: each has its instant whether or not an earlier one was answered.
 *
 * @param arm prefix of the request ids, which are unique within a run
 * @param client number of the client, from 1
 */
export function arrivalsOfClient(traffic: Traffic, arm: string, client: number): PlannedArrival[] {
  const found = clients(traffic).find((each) => each.number === client);
  if (found === undefined) return [];
  const { group, instants } = scheduleOf(traffic, found);
  return instants.map((atMs, number) => ({ requestId: `${arm}.${client}.${number}`, client, group, atMs }));
}

/** What each client is to send, one after the other, so that a whole load is never in memory at once. */
export function* clientSchedules(traffic: Traffic): Iterable<ClientSchedule> {
  for (const client of clients(traffic)) yield scheduleOf(traffic, client);
}

function scheduleOf(traffic: Traffic, { number, group, offsetMs }: Client): ClientSchedule {
  const instants = group.stages.flatMap((stage, place) =>
    instantsOf(stage, () => seededRandom(traffic.seed ?? 0, number, place)),
  );
  return { client: number, group: group.name, instants: instants.map((atMs) => atMs + offsetMs).sort((a, b) => a - b) };
}

/** The instants of one client in one stage, in milliseconds from the start of the load, in no order. */
function instantsOf({ fromMs, untilMs, ratePerSecond, arrivals }: Stage, random: () => () => number): number[] {
  const gapMs = 1000 / ratePerSecond;
  const count = Math.ceil((untilMs - fromMs) / gapMs - 1e-9);
  if (arrivals !== 'poisson') return Array.from({ length: count }, (_, index) => fromMs + index * gapMs);
  // Once their number is given, the arrivals of a Poisson process are independent and uniform over the time.
  const draw = random();
  return Array.from({ length: count }, () => fromMs + draw() * (untilMs - fromMs));
}

/** Every arrival that the traffic asks for, in time order. */
export function plannedArrivals(traffic: Traffic, arm: string): PlannedArrival[] {
  return clients(traffic)
    .flatMap((client) => arrivalsOfClient(traffic, arm, client.number))
    .sort((a, b) => a.atMs - b.atMs || a.client - b.client);
}
