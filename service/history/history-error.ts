import { OpenAiError } from '../errors/openai-error.js';

/**
 * Why the history could not do what was asked:
 * - `overloaded`: the queue is full, nothing was stored
 * - `busy`: other instances held the file's write lock for too long, nothing was stored
 * - `unavailable`: the file or the thread that works on it has failed
 * - `import_not_found`, `import_refused`: the file to import is not there, or is not what it should be
 */
export type HistoryErrorCode = 'overloaded' | 'busy' | 'unavailable' | 'import_not_found' | 'import_refused';

/** The history's thread could not do what was asked. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const STATUS: Readonly<Record<HistoryErrorCode, number>> = {
  overloaded: 503,
  busy: 503,
  unavailable: 503,
  import_not_found: 404,
  import_refused: 422,
};

/** What a client is told about it. */
export function historyAnswer(code: HistoryErrorCode, message: string): OpenAiError {
  const status = STATUS[code];
  const headers = status === 503 ? { 'Retry-After': '1' } : {};
  return new OpenAiError({ status, message, code: `history_${code}`, headers });
}
