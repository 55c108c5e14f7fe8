import { LiveView } from './live-view.js';
import { PlainView } from './plain-view.js';
import type { RunView } from './run-view.js';

/** Rewritten lines on a terminal, plain ones everywhere else. Both go to standard error: results own standard output. */
export function chooseView(): RunView {
  const live = process.stderr.isTTY === true && process.stdout.isTTY === true && process.env.CI === undefined;
  return live ? new LiveView() : new PlainView((text) => process.stderr.write(text));
}
