import { execFileSync } from 'node:child_process';

/** The shared libraries that an executable needs, as absolute paths: what the dynamic linker would load. Linux only. */
export function librariesOf(executable: string): string[] {
  const listing = execFileSync('ldd', [executable], { encoding: 'utf8' });
  return [...new Set([...listing.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []))];
}
