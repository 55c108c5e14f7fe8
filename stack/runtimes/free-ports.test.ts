import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { bindError, FreePorts } from './free-ports.js';

/** A server on a port of 127.0.0.1, or undefined when something else is there already: taken either way. */
async function occupy(port: number): Promise<AsyncDisposable> {
  const server = await new Promise<Server | undefined>((resolve) => {
    const created = createServer();
    created.once('error', () => resolve(undefined));
    created.listen({ host: '127.0.0.1', port }, () => resolve(created));
  });
  return {
    async [Symbol.asyncDispose]() {
      if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

describe('ports that nobody chose', () => {
  test.runIf(process.platform === 'linux')(
    'can be bound, follow one another and lie below the ephemeral range',
    async () => {
      const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
      const ports = new FreePorts();
      const taken = [await ports.take(), await ports.take(), await ports.take()];
      expect(taken).toEqual(taken.toSorted((a, b) => a - b));
      expect(new Set(taken).size).toBe(3);
      for (const port of taken) {
        expect(port).toBeGreaterThanOrEqual(10_240);
        expect(port).toBeLessThan(range[0] ?? Number.NaN);
        expect(await bindError(port)).toBeUndefined();
      }
    },
  );

  test('leave out one that is taken', async () => {
    const ports = new FreePorts();
    const first = await ports.take();
    await using _taken = await occupy(first + 1);
    expect(await bindError(first + 1)).toBe('EADDRINUSE');
    expect(await ports.take()).toBeGreaterThan(first + 1);
  });
});

describe('ports from a chosen one on', () => {
  test('begin with it', async () => {
    const free = await new FreePorts().take();
    expect(await new FreePorts(free).take()).toBe(free);
  });

  test('are not searched for: a taken one is an error with a hint', async () => {
    const free = await new FreePorts().take();
    await using _taken = await occupy(free);
    const error = await new FreePorts(free).take().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(GauntletError);
    expect(error).toMatchObject({
      message: `Port ${free} of 127.0.0.1 cannot be used: EADDRINUSE.`,
      hint: expect.stringContaining('--first-port'),
    });
  });

  test.each([70_000, 0, -5])('a first port that leaves no room is an error: %i', (first) => {
    expect(() => new FreePorts(first)).toThrow(GauntletError);
  });

  test('run out', async () => {
    const ports = new FreePorts(65_535);
    await ports.take().catch(() => undefined);
    await expect(ports.take()).rejects.toThrow('No free port is left');
  });
});
