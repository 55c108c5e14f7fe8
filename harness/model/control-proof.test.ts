import { expect, test } from 'vitest';
import { controlProof } from './control-proof.js';
import type { Outcome } from './outcome.js';

test.each<{ control: Outcome; proves: Outcome }>([
  { control: 'fail', proves: 'pass' },
  { control: 'pass', proves: 'inconclusive' },
  { control: 'inconclusive', proves: 'inconclusive' },
  { control: 'skipped', proves: 'skipped' },
])('a control that came to $control proves: $proves', ({ control, proves }) => {
  expect(controlProof({ outcome: control, reason: 'what it came to' })).toBe(proves);
});
