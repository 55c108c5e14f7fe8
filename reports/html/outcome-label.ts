import { controlProof } from '../../harness/model/control-proof.js';
import type { Outcome } from '../../harness/model/outcome.js';
import type { ExperimentResult } from '../../harness/model/run.js';
import { type Html, html, rawHtml } from './html.js';

const signs: Record<Outcome, string> = {
  pass: '<path d="M4 8.5l2.7 2.7L12 5.5"/>',
  fail: '<path d="M4.8 4.8l6.4 6.4M11.2 4.8l-6.4 6.4"/>',
  inconclusive: '<path d="M5.8 6.2a2.2 2.2 0 1 1 3.3 1.9c-.7.4-1.1.8-1.1 1.6M8 12v.2"/>',
  skipped: '<path d="M4.5 8h7"/>',
};

/** A negative control as a label: its failure is what was wanted, so it is told as such. */
export function controlLabel(control: ExperimentResult['negativeControl']): Html {
  const words: Record<Outcome, string> = {
    fail: 'failed, as it must',
    pass: 'passed, but must not',
    inconclusive: 'inconclusive',
    skipped: 'skipped',
  };
  return outcomeLabel(controlProof(control), words[control.outcome]);
}

/** An outcome as word, sign and colour: each of the three says it alone. */
export function outcomeLabel(outcome: Outcome, word: string = outcome): Html {
  const sign = rawHtml(signs[outcome]);
  return html`<span class="outcome ${outcome}"><svg viewBox="0 0 16 16" aria-hidden="true">${sign}</svg>${word}</span>`;
}
