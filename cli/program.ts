import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import type { ExitCode } from '../harness/errors/exit-code.js';
import { traefikVersions } from '../stack/binaries/pins.js';

/** Prepares the command line. Each command is loaded only when it is called, so that `--help` answers at once. */
export function buildProgram(exit: (code: ExitCode) => void): Command {
  const { version, description } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  const program = new Command('gauntlet');
  program
    .description(description ?? '')
    .version(version ?? '')
    .exitOverride()
    .showSuggestionAfterError()
    // The caller prints errors, all in the same shape.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nExit codes: 0 pass, 1 fail, 2 inconclusive, 3 bad input or environment, 4 internal fault, 130 interrupted.',
    );

  const traefik = new Option('--traefik <version>', 'Traefik version to test').default(traefikVersions[0]);

  program
    .command('run')
    .description('run experiments (all of them by default), judge them and write the report')
    .argument('[experiment...]', 'ids of experiments, see `gauntlet list`')
    .option('--runtime <runtime>', 'auto, docker or process', 'auto')
    .addOption(traefik)
    .option('--json <file>', 'also write run.json to this file')
    .option('--out <dir>', 'folder for run folders', 'reports/out')
    .option('--seed <number>', 'seed of everything that is drawn', '42')
    .option('--first-port <port>', 'first port to use with the process runtime')
    .option('--calibrate', 'calibrate the load generator first; verdicts count only when it is exact')
    .option('--keep', 'leave the stack running afterwards; `gauntlet clean` ends it')
    // The command itself names unknown flags, together with everything else that is wrong.
    .allowUnknownOption()
    .action(async (experiments: string[], options: Record<string, unknown>) => {
      const { runCommand } = await import('./commands/run.js');
      exit(await runCommand(experiments, options));
    });

  program
    .command('list')
    .description('list the experiments and what each claims')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { listCommand } = await import('./commands/list.js');
      exit(listCommand(options));
    });

  program
    .command('analyze')
    .description('judge a recorded run again, from its evidence alone')
    .addArgument(new Argument('<run>', 'folder of the run, for example reports/out/latest'))
    .option('--json <file>', 'also write run.json to this file')
    .action(async (folder: string, options: { json?: string }) => {
      const { analyzeCommand } = await import('./commands/analyze.js');
      exit(await analyzeCommand(folder, options));
    });

  program
    .command('history')
    .description('list past runs, and how often each experiment failed or was inconclusive')
    .option('--experiment <id>', 'only runs of this experiment, see `gauntlet list`')
    .option('--limit <number>', 'at most so many runs, the latest', '20')
    .option('--json', 'as JSON')
    .option('--out <dir>', 'folder of run folders', 'reports/out')
    .action(async (options: Record<string, unknown>) => {
      const { historyCommand } = await import('./commands/history.js');
      exit(await historyCommand(options));
    });

  program
    .command('calibrate')
    .description('find out how exactly the load generator measures on this machine; runs processes, never containers')
    .option('--short', 'a few seconds: only the errors at a usual rate, a null run and the other clients')
    .option('--json <file>', 'also write calibration.json to this file')
    .option('--out <dir>', 'folder for calibration folders', 'reports/out')
    .option('--seed <number>', 'seed of the arrivals', '42')
    .action(async (options: Record<string, unknown>) => {
      const { calibrateCommand } = await import('./commands/calibrate.js');
      exit(await calibrateCommand(options));
    });

  program
    .command('setup')
    .description('build or fetch everything that runs need, ahead of time')
    .addOption(traefik)
    .action(async (options: Record<string, unknown>) => {
      const { setupCommand } = await import('./commands/setup.js');
      exit(await setupCommand(options));
    });

  program
    .command('doctor')
    .description('show what this machine has, what is missing and what to do about it')
    .action(async () => {
      const { doctorCommand } = await import('./commands/doctor.js');
      exit(await doctorCommand());
    });

  program
    .command('clean')
    .description('end and remove whatever earlier runs left behind')
    .action(async () => {
      const { cleanCommand } = await import('./commands/clean.js');
      exit(await cleanCommand());
    });

  return program;
}
