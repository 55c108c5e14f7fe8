import { type FailureType, type Fault, failureTypes } from '../faults/fault.js';
import type { EnvReader } from './env-reader.js';

/** Reads the failures that are injected from the start, with the names of llm-d-inference-sim. */
export function readFailureInjection(reader: EnvReader): Fault[] {
  const percent = reader.number({
    name: 'FAILURE_INJECTION_RATE',
    fallback: 0,
    min: 0,
    max: 100,
    fractions: true,
    hint: 'Per cent of the requests to /v1/ that fail.',
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
  return percent === 0 ? [] : [{ kind: 'failure', types, rate: percent / 100 }];
}
