import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { access, experiments, scrapeOf } from '../fixtures/recording-events.js';
import { LiveView } from './live-view.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A terminal that understands what the view may send: text, line feed, cursor up, clear line, clear below. */
class Terminal {
  readonly columns: number;
  readonly rows = 24;
  lines: string[] = [];
  sent = '';
  #row = 0;

  constructor(columns = 100) {
    this.columns = columns;
  }

  write(text: string): void {
    this.sent += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters of a terminal.
    for (const [part] of text.matchAll(/\u001b\[(\d*)[A-Z]|\u001b.|[^\u001b\n\r]+|\n|\r/g)) {
      if (part === '\n') this.#row++;
      else if (part.startsWith('\u001b[') && part.endsWith('A')) this.#row -= Number(part.slice(2, -1));
      else if (part === '\u001b[J') this.lines.length = this.#row;
      else if (part.startsWith('\u001b') || part === '\r') expect(['\u001b[K', '\r']).toContain(part);
      else this.lines[this.#row] = part;
    }
  }
}

function record(view: LiveView): void {
  view.note('runtime process: it was asked for');
  view.recording({ type: 'stack-starting' }, experiments);
  view.recording({ type: 'stack-ready', elapsedMs: 2_500, access }, experiments);
  for (const { id } of experiments) {
    for (const role of ['subject', 'control']) {
      view.recording({ type: 'load-started', arm: `${id}.${role}`, durationMs: 60_000 }, experiments);
    }
  }
  const fault = { arm: 'retry.subject', title: 'llm-2 refuses connections' };
  view.recording({ type: 'fault-applied', ...fault, forMs: 20_000 }, experiments);
  vi.advanceTimersByTime(20_000);
  view.recording({ type: 'scrape', scrape: scrapeOf(312) }, experiments);
}

test('setting up: a line for each program, then the stack', () => {
  const terminal = new Terminal();
  const view = new LiveView(terminal);
  const common = { total: 2, version: '1.0', elapsedMs: 0 } as const;
  for (const second of [1, 2]) {
    view.preparing({
      type: 'binary',
      progress: {
        ...common,
        ordinal: 1,
        name: 'k6',
        phase: 'compile',
        phaseElapsedMs: second * 1000,
        expectedMs: 9000,
      },
    });
  }
  view.preparing({
    type: 'binary',
    progress: { ...common, ordinal: 2, name: 'toxiproxy', phase: 'done', source: 'cache', path: '/x' },
  });
  expect(terminal.lines).toEqual([
    '       1 of 2  k6 1.0  compiling  0:02 of about 0:09',
    ' 0:00  2 of 2  toxiproxy 1.0  ready (cache) after 0:00',
  ]);
  view.recording({ type: 'stack-starting' }, experiments);
  expect(terminal.lines).toEqual([' 0:00  starting the stack']);
  view.close();
});

test('recording: a line for each experiment, with what is left, what was answered and what is broken', () => {
  const terminal = new Terminal();
  const view = new LiveView(terminal);
  record(view);
  expect(terminal.lines).toEqual([
    '       runtime process: it was asked for',
    '       stack ready after 2.5 s',
    '       retry            0:40 left  312 requests: 312 × 200  · llm-2 refuses connections',
    '       circuit-breaker  0:40 left  312 requests: 312 × 200',
    ' 0:20  recording',
  ]);
  view.recording({ type: 'fault-healed', arm: 'retry.subject', title: 'llm-2 refuses connections' }, experiments);
  view.recording({ type: 'load-ended', arm: 'retry.subject', exitCode: 0 }, experiments);
  expect(terminal.lines[2]).toBe('       retry            0:40 left  312 requests: 312 × 200');
  view.recording({ type: 'load-ended', arm: 'retry.control', exitCode: 0 }, experiments);
  expect(terminal.lines[2]).toBe('       retry            recorded   312 requests: 312 × 200');
  view.note('recorded; judging the evidence');
  expect(terminal.lines.at(-1)).toBe(' 0:20  recorded; judging the evidence');
  view.close();
});

test('the clock goes on while nothing happens, and stops when the view is closed', () => {
  const terminal = new Terminal();
  const view = new LiveView(terminal);
  view.note('waiting');
  vi.advanceTimersByTime(3_000);
  expect(terminal.lines).toEqual([' 0:03  waiting']);
  view.close();
  view.close();
  const { sent } = terminal;
  vi.advanceTimersByTime(3_000);
  view.note('too late');
  expect(terminal.sent).toBe(sent);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is sent that would have to be undone: no hidden cursor, no mode, no colour', () => {
  const terminal = new Terminal();
  const view = new LiveView(terminal);
  record(view);
  view.interrupted();
  expect(terminal.lines.at(-1)).toBe(' 0:20  interrupted: ending what was started …');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters of a terminal.
  expect(terminal.sent.replaceAll(/\u001b\[(\d+A|K|J)/g, '')).not.toContain('\u001b');
  view.close();
});

test('no line wraps on a narrow terminal', () => {
  const terminal = new Terminal(40);
  const view = new LiveView(terminal);
  record(view);
  for (const line of terminal.lines) expect(line.length).toBeLessThan(40);
  expect(terminal.lines[2]).toMatch(/…$/);
  view.close();
});
