import { WebSocket } from 'k6/websockets';
import { record, request, stream } from 'k6/x/gauntlet';
import type { PlannedArrival } from '../harness/model/traffic.js';
import { plannedClients } from './clients/planned-clients.js';
import type { LoadPlan } from './pure/load-plan.js';
import { TokenTimes } from './pure/token-times.js';

/**
 * Clients of the known-delay server. What a client sends goes by the name of its group: `requests` are plain chat
 * completions, `streams` are streamed ones, `sockets` open a WebSocket for each. A client that is hopelessly late gives
 * up: what it did not send is then missing in the records.
 */
const plan = JSON.parse(open(__ENV.GAUNTLET_LOAD ?? '')) as LoadPlan;
const timeoutMs = 10_000;
const giveUpWhenLateMs = 2_000;

const { options, setup, client } = plannedClients(plan, { timeoutMs, giveUpWhenLateMs, send });

export { client as default, options, setup };

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
