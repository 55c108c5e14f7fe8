import type { SocketSettings } from '../websocket/accept-sockets.js';
import type { EnvReader } from './env-reader.js';

/** How WebSockets are served. */
export function readSocketSettings(reader: EnvReader): SocketSettings {
  return {
    heartbeatMs: reader.number({
      name: 'WS_HEARTBEAT_MS',
      fallback: 15_000,
      min: 20,
      max: 3_600_000,
      hint: 'Milliseconds between two pings; a peer that does not answer is cut off at the next one.',
    }),
    sessionTtlMs: reader.number({
      name: 'WS_SESSION_TTL_MS',
      fallback: 60_000,
      min: 0,
      max: 3_600_000,
      hint: 'Milliseconds for which a session outlives a lost connection.',
    }),
    replayFrames: reader.number({
      name: 'WS_REPLAY_FRAMES',
      fallback: 4096,
      min: 64,
      max: 1_000_000,
      hint: 'Frames of a session that can be sent again.',
    }),
    allowedOrigins: readOrigins(reader),
  };
}

function readOrigins(reader: EnvReader): string[] {
  const range = 'origins such as https://chat.example.org, separated by commas';
  const text = reader.optional(
    'WS_ALLOWED_ORIGINS',
    range,
    'Web pages that may connect besides those of this service.',
  );
  const origins = (text ?? '').split(',').map((each) => each.trim());
  return origins.filter((origin) => {
    if (origin === '') return false;
    if (URL.canParse(origin) && new URL(origin).origin === origin) return true;
    reader.problem(
      'WS_ALLOWED_ORIGINS',
      JSON.stringify(origin),
      range,
      'Leave it unset for pages of this service alone.',
    );
    return false;
  });
}
