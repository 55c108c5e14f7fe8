/** Brings `run.schema.json` up to date: `npx tsx reports/write-run-schema.ts`. */
import { runJsonSchema } from './run-json-schema.js';
import { writeAtomically } from './write-atomically.js';

await writeAtomically(`${import.meta.dirname}/run.schema.json`, `${JSON.stringify(runJsonSchema(), null, 2)}\n`);
