#!/usr/bin/env node
import { ensurePackages } from './bootstrap.mjs';

ensurePackages();
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.ts');
process.exit(await main(process.argv.slice(2)));
