/** A generator that sends this much later than planned (99th percentile) no longer makes the load it claims to. */
const latestSendMs = 250;
/** A generator that keeps its processors busier than this for a second has nothing left to stamp arrivals in time. */
const busiest = 0.9;
/** Where nothing else runs: processors that are busier than this for a second, by the generator or by what it talks to. */
const busiestMachine = 0.95;

/** How a load generator coped with what was asked of it, as far as it is known. */
export interface GeneratorLoad {
  /** Planned requests that left no record. */
  readonly unsent?: number;
  /** 99th percentile of how much later than planned requests left, in milliseconds. */
  readonly lateP99Ms?: number;
  /** Iterations that the generator itself says it left out. */
  readonly droppedIterations?: number;
  /** Share of the machine's processors that it kept busy in its busiest second, from 0 to 1; undefined when not known. */
  readonly busiestCpu?: number | undefined;
  /** Share that everything on the machine kept busy in its busiest second; only where the load has the machine to itself. */
  readonly busiestMachine?: number | undefined;
}

/** Why the generator was saturated, a sentence each; none when it kept up. What it measured then is its own queue. */
export function generatorSaturation(load: GeneratorLoad): string[] {
  const { unsent = 0, lateP99Ms = 0, droppedIterations = 0, busiestCpu = 0 } = load;
  const machine = load.busiestMachine ?? 0;
  return [
    ...(unsent > 0 ? [`planned requests without a client record: ${unsent}`] : []),
    ...(lateP99Ms > latestSendMs
      ? [
          `the load generator fell behind: 1 % of the requests left more than ${Math.round(lateP99Ms)} ms late (limit ${latestSendMs} ms)`,
        ]
      : []),
    ...(droppedIterations > 0 ? [`k6 dropped ${droppedIterations} iterations`] : []),
    ...(busiestCpu > busiest
      ? [
          `the load generator was saturated: it kept ${Math.round(busiestCpu * 100)} % of the processors busy for a second (limit ${busiest * 100} %)`,
        ]
      : []),
    ...(machine > busiestMachine
      ? [
          `the load generator was saturated: ${Math.round(machine * 100)} % of the processors were busy for a second (limit ${busiestMachine * 100} %)`,
        ]
      : []),
  ];
}
