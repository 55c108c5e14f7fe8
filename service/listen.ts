import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from './start-error.js';

/** Where to listen, and the name of the setting that chose the port. */
export interface ListenTarget {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly setting: 'PORT' | 'CONTROL_PORT';
}

/**
 * Listens and returns the port taken.
 * @throws StartError when the port is taken or privileged, or the host is not an address of this machine.
 */
export async function listen(server: Server, target: ListenTarget): Promise<number> {
  const listening = once(server, 'listening');
  server.listen(target.port, target.host);
  try {
    await listening;
  } catch (error) {
    throw new StartError(explain(target, error), { cause: error });
  }
  return (server.address() as AddressInfo).port;
}

function explain({ host, port, setting }: ListenTarget, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'EADDRINUSE':
      return `${setting} ${port} on ${host} is already in use: stop what listens there or choose another ${setting}`;
    case 'EACCES':
      return `${setting} ${port} on ${host} is privileged: choose a ${setting} from 1024 to 65535`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `LISTEN_HOST ${host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 in a container`;
    default:
      return `${setting} ${port} on ${host} cannot be listened on: ${code}`;
  }
}
