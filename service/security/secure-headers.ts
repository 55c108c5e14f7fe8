import helmet from 'helmet';

/**
 * Security headers of an API that serves no pages: nothing of it may be run or framed by a browser. Transport security
 * is left to the gateway, which is where TLS ends.
 */
export function secureHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: false,
  });
}
