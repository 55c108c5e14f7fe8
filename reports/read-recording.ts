import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GauntletError } from '../harness/errors/gauntlet-error.js';
import { type Recording, runFiles } from '../harness/model/recording.js';
import { generatorAccuracySchema } from './generator-accuracy-schema.js';

const count = z.int().nonnegative();
const ms = z.number().nonnegative();

const middleware = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('retry'), attempts: count, initialIntervalMs: ms }),
  z.object({
    kind: z.literal('circuit-breaker'),
    expression: z.string(),
    checkPeriodMs: ms,
    fallbackDurationMs: ms,
    recoveryDurationMs: ms,
  }),
  z.object({
    kind: z.literal('rate-limit'),
    average: z.number(),
    periodMs: ms,
    burst: count,
    key: z.discriminatedUnion('by', [
      z.object({ by: z.literal('peer-address') }),
      z.object({ by: z.literal('request-header'), name: z.string() }),
    ]),
  }),
]);

const policy = z.object({
  middlewares: z.array(middleware),
  sticky: z.object({ cookie: z.string(), secure: z.boolean(), httpOnly: z.boolean() }).exactOptional(),
  healthCheck: z.object({ path: z.string(), intervalMs: ms, timeoutMs: ms }).exactOptional(),
});

const stage = z.object({
  fromMs: ms,
  untilMs: ms,
  ratePerSecond: z.number().nonnegative(),
  arrivals: z.enum(['constant', 'poisson']).exactOptional(),
});
const group = z.object({ name: z.string(), count, stages: z.array(stage), spreadMs: ms });

const arm = z.object({
  name: z.string().min(1),
  experiment: z.string().min(1),
  role: z.enum(['subject', 'control']),
  policy,
  links: z.array(z.object({ name: z.string(), instance: z.string(), url: z.string() })),
  traffic: z.object({ groups: z.array(group), seed: count.exactOptional() }),
  startedAt: z.number().optional(),
  load: z.object({ exitCode: z.int().nullable(), errors: z.array(z.string()) }).optional(),
});

const recordingSchema = z.object({
  run: z.string().min(1),
  profile: z.string().min(1),
  runtime: z.enum(['docker', 'process']),
  versions: z.record(z.string(), z.string()),
  seed: z.int(),
  startedAt: z.iso.datetime(),
  durationMs: ms,
  calibration: generatorAccuracySchema.optional(),
  arms: z.array(arm).min(1, 'a run records at least one arm'),
});

const hint = 'Name the folder of a finished run, for example reports/out/latest.';

/**
 * Reads `recording.json` of a run's folder.
 *
 * @throws GauntletError when it is missing or malformed; all problems are in the one message
 */
export async function readRecording(folder: string): Promise<Recording> {
  const file = join(folder, runFiles.recording);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new GauntletError(`${folder} holds no finished recording (${runFiles.recording}).`, { hint, cause });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new GauntletError(`${file} is not JSON: ${(cause as Error).message}.`, { hint, cause });
  }
  const parsed = recordingSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${place(path)}${message}`);
  throw new GauntletError(`${file} is not a recording of this version of Gauntlet:\n${problems.join('\n')}`, {
    hint: 'Judge it with the version of Gauntlet that recorded it, or record the run again.',
    cause: parsed.error,
  });
}

function place(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (all, key) => (typeof key === 'number' ? `${all}[${key}]` : `${all}${all && '.'}${String(key)}`),
    '',
  );
  return text === '' ? '' : `${text}: `;
}
