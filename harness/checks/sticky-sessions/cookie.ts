import type { ClientRecord } from '../../model/ledger.js';
import type { StickyPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { affinityCookieValues } from '../../oracles/sticky.js';
import { count, decided, examples, undecided } from '../finding.js';
import { succeeded } from '../window.js';

/** Conformance: the cookie has the configured attributes and names the instance that answered. */
export function affinityCookie(policy: StickyPolicy): Check {
  const attributes = [policy.secure ? 'Secure' : 'not Secure', policy.httpOnly ? 'HttpOnly' : 'not HttpOnly'].join(
    ', ',
  );
  return {
    id: 'sticky-cookie',
    kind: 'conformance',
    policy: 'sticky',
    claim: `Each session gets one cookie ${policy.cookie} (${attributes}) that names its instance, and sends it back.`,
    judge(ledger) {
      const expected = `cookie ${policy.cookie}: ${attributes}, value = hash of the instance's URL`;
      const successes = ledger.client.filter(succeeded);
      if (successes.length === 0) return undecided(expected, 'no request succeeded');
      const values = new Map(ledger.links.map((link) => [link.instance, affinityCookieValues(link.url)]));
      const names = (value: string, record: ClientRecord): boolean =>
        values.get(record.instance)?.includes(value) ?? false;
      const set = ledger.client.flatMap((record) => (record.cookieSet ? [{ record, cookie: record.cookieSet }] : []));
      const wrong = set.filter(
        ({ record, cookie }) =>
          cookie.secure !== policy.secure ||
          cookie.httpOnly !== policy.httpOnly ||
          (succeeded(record) && (!names(cookie.value, record) || names(record.cookieSent, record))),
      );
      const without = successes.filter((record) => record.cookieSet === undefined && !names(record.cookieSent, record));
      return decided(
        set.length > 0 && wrong.length === 0 && without.length === 0,
        expected,
        `${count(set.length, 'cookie')} set, ${wrong.length} with wrong attributes or value; ${without.length} successful without a good one`,
        examples(
          'wrong',
          wrong.map(({ record, cookie }) => `${record.requestId}: ${JSON.stringify(cookie)}`),
        ),
      );
    },
  };
}
