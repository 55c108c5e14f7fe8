/** Where an instance stands: `ready` and `draining` serve, and only `ready` asks for more. */
export type Phase = 'starting' | 'ready' | 'draining';

/** The phase of one instance, the time since it was made, and what is to end cleanly when its drain runs out of time. */
export class Lifecycle {
  phase: Phase = 'starting';
  readonly #startedAt = performance.now();
  readonly #departures: (() => void)[] = [];
  readonly #endings = new Set<() => void>();

  /** Seconds since the instance was started; monotonic. */
  get uptimeSeconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  /** Has `leave` called when the listener closes: from then on nothing new is to be begun. */
  atDrain(leave: () => void): void {
    this.#departures.push(leave);
  }

  /** Tells everyone who asked for it that nothing new is to be begun. */
  leaveAll(): void {
    for (const leave of this.#departures) leave();
  }

  /**
   * Has `end` called when the drain's deadline comes. It must end, at once, something whose client is owed more than
   * a closed connection: a stream's last chunk, a WebSocket's close frame.
   * @returns takes `end` back, for what ended by itself
   */
  atDeadline(end: () => void): () => void {
    this.#endings.add(end);
    return () => this.#endings.delete(end);
  }

  /** Ends everything that asked for it; returns how much that was. */
  endAll(): number {
    const endings = [...this.#endings];
    this.#endings.clear();
    for (const end of endings) end();
    return endings.length;
  }
}
