import type { IncomingMessage } from 'node:http';
import type { Admitted } from '../engine/admission.js';
import type {
  EndReason,
  EngineObserver,
  Generation,
  GenerationProgress,
  GenerationRequest,
  TokenSink,
} from '../engine/engine.js';
import { countPromptTokens } from '../engine/prompt.js';
import { TokenTimes } from '../engine/token-times.js';
import { OpenAiError } from '../errors/openai-error.js';
import { postCompletion } from './post-completion.js';
import { EventReader } from './read-events.js';
import { refusedBy, unreachable } from './upstream-errors.js';
import type { UpstreamSettings } from './upstream-settings.js';

/** What of a chunk is used. */
interface UpstreamChunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  } | null;
  readonly error?: { readonly message?: string; readonly type?: string; readonly code?: string | null };
}

/** One answer of the other server, read as it comes. */
export class UpstreamGeneration implements Generation, Admitted {
  readonly #upstream: UpstreamSettings;
  readonly #request: GenerationRequest;
  readonly #sink: TokenSink;
  readonly #host: { readonly observers: readonly EngineObserver[]; left(at: number): void };
  readonly #aborted = new AbortController();
  readonly #times: TokenTimes;
  #finishReason: EndReason | undefined;
  #usage: NonNullable<UpstreamChunk['usage']> | undefined;
  #over = false;

  constructor(
    upstream: UpstreamSettings,
    request: GenerationRequest,
    sink: TokenSink,
    host: { readonly observers: readonly EngineObserver[]; left(at: number): void },
  ) {
    this.#upstream = upstream;
    this.#request = request;
    this.#sink = sink;
    this.#host = host;
    this.#times = new TokenTimes(request.arrivedAt ?? performance.now());
  }

  get arrivedAt(): number {
    return this.#times.arrivedAt;
  }

  get requestId(): string {
    return this.#request.requestId;
  }

  get progress(): GenerationProgress {
    return this.#times.progress();
  }

  start(at: number): void {
    const promptTokens = countPromptTokens(this.#request.messages);
    const start = { promptTokens, cachedTokens: 0, queueMs: this.#times.start(at) };
    this.#sink.started(start);
    for (const observer of this.#host.observers) observer.started?.(this.requestId, start);
    postCompletion(this.#upstream, this.#request, this.#aborted.signal).then(
      (response) => this.#read(response),
      (error: unknown) => this.#end('error', unreachable(error)),
    );
  }

  cancel(): void {
    if (this.#over) return;
    this.#end('cancelled');
    this.#aborted.abort();
  }

  #read(response: IncomingMessage): void {
    if (response.statusCode !== 200) {
      void refusedBy(response).then((error) => this.#end('error', error));
      return;
    }
    const events = new EventReader((data) => this.#onData(data));
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      events.add(text);
      if (!this.#over) this.#sink.flush?.();
    });
    response.on('error', (error) => this.#end('error', unreachable(error)));
    // A stream that ends without a reason was cut, even where the connection ended in order.
    response.on('end', () => this.#end(this.#finishReason ?? 'error', unreachable('its answer was cut short')));
  }

  #onData(data: string): void {
    if (this.#over || data === '[DONE]') return;
    let chunk: UpstreamChunk;
    try {
      chunk = JSON.parse(data) as UpstreamChunk;
    } catch (error) {
      this.#end('error', unreachable(error));
      return;
    }
    if (chunk.error) {
      const { message = 'The upstream failed.', type = 'server_error', code } = chunk.error;
      this.#end('error', new OpenAiError({ status: 502, message, type, code: code ?? 'upstream_failed' }));
      return;
    }
    const choice = chunk.choices?.[0];
    if (choice?.delta?.content) this.#hand(choice.delta.content);
    if (choice?.finish_reason) this.#finishReason = toEndReason(choice.finish_reason);
    if (chunk.usage) this.#usage = chunk.usage;
  }

  #hand(text: string): void {
    const index = this.#times.count;
    this.#times.add(performance.now());
    this.#times.tell(this.#host.observers);
    this.#sink.token(text, index);
  }

  #end(reason: EndReason, error?: OpenAiError): void {
    if (this.#over) return;
    this.#over = true;
    this.#aborted.abort();
    const now = performance.now();
    const tokens = this.#usage?.completion_tokens ?? this.#times.count;
    const end = {
      reason,
      usage: {
        promptTokens: this.#usage?.prompt_tokens ?? countPromptTokens(this.#request.messages),
        cachedTokens: this.#usage?.prompt_tokens_details?.cached_tokens ?? 0,
        completionTokens: tokens,
      },
      timings: this.#times.timings(now, tokens),
      ...(reason === 'error' && error !== undefined ? { error } : {}),
    };
    this.#sink.finished(end);
    for (const observer of this.#host.observers) observer.finished?.(this.requestId, end, now - this.arrivedAt);
    this.#host.left(now);
  }
}

/** Every other reason means that the model ended its answer by itself. */
function toEndReason(finishReason: string): EndReason {
  return finishReason === 'length' || finishReason === 'cache_threshold' ? finishReason : 'stop';
}
