import { catalogue } from '../../chaos/experiments/catalogue.js';
import { judgeRun } from '../../chaos/experiments/judge-run.js';

/** Builds and judges the run in the folder that it is given, and tells its parent the time and the most memory. */
const began = performance.now();
await using judged = await judgeRun(process.argv[2] ?? '', catalogue);
const seconds = (performance.now() - began) / 1000;
if (judged.run.experiments.length !== catalogue.length) throw new Error('not all experiments were judged');
process.send?.({ seconds, mb: process.resourceUsage().maxRSS / 1e3 });
process.disconnect?.();
