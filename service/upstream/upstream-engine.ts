import { Admission, type AdmissionSettings } from '../engine/admission.js';
import type {
  Engine,
  EngineObserver,
  EngineStats,
  Generation,
  GenerationRequest,
  TokenSink,
} from '../engine/engine.js';
import { UpstreamGeneration } from './upstream-generation.js';
import type { UpstreamSettings } from './upstream-settings.js';

/** An engine that asks another server for each answer, always as a stream. Slots and queue stand before it as usual. */
export class UpstreamEngine implements Engine {
  readonly #upstream: UpstreamSettings;
  readonly #admission: Admission<UpstreamGeneration>;
  #cachedTokens = 0;

  constructor(upstream: UpstreamSettings, admission: AdmissionSettings) {
    this.#upstream = upstream;
    this.#admission = new Admission(admission);
    this.observe({
      finished: (_requestId, { usage }) => {
        this.#cachedTokens += usage.cachedTokens;
      },
    });
  }

  submit(request: GenerationRequest, sink: TokenSink): Generation {
    this.#admission.assertRoom(request.requestId);
    const generation = new UpstreamGeneration(this.#upstream, request, sink, {
      observers: this.#admission.observers,
      left: (at) => this.#admission.leave(generation, at),
    });
    this.#admission.admit(generation);
    return generation;
  }

  /** The cache is the other server's: what it says in `usage` is all that is known of it. */
  stats(): EngineStats {
    const stats = this.#admission.stats();
    return {
      ...stats,
      kvCacheUsage: 0,
      prefixCacheQueries: stats.promptTokens,
      prefixCacheHits: this.#cachedTokens,
    };
  }

  observe(observer: EngineObserver): void {
    this.#admission.observers.push(observer);
  }
}
