import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFault } from '../control/read-fault.js';
import { paths } from '../paths.js';
import { connectChat } from '../testing/chat-client.js';
import { startTestService, TEST_TOKEN } from '../testing/start-test-service.js';
import { describeSettings, namesAsked } from './describe-settings.js';
import { referenceSections, withSections } from './reference-sections.js';

const page = readFileSync(`${import.meta.dirname}/../../docs/service.md`, 'utf8');
const renew = 'renew it: npx tsx service/reference/write-reference.ts';

/** The text below a heading, up to the next one of its level or above. */
function part(heading: string): string {
  const [, level = ''] = new RegExp(`^(#+) ${heading}$`, 'm').exec(page) ?? [];
  const after = page.slice(page.indexOf(`\n${level} ${heading}\n`) + 1);
  const rest = after.slice(after.indexOf('\n'));
  const end = rest.search(new RegExp(`^#{1,${level.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The first cells of a table's rows that are code. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)`/gm)].flatMap((match) => match[1] ?? []);
}

/** The page lacks nothing that exists, and names nothing else. */
function expectSame(documented: Iterable<string>, existing: Iterable<string>): void {
  const [named, there] = [new Set(documented), new Set(existing)];
  expect(
    [...there].filter((name) => !named.has(name)),
    'missing from docs/service.md',
  ).toEqual([]);
  expect(
    [...named].filter((name) => !there.has(name)),
    'in docs/service.md alone',
  ).toEqual([]);
}

describe('docs/service.md', () => {
  it('has the tables that the code has', async () => {
    expect(page, renew).toBe(withSections(page, await referenceSections()));
  });

  it('says of every setting what is legal and what it is for', () => {
    expect(describeSettings().filter(({ range, hint }) => range === '' || hint === '')).toEqual([]);
  });

  it('has every setting', () => {
    expectSame(
      firstCells(part('Settings')),
      describeSettings().map(({ name }) => name),
    );
    expect(
      describeSettings()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([...namesAsked()].toSorted());
  });

  it('has every metric', async () => {
    const { metrics = '' } = await referenceSections();
    expectSame(firstCells(part('Metrics')), firstCells(metrics));
  });

  it('has every endpoint', () => {
    const documented = firstCells(part('Endpoints')).map((cell) => cell.replace(/^[A-Z]+ /, ''));
    const others = ['/v1/models/{model}', '/faults', '/faults/{id}', '/admin/config'];
    expectSame(documented, [...Object.values(paths), ...others]);
  });

  it('has every kind of fault', () => {
    const read = readFault({ kind: '?' });
    const listed = 'problems' in read ? (read.problems[0] ?? '').split('(received')[0] : '';
    const existing = [...(listed?.matchAll(/"([^"]+)"/g) ?? [])].flatMap((match) => match[1] ?? []);
    expect(existing).toContain('status');
    expectSame(firstCells(part('Faults')), existing);
  });

  it('has every header that the service sends', async () => {
    await using test = await startTestService({
      MAX_WAITING_QUEUE_LENGTH: '0',
      RATE_LIMIT_REQUESTS_PER_MINUTE: '4',
      RATE_LIMIT_TOKENS_PER_MINUTE: '1000',
    });
    const seen = new Set<string>();
    const see = ({ headers }: Response): void => {
      for (const name of headers.keys()) seen.add(name);
    };
    for (const path of Object.values(paths)) see(await fetch(test.url + path));
    see(await test.complete({ stream: true }));
    const keyed = { headers: { 'idempotency-key': 'k-1' } };
    for (let round = 0; round < 5; round += 1) see(await test.complete({}, keyed));
    for (let round = 0; round < 5; round += 1) see(await test.complete());
    for (const headers of [{}, { authorization: `Bearer ${TEST_TOKEN}` }]) {
      see(await fetch(test.controlUrl, { headers: { ...headers } }));
    }
    const client = await connectChat(test.url, { headers: { 'x-request-id': 'r-1' } });
    for (const name of Object.keys(await client.opened)) seen.add(name);
    client.socket.close();
    // What HTTP itself needs is HTTP's to document.
    const ofHttp =
      /^(connection|keep-alive|date|content-length|content-type|transfer-encoding|upgrade|sec-websocket-.*)$/;
    expectSame(
      firstCells(part('Response headers')).map((name) => name.toLowerCase()),
      [...seen].filter((name) => !ofHttp.test(name)),
    );
  });
});
