import { accessSync, constants, statSync } from 'node:fs';
import { StartError } from '../start-error.js';
import { FolderStore } from './folder-store.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { MemoryStore } from './memory-store.js';

/**
 * Opens the store of a folder, or one in memory where no folder is given.
 * @throws StartError when the folder is none or cannot be written.
 */
export function openStore(folder: string | undefined, ttlMs: number): IdempotencyStore {
  if (folder === undefined) return new MemoryStore(ttlMs);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`IDEMPOTENCY_FOLDER ${folder} cannot be written: ${reason}`, { cause: error });
  }
  if (!statSync(folder).isDirectory()) throw new StartError(`IDEMPOTENCY_FOLDER ${folder} is not a folder.`);
  return new FolderStore(folder, ttlMs);
}
