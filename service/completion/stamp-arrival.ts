import type { RequestHandler } from 'express';
import type { Exchanges } from '../exchanges.js';

/**
 * Middleware that leaves the exchange in `res.locals.exchange`, and in `res.locals.arrivedAt` when the last byte of a
 * request was here, on the clock of `performance.now()`: when its headers were read if the body came along with them,
 * else when the body was read to its end. From then on a client waits for the model, so everything that is done before
 * the engine is asked is part of the prefill.
 */
export function stampArrival(exchanges: Exchanges): RequestHandler {
  return (req, res, next) => {
    const exchange = exchanges.of(res);
    res.locals.exchange = exchange;
    res.locals.arrivedAt = exchange ? exchange.arrivedAt - performance.timeOrigin : performance.now();
    // By then all that came with the headers is parsed.
    setImmediate(() => {
      if (req.complete) return;
      // First of all listeners: the one that parses the body calls the handler at once.
      req.prependOnceListener('end', () => {
        res.locals.arrivedAt = performance.now();
      });
    });
    next();
  };
}
