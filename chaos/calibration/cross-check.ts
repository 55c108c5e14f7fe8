import { askWithOpenAi } from './ask-with-openai.js';
import type { Calibration } from './calibration-schema.js';
import type { Exchange } from './exchange.js';
import type { Bench } from './measure-load.js';
import { measureSteady, type SteadyLoad, type SteadyRequest } from './measure-steady.js';
import { measurementErrors } from './measurement-errors.js';
import { summariseErrors } from './summarise-errors.js';

/** How often OpenAI's client asks. Few enough that it does not disturb the others. */
const askEveryMs = 50;

/** What several clients told of one server at the same time. */
export interface CrossCheck {
  readonly steady: SteadyLoad;
  readonly clients: Calibration['clients'];
  /** What is wrong with OpenAI's client's answers, a sentence each. */
  readonly problems: readonly string[];
}

/** Puts a load of k6's streams and WebSockets on a server, asks it with OpenAI's client too, and tells them apart. */
export async function crossCheck(request: SteadyRequest, bench: Bench): Promise<CrossCheck> {
  let asked: readonly Exchange[] = [];
  const steady = await measureSteady(request, bench, async (address, startsAt) => {
    const instants = Array.from({ length: Math.floor(request.durationMs / askEveryMs) }, (_, index) => {
      return startsAt + index * askEveryMs;
    });
    asked = await askWithOpenAi(`http://${address}`, instants, `${request.name}.openai`, bench.signal);
  });
  const { answers, exchanges } = steady.measured;
  const of = (protocol: string) => exchanges.filter(({ requestId }) => answers.get(requestId)?.protocol === protocol);
  const described = [
    { client: 'k6 stream', exchanges: of('sse') },
    { client: 'k6 WebSocket', exchanges: of('websocket') },
    { client: 'openai client', exchanges: asked },
  ].map(({ client, exchanges }) => ({ client, found: measurementErrors(exchanges, answers) }));
  return {
    steady,
    clients: described.map(({ client, found }) => ({
      client,
      ttft: summariseErrors(found.errors.ttft),
      gap: summariseErrors(found.errors.gap),
    })),
    problems: described.at(-1)?.found.problems ?? [],
  };
}
