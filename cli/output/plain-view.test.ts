import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { access, experiments, scrapeOf } from '../fixtures/recording-events.js';
import { PlainView } from './plain-view.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function openView(): { view: PlainView; lines: string[] } {
  const lines: string[] = [];
  const view = new PlainView((text) => {
    expect(text.endsWith('\n')).toBe(true);
    lines.push(text.trimEnd());
  });
  return { view, lines };
}

test('a run: each step is a line with the time since the start', () => {
  const { view, lines } = openView();
  const arm = 'retry.subject';
  view.preparing({ type: 'image', progress: { program: 'k6', phase: 'pull', image: 'grafana/k6:2.2.0' } });
  vi.advanceTimersByTime(65_000);
  view.note('runtime docker: it was asked for');
  view.recording({ type: 'stack-starting' }, experiments);
  view.recording({ type: 'stack-ready', elapsedMs: 2_340, access }, experiments);
  view.recording({ type: 'load-started', arm, durationMs: 75_000 }, experiments);
  view.recording({ type: 'fault-applied', arm, title: 'llm-2 refuses connections', forMs: 20_000 }, experiments);
  view.recording({ type: 'fault-healed', arm, title: 'llm-2 refuses connections' }, experiments);
  view.recording({ type: 'scrape', scrape: scrapeOf(12) }, experiments);
  view.recording({ type: 'load-ended', arm, exitCode: 0 }, experiments);
  view.interrupted();
  view.close();
  expect(lines).toEqual([
    ' 0:00  setup  pulling image grafana/k6:2.2.0',
    ' 1:05  runtime docker: it was asked for',
    ' 1:05  stack  starting',
    ' 1:05  stack  ready after 2.3 s',
    ' 1:05  retry.subject  load starts, for 1:15',
    ' 1:05  retry.subject  fault: llm-2 refuses connections, for 0:20',
    ' 1:05  retry.subject  healed: llm-2 refuses connections',
    ' 1:05  retry  12 requests: 12 × 200',
    ' 1:05  circuit-breaker  12 requests: 12 × 200',
    ' 1:05  retry.subject  load ended; 12 requests: 12 × 200',
    ' 1:05  interrupted: ending what was started …',
  ]);
});

test('what only repeats itself is printed every 15 seconds, what has happened always', () => {
  const { view, lines } = openView();
  const traefik = { ordinal: 3, total: 3, name: 'traefik', version: '3.7.5', elapsedMs: 0 } as const;
  for (let second = 0; second < 60; second++) {
    const progress = { ...traefik, phase: 'compile', phaseElapsedMs: second * 1_000, expectedMs: 60_000 } as const;
    view.preparing({ type: 'binary', progress });
    vi.advanceTimersByTime(1_000);
  }
  view.preparing({ type: 'binary', progress: { ...traefik, phase: 'done', source: 'built', path: '/x' } });
  expect(lines.map((line) => line.slice(0, 5))).toEqual([' 0:00', ' 0:15', ' 0:30', ' 0:45', ' 1:00']);
  expect(lines.at(-1)).toContain('ready (built)');

  lines.length = 0;
  for (let second = 0; second < 60; second++) {
    view.recording({ type: 'scrape', scrape: scrapeOf(second + 1) }, experiments);
    vi.advanceTimersByTime(1_000);
  }
  expect(lines).toHaveLength(4 * experiments.length);
});

test('an experiment that was not asked anything yet is no line', () => {
  const { view, lines } = openView();
  view.recording({ type: 'scrape', scrape: scrapeOf(0) }, experiments);
  expect(lines).toEqual([]);
});
