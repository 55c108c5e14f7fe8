import { type FailureType, failureTypes } from '../faults/fault.js';
import type { EnvReader } from './env-reader.js';

/** Failures that are drawn for requests, with the names of llm-d-inference-sim. They can be changed at run time too. */
export interface FailureInjection {
  /** Per cent of the requests, 0 to 100. */
  readonly failureInjectionRate: number;
  /** At least one. */
  readonly failureTypes: readonly FailureType[];
}

/** Reads which failures are injected. */
export function readFailureInjection(reader: EnvReader): FailureInjection {
  const failureInjectionRate = reader.number({
    name: 'FAILURE_INJECTION_RATE',
    fallback: 0,
    min: 0,
    max: 100,
    fractions: true,
    hint: 'Per cent of the requests to /v1/ and of the chats that fail.',
  });
  const range = `a list of ${failureTypes.join(', ')}`;
  const text = reader.optional(
    'FAILURE_TYPES',
    range,
    'Which failures are drawn; unset for all. Commas stand between.',
  );
  const asked = text?.split(',').map((type) => type.trim()) ?? failureTypes;
  const types = asked.filter((type): type is FailureType => failureTypes.some((known) => known === type));
  if (types.length < asked.length) {
    reader.problem('FAILURE_TYPES', JSON.stringify(text), range, 'Commas stand between.');
  }
  return { failureInjectionRate, failureTypes: types };
}
