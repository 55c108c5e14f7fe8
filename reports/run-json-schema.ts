import { z } from 'zod';
import { runSchema } from './run-schema.js';

/** The JSON Schema (draft 2020-12) of `run.json`, for tools that read it without us. Committed as `run.schema.json`. */
export function runJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(runSchema, { target: 'draft-2020-12' });
}
