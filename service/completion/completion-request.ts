import { z } from 'zod';
import type { PromptMessage } from '../engine/prompt.js';
import { OpenAiError } from '../errors/openai-error.js';
import { parseRequest } from '../errors/parse-request.js';

const MAX_CHOICES = 8;
const MAX_STOP_TEXTS = 4;

const tokenLimit = z.int().min(1).nullish();
const textParts = z.array(z.object({ type: z.literal('text'), text: z.string() }));
const stopText = z.string().min(1);

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
  n: z.int().min(1).max(MAX_CHOICES).nullish(),
  stop: z.union([stopText, z.array(stopText).max(MAX_STOP_TEXTS)]).nullish(),
  seed: z.int().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z.object({ type: z.string() }).nullish(),
  cache_hit_threshold: z.number().min(0).max(1).nullish(),
  history: z.boolean().nullish(),
});

/** A chat completion request that the service can answer. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  /** Answers wanted. */
  readonly choices: number;
  readonly stop: readonly string[];
  readonly seed: number | undefined;
  /** Least share of the prompt that must be cached, 0 to 1. */
  readonly cacheHitThreshold: number | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Whether visited pages are looked up as context. */
  readonly history: boolean;
}

/**
 * Reads the body of a chat completion request.
 * @throws OpenAiError 400 naming every bad field, 404 for an unknown model, 400 `unsupported_value` for an answer in JSON.
 */
export function readCompletionRequest(body: unknown, servedModelName: string): CompletionRequest {
  const { model, messages, n, stop, seed, stream, temperature, ...rest } = parseRequest(schema, body);
  if (model !== servedModelName) throw unknownModel(model, servedModelName);
  refuseJson(rest.response_format?.type);
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content: textOf(content) })),
    maxTokens: rest.max_completion_tokens ?? rest.max_tokens ?? undefined,
    temperature: temperature ?? undefined,
    topP: rest.top_p ?? undefined,
    choices: n ?? 1,
    stop: typeof stop === 'string' ? [stop] : (stop ?? []),
    seed: seed ?? undefined,
    cacheHitThreshold: rest.cache_hit_threshold ?? undefined,
    stream: stream ?? false,
    includeUsage: rest.stream_options?.include_usage ?? false,
    history: rest.history ?? false,
  };
}

/** The error for a model that this service does not have. */
export function unknownModel(model: string, servedModelName: string): OpenAiError {
  return new OpenAiError({
    status: 404,
    message: `The model "${model}" does not exist; this service has "${servedModelName}".`,
    param: 'model',
    code: 'model_not_found',
  });
}

/** An answer of words drawn at random is no JSON, and must not pass as such. */
function refuseJson(type: string | undefined): void {
  if (type === undefined || type === 'text') return;
  throw new OpenAiError({
    status: 400,
    message: `The response format "${type}" is not supported; use "text" or leave "response_format" out.`,
    param: 'response_format',
    code: 'unsupported_value',
  });
}

function textOf(content: z.infer<typeof message>['content']): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
}
