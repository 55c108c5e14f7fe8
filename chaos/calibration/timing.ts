import type { Timing } from '../../stack/components/delay-server.js';

/** The delays of the known-delay server while it calibrates: those of a quick service, so that errors weigh. */
export const timing: Timing = { ttftMs: 50, gapMs: 10, tokens: 10 };
