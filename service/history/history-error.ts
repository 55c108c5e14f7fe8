/**
 * Why the history could not do what was asked:
 * - `overloaded`: the queue is full, nothing was stored
 * - `busy`: other instances held the file's write lock for too long, nothing was stored
 * - `unavailable`: the file or the thread that works on it has failed
 * - `import_not_found`, `import_refused`: the file to import is not there, or is not what it should be
 */
export type HistoryErrorCode = 'overloaded' | 'busy' | 'unavailable' | 'import_not_found' | 'import_refused';

/** An answer of the history that is not the one asked for. It travels from the history's thread to the main one. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
