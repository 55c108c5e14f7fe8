import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type SpawnedService, spawnService } from '../../testing/spawn-service.js';
import type { RecordResult } from '../visit.js';

/** The native part of better-sqlite3, for a bundle that has no `node_modules`. */
export const addon = join(
  dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json')),
  'build/Release/better_sqlite3.node',
);

/** A bundled service as a process of its own, with a history. */
export class HistoryInstance implements AsyncDisposable {
  readonly service: SpawnedService;
  readonly url: string;

  private constructor(service: SpawnedService, url: string) {
    this.service = service;
    this.url = url;
  }

  /** Starts `bundle` with the history in `file` and resolves when it listens. */
  static async start(bundle: string, file: string, env: Record<string, string> = {}): Promise<HistoryInstance> {
    const service = spawnService(bundle, { PORT: '0', HISTORY_DB: file, HISTORY_ADDON: addon, ...env });
    const { port } = await service.event('listening');
    return new HistoryInstance(service, `http://127.0.0.1:${port}/api/history`);
  }

  /** Sends a body; resolves with status, headers and the parsed answer. */
  async send(method: string, body?: unknown, path = ''): Promise<{ status: number; headers: Headers; json: unknown }> {
    const init: RequestInit = { method };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(`${this.url}${path}`, init);
    return { status: response.status, headers: response.headers, json: await response.json() };
  }

  /**
   * Posts batches of `size` visits of pages that no other call posts, `atOnce` at a time, until `until` says so, a request
   * gets no answer, or `most` were posted. @returns the addresses of those that were acknowledged, and the other statuses
   */
  async write(options: {
    readonly name: string;
    readonly size: number;
    readonly atOnce: number;
    readonly most: number;
    readonly until?: () => boolean;
  }): Promise<{ acknowledged: string[]; refused: number[] }> {
    const acknowledged: string[] = [];
    const refused: number[] = [];
    let batches = 0;
    const client = async (): Promise<void> => {
      while (batches < options.most && !options.until?.()) {
        const batch = batches++;
        const visits = Array.from({ length: options.size }, (_, index) => ({
          url: `https://example.test/${options.name}/${batch}/${index}`,
          title: `page ${index} of ${options.name}`,
        }));
        const answer = await this.send('POST', { visits }).catch(() => undefined);
        if (answer === undefined) return;
        if (answer.status !== 200) refused.push(answer.status);
        else if ((answer.json as RecordResult).recorded === options.size)
          acknowledged.push(...visits.map(({ url }) => url));
      }
    };
    await Promise.all(Array.from({ length: options.atOnce }, client));
    return { acknowledged, refused };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
  }
}
