import { Gauge, type Registry } from 'prom-client';
import type { ProcessFigures, ProcessWatch } from './process-watch.js';

const FIGURES: readonly {
  readonly name: string;
  readonly help: string;
  readonly read: (of: ProcessFigures) => number;
}[] = [
  {
    name: 'nodejs_eventloop_delay_p99_seconds',
    help: 'The 99th percentile of how late timers were, in the last half to whole minute.',
    read: ({ eventLoop }) => eventLoop.delayP99Ms / 1000,
  },
  {
    name: 'nodejs_eventloop_delay_max_seconds',
    help: 'The most that a timer was late, in the last half to whole minute.',
    read: ({ eventLoop }) => eventLoop.delayMaxMs / 1000,
  },
  {
    name: 'nodejs_eventloop_utilization',
    help: 'Share of the time that the event loop was busy, 0 to 1, in the last half to whole minute.',
    read: ({ eventLoop }) => eventLoop.utilization,
  },
  { name: 'nodejs_gc_runs', help: 'Garbage collections since the start.', read: ({ gc }) => gc.count },
  {
    name: 'nodejs_gc_seconds',
    help: 'Time spent in garbage collections since the start.',
    read: ({ gc }) => gc.totalMs / 1000,
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process that is in RAM.',
    read: ({ memory }) => memory.rssBytes,
  },
  { name: 'nodejs_heap_used_bytes', help: 'Heap in use.', read: ({ memory }) => memory.heapUsedBytes },
];

/** Adds what the process itself costs to a registry. */
export function addProcessMetrics(registry: Registry, watch: ProcessWatch): void {
  for (const { name, help, read } of FIGURES) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(watch.read()));
      },
    });
  }
}
