/** Brings the tables of `docs/service.md` up to date with the code: `npx tsx service/reference/write-reference.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { referenceSections, withSections } from './reference-sections.js';

const page = `${import.meta.dirname}/../../docs/service.md`;
writeFileSync(page, withSections(readFileSync(page, 'utf8'), await referenceSections()));
