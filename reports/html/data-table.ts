import { type Html, html } from './html.js';

/** One row: the cells in the order of the columns. */
export type Row = readonly (Html | string)[];

/**
 * A table whose first column names its rows. On narrow screens the style sheet stacks each row into a card, which is why
 * each cell carries its column's name and every part its role: without them browsers forget that it is a table.
 */
export function dataTable(
  name: string,
  caption: Html | string,
  columns: readonly string[],
  rows: readonly Row[],
): Html {
  const [first = '', ...others] = columns;
  const cells = (row: Row) =>
    others.map(
      (column, index) => html`<td role="cell" data-column="${column}"><div>${row[index + 1] ?? ''}</div></td>`,
    );
  return html`<table role="table" class="${name}">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => html`<tr role="row"><th role="rowheader" scope="row" data-column="${first}">${row[0] ?? ''}</th>${cells(row)}</tr>\n`)}</tbody>
</table>`;
}
