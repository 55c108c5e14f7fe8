import type { CompletionSettings } from '../completion/chat-completions.js';
import type { SimulationSettings } from '../engine/simulated-engine.js';
import { type HistorySettings, readHistorySettings } from '../history/history-settings.js';
import type { DrainTimes } from '../lifecycle/drain-server.js';
import type { LogLevel } from '../logging/create-logger.js';
import type { TrustedProxies } from '../logging/trusted-proxies.js';
import type { Limits } from '../security/limits.js';
import type { UpstreamSettings } from '../upstream/upstream-settings.js';
import type { SocketSettings } from '../websocket/accept-sockets.js';
import { type Env, EnvReader } from './env-reader.js';
import { readCompletionSettings } from './read-completion-settings.js';
import { readEngineSettings } from './read-engine-settings.js';
import { type FailureInjection, readFailureInjection } from './read-failure-injection.js';
import { readLifecycle } from './read-lifecycle.js';
import { readLimits } from './read-limits.js';
import { readLogging } from './read-logging.js';
import { readSocketSettings } from './read-socket-settings.js';
import { readUpstream } from './read-upstream.js';

/** Everything that can be set on an instance. */
export interface Settings {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly instance: string;
  /** The fault control port; undefined means that there is no such listener. */
  readonly control: { readonly port: number; readonly token: string } | undefined;
  /** File of the arrival journal. */
  readonly journal: string | undefined;
  /** Undefined means that the service keeps no history. */
  readonly history: HistorySettings | undefined;
  /** Milliseconds after the start for which the instance is not ready, as if it loaded a model. */
  readonly startupDurationMs: number;
  readonly drain: DrainTimes;
  readonly limits: Limits;
  readonly sockets: SocketSettings;
  readonly logLevel: LogLevel;
  readonly trustedProxies: TrustedProxies;
  readonly engine: SimulationSettings;
  /** Generates instead of the simulated engine, if given. */
  readonly upstream: UpstreamSettings | undefined;
  readonly completion: CompletionSettings;
  readonly failures: FailureInjection;
}

const PORT_RANGE = { min: 0, max: 65_535 };

/**
 * Reads the settings of an instance from its environment.
 * @throws StartError naming every wrong variable, the value received, the legal range and a hint.
 */
export function readSettings(env: Env, reader = new EnvReader(env)): Settings {
  const completion = readCompletionSettings(reader);
  const settings: Settings = {
    port: reader.number({ name: 'PORT', fallback: 8080, ...PORT_RANGE, hint: 'Use 0 for any free port.' }),
    host: reader.text(
      {
        name: 'LISTEN_HOST',
        legal: /^[A-Za-z0-9.:_-]+$/,
        range: 'an IP address or a host name',
        hint: 'Use 0.0.0.0 in a container.',
      },
      '127.0.0.1',
    ),
    instance: reader.text(
      {
        name: 'INSTANCE_ID',
        legal: /^[A-Za-z0-9._-]{1,64}$/,
        range: '1 to 64 letters, digits, dots, dashes or underscores',
        hint: 'It is sent as the header X-LLM-Instance.',
      },
      'llm-1',
    ),
    control: readControl(reader),
    journal: reader.optional('JOURNAL', 'a file', 'The arrival journal is appended to it; unset for none.'),
    history: readHistorySettings(reader),
    ...readLifecycle(reader),
    limits: readLimits(reader),
    sockets: readSocketSettings(reader),
    ...readLogging(reader),
    engine: readEngineSettings(reader),
    completion,
    upstream: readUpstream(reader, completion.servedModelName),
    failures: readFailureInjection(reader),
  };
  if (settings.control !== undefined && settings.control.port === settings.port && settings.port !== 0) {
    reader.problem('CONTROL_PORT', `"${settings.port}"`, 'a port other than PORT', 'The control port stands apart.');
  }
  reader.assertNoProblems();
  return settings;
}

function readControl(reader: EnvReader): Settings['control'] {
  if (!reader.has('CONTROL_PORT')) return undefined;
  return {
    port: reader.number({
      name: 'CONTROL_PORT',
      fallback: 0,
      ...PORT_RANGE,
      hint: 'Leave it unset for no control port.',
    }),
    token: reader.text({
      name: 'CONTROL_TOKEN',
      legal: /^[\x21-\x7e]+$/,
      range: 'visible ASCII characters without spaces',
      hint: 'It is required with CONTROL_PORT, and sent as a bearer token.',
      secret: true,
    }),
  };
}
