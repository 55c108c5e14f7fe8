import { requestsView } from './requests-view.js';
import { sqlName, sqlText } from './sql-text.js';

/**
 * The views of one arm, in a schema of the arm's name: the tables of the ledger without the other arms. With
 * `USE "<arm>"` a query that names `client` sees this arm alone. They name no database, so that they hold whatever the
 * file is called or attached as.
 */
export function armViews(arm: string): string {
  const schema = sqlName(arm);
  const views = ['planned', 'client', 'gateway', 'service', 'faults', 'gaps', 'measures'].map(
    (name) => `
CREATE VIEW ${schema}.${name} AS SELECT * EXCLUDE (arm) FROM main.${name} WHERE arm = ${sqlText(arm)};`,
  );
  return `
CREATE SCHEMA ${schema};
${views.join('')}
CREATE VIEW ${schema}.scrapes AS
  SELECT "at", configReloads,
    coalesce(routes[${sqlText(arm)}].routerRequests, MAP {}) AS routerRequests,
    coalesce(routes[${sqlText(arm)}].serviceRequests, MAP {}) AS serviceRequests
  FROM main.scrapes;
${requestsView(schema, sqlText(`${arm}.`))}
`;
}
