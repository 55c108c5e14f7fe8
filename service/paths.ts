/** Every path the main port answers. Also the legal values of the metrics' `http_route` label, which bounds its size. */
export const paths = {
  health: '/health',
  ready: '/ready',
  metrics: '/metrics',
  status: '/api/status',
  history: '/api/history',
  historyStatus: '/api/history/status',
  historyImport: '/api/history/import',
  models: '/v1/models',
  chatCompletions: '/v1/chat/completions',
  chatSocket: '/ws/chat',
} as const;
