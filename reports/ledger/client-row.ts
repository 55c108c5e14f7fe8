import type { ClientRecord } from '../../harness/model/ledger.js';

/** A client record by the columns of the table `client`. */
export function clientRow({ cookieSet, firstByteAt, firstTokenAt, ...same }: ClientRecord): object {
  return {
    ...same,
    firstByteAt: firstByteAt === 0 ? undefined : firstByteAt,
    firstTokenAt: firstTokenAt === 0 ? undefined : firstTokenAt,
    cookieSet: cookieSet?.value,
    cookieSecure: cookieSet?.secure,
    cookieHttpOnly: cookieSet?.httpOnly,
  };
}
