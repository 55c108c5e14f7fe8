import { checkSetupOptions } from '../../harness/config/setup-options.js';
import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { ensureBinaries } from '../../stack/binaries/ensure-binaries.js';
import { traefikVersions } from '../../stack/binaries/pins.js';
import { interruptSignal } from '../interrupt.js';
import { besideNativeParts } from '../native-parts.js';
import { chooseView } from '../output/choose-view.js';

/** `gauntlet setup`: gets the programs that runs need, building what is missing. */
export async function setupCommand(raw: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const { traefik } = checkSetupOptions(raw, { traefik: traefikVersions });
  const view = chooseView();
  try {
    const signal = interruptSignal(() => view.interrupted());
    const binaries = await besideNativeParts(
      () =>
        ensureBinaries(
          { k6: true, toxiproxy: true, traefik },
          { signal, onProgress: (progress) => view.preparing({ type: 'binary', progress }) },
        ),
      signal,
      (what) => view.note(what),
    );
    view.close();
    for (const { name, version, path, source } of Object.values(binaries)) {
      process.stdout.write(`${name} ${version}  ${path} (${source})\n`);
    }
    return exitCodes.pass;
  } finally {
    view.close();
  }
}
