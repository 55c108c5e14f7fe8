import type { UpstreamSettings } from '../upstream/upstream-settings.js';
import type { EnvReader } from './env-reader.js';

/** Reads the server that generates instead of the simulated engine; undefined without `UPSTREAM_URL`. */
export function readUpstream(reader: EnvReader, servedModelName: string): UpstreamSettings | undefined {
  if (!reader.has('UPSTREAM_URL')) return undefined;
  const visible = { legal: /^[\x21-\x7e]+$/, range: 'visible ASCII characters without spaces' };
  return {
    url: reader
      .text({
        name: 'UPSTREAM_URL',
        legal: /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/,
        range: 'an http or https address without query',
        hint: 'It is what stands before /chat/completions, such as http://127.0.0.1:8000/v1.',
      })
      .replace(/\/+$/, ''),
    apiKey: reader.has('UPSTREAM_API_KEY')
      ? reader.text({ name: 'UPSTREAM_API_KEY', ...visible, hint: 'It is sent as a bearer token.', secret: true })
      : undefined,
    model: reader.text({ name: 'UPSTREAM_MODEL', ...visible, hint: 'The model that is asked for.' }, servedModelName),
  };
}
