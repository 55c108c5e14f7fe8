import { describe, expect, test } from 'vitest';
import type { Exchange, KnownAnswer } from './exchange.js';
import { measurementErrors } from './measurement-errors.js';

const sse: KnownAnswer = {
  requestId: 'a.1',
  protocol: 'sse',
  ttftMs: 50,
  gapMs: 10,
  receivedAt: 1_000.25,
  sentAt: [1_050.25, 1_060.5, 1_070.25],
  completed: true,
};
const seen: Exchange = {
  requestId: 'a.1',
  intendedAt: 999,
  sentAt: 1_000,
  firstTokenAt: 1_050.75,
  endedAt: 1_071,
  gapsMs: [10, 10.25],
  done: true,
};
const known = (...answers: readonly KnownAnswer[]) => new Map(answers.map((each) => [each.requestId, each]));

describe('the errors of a measurement', () => {
  test('are measured less true, each on its own clock', () => {
    expect(measurementErrors([seen], known(sse))).toEqual({
      measured: { ttft: [50.75], gap: [10, 10.25], latency: [71] },
      errors: { ttft: [0.75], gap: [-0.25, 0.5], latency: [1] },
      problems: [],
    });
  });

  test('do not depend on how the clocks of client and server differ', () => {
    const elsewhere = { ...sse, receivedAt: sse.receivedAt + 5_000, sentAt: sse.sentAt.map((at) => at + 5_000) };
    expect(measurementErrors([seen], known(elsewhere))).toEqual(measurementErrors([seen], known(sse)));
  });

  test('of a plain answer are those of its latency alone', () => {
    const plain: KnownAnswer = { ...sse, protocol: 'http', sentAt: [1_070.25] };
    const { errors, problems } = measurementErrors([{ ...seen, firstTokenAt: 0, gapsMs: [] }], known(plain));
    expect(errors).toEqual({ ttft: [], gap: [], latency: [1] });
    expect(problems).toEqual([]);
  });

  test('come in the order of sending', () => {
    const later = { ...seen, requestId: 'a.2', sentAt: 2_000, firstTokenAt: 2_051, endedAt: 2_072 };
    const answers = known(sse, { ...sse, requestId: 'a.2' });
    expect(measurementErrors([later, seen], answers).measured.latency).toEqual([71, 72]);
  });

  test.each<[string, Partial<Exchange>, Partial<KnownAnswer>]>([
    ['broke off at the client', { done: false }, {}],
    ['broke off at the server', {}, { completed: false }],
    ['lost a token', { gapsMs: [20] }, {}],
  ])('leave out an exchange that %s, and say so', (_what, exchange, answer) => {
    const { measured, problems } = measurementErrors([{ ...seen, ...exchange }], known({ ...sse, ...answer }));
    expect(measured.latency).toEqual([]);
    expect(problems).toEqual([
      '1 of 1 exchanges did not end well, or with another number of tokens than were sent, for example a.1',
    ]);
  });

  test('name exchanges that the server does not know', () => {
    const { problems } = measurementErrors([seen, { ...seen, requestId: 'a.9' }], known(sse));
    expect(problems).toEqual(['1 of 2 exchanges are not known to the server, for example a.9']);
  });
});
