import type { z } from 'zod';
import { describeProblems } from './describe-problems.js';
import { OpenAiError } from './openai-error.js';

/**
 * Checks what a client sent.
 * @throws OpenAiError 400 naming every bad field.
 */
export function parseRequest<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = describeProblems(parsed.error);
  throw new OpenAiError({
    status: 400,
    message: problems.map((problem) => problem.message).join('; '),
    param: problems[0]?.field ?? null,
    code: 'invalid_value',
  });
}
