/** The fields of an OpenAI error that differ from error to error. */
export interface OpenAiErrorDetail {
  readonly status: number;
  readonly message: string;
  /** `server_error` from status 500 on, else `invalid_request_error`, unless given. */
  readonly type?: string;
  /** The request field at fault, as a dotted path; `null` when the fault is not in one field. */
  readonly param?: string | null;
  readonly code: string;
  /** Headers to send with it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error to be answered in OpenAI's shape: thrown by handlers, or serialized directly. */
export class OpenAiError extends Error {
  override readonly name = 'OpenAiError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: { message: string; type: string; param: string | null; code: string } };

  constructor({ status, message, type, param = null, code, headers = {} }: OpenAiErrorDetail) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = {
      error: { message, type: type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'), param, code },
    };
  }
}
