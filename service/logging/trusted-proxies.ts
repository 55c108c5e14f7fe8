import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The proxies whose word about a request's origin is believed: by default none. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** @throws RangeError for the first entry that is neither an address nor a range such as `10.0.0.0/8`. */
  constructor(entries: readonly string[] = []) {
    for (const entry of entries) {
      const [address = '', bits, ...more] = entry.split('/');
      const version = isIP(address);
      const longest = version === 4 ? 32 : 128;
      const prefix = bits === undefined ? longest : Number(bits);
      if (version === 0 || !/^\d*$/.test(bits ?? '') || bits === '' || prefix > longest || more.length > 0)
        throw new RangeError(entry);
      this.#list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /**
   * The address a request came from: that of the connection, or, as long as a trusted proxy vouches for it, the one that
   * stands before it in `X-Forwarded-For`. What stands further left was written by the client and counts for nothing.
   */
  originOf(peer: string, headers: IncomingHttpHeaders): string {
    const forwardedFor = headers['x-forwarded-for']?.toString() ?? '';
    const hops = forwardedFor === '' ? [] : forwardedFor.split(',').map((hop) => hop.trim());
    let origin = plain(peer);
    while (this.#trusts(origin)) {
      const before = hops.pop();
      if (before === undefined || isIP(plain(before)) === 0) break;
      origin = plain(before);
    }
    return origin;
  }

  #trusts(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** An IPv4 address that a dual-stack socket reports in IPv6 form is the IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
