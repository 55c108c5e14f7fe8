import { describe, expect, test } from 'vitest';
import type { ExperimentResult, Run } from '../harness/model/run.js';
import { sampleRun } from './fixtures/sample-run.js';
import { junit } from './junit.js';

function runOf(...experiments: readonly ExperimentResult[]): Run {
  return { ...sampleRun, experiments };
}

function experimentNamed(id: string): ExperimentResult {
  const found = sampleRun.experiments.find((experiment) => experiment.id === id);
  if (found === undefined) throw new Error(`the sample run has no experiment ${id}`);
  return found;
}

function count(xml: string, element: string): number {
  return xml.split(`<${element} `).length - 1;
}

describe('junit', () => {
  test('has a suite per experiment and a case per verdict and negative control', () => {
    const xml = junit(sampleRun);
    const verdicts = sampleRun.experiments.flatMap((experiment) => experiment.verdicts);
    expect(count(xml, 'testsuite')).toBe(4);
    expect(count(xml, 'testcase')).toBe(verdicts.length + 4);
    expect(xml).toContain('tests="14" failures="1" errors="1" skipped="0" time="127.840"');
    expect(xml).toContain('timestamp="2026-11-23T22:04:11.402Z"');
    expect(xml).toContain('<property name="version.traefik" value="3.7.5"/>');
  });

  test('shows a fail as failure, with what was expected, measured and seen', () => {
    const xml = junit(runOf(experimentNamed('circuit-breaker')));
    const failure = /<failure type="fail" message="([^"]*)">([^<]*)<\/failure>/.exec(xml);
    expect(failure?.[1]).toBe(
      'expected at most 42.0 s of failing requests; measured 70.3 s, of which 58.3 s after the heal',
    );
    expect(failure?.[2]).toContain('circuit-breaker.subject/client.ndjson');
  });

  test('shows inconclusive as error, never as a pass', () => {
    const xml = junit(runOf(experimentNamed('sticky-sessions')));
    expect(xml).toMatch(/\[affinity-under-latency\]" classname="sticky-sessions"><error type="inconclusive" message="/);
  });

  test('shows skipped with its reason', () => {
    const experiment: ExperimentResult = {
      ...experimentNamed('retry'),
      outcome: 'skipped',
      reason: 'needs docker',
      negativeControl: { outcome: 'skipped', reason: 'needs docker' },
      verdicts: [],
    };
    const xml = junit({ ...runOf(experiment), outcome: 'skipped' });
    expect(xml).toContain('<skipped message="needs docker"/>');
    expect(xml).toContain('tests="1" failures="0" errors="0" skipped="1"');
  });

  test('gives an experiment that is worse than its verdicts a case of its own', () => {
    const reason = 'Traefik reloaded its configuration during the measurement.';
    const xml = junit({
      ...runOf({ ...experimentNamed('retry'), outcome: 'inconclusive', reason }),
      outcome: 'inconclusive',
    });
    expect(xml).toContain(
      `<testcase name="the experiment as a whole" classname="retry"><error type="inconclusive" message="${reason}">`,
    );
  });

  test('does not let a run without experiments look like a success', () => {
    const xml = junit({ ...runOf(), outcome: 'inconclusive' });
    expect(xml).toContain('tests="1" failures="0" errors="1"');
  });

  test('keeps hostile text as text', () => {
    const [verdict] = experimentNamed('retry').verdicts;
    if (verdict === undefined) throw new Error('the sample experiment has no verdict');
    const hostile = `"/><failure/>]]>&\u0000\uFFFF`;
    const verdicts = [{ ...verdict, outcome: 'fail', claim: hostile, measured: hostile, evidence: [hostile] } as const];
    const xml = junit(runOf({ ...experimentNamed('retry'), outcome: 'fail', title: hostile, verdicts }));
    expect(xml).not.toContain('<failure/>');
    expect(xml.split('&quot;/&gt;&lt;failure/&gt;]]&gt;&amp;')).toHaveLength(5);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(xml).not.toMatch(/[\u0000\uFFFF]/);
  });
});
