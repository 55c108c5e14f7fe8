import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { currentHost } from '../../stack/binaries/binary-host.js';
import { checkBuildRequirements } from '../../stack/binaries/build-requirements.js';
import { findBinaries } from '../../stack/binaries/find-binaries.js';
import { pins, traefikVersions } from '../../stack/binaries/pins.js';
import { findDocker } from '../../stack/runtimes/find-docker.js';

/** `gauntlet doctor`: shows what this machine has and what is missing. Exits 3 when no run could start. */
export async function doctorCommand(): Promise<ExitCode> {
  const write = (label: string, text: string): boolean => process.stdout.write(`${label.padEnd(18)}${text}\n`);
  const host = currentHost();
  const wanted = [pins.k6, pins.toxiproxy, pins.traefik[traefikVersions[0]]];
  const { found, missing, problems } = await findBinaries(wanted, host);
  write('Node', process.versions.node);
  const docker = await findDocker();
  write('Docker', docker.docker === undefined ? docker.reason : `engine ${docker.version} answers`);
  for (const pin of wanted) {
    const binary = found.get(pin);
    write(`${pin.name} ${pin.version}`, binary === undefined ? 'not there yet' : `${binary.path} (${binary.source})`);
    if (binary !== undefined && pin.addition !== undefined) write('', `with ${pin.addition.name}`);
    for (const lack of binary?.leftOut ?? []) write('', `without ${lack}`);
  }
  const requirements = missing.length === 0 ? undefined : await checkBuildRequirements(missing, host);
  const all = [...problems, ...(requirements?.problems ?? [])];
  for (const problem of all) {
    write('problem', problem.message);
    if (problem.hint !== undefined) write('', `hint: ${problem.hint}`);
  }
  if (missing.length > 0 && all.length === 0) write('next', 'gauntlet setup builds what is not there yet');
  const canRun = all.length === 0 || docker.docker !== undefined;
  write('verdict', canRun ? 'runs can start here' : 'no run can start here until the problems are solved');
  return canRun ? exitCodes.pass : exitCodes.badInput;
}
