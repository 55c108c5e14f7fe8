import { type LogLevel, logLevels } from '../logging/create-logger.js';
import { TrustedProxies } from '../logging/trusted-proxies.js';
import type { EnvReader } from './env-reader.js';

/** What is logged, and whom it believes. */
export function readLogging(reader: EnvReader): { logLevel: LogLevel; trustedProxies: TrustedProxies } {
  return {
    logLevel: reader.choice('LOG_LEVEL', logLevels, 'info', 'Each level includes those before it.'),
    trustedProxies: readTrustedProxies(reader),
  };
}

function readTrustedProxies(reader: EnvReader): TrustedProxies {
  const range = 'IP addresses or ranges such as 10.0.0.0/8, separated by commas';
  const text = reader.optional('TRUSTED_PROXIES', range, 'Proxies whose X-Forwarded-For is believed; unset for none.');
  if (text === undefined) return new TrustedProxies();
  try {
    return new TrustedProxies(text.split(',').map((entry) => entry.trim()));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reader.problem('TRUSTED_PROXIES', JSON.stringify(error.message), range, 'Leave it unset to trust no proxy.');
    return new TrustedProxies();
  }
}
