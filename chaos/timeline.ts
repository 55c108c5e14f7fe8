import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRecord, Injector, Links, PlannedFault } from '../harness/model/fault.js';

/** What happens on a timeline, as it happens. */
export type TimelineEvent =
  | { readonly type: 'fault-applied'; readonly arm: string; readonly title: string; readonly forMs: number }
  | { readonly type: 'fault-healed'; readonly arm: string; readonly title: string };

/**
 * Applies and heals every planned fault of one arm at its time, and returns what was done and when. Every fault is
 * healed, also after an error and when `signal` cuts the timeline short; an error is kept in the fault's record.
 */
export async function runTimeline(
  timeline: readonly PlannedFault[],
  arm: { readonly name: string; readonly links: Links; readonly startsAt: number },
  injector: Injector,
  options: { readonly signal: AbortSignal; readonly onEvent?: (event: TimelineEvent) => void },
): Promise<FaultRecord[]> {
  return Promise.all(
    timeline.map(async ({ fault, atMs, forMs }, index) => {
      await until(arm.startsAt + atMs, options.signal);
      const errors: string[] = [];
      const attempt = (work: Promise<void>) => work.catch((error: unknown) => errors.push(String(error)));
      const applyingAt = Date.now();
      await attempt(fault.apply(injector, arm.links));
      const appliedAt = Date.now();
      options.onEvent?.({ type: 'fault-applied', arm: arm.name, title: fault.title, forMs });
      await until(appliedAt + forMs, options.signal);
      const healingAt = Date.now();
      await attempt(fault.heal(injector, arm.links));
      const healedAt = Date.now();
      options.onEvent?.({ type: 'fault-healed', arm: arm.name, title: fault.title });
      return {
        arm: arm.name,
        index,
        kind: fault.kind,
        title: fault.title,
        links: fault.instances.map((instance) => arm.links[instance]?.name ?? `instance ${instance}`),
        plannedAtMs: atMs,
        plannedForMs: forMs,
        applyingAt,
        appliedAt,
        healingAt,
        healedAt,
        ...(errors.length > 0 && { error: errors.join('; ') }),
      };
    }),
  );
}

async function until(instant: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, instant - Date.now()), undefined, { signal }).catch(() => undefined);
}
