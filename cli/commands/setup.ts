import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { ensureBinaries } from '../../stack/binaries/ensure-binaries.js';
import { type TraefikVersion, traefikVersions } from '../../stack/binaries/pins.js';
import { interruptSignal } from '../interrupt.js';
import { ensureNativeParts } from '../native-parts.js';
import { chooseView } from '../output/choose-view.js';

/** `gauntlet setup`: gets the programs that runs need, building what is missing. */
export async function setupCommand({ traefik }: { traefik: string }): Promise<ExitCode> {
  const version = traefikVersions.find((known) => known === traefik);
  if (version === undefined) {
    throw new GauntletError(`--traefik: expected ${traefikVersions.join(', ')}, received "${traefik}".`, {
      hint: 'gauntlet setup --help shows the options.',
    });
  }
  const view = chooseView();
  try {
    const signal = interruptSignal();
    const [binaries] = await Promise.all([
      ensureBinaries(
        { k6: true, toxiproxy: true, traefik: version satisfies TraefikVersion },
        { signal, onProgress: (progress) => view.preparing({ type: 'binary', progress }) },
      ),
      ensureNativeParts(signal, (what) => view.note(what)),
    ]);
    await view.close();
    for (const { name, version: found, path, source } of Object.values(binaries)) {
      process.stdout.write(`${name} ${found}  ${path} (${source})\n`);
    }
    return exitCodes.pass;
  } finally {
    await view.close();
  }
}
