import { type Logger, pino, stdTimeFunctions } from 'pino';

/** How much an instance prints: the lines of one level include those of the levels before it. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

/**
 * Logger of one instance: a JSON object a line on standard output, written at once, so that the last words of a dying
 * process are not lost. Nothing that a client sends as a credential or as content may be handed to it; the headers
 * that carry credentials are blanked in case it happens.
 */
export function createLogger(instance: string, level: LogLevel): Logger {
  return pino({
    level,
    base: { instance },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['authorization', 'cookie', 'api-key', 'x-api-key'].map((name) => `*["${name}"]`),
  });
}
