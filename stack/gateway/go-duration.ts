/** A Go duration text, as Traefik's configuration wants it: `100ms`, `30s`, `1m`. */
export function goDuration(ms: number): string {
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  if (ms % 1000 === 0) return `${ms / 1000}s`;
  return `${ms}ms`;
}
