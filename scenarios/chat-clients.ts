import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import { request } from 'k6/x/gauntlet';
import type { PlannedArrival } from '../harness/model/traffic.js';
import { type LoadPlan, readyAnnouncement, startAnnouncement } from './pure/load-plan.js';
import { arrivalsOfClient, clientCount, trafficDurationMs } from './pure/schedule.js';

/**
 * Independent chat clients. Each VU is one client with a connection, source address and cookie jar of its own, and posts
 * chat completions at the instants of its schedule, whether or not earlier ones were answered.
 */
const plan = JSON.parse(open(__ENV.GAUNTLET_LOAD ?? '')) as LoadPlan;
const requestTimeoutMs = 20_000;
/** Time between the announcement and the first arrival, in which every VU gets going. */
const leadMs = 500;
const gatePollSeconds = 0.1;

export const options: Options = {
  hosts: { ...plan.hosts },
  discardResponseBodies: true,
  scenarios: {
    clients: {
      executor: 'per-vu-iterations',
      vus: clientCount(plan.traffic),
      iterations: 1,
      maxDuration: `${Math.ceil((trafficDurationMs(plan.traffic) + leadMs + requestTimeoutMs) / 1000) + 10}s`,
      gracefulStop: '0s',
    },
  },
};

export function setup(): { startsAt: number } {
  console.log(readyAnnouncement);
  // Waiting at the gate is no exchange of the load: an empty id keeps it out of the records.
  while (http.get(plan.gate, { tags: { request_id: '' } }).status !== 200) sleep(gatePollSeconds);
  const startsAt = Date.now() + leadMs;
  console.log(`${startAnnouncement} ${startsAt}`);
  return { startsAt };
}

export default async function chatClient({ startsAt }: { startsAt: number }): Promise<void> {
  const inFlight: Promise<void>[] = [];
  for (const arrival of arrivalsOfClient(plan.traffic, plan.arm, exec.vu.idInTest)) {
    const intendedAt = startsAt + arrival.atMs;
    await until(intendedAt);
    inFlight.push(post(arrival, intendedAt));
  }
  await Promise.all(inFlight);
}

function until(instant: number): Promise<void> {
  const waitMs = instant - Date.now();
  return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, waitMs));
}

async function post(arrival: PlannedArrival, intendedAt: number): Promise<void> {
  const body = JSON.stringify({
    model: 'gauntlet-1',
    seed: plan.seed,
    messages: [{ role: 'user', content: `request ${arrival.requestId}` }],
  });
  await request('POST', `${plan.baseUrl}/v1/chat/completions`, body, {
    headers: { 'content-type': 'application/json' },
    timeout: requestTimeoutMs,
    requestId: arrival.requestId,
    intendedAt,
    affinityCookie: plan.affinityCookie,
  });
}
