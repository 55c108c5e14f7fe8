import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from '../harness/model/fault.js';
import type { FaultRecord } from '../harness/model/fault-record.js';
import type { Injector } from '../harness/model/injector.js';
import type { Links } from '../harness/model/link.js';

/** What happens on a timeline, as it happens. */
export type TimelineEvent =
  | { readonly type: 'fault-applied'; readonly arm: string; readonly title: string; readonly forMs: number }
  | { readonly type: 'fault-healed'; readonly arm: string; readonly title: string };

/**
 * Applies and heals every planned fault of one arm at its time, and returns what was done and when. Every fault is
 * healed, also after an error and when `signal` cuts the timeline short; an error is kept in the fault's record. A fault
 * that was not yet due at that moment is never applied and leaves no record.
 */
export async function runTimeline(
  timeline: readonly PlannedFault[],
  arm: { readonly name: string; readonly links: Links; readonly startsAt: number },
  injector: Injector,
  options: { readonly signal: AbortSignal; readonly onEvent?: (event: TimelineEvent) => void },
): Promise<FaultRecord[]> {
  const records = await Promise.all(
    timeline.map(async ({ fault, atMs, forMs }, index) => {
      await until(arm.startsAt + atMs, options.signal);
      if (options.signal.aborted) return [];
      const errors: string[] = [];
      const attempt = async (work: () => Promise<void> | void): Promise<void> => {
        try {
          await work();
        } catch (error) {
          errors.push(String(error));
        }
      };
      const say = (event: TimelineEvent): Promise<void> => attempt(() => options.onEvent?.(event));
      const applyingAt = Date.now();
      await attempt(() => fault.apply(injector, arm.links));
      const appliedAt = Date.now();
      await say({ type: 'fault-applied', arm: arm.name, title: fault.title, forMs });
      await until(appliedAt + forMs, options.signal);
      const healingAt = Date.now();
      await attempt(() => fault.heal(injector, arm.links));
      const healedAt = Date.now();
      await say({ type: 'fault-healed', arm: arm.name, title: fault.title });
      const record: FaultRecord = {
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
      return [record];
    }),
  );
  return records.flat();
}

async function until(instant: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, instant - Date.now()), undefined, { signal }).catch(() => undefined);
}
