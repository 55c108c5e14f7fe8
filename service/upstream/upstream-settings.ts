/** An OpenAI-compatible server that generates instead of the simulated engine. */
export interface UpstreamSettings {
  /** The part of its address before `/chat/completions`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly apiKey: string | undefined;
  /** The model that is asked for. */
  readonly model: string;
}
