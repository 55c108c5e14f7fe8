import { sleep } from 'k6';
import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import type { ClientRecord } from '../harness/model/ledger.js';
import type { PlannedArrival } from '../harness/model/traffic.js';
import { exchangeMetric, type LoadPlan, readyAnnouncement, startAnnouncement } from './pure/load-plan.js';
import { arrivalsOfClient, clientCount, trafficDurationMs } from './pure/schedule.js';

/**
 * Independent chat clients. Each VU is one client with a connection, source address and cookie jar of its own, and posts
 * chat completions at the instants of its schedule, whether or not earlier ones were answered.
 */
const plan = JSON.parse(open(__ENV.GAUNTLET_LOAD ?? '')) as LoadPlan;
const exchange = new Trend(exchangeMetric, true);
const requestTimeoutMs = 20_000;
/** Time between the announcement and the first arrival, in which every VU gets going. */
const leadMs = 500;
const gatePollSeconds = 0.1;

export const options: Options = {
  hosts: { ...plan.hosts },
  discardResponseBodies: false,
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
  while (http.get(plan.gate).status !== 200) sleep(gatePollSeconds);
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
  const url = `${plan.baseUrl}/v1/chat/completions`;
  const cookieSent = http.cookieJar().cookiesForURL(url)[plan.affinityCookie]?.[0] ?? '';
  const body = JSON.stringify({
    model: 'gauntlet-1',
    seed: plan.seed,
    messages: [{ role: 'user', content: `request ${arrival.requestId}` }],
  });
  const sentAt = Date.now();
  const response = await http.asyncRequest('POST', url, body, {
    headers: { 'content-type': 'application/json', 'x-request-id': arrival.requestId },
    timeout: requestTimeoutMs,
  });
  record(arrival, intendedAt, sentAt, Date.now(), cookieSent, response);
}

function record(
  arrival: PlannedArrival,
  intendedAt: number,
  sentAt: number,
  endedAt: number,
  cookieSent: string,
  response: RefinedResponse<'text'>,
): void {
  const cookieSet = response.cookies[plan.affinityCookie]?.[0];
  const line: ClientRecord = {
    requestId: arrival.requestId,
    client: arrival.client,
    intendedAt,
    sentAt,
    endedAt,
    status: response.status,
    errorCode: response.error_code,
    error: response.error,
    instance: response.headers['X-Llm-Instance'] ?? '',
    retryAfter: response.headers['Retry-After'] ?? '',
    cookieSent,
    ...(cookieSet && {
      cookieSet: { value: cookieSet.value, secure: cookieSet.secure, httpOnly: isHttpOnly(cookieSet) },
    }),
    bytes: typeof response.body === 'string' ? response.body.length : 0,
  };
  // Metadata, not a tag: a tag with a value per request would make a time series per request.
  exec.vu.metrics.metadata[exchangeMetric] = JSON.stringify(line);
  exchange.add(endedAt - intendedAt);
  delete exec.vu.metrics.metadata[exchangeMetric];
}

/** k6 2.2 delivers the attribute as `http_only`; its type declarations call it `httpOnly`. */
function isHttpOnly(cookie: object): boolean {
  return 'http_only' in cookie && cookie.http_only === true;
}
