import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../harness/model/run.js';
import { sampleRun } from '../fixtures/sample-run.js';
import { sampleSeries } from '../fixtures/sample-series.js';
import { renderReport } from './render-report.js';

const series = await sampleSeries(7);
const page = renderReport(sampleRun, series);

/** The page without what is not content: scripts and styles. */
function content(text: string): string {
  return text.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');
}

/** The page's text as a reader sees it. */
function words(text: string): string {
  return content(text)
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

function island(text: string): unknown {
  return JSON.parse(/<script type="application\/json" id="time-series">(.*?)<\/script>/s.exec(text)?.[1] ?? '');
}

describe('renderReport', () => {
  test('says in words what came of the run, and with what it was made', () => {
    const text = words(page);
    expect(text).toContain('Run failed');
    expect(text).toContain('4 experiments: 1 failed, 1 inconclusive, 2 passed.');
    expect(text).toContain('23 November 2026, 22:04:11 UTC');
    for (const fact of ['2 min 8 s', 'process', 'traefik 3.7.5', '421337']) expect(text).toContain(fact);
  });

  test('says how exactly the load generator measured, where that is known, and what is wrong with it', () => {
    expect(words(page)).toMatch(
      /Error of the load generator at 240 a second pass TTFT \+0\.21 ms \(99 % within 1\.13 ms\), gaps -0\.00 ms/,
    );
    const calibration = sampleRun.calibration && { ...sampleRun.calibration, outcome: 'fail', reason: 'TTFT < 0' };
    const failed = { ...sampleRun, calibration } as Run;
    expect(words(renderReport(failed, series))).toMatch(/a second fail TTFT .* within 1\.34 ms\)\. TTFT < 0/);
    expect(words(renderReport({ ...sampleRun, calibration: undefined }, series))).not.toContain('load generator at');
  });

  test('shows every experiment and verdict with claim, expectation, measurement, outcome and evidence', () => {
    const text = words(page);
    for (const experiment of sampleRun.experiments) {
      expect(text).toContain(experiment.title);
      expect(text).toContain(experiment.negativeControl.reason);
      for (const { claim, expected, measured, evidence } of experiment.verdicts) {
        for (const said of [claim, expected, measured, ...evidence]) expect(text).toContain(said);
      }
    }
    expect(text).toContain('A 12 s outage cost clients 70.3 s');
    expect(text).toContain('Conformance — does Traefik do what the file says?');
    expect(text).toContain('Guarantee — does the file do what its author meant?');
  });

  test('carries the time series and a place for the charts of each arm, with their content in words', () => {
    expect(island(page)).toEqual(series);
    for (const { arm } of series) expect(page).toContain(`data-arm="${arm}"`);
    expect(page.match(/role="img" aria-label="[^"]{40,}"/g)).toHaveLength(series.length * 2);
  });

  test('loads nothing: no address in it, and a policy that allows only its own script and style', () => {
    expect(page).not.toMatch(/\b(src|srcset|href|action|data|poster)\s*=\s*["']?\s*(https?:)?\/\//i);
    expect(page).not.toMatch(/@import|url\(|<link\b|<iframe\b|<img\b/i);
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = '']) => script);
    const hashes = scripts.map((script) => createHash('sha256').update(script).digest('base64'));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
    expect(scripts).toHaveLength(1);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain(`script-src 'sha256-${hashes[0]}';`);
  });

  test('marks up its tables for assistive technology', () => {
    const headers = content(page).match(/<th\b[^>]*>/g) ?? [];
    expect(headers.length).toBeGreaterThan(0);
    expect(headers.every((header) => /scope="(col|row)"/.test(header))).toBe(true);
    expect(content(page).match(/<h1\b/g)).toHaveLength(1);
    expect(content(page).match(/<caption>/g)).toHaveLength(content(page).match(/<table\b/g)?.length ?? 0);
  });

  test('keeps hostile text as text', () => {
    const hostile = '</script><img src=x onerror="alert(1)">\u2028';
    const spoilt = JSON.parse(JSON.stringify(sampleRun), (key, value) =>
      typeof value === 'string' && !['outcome', 'kind', 'startedAt', 'id'].includes(key) ? `${value}${hostile}` : value,
    ) as Run;
    const spoiltSeries = series.map((each) => ({
      ...each,
      faults: each.faults.map((fault) => ({ ...fault, title: hostile })),
    }));
    const result = renderReport(spoilt, spoiltSeries);
    expect(result).not.toMatch(/<img/i);
    expect(content(result)).not.toMatch(/<\/?script/i);
    expect(words(result)).toContain('<img src=x onerror=');
    expect(island(result)).toEqual(spoiltSeries);
  });

  test('says so where there is nothing to draw or nothing was judged', () => {
    const [retry] = sampleRun.experiments;
    if (retry === undefined) throw new Error('the sample run has no experiment');
    const text = words(renderReport({ ...sampleRun, experiments: [{ ...retry, verdicts: [] }] }, []));
    expect(text).toContain('No client records: there is nothing to draw.');
    expect(text).toContain('No claim of this kind was judged.');
    expect(words(renderReport({ ...sampleRun, experiments: [] }, []))).toContain('No experiment was run.');
  });

  test('claims that every claim held only of an experiment that passed', () => {
    const experiments = sampleRun.experiments.map((each) => ({ ...each, outcome: 'fail', reason: undefined }) as const);
    expect(words(page)).toContain('Every claim held.');
    expect(words(renderReport({ ...sampleRun, experiments }, series))).not.toContain('Every claim held.');
  });

  test('is the same for the same run', async () => {
    expect(renderReport(sampleRun, await sampleSeries(7))).toBe(page);
  });
});
