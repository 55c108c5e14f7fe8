import { createHash } from 'node:crypto';

/**
 * The values that Traefik can give an affinity cookie for a server: the first 16 hex digits of the SHA-256 of its URL
 * since 3.4; before that its FNV-1 64 hash, hashed twice.
 */
export function affinityCookieValues(serverUrl: string): string[] {
  const sha256 = createHash('sha256').update(serverUrl).digest('hex').slice(0, 16);
  return [sha256, fnv64(fnv64(serverUrl))];
}

function fnv64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) {
    hash = BigInt.asUintN(64, hash * 0x100000001b3n) ^ BigInt(byte);
  }
  return hash.toString(16);
}

/**
 * How far the number of sessions on one of `servers` equal servers may lie from the mean before it is not chance:
 * 3.29 standard deviations of a binomial distribution, which a fair draw exceeds once in a thousand on one given server.
 */
export function binomialBound(sessions: number, servers: number): number {
  const share = 1 / servers;
  return 3.29 * Math.sqrt(sessions * share * (1 - share));
}
