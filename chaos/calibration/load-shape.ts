import type { Stage, Traffic } from '../../harness/model/traffic.js';

/** Clients of each kind: enough that none is busy, few enough that all of them are soon there. */
const clientsOfAKind = 25;

/** What one kind of clients does in the scenario `known-delays`, by the name of their group. */
export type Kind = 'requests' | 'streams' | 'sockets';

/**
 * Poisson arrivals from independent clients, as many of each kind.
 *
 * @param stages with the rate of all kinds together
 */
export function loadShape(
  kinds: readonly Kind[],
  stages: readonly { readonly fromMs: number; readonly untilMs: number; readonly ratePerSecond: number }[],
  seed: number,
  count = clientsOfAKind,
): Traffic {
  const shares = stages.map(
    (stage): Stage => ({
      ...stage,
      ratePerSecond: stage.ratePerSecond / (kinds.length * count),
      arrivals: 'poisson',
    }),
  );
  return { seed, groups: kinds.map((name) => ({ name, count, spreadMs: 0, stages: shares })) };
}
