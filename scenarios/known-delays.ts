import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import { record, request, stream } from 'k6/x/gauntlet';
import type { PlannedArrival } from '../harness/model/traffic.js';
import { type LoadPlan, readyAnnouncement, startAnnouncement } from './pure/load-plan.js';
import { arrivalsOfClient, clientCount, trafficDurationMs } from './pure/schedule.js';
import { TokenTimes } from './pure/token-times.js';

/**
 * Clients of the known-delay server. What a client sends goes by the name of its group: `requests` are plain chat
 * completions, `streams` are streamed ones, `sockets` open a WebSocket for each. A client that is hopelessly late gives
 * up: what it did not send is then missing in the records.
 */
const plan = JSON.parse(open(__ENV.GAUNTLET_LOAD ?? '')) as LoadPlan;
const timeoutMs = 10_000;
const hopelesslyLateMs = 2_000;
/** Time between the announcement and the first arrival, in which every VU gets going. */
const leadMs = 500;
const gatePollSeconds = 0.1;

export const options: Options = {
  discardResponseBodies: true,
  scenarios: {
    clients: {
      executor: 'per-vu-iterations',
      vus: clientCount(plan.traffic),
      iterations: 1,
      maxDuration: `${Math.ceil((trafficDurationMs(plan.traffic) + leadMs + timeoutMs + hopelesslyLateMs) / 1000) + 5}s`,
      gracefulStop: '0s',
    },
  },
};

export function setup(): { startsAt: number } {
  console.log(readyAnnouncement);
  // An empty request id: no part of the load, so it is not recorded.
  while (http.get(plan.gate, { tags: { request_id: '' } }).status !== 200) sleep(gatePollSeconds);
  const startsAt = Date.now() + leadMs;
  console.log(`${startAnnouncement} ${startsAt}`);
  return { startsAt };
}

export default async function knownDelays({ startsAt }: { startsAt: number }): Promise<void> {
  const inFlight: Promise<unknown>[] = [];
  for (const arrival of arrivalsOfClient(plan.traffic, plan.arm, exec.vu.idInTest)) {
    const intendedAt = startsAt + arrival.atMs;
    await until(intendedAt);
    if (Date.now() - intendedAt > hopelesslyLateMs) break;
    inFlight.push(send(arrival, intendedAt));
  }
  await Promise.all(inFlight);
}

function until(instant: number): Promise<void> {
  const waitMs = instant - Date.now();
  return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, waitMs));
}

function send({ requestId, group }: PlannedArrival, intendedAt: number): Promise<unknown> {
  if (group === 'sockets') return askBySocket(requestId, intendedAt);
  const streamed = group === 'streams';
  const body = JSON.stringify({
    model: 'known-delay',
    stream: streamed,
    messages: [{ role: 'user', content: `request ${requestId}` }],
  });
  const params = { requestId, intendedAt, timeout: timeoutMs, headers: { 'content-type': 'application/json' } };
  return (streamed ? stream : request)('POST', `${plan.baseUrl}/v1/chat/completions`, body, params);
}

/** Opens a socket, asks on it, and takes the answer's tokens. Times are those that k6 stamps when it has read a message. */
function askBySocket(requestId: string, intendedAt: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${plan.baseUrl.replace(/^http/, 'ws')}/ws`);
    const times = new TokenTimes();
    let sentAt = 0;
    let error = '';
    let ended = false;
    const end = (endedAt: number, done: boolean): void => {
      if (ended) return;
      ended = true;
      record({
        requestId,
        protocol: 'websocket',
        intendedAt,
        // On a socket that never opened nothing was sent: the plan's instant stands for it.
        sentAt: sentAt || intendedAt,
        firstTokenAt: times.firstAt,
        endedAt,
        gapsMs: times.gapsMs,
        tokens: times.count,
        status: sentAt > 0 ? 101 : 0,
        error,
        done,
      });
      resolve();
    };
    socket.addEventListener('open', (event) => {
      sentAt = event.timestamp;
      socket.send(requestId);
    });
    socket.addEventListener('message', (event) => {
      if (!('data' in event)) return;
      const { done } = JSON.parse(String(event.data)) as { done?: boolean };
      if (done !== true) {
        times.add(event.timestamp);
        return;
      }
      end(event.timestamp, true);
      socket.close();
    });
    socket.addEventListener('error', (event) => {
      if ('error' in event) error = event.error;
    });
    socket.addEventListener('close', () => end(Date.now(), false));
  });
}
