import type { RecordedArm } from '../../harness/model/recording.js';

/** What k6 itself complained about, in its own words. */
export function loadGaps(arm: RecordedArm): string[] {
  if (arm.load === undefined) return ['the load generator never ran to its end'];
  const { exitCode, errors } = arm.load;
  const words =
    errors.length === 0 ? '' : `: ${errors[0]}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
  if (exitCode !== 0) return [`k6 ended with ${exitCode === null ? 'a signal' : `code ${exitCode}`}${words}`];
  return errors.length === 0 ? [] : [`k6 reported errors${words}`];
}
