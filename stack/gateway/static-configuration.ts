/** Addresses and files that Traefik's static configuration names. */
export interface StaticSettings {
  readonly web: string;
  readonly websecure: string;
  /** Port of `websecure`, to which `web` redirects. */
  readonly websecurePort: number;
  /** Address of the internal entry point: ping and metrics, never routed to a service. */
  readonly internal: string;
  readonly dynamicFolder: string;
  readonly accessLogFile: string;
}

/**
 * What the access log says of a request. Traefik's other fields repeat these in other words, and the access log is the
 * largest file of a run: with them it is half as large again.
 */
const accessLogFields = [
  'ClientHost',
  'DownstreamContentSize',
  'DownstreamStatus',
  'Duration',
  'OriginDuration',
  'OriginStatus',
  'Overhead',
  'RequestCount',
  'RequestHost',
  'RequestMethod',
  'RequestPath',
  'RequestProtocol',
  'RetryAttempts',
  'RouterName',
  'ServiceURL',
  'StartUTC',
];

/**
 * Traefik's static configuration: entry points, file provider, Prometheus metrics per router and service, and an access
 * log in JSON that keeps the request id and the instance.
 *
 * The redirect names the port rather than the entry point, because Traefik puts the target entry point's own port into
 * `Location`, and that port is not always the one clients use.
 */
export function staticConfiguration(settings: StaticSettings): { readonly [key: string]: unknown } {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: {
      web: {
        address: settings.web,
        http: { redirections: { entryPoint: { to: `:${settings.websecurePort}`, scheme: 'https' } } },
      },
      websecure: { address: settings.websecure },
      internal: { address: settings.internal },
    },
    ping: { entryPoint: 'internal' },
    metrics: {
      prometheus: {
        entryPoint: 'internal',
        addEntryPointsLabels: true,
        addRoutersLabels: true,
        addServicesLabels: true,
      },
    },
    providers: { file: { directory: settings.dynamicFolder, watch: true } },
    accessLog: {
      format: 'json',
      filePath: settings.accessLogFile,
      fields: {
        defaultMode: 'drop',
        names: Object.fromEntries(accessLogFields.map((name) => [name, 'keep'])),
        headers: { names: { 'X-Request-Id': 'keep', 'X-Llm-Instance': 'keep' } },
      },
    },
    log: { level: 'INFO', format: 'json' },
  };
}
