import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../harness/errors/exit-code.js';
import type { ComponentExit, StartedComponent } from '../../harness/model/runtime.js';
import { eventually } from './eventually.js';

/** A component that runs until it is told to end. */
class FakeComponent implements StartedComponent {
  readonly name = 'traefik';
  readonly exited: Promise<ComponentExit>;
  end: (exit: ComponentExit) => void = () => undefined;
  readonly #tail: string;

  constructor(tail = '') {
    this.#tail = tail;
    this.exited = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  outside(port: number): string {
    return `127.0.0.1:${port}`;
  }

  logTail(): string {
    return this.#tail;
  }

  async stop(): Promise<void> {
    this.end({ code: 0, signal: null });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function options(timeoutMs: number, signal = new AbortController().signal) {
  return { timeoutMs, signal };
}

test('gives what the probe gives, at once when that is ready', async () => {
  let asked = 0;
  const version = eventually('an answer', new FakeComponent(), async () => `v${++asked}`, options(10_000));
  await expect(version).resolves.toBe('v1');
});

test('asks again while the probe rejects', async () => {
  let asked = 0;
  const probe = async (): Promise<number> => {
    asked += 1;
    if (asked < 3) throw new Error('not yet');
    return asked;
  };
  await expect(eventually('an answer', new FakeComponent(), probe, options(10_000))).resolves.toBe(3);
});

describe('gives up', () => {
  const refused = new Error('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });

  test('after the time, with the last thing seen and the last lines', async () => {
    const component = new FakeComponent('line 1\nline 2');
    await expect(eventually('the port', component, () => Promise.reject(refused), options(60))).rejects.toMatchObject({
      name: 'GauntletError',
      exitCode: exitCodes.internalFault,
      message:
        "Waited for the port, but gave up after 0.06 s. Last seen: fetch failed (connect ECONNREFUSED 127.0.0.1:1).\ntraefik's last lines:\nline 1\nline 2",
    });
  });

  test.each([
    { exit: { code: 1, signal: null }, words: 'traefik ended with code 1' },
    { exit: { code: null, signal: 'SIGKILL' }, words: 'traefik ended by SIGKILL' },
  ])('as soon as the component has ended: $words', async ({ exit, words }) => {
    const component = new FakeComponent();
    const probe = (): Promise<never> => {
      component.end(exit);
      return Promise.reject(new Error('closed'));
    };
    await expect(eventually('the port', component, probe, options(3_600_000))).rejects.toThrow(
      `Waited for the port, but ${words}. Last seen: closed.\ntraefik printed nothing.`,
    );
  });

  test('with the reason of the one who aborts', async () => {
    const abort = new AbortController();
    const reason = new Error('interrupted');
    const probe = (): Promise<never> => {
      abort.abort(reason);
      return Promise.reject(new Error('closed'));
    };
    await expect(eventually('the port', new FakeComponent(), probe, options(3_600_000, abort.signal))).rejects.toBe(
      reason,
    );
  });

  test('on a probe that hangs until its signal tells it', async () => {
    const hanging = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))));
    await expect(eventually('the port', new FakeComponent(), hanging, options(60))).rejects.toThrow(
      'gave up after 0.06 s. Last seen: cut off',
    );
  });

  test('on a probe that hangs and does not listen to its signal', { timeout: 3_000 }, async () => {
    const deaf = (): Promise<never> => new Promise(() => undefined);
    await expect(eventually('the port', new FakeComponent(), deaf, options(60))).rejects.toThrow(
      'gave up after 0.06 s',
    );
  });
});
