import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGeneratorEvidence, readKnownAnswers } from './read-evidence.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-calibration-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(...lines: readonly string[]): string {
  const path = join(folder, 'evidence.ndjson');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const header = '{"format":"gauntlet-exchanges","version":1,"startedAt":1}';
const plain =
  '{"requestId":"a.1","intendedAt":1,"sentAt":2,"firstTokenAt":0,"endedAt":9.5,"done":true,"protocol":"http"}';
const end = (records: number, more = '') =>
  `{"end":true,"records":${records},"dropped":0,"droppedIterations":2${more}}`;

test('the exchanges of a load and what its generator says of itself', async () => {
  expect(await readGeneratorEvidence(file(header, plain, end(1, ',"busiestCpu":0.5,"busiestMachine":0.75')))).toEqual({
    exchanges: [{ requestId: 'a.1', intendedAt: 1, sentAt: 2, firstTokenAt: 0, endedAt: 9.5, gapsMs: [], done: true }],
    droppedIterations: 2,
    busiestCpu: 0.5,
    busiestMachine: 0.75,
    problems: [],
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  ['a file that was cut off', [header, plain], ["k6's record has no end"]],
  [
    'a line that was cut off',
    [header, '{"requestId":"a', end(1)],
    ["1 lines of k6's record are malformed", 'k6 recorded 1 exchanges, 0 are there'],
  ],
  ['an exchange that is missing', [header, end(1)], ['k6 recorded 1 exchanges, 0 are there']],
  ['an empty file', [], ["k6's record has no end"]],
])('%s is told', async (_what, lines, problems) => {
  expect((await readGeneratorEvidence(file(...lines))).problems).toEqual(problems);
});

test('a file that is not there is told', async () => {
  const { exchanges, problems } = await readGeneratorEvidence(join(folder, 'missing.ndjson'));
  expect(exchanges).toEqual([]);
  expect(problems).toEqual(["k6's record has no end"]);
});

test("the known-delay server's answers by request id, without the one that was cut off", async () => {
  const line =
    '{"requestId":"a.1","protocol":"sse","ttftMs":50,"gapMs":10,"receivedAt":1,"sentAt":[2,3],"completed":true}';
  const answers = await readKnownAnswers(file(line, line.slice(0, 60)));
  expect([...answers.keys()]).toEqual(['a.1']);
  expect(answers.get('a.1')?.sentAt).toEqual([2, 3]);
});
