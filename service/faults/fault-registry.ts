import type { IncomingHttpHeaders } from 'node:http';
import { Random } from '../engine/random.js';
import type { Fault } from './fault.js';

/** A fault in place, with the number of requests that it has changed so far. */
export type PlacedFault = Fault & { readonly id: string; readonly touched: number };

/** A fault that one request may suffer. It counts as touched when it bites, which a stream can end before. */
export interface PendingFault {
  readonly id: string;
  readonly fault: Fault;
  /** A number from 0 to 1 for what the fault draws. */
  readonly draw: number;
  /** Now the client sees it. Does nothing the second time. */
  bite(): void;
  /** The request has ended; if the fault has not bitten, another request may suffer it instead. */
  settle(): void;
  /** Keeps something for as long as the fault is in place. */
  hold(thing: unknown): void;
}

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  readonly random: Random;
  readonly held: unknown[];
  touched: number;
  pending: number;
}

/** The faults of one instance, oldest first. A used-up fault stays listed until removed, so that its count can be read. */
export class FaultRegistry {
  readonly #entries = new Map<string, Entry>();
  #placed = 0;

  /** Puts a fault in place. */
  place(fault: Fault): PlacedFault {
    this.#placed += 1;
    const id = `fault-${this.#placed}`;
    const entry = { id, fault, random: new Random(this.#placed, 0), held: [], touched: 0, pending: 0 };
    this.#entries.set(id, entry);
    return show(entry);
  }

  list(): PlacedFault[] {
    return [...this.#entries.values()].map(show);
  }

  /** Removes one fault and returns its final state, or undefined when there is none of this id. */
  remove(id: string): PlacedFault | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry && show(entry);
  }

  /** Removes all faults and returns their final states. */
  clear(): PlacedFault[] {
    const faults = this.list();
    this.#entries.clear();
    return faults;
  }

  /** The fault that a request with these headers must suffer: the oldest that is not used up and whose conditions it fits. */
  take(headers: IncomingHttpHeaders): PendingFault | undefined {
    for (const entry of this.#entries.values()) {
      const { count = Number.POSITIVE_INFINITY, rate = 1 } = entry.fault;
      if (entry.touched + entry.pending >= count || !fits(entry.fault, headers)) continue;
      if (rate < 1 && entry.random.next() >= rate) continue;
      return pendingOf(entry);
    }
    return undefined;
  }
}

function fits({ header }: Fault, headers: IncomingHttpHeaders): boolean {
  if (header === undefined) return true;
  const value = headers[header.name.toLowerCase()]?.toString();
  return value !== undefined && (header.value === undefined || value === header.value);
}

function pendingOf(entry: Entry): PendingFault {
  let open = true;
  const close = (): boolean => {
    if (!open) return false;
    open = false;
    entry.pending -= 1;
    return true;
  };
  entry.pending += 1;
  return {
    id: entry.id,
    fault: entry.fault,
    draw: entry.random.next(),
    bite: () => {
      if (close()) entry.touched += 1;
    },
    settle: () => {
      close();
    },
    hold: (thing) => entry.held.push(thing),
  };
}

function show({ id, fault, touched }: Entry): PlacedFault {
  return { id, ...fault, touched };
}
