import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { StartError } from '../start-error.js';
import type { HistoryReply, HistoryRequest, HistoryThreadData } from './history-calls.js';
import { HistoryError } from './history-error.js';
import { HistoryKeeper } from './history-keeper.js';

/**
 * The file to start the history's thread from: this one. In the bundle that is the whole service, of which the thread runs
 * this part alone.
 */
export const historyThreadFile = new URL(import.meta.url);

if (!isMainThread && (workerData as Partial<HistoryThreadData> | null)?.role === 'history') {
  await serve(workerData as HistoryThreadData);
}

async function serve({ settings }: HistoryThreadData): Promise<void> {
  let keeper: HistoryKeeper;
  try {
    keeper = await HistoryKeeper.open(settings, (trouble) => reply({ trouble }));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    reply({ cannotStart: error.message });
    return;
  }
  parentPort?.on('message', (request: HistoryRequest) => void answer(keeper, request));
  reply({ ready: true });
}

async function answer(keeper: HistoryKeeper, { id, call, args }: HistoryRequest): Promise<void> {
  try {
    const work = keeper[call] as (...args: unknown[]) => Promise<unknown>;
    reply({ id, value: await work.apply(keeper, [...args]) });
    // Without a listener nothing keeps the thread alive.
    if (call === 'close') parentPort?.removeAllListeners('message');
  } catch (error) {
    reply({ id, error: describe(error) });
  }
}

function describe(error: unknown): { code: HistoryError['code']; message: string } {
  if (error instanceof HistoryError) return { code: error.code, message: error.message };
  reply({ trouble: error });
  return { code: 'unavailable', message: `The history failed: ${error instanceof Error ? error.message : error}.` };
}

function reply(message: HistoryReply): void {
  parentPort?.postMessage(message);
}
