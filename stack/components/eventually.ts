import { setTimeout as delay } from 'node:timers/promises';
import { exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { StartedComponent } from '../../harness/model/runtime.js';

const pauseMs = 50;
const noAnswer = Symbol('no answer');

/**
 * Waits until `probe` resolves, asking again while it rejects.
 *
 * @param what the condition, as the end of "waited for …"
 * @param component the component that has to bring it about: when it ends, waiting is pointless
 * @throws GauntletError (internal fault) with the last thing seen and the component's last lines, when `timeoutMs` have
 *   passed or the component has ended
 */
export async function eventually<T>(
  what: string,
  component: StartedComponent,
  probe: (signal: AbortSignal) => Promise<T>,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<T> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([deadline, options.signal]);
  let ended: string | undefined;
  // A probe may not listen to the signal; one that does has its say first.
  const cutShort = new Promise<typeof noAnswer>((resolve) => {
    const cut = (): void => void setImmediate(() => resolve(noAnswer));
    signal.addEventListener('abort', cut, { once: true });
    void component.exited.then((exit) => {
      ended = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
      cut();
    });
  });
  let lastSeen = 'nothing';
  while (!signal.aborted && ended === undefined) {
    try {
      const answer = await Promise.race([probe(signal), cutShort]);
      if (answer !== noAnswer) return answer;
    } catch (error) {
      lastSeen = describe(error);
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  options.signal.throwIfAborted();
  const why = ended === undefined ? `gave up after ${options.timeoutMs / 1000} s` : `${component.name} ended ${ended}`;
  throw new GauntletError(`Waited for ${what}, but ${why}. Last seen: ${lastSeen}.\n${quote(component)}`, {
    exitCode: exitCodes.internalFault,
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}

function quote(component: StartedComponent): string {
  const tail = component.logTail();
  return tail === '' ? `${component.name} printed nothing.` : `${component.name}'s last lines:\n${tail}`;
}
