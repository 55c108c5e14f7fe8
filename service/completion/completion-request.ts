import { z } from 'zod';
import { describeProblems } from '../errors/describe-problems.js';
import { OpenAiError } from '../errors/openai-error.js';

const MODEL = 'gauntlet-1';
const MAX_TOKENS_LIMIT = 4096;

const tokenLimit = z.int().min(1).max(MAX_TOKENS_LIMIT).nullish();

const textParts = z.array(z.object({ type: z.literal('text'), text: z.string() }));

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), textParts], { error: 'expected a string or a list of text parts' }),
});

/** Fields that are not named here are ignored, as OpenAI-compatible servers do, so that any client's extras pass. */
const schema = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.literal(1).nullish(),
  seed: z.int().nullish(),
  stream: z.boolean().nullish(),
});

/** A chat completion request that the service can answer. */
export type CompletionRequest = z.infer<typeof schema>;

/**
 * Reads the body of a chat completion request.
 * @throws OpenAiError 400 naming every bad field, 404 for an unknown model, 400 `unsupported_value` for a stream.
 */
export function readCompletionRequest(body: unknown): CompletionRequest {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (!parsed.success) {
    const problems = describeProblems(parsed.error);
    throw new OpenAiError({
      status: 400,
      message: problems.map((problem) => problem.message).join('; '),
      param: problems[0]?.field ?? null,
      code: 'invalid_value',
    });
  }
  const { model, stream } = parsed.data;
  if (model !== MODEL) {
    throw new OpenAiError({
      status: 404,
      message: `The model "${model}" does not exist; this service has "${MODEL}".`,
      param: 'model',
      code: 'model_not_found',
    });
  }
  if (stream) {
    throw new OpenAiError({
      status: 400,
      message: 'Streaming is not supported; leave "stream" out or set it to false.',
      param: 'stream',
      code: 'unsupported_value',
    });
  }
  return parsed.data;
}
