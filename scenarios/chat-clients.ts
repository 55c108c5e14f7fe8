import { request } from 'k6/x/gauntlet';
import type { PlannedArrival } from '../harness/model/traffic.js';
import { plannedClients } from './clients/planned-clients.js';
import type { LoadPlan } from './pure/load-plan.js';

/**
 * Independent chat clients. Each VU is one client with a connection, source address and cookie jar of its own, and posts
 * chat completions at the instants of its schedule, whether or not earlier ones were answered.
 */
const plan = JSON.parse(open(__ENV.GAUNTLET_LOAD ?? '')) as LoadPlan;
const timeoutMs = 20_000;

const { options, setup, client } = plannedClients(plan, { timeoutMs, send: post });

export { client as default, options, setup };

async function post(arrival: PlannedArrival, intendedAt: number): Promise<void> {
  const body = JSON.stringify({
    model: 'gauntlet-1',
    seed: plan.seed,
    messages: [{ role: 'user', content: `request ${arrival.requestId}` }],
  });
  await request('POST', `${plan.baseUrl}/v1/chat/completions`, body, {
    headers: { 'content-type': 'application/json' },
    timeout: timeoutMs,
    requestId: arrival.requestId,
    intendedAt,
    affinityCookie: plan.affinityCookie,
  });
}
