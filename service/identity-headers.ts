import { version } from './version.js';

/** Headers of every response that say which instance answered, and in which version. */
export function identityHeaders(instance: string): Record<string, string> {
  return { 'X-LLM-Instance': instance, 'X-LLM-Version': version };
}
