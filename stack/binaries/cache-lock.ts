import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../runtimes/process-identity.js';

const pollMs = 250;

interface Holder {
  readonly identity: ProcessIdentity;
  readonly purpose: string;
}

/**
 * Waits for the only right to fill the cache folder. A lock whose holder has died, however it died, is taken over.
 *
 * @param purpose What the holder does, for those who wait; a phrase such as `building traefik 3.7.5`.
 * @param options.onWait Called about four times a second with a phrase that says who is waited for.
 * @throws the reason of `options.signal` when it aborted during the wait.
 */
export async function lockCache(
  folder: string,
  purpose: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait: (waitingFor: string) => void },
): Promise<AsyncDisposable> {
  const lock = join(folder, 'build.lock');
  const own = `${lock}.${randomUUID()}`;
  const identity = identify(process.pid);
  // Complete before it becomes the lock, so that nobody ever reads half a holder.
  await writeFile(own, JSON.stringify({ identity, purpose }));
  try {
    while (!(await became(own, lock))) {
      const holder = await readHolder(lock);
      if (holder !== undefined && isAlive(holder.identity)) {
        options.onWait(`process ${holder.identity.pid}, which is ${holder.purpose}`);
        await delay(pollMs, undefined, { signal: options.signal });
      } else if (holder !== undefined) {
        await removeDead(lock);
      }
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await rm(own, { force: true });
  }
  return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}

/** Makes `own` the lock, unless there is one. */
async function became(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a dead holder. Another process may have been quicker and hold it by now: then it is put back. */
async function removeDead(lock: string): Promise<void> {
  const taken = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const holder = await readHolder(taken);
  if (holder !== undefined && isAlive(holder.identity)) await became(taken, lock);
  await rm(taken, { force: true });
}

/** Who holds a lock; undefined when there is none any more. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
