import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '../settings/env-reader.js';
import { readSettings, type Settings } from '../settings/read-settings.js';
import { type StartedService, startService } from '../start-service.js';
import { postChat } from './post-chat.js';

/** Token of the control port of every test service. */
export const TEST_TOKEN = 'test-token';

/** What the journal says of one request, its two lines put together. */
export interface JournalRecord {
  readonly n: number;
  readonly requestId: string;
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly arrivedAt: number;
  readonly finishedAt: number;
  readonly status: number;
  readonly completed: boolean;
  readonly queueMs?: number;
  readonly prefillMs?: number;
}

/** One line of the journal file: the fields of an arrival, or those of an end. */
export type JournalLine = Partial<JournalRecord> & { readonly event: 'arrived' | 'finished'; readonly n: number };

/** A service in this process, on free ports, with a journal in a folder of its own. */
export interface TestService extends AsyncDisposable {
  readonly service: StartedService;
  /** `http://host:port` of the main port. */
  readonly url: string;
  /** `http://host:port` of the control port. */
  readonly controlUrl: string;
  /** The requests that have an end in the journal file so far, in order of their end. */
  journal(): Promise<JournalRecord[]>;
  /** The lines that have reached the journal file so far. */
  journalLines(): Promise<JournalLine[]>;
  /** Posts a chat completion: the default body, with `fields` laid over it. */
  complete(fields?: Readonly<Record<string, unknown>>, init?: RequestInit): Promise<Response>;
}

/** Starts a service with `env` laid over the test defaults; disposing drains it and removes its folder. */
export async function startTestService(env: Env = {}): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-service-'));
  const file = join(folder, 'journal.ndjson');
  const service = await startService(
    readKnown({ PORT: '0', CONTROL_PORT: '0', CONTROL_TOKEN: TEST_TOKEN, JOURNAL: file, LOG_LEVEL: 'error' }, env),
  );
  const url = `http://127.0.0.1:${service.port}`;
  return {
    service,
    url,
    controlUrl: `http://127.0.0.1:${service.controlPort}`,
    journal: () => readJournal(file),
    journalLines: () => readJournalLines(file),
    complete: (fields, init) => postChat(url, fields, init),
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A misspelt setting would be ignored, and the test would be about something else than it says. */
function readKnown(defaults: Env, env: Env): Settings {
  const asked = new Set<string | symbol>();
  const watched = new Proxy<Env>(
    { ...defaults, ...env },
    {
      get(target, name: string) {
        asked.add(name);
        return target[name];
      },
    },
  );
  const settings = readSettings(watched);
  const unknown = Object.keys(env).filter((name) => env[name] !== undefined && !asked.has(name));
  if (unknown.length > 0) throw new Error(`the service has no setting ${unknown.join(', ')}`);
  return settings;
}

/** The requests that have an end in a journal file, in order of their end. */
export async function readJournal(file: string): Promise<JournalRecord[]> {
  const lines = await readJournalLines(file);
  const arrivals = new Map(lines.filter(({ event }) => event === 'arrived').map((line) => [line.n, line]));
  return lines
    .filter(({ event }) => event === 'finished')
    .map(({ event, ...finished }) => {
      const { event: _arrived, ...arrived } = arrivals.get(finished.n) ?? {};
      return { ...arrived, ...finished } as JournalRecord;
    });
}

/** The lines of a journal file. */
export async function readJournalLines(file: string): Promise<JournalLine[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as JournalLine);
}
