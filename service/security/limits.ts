/** What one client can take of an instance before its request is refused. Beyond the settings, these are fixed. */
export interface Limits {
  /** Milliseconds in which the headers of a request have to arrive. */
  readonly headersTimeoutMs: number;
  /** Milliseconds in which a whole request has to arrive, its body included. */
  readonly requestTimeoutMs: number;
  /** Connections that are open at the same time; further ones are closed at once. */
  readonly maxConnections: number;
  /** Bytes of a request's body, and of a WebSocket message. */
  readonly bodyBytes: number;
}

/** Bytes of a request line and its headers. */
export const MAX_HEADER_BYTES = 16 * 1024;
