import { askWithOpenAi } from './ask-with-openai.js';
import type { Calibration } from './calibration-schema.js';
import type { Exchange } from './exchange.js';
import type { Bench } from './measure-load.js';
import { measureSteady, type SteadyLoad, type SteadyRequest } from './measure-steady.js';
import { type MeasurementErrors, measurementErrors } from './measurement-errors.js';
import { summariseErrors } from './summarise-errors.js';

type Client = Calibration['clients'][number];

/** How often OpenAI's client asks. Few enough that it does not disturb the others. */
const askEveryMs = 50;

/** What several clients told of one server at the same time. */
export interface CrossCheck {
  readonly steady: SteadyLoad;
  readonly k6: readonly Client[];
  /** OpenAI's own client. */
  readonly application: Client;
  /** What forbids to trust the load or the answers to OpenAI's client, a sentence each. */
  readonly doubts: readonly string[];
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
  const describe = (client: string, found: MeasurementErrors): Client => ({
    client,
    ttft: summariseErrors(found.errors.ttft),
    gap: summariseErrors(found.errors.gap),
  });
  const ofApplication = measurementErrors(asked, answers);
  return {
    steady,
    k6: [
      describe('k6 stream', measurementErrors(of('sse'), answers)),
      describe('k6 WebSocket', measurementErrors(of('websocket'), answers)),
    ],
    application: describe('openai client', ofApplication),
    doubts: [...steady.load.problems, ...steady.load.saturation, ...ofApplication.problems],
  };
}
