/** A name that sorts by time and is safe in file names and container names. */
export function runName(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${stamp}-${process.pid.toString(36)}`;
}
