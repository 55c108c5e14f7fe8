#!/usr/bin/env node
import { ensurePackages, refuse } from './bootstrap.mjs';

const internalFault = 4;

ensurePackages();
try {
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('./main.ts');
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  // Only loading can throw; `main` does not. Node's own exit code would be 1, which means that a run failed.
  if (error?.code === 'ERR_MODULE_NOT_FOUND' && /Cannot find package/.test(error.message)) {
    refuse(`The npm packages are incomplete (${error.message}).`, 'Run `npm ci` in the project folder.');
  }
  process.stderr.write(`gauntlet: internal fault. Please report it with these lines:\n${error?.stack ?? error}\n`);
  process.exit(internalFault);
}
