import { controlProof } from '../harness/model/control-proof.js';
import { type Outcome, worstOutcome } from '../harness/model/outcome.js';
import type { ExperimentResult, Run } from '../harness/model/run.js';
import type { Verdict } from '../harness/model/verdict.js';
import { escapeXml } from './escape-xml.js';

interface Case {
  readonly name: string;
  readonly outcome: Outcome;
  readonly summary: string;
  readonly detail: string;
}

interface Suite {
  readonly name: string;
  readonly className: string;
  readonly cases: readonly Case[];
}

/**
 * The run as JUnit XML for CI systems: a suite per experiment, a case per verdict and one for its negative control.
 *
 * An experiment or run that came out worse than its parts (evidence missing, nothing tried) gets a case of its own, so
 * that the file never looks greener than the run.
 */
export function junit(run: Run): string {
  const suites = [...run.experiments.map(experimentSuite), ...runSuite(run)];
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `gauntlet ${run.run}`, ...totals(cases), time: (run.durationMs / 1000).toFixed(3) })}>`,
    ...suites.map((suite) => formatSuite(suite, run)),
    '</testsuites>',
    '',
  ].join('\n');
}

function experimentSuite(experiment: ExperimentResult): Suite {
  const { negativeControl } = experiment;
  const cases: Case[] = [
    ...experiment.verdicts.map(verdictCase),
    {
      name: 'negative control: the checks fail once the protection is removed',
      outcome: controlProof(negativeControl),
      summary: negativeControl.reason,
      detail: '',
    },
  ];
  return {
    name: `${experiment.id}: ${experiment.title}`,
    className: experiment.id,
    cases: [...cases, ...unexplained('the experiment as a whole', experiment.outcome, cases, experiment.reason)],
  };
}

function verdictCase(verdict: Verdict): Case {
  return {
    name: `${verdict.kind}: ${verdict.claim} [${verdict.check}]`,
    outcome: verdict.outcome,
    summary: `expected ${verdict.expected}; measured ${verdict.measured}`,
    detail: verdict.evidence.join('\n'),
  };
}

function runSuite(run: Run): Suite[] {
  const cases = unexplained('the run as a whole', run.outcome, run.experiments, undefined);
  return cases.length === 0 ? [] : [{ name: 'run', className: 'run', cases }];
}

function unexplained(
  name: string,
  outcome: Outcome,
  parts: readonly { readonly outcome: Outcome }[],
  reason: string | undefined,
): Case[] {
  const outcomes = parts.map((part) => part.outcome);
  const explained = outcomes.length > 0 && worstOutcome([...outcomes, outcome]) === worstOutcome(outcomes);
  return explained ? [] : [{ name, outcome, summary: reason ?? `the outcome is ${outcome}`, detail: '' }];
}

function formatSuite(suite: Suite, run: Run): string {
  const properties = Object.entries({
    run: run.run,
    profile: run.profile,
    runtime: run.runtime,
    seed: String(run.seed),
    ...Object.fromEntries(Object.entries(run.versions).map(([name, version]) => [`version.${name}`, version])),
  });
  return [
    `  <testsuite${attributes({ name: suite.name, ...totals(suite.cases), timestamp: run.startedAt })}>`,
    '    <properties>',
    ...properties.map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...suite.cases.map((each) => formatCase(each, suite.className)),
    '  </testsuite>',
  ].join('\n');
}

function formatCase(each: Case, classname: string): string {
  const opening = `    <testcase${attributes({ name: each.name, classname })}`;
  const text = escapeXml(each.detail);
  switch (each.outcome) {
    case 'pass':
      return `${opening}/>`;
    case 'fail':
      return `${opening}><failure${attributes({ type: 'fail', message: each.summary })}>${text}</failure></testcase>`;
    case 'inconclusive':
      return `${opening}><error${attributes({ type: 'inconclusive', message: each.summary })}>${text}</error></testcase>`;
    case 'skipped':
      return `${opening}><skipped${attributes({ message: each.summary })}/></testcase>`;
  }
}

function totals(cases: readonly Case[]): Record<string, string> {
  const count = (outcome: Outcome) => String(cases.filter((each) => each.outcome === outcome).length);
  return {
    tests: String(cases.length),
    failures: count('fail'),
    errors: count('inconclusive'),
    skipped: count('skipped'),
  };
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}
