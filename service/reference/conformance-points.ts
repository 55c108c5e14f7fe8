/**
 * What clients of OpenAI's API rely on, one point each. The conformance suite has a group of tests for every point, and
 * runs against the service itself, with another instance as its upstream, and through a gateway.
 */
export const points = {
  wholeAnswer: 'A whole answer is a `chat.completion` with usage and a request id',
  stream: 'A stream begins with the role, goes on with tokens and ends with a reason and `[DONE]`',
  usage: 'Usage of a stream comes when it is asked for, and never from one that was cut',
  errors: "Errors have OpenAI's shape, and become the client's class for their status",
  errorInStream: 'A failure in the middle of a stream is an error chunk',
  cleanCut: 'A stream that ends without its reason is no error for the client',
  reset: 'A reset in the middle of a stream is an error of the connection, and is not retried',
  retries: 'The client retries what can pass by itself, and says how often it has',
  retryAfter: 'The client comes again when it is told to, and is never told more than a minute',
  timeouts: "A client's timeout ends with the headers of a stream",
  heldHeaders: 'Headers that wait for the first token tell the truth and may run into a timeout; early ones never do',
  abort: 'A client that leaves ends the generation and frees its slot',
  idempotency: 'A request with an Idempotency-Key is executed once',
  rateLimits: 'Rate limits are told with every answer, and held for each API key',
  parameters: 'Models, limits, stop texts, seeds and several choices are as asked for; what is not there is refused',
  gateway: 'A gateway passes on each event at once, and its own refusals are errors that the client knows',
} as const;
