import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { type CompletionRequest, readCompletionRequest } from './completion-request.js';
import { countTokens } from './count-tokens.js';
import { generateTokens } from './generate-tokens.js';
import { waitWhileConnected } from './wait-while-connected.js';

const DEFAULT_MAX_TOKENS = 8;

/** How the simulated model answers. */
export interface CompletionOptions {
  /** Decides the tokens, together with the messages; a request's own `seed` comes first. */
  readonly seed: number;
  /** Milliseconds before the first token. */
  readonly prefillOverheadMs: number;
  /** Milliseconds per token. */
  readonly interTokenLatencyMs: number;
  /** Told of each answered completion. */
  readonly onTokens: (input: number, output: number) => void;
}

/** Handler of `POST /v1/chat/completions`: one whole answer of exactly the tokens asked for. */
export function chatCompletions(options: CompletionOptions): RequestHandler {
  return async (req: Request, res: Response) => {
    const request = readCompletionRequest(req.body);
    const output = request.max_completion_tokens ?? request.max_tokens ?? DEFAULT_MAX_TOKENS;
    const input = promptTokens(request);
    const durationMs = options.prefillOverheadMs + options.interTokenLatencyMs * output;
    if (!(await waitWhileConnected(res, durationMs))) return;

    const prompt = JSON.stringify(request.messages);
    const content = [...generateTokens(request.seed ?? options.seed, prompt, output)].join('');
    options.onTokens(input, output);
    res.json({
      id: `chatcmpl-${randomUUID()}`,
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1000),
      model: request.model,
      choices: [
        { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'length' },
      ],
      usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
    });
  };
}

function promptTokens({ messages }: CompletionRequest): number {
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? content : content.map((part) => part.text),
  );
  return texts.reduce((sum, text) => sum + countTokens(text), 0);
}
