import type { StickyPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { affinityCookieValues } from '../../oracles/sticky.js';
import { examples } from '../examples.js';
import { count, decided, undecided } from '../finding.js';

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
    async judge(ledger) {
      const expected = `cookie ${policy.cookie}: ${attributes}, value = hash of the instance's URL`;
      const names = ledger.links.flatMap(({ instance, url }) =>
        affinityCookieValues(url).map((value) => ({ instance, value })),
      );
      const values = Object.fromEntries(
        names.flatMap(({ instance, value }, place) => [
          [`instance${place}`, instance],
          [`value${place}`, value],
        ]),
      );
      const named = (cookie: string): string =>
        `(${names.map((_, place) => `(instance = $instance${place} AND ${cookie} = $value${place})`).join(' OR ')})`;
      // A cookie that was not sent is an empty text, a cookie that was not set is NULL.
      const judged = `(
        SELECT *, cookieSet IS NOT NULL AS isSet,
          isSet AND (cookieSecure <> $secure OR cookieHttpOnly <> $httpOnly
            OR (succeeded AND (NOT ${named('cookieSet')} OR ${named('cookieSent')}))) AS isWrong,
          succeeded AND NOT isSet AND NOT ${named('cookieSent')} AS isWithout
        FROM client
      )`;
      const parameters = { ...values, secure: policy.secure, httpOnly: policy.httpOnly };
      const [found] = await ledger.query<{ successes: number; set: number; wrong: number; without: number }>(
        `SELECT count(*) FILTER (succeeded) AS successes, count(*) FILTER (isSet) AS "set",
           count(*) FILTER (isWrong) AS wrong, count(*) FILTER (isWithout) AS "without" FROM ${judged}`,
        parameters,
      );
      if (found === undefined || found.successes === 0) return undecided(expected, 'no request succeeded');
      return decided(
        found.set > 0 && found.wrong === 0 && found.without === 0,
        expected,
        `${count(found.set, 'cookie')} set, ${found.wrong} with wrong attributes or value; ${found.without} successful without a good one`,
        await examples(
          ledger,
          'wrong',
          `SELECT requestId || ': ' || to_json({value: cookieSet, secure: cookieSecure, httpOnly: cookieHttpOnly})
             AS example, sentAt AS place FROM ${judged} WHERE isWrong`,
          parameters,
        ),
      );
    },
  };
}
