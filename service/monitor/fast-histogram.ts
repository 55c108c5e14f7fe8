import type { Metric, Registry } from 'prom-client';

/**
 * A Prometheus histogram without labels of its own that is cheap to observe: a search in a few bounds and an addition.
 * prom-client's histogram hashes labels for every observation, which is too much for one observation a token.
 */
export class FastHistogram {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  /** `bounds` are the upper bounds in rising order, without the infinite one. */
  constructor(config: {
    readonly name: string;
    readonly help: string;
    readonly bounds: readonly number[];
    readonly labels: Readonly<Record<string, string>>;
    readonly registry: Registry;
  }) {
    this.#bounds = config.bounds;
    this.#counts = new Float64Array(config.bounds.length + 1);
    const { name, help, labels } = config;
    const metric = {
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: this.#values(name, labels) }),
      reset: () => undefined,
    };
    // The registry only ever asks a metric for its name and its values; its type names the four classes it brings.
    config.registry.registerMetric(metric as unknown as Metric);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  #values(name: string, labels: Readonly<Record<string, string>>): object[] {
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((le, index) => {
      count += this.#counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
