import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router } from 'express';
import { OpenAiError } from '../errors/openai-error.js';
import { paths } from '../paths.js';
import type { History } from './history.js';
import { historyAnswer } from './history-error.js';
import { readForgotten, readImport, readSearch, readVisits } from './history-requests.js';
import type { Page } from './visit.js';

/** Parsing a body blocks the event loop; one of this size takes a few milliseconds. */
const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * The routes of the history.
 * @param importFolder the one folder whose files can be imported, or undefined for none
 */
export function historyRoutes(history: History, importFolder: string | undefined): Router {
  const router = Router();
  const json = express.json({ limit: BODY_LIMIT_BYTES, type: () => true });

  router.post(paths.history, json, async (req, res) => {
    res.json(await history.record(readVisits(req.body)));
  });

  router.get(paths.history, async (req, res) => {
    const { q, limit, offset } = readSearch(req.query);
    const asked = limit + 1;
    const pages = q === undefined ? await history.recent(asked, offset) : await history.find(q, asked, offset);
    const nextOffset = pages.length > limit ? offset + limit : null;
    res.json({ pages: pages.slice(0, limit).map(withReadableTime), nextOffset });
  });

  router.delete(paths.history, async (req, res) => {
    res.json({ forgotten: await history.forget(readForgotten(req.query)) });
  });

  router.get(paths.historyStatus, async (_req, res) => {
    res.json(await history.status());
  });

  router.post(paths.historyImport, json, async (req, res) => {
    const { file } = readImport(req.body);
    if (importFolder === undefined) {
      const message = 'Nothing can be imported here: HISTORY_IMPORT_DIR is not set.';
      throw new OpenAiError({ status: 403, message, code: 'import_disabled' });
    }
    const path = join(importFolder, file);
    // A link could lead out of the folder.
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() !== true) {
      throw historyAnswer('import_not_found', `The import folder has no file "${file}".`);
    }
    res.json(await history.importFile(path));
  });

  return router;
}

function withReadableTime<T extends Page>(page: T) {
  return { ...page, lastVisitedAt: new Date(page.lastVisitedAt).toISOString() };
}
