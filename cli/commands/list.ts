import { catalogue } from '../../chaos/experiments/catalogue.js';
import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';

/** Prints the experiments: for people, or as JSON. */
export function listCommand(options: { json?: boolean }): ExitCode {
  const experiments = catalogue.map(({ id, title, control, checks }) => ({
    id,
    title,
    negativeControl: { removes: control.removes, mustFail: control.mustFail },
    checks: checks.map((check) => ({ id: check.id, kind: check.kind, claim: check.claim })),
  }));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(experiments, null, 2)}\n`);
    return exitCodes.pass;
  }
  for (const { id, title, negativeControl, checks } of experiments) {
    process.stdout.write(`${id} — ${title}\n`);
    for (const check of checks) process.stdout.write(`  ${check.kind.padEnd(11)}  ${check.claim} [${check.id}]\n`);
    process.stdout.write(
      `  control      without ${negativeControl.removes}, ${negativeControl.mustFail} must fail\n\n`,
    );
  }
  return exitCodes.pass;
}
