import { describe } from 'vitest';
import { conformance } from './testing/conformance.js';
import { targets } from './testing/targets.js';

describe.each(targets)('the official client, with %s', (_name, start) => conformance(start));
