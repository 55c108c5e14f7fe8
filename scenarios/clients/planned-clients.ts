import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import type { PlannedArrival } from '../../harness/model/traffic.js';
import { type LoadPlan, readyAnnouncement, startAnnouncement } from '../pure/load-plan.js';
import { arrivalsOfClient, clientCount, trafficDurationMs } from '../pure/schedule.js';

/** What the clients of a scenario do with their arrivals. */
interface Behaviour {
  /** After this many milliseconds an exchange has ended one way or the other. */
  readonly timeoutMs: number;
  /** A client that is this much late gives up, and what it did not send is missing in the records. It never does unless given. */
  readonly giveUpWhenLateMs?: number;
  /** Sends one arrival, and resolves when its exchange has ended. */
  readonly send: (arrival: PlannedArrival, intendedAt: number) => Promise<unknown>;
}

/** What k6 wants of a scenario: its options, its set-up, and what each VU does. */
interface Scenario {
  readonly options: Options;
  readonly setup: () => Start;
  readonly client: (start: Start) => Promise<void>;
}

/** Epoch milliseconds from which the plan counts. */
interface Start {
  readonly startsAt: number;
}

/** Time between the announcement and the first arrival, in which every VU gets going. */
const leadMs = 500;
const gatePollSeconds = 0.1;
const spareMs = 10_000;

/**
 * Independent clients, a VU each, that wait at the gate together and then send at the instants of their plan, whether or
 * not earlier exchanges have ended.
 */
export function plannedClients(plan: LoadPlan, { timeoutMs, giveUpWhenLateMs, send }: Behaviour): Scenario {
  const longestMs = trafficDurationMs(plan.traffic) + leadMs + timeoutMs + (giveUpWhenLateMs ?? 0) + spareMs;
  return {
    options: {
      hosts: { ...plan.hosts },
      discardResponseBodies: true,
      scenarios: {
        clients: {
          executor: 'per-vu-iterations',
          vus: clientCount(plan.traffic),
          iterations: 1,
          maxDuration: `${Math.ceil(longestMs / 1000)}s`,
          gracefulStop: '0s',
        },
      },
    },
    setup: () => {
      console.log(readyAnnouncement);
      // Waiting at the gate is no exchange of the load: an empty id keeps it out of the records.
      while (http.get(plan.gate, { tags: { request_id: '' } }).status !== 200) sleep(gatePollSeconds);
      const startsAt = Date.now() + leadMs;
      console.log(`${startAnnouncement} ${startsAt}`);
      return { startsAt };
    },
    client: async ({ startsAt }) => {
      const inFlight: Promise<unknown>[] = [];
      for (const arrival of arrivalsOfClient(plan.traffic, plan.arm, exec.vu.idInTest)) {
        const intendedAt = startsAt + arrival.atMs;
        await until(intendedAt);
        if (giveUpWhenLateMs !== undefined && Date.now() - intendedAt > giveUpWhenLateMs) break;
        inFlight.push(send(arrival, intendedAt));
      }
      await Promise.all(inFlight);
    },
  };
}

function until(instant: number): Promise<void> {
  const waitMs = instant - Date.now();
  return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, waitMs));
}
