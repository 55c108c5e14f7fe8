import { describe, expect, test } from 'vitest';
import type { ArmLedger } from '../../harness/model/ledger.js';
import { type RecordedArm, runFiles } from '../../harness/model/recording.js';
import {
  accessLine,
  clientFile,
  clientLines,
  type EvidenceFiles,
  evidenceStart,
  exchange,
  journalFile,
  lines,
  sampleEvidence,
  sampleRecordedArm,
  sampleRecording,
  writeEvidence,
} from '../fixtures/sample-evidence.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openLedger } from './open-ledger.js';

const subject = 'retry.subject';
const control = 'retry.control';

/** What a ledger of the arm holds, read while it was open. */
interface Held extends Pick<ArmLedger, 'arm' | 'startedAt' | 'links' | 'faults' | 'scrapes' | 'gaps'> {
  readonly planned: readonly Row[];
  readonly client: readonly Row[];
  readonly gateway: readonly Row[];
  readonly service: readonly Row[];
}
type Row = Readonly<Record<string, unknown>> & { readonly requestId: string };

/** The ledgers of a run's folder with these files; by default two arms and whole evidence. */
async function ledgersOf(
  change: (files: EvidenceFiles) => void = () => undefined,
  arms: readonly RecordedArm[] = [subject, control].map((name) => sampleRecordedArm(name)),
): Promise<(arm: string) => Held> {
  using folder = temporaryFolder();
  const files = sampleEvidence(arms.map((arm) => arm.name));
  change(files);
  writeEvidence(folder.path, files);
  await using ledger = await openLedger(folder.path, sampleRecording(arms), () => [
    { client: 1, group: 'steady', instants: [0] },
  ]);
  const held = new Map<string, Held>();
  for (const arm of ledger.arms) {
    held.set(arm.arm, {
      ...arm,
      planned: await arm.query<Row>('FROM planned ORDER BY intendedAt'),
      client: await arm.query<Row>('FROM client ORDER BY sentAt'),
      gateway: await arm.query<Row>('FROM gateway ORDER BY startedAt'),
      service: await arm.query<Row>('FROM service ORDER BY arrivedAt'),
    });
  }
  return (arm) => {
    const found = held.get(arm);
    if (found === undefined) throw new Error(`no ledger of ${arm}`);
    return found;
  };
}

function ids(rows: readonly { readonly requestId: string }[]): string[] {
  return rows.map((row) => row.requestId);
}

describe('whole evidence', () => {
  test('is read from every vantage, in time order, without gaps', async () => {
    const ledger = (await ledgersOf())(subject);
    expect(ledger).toMatchObject({ arm: subject, startedAt: evidenceStart, gaps: [] });
    expect(ledger.links.map((link) => link.instance)).toEqual(['llm-1']);
    expect(ids(ledger.planned)).toEqual(['retry.subject.1.0']);
    expect(ids(ledger.client)).toEqual(['retry.subject.1.0', 'retry.subject.1.1']);
    expect(ids(ledger.gateway)).toEqual([
      'readiness.retry-subject.gauntlet.test',
      'retry.subject.1.0',
      'retry.subject.1.1',
    ]);
    expect(ledger.service.map(({ requestId, instance }) => [requestId, instance])).toEqual([
      ['retry.subject.1.0', 'llm-1'],
      ['retry.subject.1.1', 'llm-2'],
      ['retry.subject.1.1', 'llm-1'],
    ]);
    expect(ledger.faults).toMatchObject([{ arm: subject, index: 0, kind: 'refuse', healedAt: evidenceStart + 20_024 }]);
    expect(ledger.scrapes).toEqual([
      { at: evidenceStart - 500, routerRequests: { '200': 3 }, serviceRequests: { '200': 3 }, configReloads: 2 },
      { at: evidenceStart + 500, routerRequests: { '200': 5 }, serviceRequests: { '200': 5 }, configReloads: 2 },
    ]);
  });

  test('keeps what the client saw', async () => {
    expect((await ledgersOf())(subject).client[0]).toMatchObject({
      requestId: 'retry.subject.1.0',
      protocol: 'http',
      scenario: 'clients',
      client: 1,
      intendedAt: evidenceStart,
      sentAt: evidenceStart + 2.125,
      firstByteAt: evidenceStart + 19.5,
      firstTokenAt: null,
      endedAt: evidenceStart + 20.25,
      status: 200,
      errorCode: 0,
      error: '',
      instance: 'llm-1',
      retryAfter: '',
      cookieSent: '',
      cookieSet: 'c268f781ab94296e',
      cookieSecure: true,
      cookieHttpOnly: true,
      succeeded: true,
      bytes: 352,
      tokens: 0,
      finishReason: '',
      done: true,
      remote: '127.0.0.1:8443',
    });
  });

  test('a request without an end is one that arrived and never finished', async () => {
    const ledgers = await ledgersOf((files) => {
      const [arrived = ''] = String(files.get(journalFile('llm-2'))).split('\n');
      files.set(journalFile('llm-2'), `${arrived}\n`);
    });
    const { service, gaps } = ledgers(subject);
    expect(service.find(({ instance }) => instance === 'llm-2')).toMatchObject({
      requestId: 'retry.subject.1.1',
      finishedAt: null,
      status: 0,
      completed: false,
    });
    expect(gaps).toEqual([]);
  });

  test('keeps fractions of a millisecond of the access log', async () => {
    const [readiness, first] = (await ledgersOf())(subject).gateway;
    expect(readiness?.startedAt).toBeCloseTo(Date.parse('2026-11-23T23:11:05.026Z') + 0.930655, 3);
    expect(first?.startedAt).toBeCloseTo(Date.parse('2026-11-23T23:11:06.123Z') + 0.4567, 3);
    expect(first).toMatchObject({ durationMs: 3.605765, serverUrl: 'http://127.0.0.1:15876', clientHost: '127.0.0.2' });
  });

  test.each([
    { startUtc: '2026-11-23T23:11:05Z', instant: '2026-11-23T23:11:05.000Z' },
    { startUtc: '2026-11-23T23:11:05.5Z', instant: '2026-11-23T23:11:05.500Z' },
    { startUtc: '2026-11-23T23:11:05.25Z', instant: '2026-11-23T23:11:05.250Z' },
  ])('reads the time $startUtc, from which Go cuts off zeros', async ({ startUtc, instant }) => {
    const ledgers = await ledgersOf((files) =>
      files.set(runFiles.accessLog, lines([accessLine(1, subject, 'retry.subject.1.0', startUtc)])),
    );
    expect(ledgers(subject).gateway.map((record) => record.startedAt)).toEqual([Date.parse(instant)]);
  });

  test('a route that no scrape knows yet counts nothing', async () => {
    const row = { at: evidenceStart, routes: {}, configReloads: null };
    const ledger = (await ledgersOf((files) => files.set(runFiles.scrapes, lines([row]))))(subject);
    expect(ledger.scrapes).toEqual([
      { at: evidenceStart, routerRequests: {}, serviceRequests: {}, configReloads: Number.NaN },
    ]);
    expect(ledger.gaps).toEqual([]);
  });
});

describe('rows are told apart by arm', () => {
  test.each([
    { longer: 'retry.subject-status', how: 'goes on' },
    { longer: 'retry.subject.status', how: 'goes on after a dot' },
  ])('an arm takes none of one whose name begins with its own and $how', async ({ longer }) => {
    const ledgers = await ledgersOf(undefined, [sampleRecordedArm(subject), sampleRecordedArm(longer)]);
    for (const arm of [subject, longer]) {
      const { client, gateway, service, faults } = ledgers(arm);
      const own = [`${arm}.1.0`, `${arm}.1.1`];
      expect([...new Set(ids(client))]).toEqual(own);
      expect([...new Set(ids(gateway))].filter((id) => !id.startsWith('readiness'))).toEqual(own);
      expect([...new Set(ids(service))]).toEqual(own);
      expect(faults.map((fault) => fault.arm)).toEqual([arm]);
    }
  });

  test('what went wrong with one arm is no gap of the other', async () => {
    const arms = [
      sampleRecordedArm(subject, { load: { exitCode: 107, errors: ['boom'] } }),
      sampleRecordedArm(control),
    ];
    const ledgers = await ledgersOf((files) => files.delete(clientFile(subject)), arms);
    expect(ledgers(subject).gaps).toHaveLength(2);
    expect(ledgers(control).gaps).toEqual([]);
  });
});

describe('a damaged file becomes a named gap of every arm that it concerns', () => {
  test.each([
    { file: runFiles.accessLog, gap: "Traefik's access log is missing" },
    { file: runFiles.scrapes, gap: "the scrapes of Traefik's counters is missing" },
    { file: runFiles.faults, gap: "the injector's record is missing" },
  ])('$file missing', async ({ file, gap }) => {
    const ledgers = await ledgersOf((files) => files.delete(file));
    expect([subject, control].map((arm) => ledgers(arm).gaps)).toEqual([[gap], [gap]]);
  });

  test('all journals missing', async () => {
    const ledgers = await ledgersOf((files) => {
      files.delete(journalFile('llm-1'));
      files.delete(journalFile('llm-2'));
    });
    expect(ledgers(control)).toMatchObject({ service: [], gaps: ['there is no journal of the service'] });
  });

  test("k6's records missing", async () => {
    const ledgers = await ledgersOf((files) => files.delete(clientFile(subject)));
    expect(ledgers(subject)).toMatchObject({ client: [], gaps: ["the file of k6's records is missing"] });
  });

  test.each([
    { file: runFiles.accessLog, label: "Traefik's access log", line: 5 },
    { file: runFiles.scrapes, label: "the scrapes of Traefik's counters", line: 2 },
    { file: runFiles.faults, label: "the injector's record", line: 2 },
    { file: journalFile('llm-2'), label: 'the journal llm-2.ndjson', line: 2 },
  ])('$file cut off in its last line', async ({ file, label, line }) => {
    const ledgers = await ledgersOf((files) => files.set(file, String(files.get(file)).slice(0, -12)));
    const gap = `${label} has 1 malformed lines, the first is line ${line}`;
    expect([subject, control].map((arm) => ledgers(arm).gaps)).toEqual([[gap], [gap]]);
  });

  test('lines of another form are counted, the others are read', async () => {
    const ledgers = await ledgersOf((files) => {
      const whole = String(files.get(journalFile('llm-1')));
      files.set(journalFile('llm-1'), `{"requestId":17}\nno JSON\n${whole}`);
    });
    expect(ledgers(subject).gaps).toEqual(['the journal llm-1.ndjson has 2 malformed lines, the first is line 1']);
    expect(ledgers(subject).service).toHaveLength(3);
  });

  test('a request that never arrived but finished', async () => {
    const ledgers = await ledgersOf((files) => {
      const [, finished = ''] = String(files.get(journalFile('llm-2'))).split('\n');
      files.set(journalFile('llm-2'), `${finished}\n`);
    });
    expect(ledgers(subject).gaps).toEqual(['the journal llm-2.ndjson has 1 requests that finished and never arrived']);
  });

  test('a line of a journal that is there twice', async () => {
    const ledgers = await ledgersOf((files) => {
      const [arrived = '', finished = ''] = String(files.get(journalFile('llm-2'))).split('\n');
      files.set(journalFile('llm-2'), `${arrived}\n${arrived}\n${finished}\n`);
    });
    expect(ledgers(subject).gaps).toEqual(['the journal llm-2.ndjson has 1 requests twice, the first is number 1']);
  });

  test.each([
    ['is missing', (lines: string[]) => lines.toSpliced(1, 1)],
    ['is missing while another is there twice', (lines: string[]) => lines.toSpliced(1, 1, lines[2] ?? '')],
  ])('a line of the access log that %s', async (_what, change) => {
    const ledgers = await ledgersOf((files) => {
      const whole = String(files.get(runFiles.accessLog)).split('\n');
      files.set(runFiles.accessLog, change(whole).join('\n'));
    });
    expect(ledgers(subject).gaps).toEqual(["Traefik's access log lacks 1 of its 5 lines"]);
  });

  test('a request of which a journal has neither line', async () => {
    const ledgers = await ledgersOf((files) => {
      const whole = String(files.get(journalFile('llm-1'))).split('\n');
      files.set(journalFile('llm-1'), whole.toSpliced(2, 2).join('\n'));
    });
    expect(ledgers(subject).gaps).toEqual([
      'the journal llm-1.ndjson lacks both lines of 1 requests that were numbered',
    ]);
  });

  test('a file that cannot be read takes no other one with it', async () => {
    const ledgers = await ledgersOf((files) => {
      files.delete(clientFile(subject));
      files.set(`${clientFile(subject)}/in-its-place`, '');
    });
    expect(ledgers(subject).client).toEqual([]);
    expect(ledgers(subject).gaps.join()).toMatch(/^the file of k6's records cannot be read: /);
    expect(ids(ledgers(control).client)).toEqual(['retry.control.1.0', 'retry.control.1.1']);
    expect(ledgers(control).gaps).toEqual([]);
  });

  test.each([runFiles.accessLog, journalFile('llm-1'), clientFile(subject), runFiles.scrapes])(
    '%s cut in half',
    async (file) => {
      const ledgers = await ledgersOf((files) => {
        const whole = String(files.get(file));
        // Not at the end of a line, where the two of a file with equal lines would be cut.
        files.set(file, whole.slice(0, whole.length / 2 - 5));
      });
      expect(ledgers(subject).gaps.join()).toMatch(/malformed lines, the first is line \d+/);
    },
  );

  test('an access log line whose time is no time', async () => {
    const ledgers = await ledgersOf((files) =>
      files.set(runFiles.accessLog, lines([accessLine(1, subject, 'retry.subject.1.0', 'yesterday')])),
    );
    expect(ledgers(subject).gaps).toEqual(["Traefik's access log has 1 malformed lines, the first is line 1"]);
  });

  test.each([
    { what: 'inside a line', cut: 9, gap: /^the file of k6's records has 1 malformed lines, the first is line 4$/ },
    { what: 'between two lines', cut: 0, gap: /^the file of k6's records is cut off: its last line is missing$/ },
  ])('client records that are cut off $what', async ({ cut, gap }) => {
    const ledgers = await ledgersOf((files) => {
      const whole = String(files.get(clientFile(subject)));
      files.set(clientFile(subject), whole.slice(0, whole.indexOf('{"end"') + cut));
    });
    expect(ledgers(subject).gaps).toContainEqual(expect.stringMatching(gap));
    expect(ledgers(control).gaps).toEqual([]);
  });

  test.each([
    { what: 'no first line', change: (text: string) => text.slice(text.indexOf('\n') + 1), gap: /has no first line$/ },
    {
      what: 'a record less',
      change: (text: string) => text.replace(/\{"requestId".*\n/, ''),
      gap: /1 are there, 2 were written$/,
    },
    { what: 'nothing', change: () => '', gap: /has no first line$/ },
  ])('client records with $what', async ({ change, gap }) => {
    const ledgers = await ledgersOf((files) => {
      files.set(clientFile(subject), change(String(files.get(clientFile(subject)))));
    });
    expect(ledgers(subject).gaps).toContainEqual(expect.stringMatching(gap));
  });
});

describe('the load generator', () => {
  test('dropped iterations, and records that it could not write', async () => {
    const ledgers = await ledgersOf((files) =>
      files.set(
        clientFile(subject),
        clientLines([exchange('retry.subject.1.0', 0)], { dropped: 2, droppedIterations: 3 }),
      ),
    );
    expect(ledgers(subject).gaps).toEqual(['k6 could not write 2 records', 'k6 dropped 3 iterations']);
  });

  test('kept the processors busy', async () => {
    const ledgers = await ledgersOf((files) =>
      files.set(clientFile(subject), clientLines([exchange('retry.subject.1.0', 0)], { busiestCpu: 0.97 })),
    );
    expect(ledgers(subject).gaps).toEqual([
      'the load generator was saturated: it kept 97 % of the processors busy for a second (limit 90 %)',
    ]);
  });

  test.each([
    { load: undefined, gap: 'the load generator never ran to its end' },
    { load: { exitCode: 107, errors: [] }, gap: 'k6 ended with code 107' },
    { load: { exitCode: null, errors: [] }, gap: 'k6 ended with a signal' },
    {
      load: { exitCode: 107, errors: ['TypeError: Cannot read property', 'second', 'third'] },
      gap: 'k6 ended with code 107: TypeError: Cannot read property (and 2 more)',
    },
    { load: { exitCode: 0, errors: ['Request Failed'] }, gap: 'k6 reported errors: Request Failed' },
  ])('says: $gap', async ({ load, gap }) => {
    const ledgers = await ledgersOf(undefined, [sampleRecordedArm(subject, { load })]);
    expect(ledgers(subject).gaps).toEqual([gap]);
  });
});

test('an empty folder gives a ledger with nothing but gaps', async () => {
  const ledger = (await ledgersOf((files) => files.clear()))(subject);
  expect(ledger).toMatchObject({ client: [], gateway: [], service: [], faults: [], scrapes: [] });
  expect(ledger.gaps).toHaveLength(5);
});
