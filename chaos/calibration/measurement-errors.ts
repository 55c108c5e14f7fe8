import type { Exchange, KnownAnswer } from './exchange.js';

/** What is measured of an exchange. */
export type Measure = 'ttft' | 'gap' | 'latency';

/** Every value of each measure, in the order in which the requests were sent. Milliseconds. */
export type Values = Readonly<Record<Measure, readonly number[]>>;

/** What was measured, and how far each value lies from the truth. */
export interface MeasurementErrors {
  readonly measured: Values;
  /** Measured less true: positive where the client measured too much. */
  readonly errors: Values;
  /** Exchanges of which the truth is not known, or that did not end well, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Compares what a client measured with what the known-delay server did. Durations are compared, each taken on one clock:
 *
 * - `ttft`: from sending the request to the first token. In truth from receiving it to sending that token.
 * - `gap`: from a token to the next one.
 * - `latency`: from sending the request to the end of the answer. In truth from receiving it to sending the last token.
 *
 * So the error holds the way through the kernel's loopback, both ways, and whatever client and server had to wait for a
 * processor: all that stands between a token and its stamp.
 */
export function measurementErrors(
  exchanges: readonly Exchange[],
  answers: ReadonlyMap<string, KnownAnswer>,
): MeasurementErrors {
  const measured: Record<Measure, number[]> = { ttft: [], gap: [], latency: [] };
  const errors: Record<Measure, number[]> = { ttft: [], gap: [], latency: [] };
  const unknown: string[] = [];
  const broken: string[] = [];
  const note = (measure: Measure, value: number, truth: number): void => {
    measured[measure].push(value);
    errors[measure].push(value - truth);
  };
  for (const exchange of exchanges.toSorted((a, b) => a.sentAt - b.sentAt)) {
    const answer = answers.get(exchange.requestId);
    if (answer === undefined) {
      unknown.push(exchange.requestId);
      continue;
    }
    const [first = 0] = answer.sentAt;
    const last = answer.sentAt.at(-1) ?? 0;
    const streamed = answer.protocol !== 'http';
    const whole =
      exchange.done && answer.completed && (!streamed || exchange.gapsMs.length === answer.sentAt.length - 1);
    if (!whole) {
      broken.push(exchange.requestId);
      continue;
    }
    note('latency', exchange.endedAt - exchange.sentAt, last - answer.receivedAt);
    if (!streamed) continue;
    note('ttft', exchange.firstTokenAt - exchange.sentAt, first - answer.receivedAt);
    for (const [place, gap] of exchange.gapsMs.entries()) {
      note('gap', gap, (answer.sentAt[place + 1] ?? 0) - (answer.sentAt[place] ?? 0));
    }
  }
  const say = (ids: readonly string[], what: string): string[] =>
    ids.length === 0 ? [] : [`${ids.length} of ${exchanges.length} exchanges ${what}, for example ${ids[0]}`];
  return {
    measured,
    errors,
    problems: [
      ...say(unknown, 'are not known to the server'),
      ...say(broken, 'did not end well, or with another number of tokens than were sent'),
    ],
  };
}
