import { OpenAiError, type OpenAiErrorDetail } from '../errors/openai-error.js';
import type { FailureType } from './fault.js';

const failures: Readonly<Record<FailureType, Omit<OpenAiErrorDetail, 'message'>>> = {
  rate_limit: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', headers: { 'Retry-After': '1' } },
  invalid_api_key: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  context_length: { status: 400, param: 'messages', code: 'context_length_exceeded' },
  server_error: { status: 503, code: 'server_error' },
  invalid_request: { status: 400, code: 'invalid_request' },
  model_not_found: { status: 404, param: 'model', code: 'model_not_found' },
};

/** The failure that `draw`, from 0 to 1, picks of `types`. */
export function failureOf(types: readonly FailureType[], draw: number, id: string): OpenAiError {
  const type = types[Math.floor(draw * types.length)] ?? 'server_error';
  return new OpenAiError({ ...failures[type], message: `Injected by ${id}.` });
}
