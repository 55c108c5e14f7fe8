import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import type { FaultRegistry } from '../faults/fault-registry.js';
import { readFault } from './read-fault.js';
import { requireBearer } from './require-bearer.js';
import type { RuntimeConfig } from './runtime-config.js';

/** What the control port works on. */
export interface ControlParts {
  readonly faults: FaultRegistry;
  readonly config: RuntimeConfig;
  readonly token: string;
  readonly hasHistory: boolean;
  readonly logger: Logger;
}

/**
 * App of the control port: places, lists and removes the faults of this instance, and changes what can be changed while
 * it runs. Errors are `{error:{message,problems}}`.
 */
export function createControlApp({ faults, config, token, hasHistory, logger }: ControlParts): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.use(requireBearer(token), express.json({ type: () => true }));

  app.post('/faults', (req, res) => {
    const read = readFault(req.body);
    if ('problems' in read) refuse(res, 400, 'The fault is not valid.', read.problems);
    else if (read.fault.kind === 'sqlite-lock' && !hasHistory) {
      refuse(res, 400, 'The fault is not valid.', ['kind: this instance keeps no history whose file could be locked']);
    } else res.status(201).json({ id: faults.place(read.fault).id });
  });
  app.get('/faults', (_req, res) => {
    res.json({ faults: faults.list() });
  });
  app.delete('/faults', (_req, res) => {
    res.json({ faults: faults.clear() });
  });
  app.delete('/faults/:id', (req, res) => {
    const removed = faults.remove(req.params.id);
    if (removed === undefined) refuse(res, 404, `There is no fault ${req.params.id}.`);
    else res.json(removed);
  });

  app.get('/admin/config', (_req, res) => {
    res.json(config.read());
  });
  app.post('/admin/config', (req, res) => {
    const problems = config.change(req.body);
    if (problems.length > 0) refuse(res, 400, 'Nothing was changed.', problems);
    else res.json(config.read());
  });

  app.use((req, res) => refuse(res, 404, `There is no ${req.method} ${req.path}.`));
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
    if (status < 500) {
      refuse(res, status, 'The request cannot be read.', [String(error)]);
      return;
    }
    logger.error({ event: 'failed', method: req.method, path: req.path, err: error });
    refuse(res, status, 'The control port failed.');
  });
  return app;
}

function refuse(res: Response, status: number, message: string, problems: readonly string[] = []): void {
  res.status(status).json({ error: { message, problems } });
}
