import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Middleware that answers 401 unless the request carries `Authorization: Bearer <token>`. */
export function requireBearer(token: string): RequestHandler {
  const expected = digest(token);
  return (req, res, next) => {
    const given = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), expected)) {
      next();
      return;
    }
    res
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json({ error: { message: 'The bearer token is missing or wrong.', problems: [] } });
  };
}

/** Digests have one length, which `timingSafeEqual` needs, and hide the length of the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
