import { EnvReader, type SettingDescription } from '../settings/env-reader.js';
import { readSettings } from '../settings/read-settings.js';

/** Settings without which others are not looked at. */
const CONDITIONS = { CONTROL_PORT: '1', HISTORY_DB: 'x', UPSTREAM_URL: 'http://x', UPSTREAM_API_KEY: 'x' };

/** Every setting of the service, from the code that reads them, in the order of reading. */
export function describeSettings(): readonly SettingDescription[] {
  const reader = new EnvReader(CONDITIONS);
  try {
    readSettings(CONDITIONS, reader);
  } catch {
    // What is made up here need not be right: every setting is read before the first is complained about.
  }
  // A condition is unset by default, whatever stands in for a wrong value.
  return reader.described.map((each) => (each.name in CONDITIONS ? { ...each, fallback: undefined } : each));
}

/** The names that the service looks up in its environment. */
export function namesAsked(): Set<string> {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string>>(CONDITIONS, {
    get(target, name: string) {
      asked.add(name);
      return target[name];
    },
  });
  try {
    readSettings(env);
  } catch {
    // As above.
  }
  return asked;
}
