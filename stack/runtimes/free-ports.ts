import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';

const lowest = 10_240;

/** The lowest port that the system gives to outgoing connections by itself. */
function firstEphemeralPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
  } catch {
    return 32_768;
  }
}

/** Why a port of 127.0.0.1 cannot be bound: the system's error code, or undefined when it can. */
export function bindError(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * Hands out free ports of 127.0.0.1, one after another. They lie below the ephemeral range: a link that is taken down
 * and put up again must find its port still free, and outgoing connections take theirs from that range.
 */
export class FreePorts {
  #next: number;
  readonly #fixed: boolean;
  readonly #end: number;

  /**
   * @param first where to start; by default a random place, so that two runs at once seldom meet
   * @throws GauntletError for a first port that is none
   */
  constructor(first?: number) {
    if (first !== undefined && !(Number.isInteger(first) && first >= 1 && first <= 65_535)) {
      throw new GauntletError(`The first port has to be a whole number from 1 to 65535, received ${first}.`, {
        hint: 'Leave out --first-port to let Gauntlet find free ports.',
      });
    }
    this.#end = first !== undefined && first >= firstEphemeralPort() ? 65_536 : firstEphemeralPort();
    this.#fixed = first !== undefined;
    this.#next = first ?? lowest + Math.floor(Math.random() * (this.#end - lowest - 1_000));
  }

  /** @throws GauntletError when a port that was asked for is taken, or when none is left */
  async take(): Promise<number> {
    while (this.#next < this.#end) {
      const port = this.#next++;
      const error = await bindError(port);
      if (error === undefined) return port;
      if (this.#fixed) {
        throw new GauntletError(`Port ${port} of 127.0.0.1 cannot be used: ${error}.`, {
          hint: 'Leave out --first-port to let Gauntlet find free ports, or choose a range that nothing else uses.',
        });
      }
    }
    throw new GauntletError('No free port is left on 127.0.0.1 below the ephemeral range.', {
      hint: 'Choose another range with --first-port.',
    });
  }
}
