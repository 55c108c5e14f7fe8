import { requestsView } from './requests-view.js';
import { sqlName, sqlText } from './sql-text.js';

/**
 * The views of one arm, in a schema of the arm's name: the tables of the ledger without the other arms. With
 * `USE "<arm>"` a query that names `client` sees this arm alone.
 *
 * @param catalog name of the database that the ledger is attached as
 */
export function armViews(catalog: string, arm: string): string {
  const schema = `${sqlName(catalog)}.${sqlName(arm)}`;
  const main = `${sqlName(catalog)}.main`;
  const ofArm = `WHERE arm = ${sqlText(arm)}`;
  const same = ['planned', 'gateway', 'service', 'faults', 'gaps'].map(
    (table) => `CREATE VIEW ${schema}.${table} AS SELECT * EXCLUDE (arm) FROM ${main}.${table} ${ofArm};`,
  );
  return `
CREATE SCHEMA ${schema};
${same.join('\n')}
CREATE VIEW ${schema}.client AS
  SELECT * EXCLUDE (arm), status BETWEEN 200 AND 299 AND errorCode = 0 AND done AS succeeded FROM ${main}.client ${ofArm};
CREATE VIEW ${schema}.scrapes AS
  SELECT "at", configReloads,
    coalesce(routes[${sqlText(arm)}].routerRequests, MAP {}) AS routerRequests,
    coalesce(routes[${sqlText(arm)}].serviceRequests, MAP {}) AS serviceRequests
  FROM ${main}.scrapes;
${requestsView(schema, sqlText(`${arm}.`))}
`;
}
