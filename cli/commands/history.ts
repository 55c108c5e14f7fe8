import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../chaos/experiments/catalogue.js';
import { checkHistoryOptions } from '../../harness/config/history-options.js';
import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { openHistory } from '../../reports/history/open-history.js';
import type { PastRun } from '../../reports/history/run-history.js';
import { trackRecords } from '../../reports/history/track-record.js';
import { historyText } from '../output/history-text.js';

/** `gauntlet history`: lists past runs and how each experiment did over them. What they came to does not change its exit code. */
export async function historyCommand(raw: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const { experiment, limit, out, json } = checkHistoryOptions(raw, {
    experiments: catalogue.map(({ id }) => id),
  });
  const file = join(out, 'history.sqlite');
  const runs = await recentRuns(file, limit, experiment);
  const experiments = trackRecords(runs);
  const text = json ? JSON.stringify({ runs, experiments }, null, 2) : historyText(runs, experiments);
  process.stdout.write(`${!json && runs.length === 0 ? noRuns(file, experiment) : text}\n`);
  return exitCodes.pass;
}

function noRuns(file: string, experiment: string | undefined): string {
  const [of, command] =
    experiment === undefined ? ['', 'gauntlet run'] : [` of ${experiment}`, `gauntlet run ${experiment}`];
  return `No run${of} in ${file} yet. \`${command}\` makes one; --out names another folder.`;
}

/** Opening would make the file, and needs a native part that a machine without runs may not have. */
async function recentRuns(file: string, limit: number, experiment: string | undefined): Promise<PastRun[]> {
  if (!existsSync(file)) return [];
  using history = await openHistory(file);
  const runs = history.recent(limit, experiment);
  if (experiment === undefined) return runs;
  return runs.map((run) => ({ ...run, experiments: run.experiments.filter(({ id }) => id === experiment) }));
}
