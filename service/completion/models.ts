import type { RequestHandler } from 'express';
import { unknownModel } from './completion-request.js';

/** Handlers of `GET /v1/models` and `GET /v1/models/{model}`: the one model there is. */
export function models(servedModelName: string): { readonly list: RequestHandler; readonly one: RequestHandler } {
  const model = { id: servedModelName, object: 'model', created: Math.floor(Date.now() / 1000), owned_by: 'gauntlet' };
  return {
    list: (_req, res) => {
      res.json({ object: 'list', data: [model] });
    },
    one: (req, res) => {
      // Names of models may contain slashes, which a wildcard gives as a list.
      const asked = [req.params.model].flat().join('/');
      if (asked !== servedModelName) throw unknownModel(asked, servedModelName);
      res.json(model);
    },
  };
}
