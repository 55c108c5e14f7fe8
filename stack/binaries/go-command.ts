import { buildFailure } from './build-failure.js';
import type { BinaryPin } from './pins.js';
import { runProcess } from './run-process.js';

/** A `go` that works on the module of one pin in a folder of its own. */
export interface GoCommand {
  /** Runs `go` with these arguments in the module's folder and returns what it printed. */
  run(...goArguments: readonly string[]): Promise<string>;
}

/**
 * @param options.folder The module's folder.
 * @param options.temporary An existing folder for Go's own temporary files.
 * @throws {GauntletError} from `run` when the command fails.
 */
export function goCommand(
  pin: BinaryPin,
  options: {
    readonly go: string;
    readonly folder: string;
    readonly temporary: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
): GoCommand {
  const env = {
    // Spends memory on fewer garbage collections in the compiler: about a tenth of a cold build's time.
    GOGC: '400',
    ...options.env,
    CGO_ENABLED: '0',
    GOTMPDIR: options.temporary,
    GOWORK: 'off',
  };
  return {
    async run(...goArguments) {
      const { exitCode, stdout, stderr } = await runProcess(options.go, goArguments, {
        env,
        cwd: options.folder,
        signal: options.signal,
      });
      if (exitCode !== 0) {
        throw buildFailure(pin, stderr || stdout);
      }
      return stdout;
    },
  };
}
