/** Answers the next `count` requests to `/v1/` with `status` instead of serving them. */
export interface StatusFault {
  readonly kind: 'status';
  /** 500 to 599. */
  readonly status: number;
  readonly count: number;
}

/** A fault in place, with the number of requests it has touched so far. */
export interface PlacedFault extends StatusFault {
  readonly id: string;
  readonly touched: number;
}

/** The faults of one instance, oldest first. A used-up fault stays listed until removed, so that its count can be read. */
export class FaultRegistry {
  readonly #faults = new Map<string, StatusFault & { readonly id: string; touched: number }>();
  #placed = 0;

  /** Puts a fault in place. */
  place(fault: StatusFault): PlacedFault {
    this.#placed += 1;
    const placed = { id: `fault-${this.#placed}`, ...fault, touched: 0 };
    this.#faults.set(placed.id, placed);
    return { ...placed };
  }

  list(): PlacedFault[] {
    return [...this.#faults.values()].map((fault) => ({ ...fault }));
  }

  /** Removes one fault and returns its final state, or undefined when there is none of this id. */
  remove(id: string): PlacedFault | undefined {
    const fault = this.#faults.get(id);
    this.#faults.delete(id);
    return fault;
  }

  /** Removes all faults and returns their final states. */
  clear(): PlacedFault[] {
    const faults = this.list();
    this.#faults.clear();
    return faults;
  }

  /** The fault that the current request must suffer, counted as touched: the oldest not used up. */
  take(): PlacedFault | undefined {
    for (const fault of this.#faults.values()) {
      if (fault.touched >= fault.count) continue;
      fault.touched += 1;
      return fault;
    }
    return undefined;
  }
}
