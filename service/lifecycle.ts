/** Where an instance stands: only `ready` takes new work, `draining` finishes what it has. */
export type Phase = 'starting' | 'ready' | 'draining';

/** The phase of one instance and the time since it was made. */
export class Lifecycle {
  phase: Phase = 'starting';
  readonly #startedAt = performance.now();

  /** Seconds since the instance was started; monotonic. */
  get uptimeSeconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
