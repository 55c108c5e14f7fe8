import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { staticConfiguration } from './static-configuration.js';

test('is this text for the addresses of a run', () => {
  const tree = staticConfiguration({
    web: '127.0.0.1:15900',
    websecure: '127.0.0.1:15901',
    websecurePort: 15_901,
    internal: '127.0.0.1:15902',
    dynamicFolder: '/runs/1/config/dynamic',
    accessLogFile: '/runs/1/evidence/gateway/access.log',
  });
  expect(stringify(tree)).toBe(`\
global:
  checkNewVersion: false
  sendAnonymousUsage: false
entryPoints:
  web:
    address: 127.0.0.1:15900
    http:
      redirections:
        entryPoint:
          to: :15901
          scheme: https
  websecure:
    address: 127.0.0.1:15901
  internal:
    address: 127.0.0.1:15902
ping:
  entryPoint: internal
metrics:
  prometheus:
    entryPoint: internal
    addEntryPointsLabels: true
    addRoutersLabels: true
    addServicesLabels: true
providers:
  file:
    directory: /runs/1/config/dynamic
    watch: true
accessLog:
  format: json
  filePath: /runs/1/evidence/gateway/access.log
  fields:
    defaultMode: drop
    names:
      ClientHost: keep
      DownstreamContentSize: keep
      DownstreamStatus: keep
      Duration: keep
      OriginDuration: keep
      OriginStatus: keep
      Overhead: keep
      RequestCount: keep
      RequestHost: keep
      RequestMethod: keep
      RequestPath: keep
      RequestProtocol: keep
      RetryAttempts: keep
      RouterName: keep
      ServiceURL: keep
      StartUTC: keep
    headers:
      names:
        X-Request-Id: keep
        X-Llm-Instance: keep
log:
  level: INFO
  format: json
`);
});
