import type { Verdict, VerdictKind } from '../../harness/model/verdict.js';
import { dataTable, type Row } from './data-table.js';
import { type Html, html } from './html.js';
import { outcomeLabel } from './outcome-label.js';

const questions: Record<VerdictKind, readonly [kind: string, question: string]> = {
  conformance: ['Conformance', 'does Traefik do what the file says?'],
  guarantee: ['Guarantee', 'does the file do what its author meant?'],
};

/** The verdicts of one kind under the question that they answer. An experiment without any says so. */
export function verdictTable(kind: VerdictKind, verdicts: readonly Verdict[]): Html {
  const [title, question] = questions[kind];
  const caption = html`<strong>${title}</strong> — ${question}`;
  const rows = verdicts.filter((verdict) => verdict.kind === kind).map(verdictRow);
  if (rows.length === 0) return html`<p class="nothing">${caption} No claim of this kind was judged.</p>`;
  return dataTable('verdicts', caption, ['Claim', 'Expected', 'Measured', 'Outcome', 'Evidence'], rows);
}

function verdictRow(verdict: Verdict): Row {
  return [
    html`${verdict.claim} <span class="check">${verdict.policy} · ${verdict.check}</span>`,
    verdict.expected,
    verdict.measured,
    outcomeLabel(verdict.outcome),
    evidence(verdict),
  ];
}

function evidence({ check, evidence }: Verdict): Html {
  if (evidence.length === 0) return html`<span class="nothing">none</span>`;
  const items = evidence.map((item) => html`<li>${item}</li>`);
  const count = evidence.length === 1 ? '1 item' : `${evidence.length} items`;
  return html`<details><summary>${count}<span class="unseen"> of evidence for ${check}</span></summary><ul>${items}</ul></details>`;
}
