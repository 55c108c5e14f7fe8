import { z } from 'zod';
import { parseRequest } from '../errors/parse-request.js';
import type { Forgotten } from './history-store.js';
import { MOST_TITLE_CHARACTERS, MOST_URL_CHARACTERS, storedUrl } from './stored-url.js';
import type { Visit } from './visit.js';

const MOST_VISITS = 500;
const MOST_QUERY_CHARACTERS = 500;
const MOST_RESULTS = 100;
/** As many as are ranked; further pages are reached by a better query. */
const MOST_OFFSET = 900;
/** How far a client's clock may be ahead. */
const CLOCK_SKEW_MS = 5 * 60_000;

const webAddress = z
  .string()
  .max(MOST_URL_CHARACTERS)
  .transform((text, context) => {
    const url = storedUrl(text);
    if (url === undefined)
      context.addIssue({ code: 'custom', message: 'expected an http or https address', input: text });
    return url ?? z.NEVER;
  });

const instant = z.union([z.int().positive(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))], {
  error: 'expected epoch milliseconds, or a time such as "2026-11-23T09:30:00Z"',
});

const visit = z.strictObject({
  url: webAddress,
  title: z.string().max(MOST_TITLE_CHARACTERS).optional(),
  visitedAt: instant
    .refine((time) => time <= Date.now() + CLOCK_SKEW_MS, 'expected a time that is not in the future')
    .optional(),
  visitCount: z.int().min(1).max(1_000_000_000).optional(),
});

const batch = z.strictObject({ visits: z.array(visit).min(1).max(MOST_VISITS) });

/** Reads the body of `POST /api/history`: one visit, or `{"visits": […]}`. @throws OpenAiError 400 */
export function readVisits(body: unknown, now = Date.now()): Visit[] {
  const isBatch = typeof body === 'object' && body !== null && 'visits' in body;
  const visits = isBatch ? parseRequest(batch, body).visits : [parseRequest(visit, body)];
  return visits.map((each) => ({ ...each, visitedAt: each.visitedAt ?? now }));
}

function wholeNumber(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((value) => value >= least && value <= most, error);
}

const search = z.strictObject({
  q: z.string().max(MOST_QUERY_CHARACTERS).optional(),
  limit: wholeNumber(1, MOST_RESULTS).default(20),
  offset: wholeNumber(0, MOST_OFFSET).default(0),
});

/** Reads the query of `GET /api/history`. @throws OpenAiError 400 */
export function readSearch(query: unknown): z.infer<typeof search> {
  return parseRequest(search, query);
}

const ONE_OF = 'expected one of url, before and all=true';

const forgotten = z
  .strictObject({ url: webAddress.optional(), before: instant.optional(), all: z.literal('true').optional() })
  .refine((query) => Object.keys(query).length === 1, ONE_OF);

/** Reads the query of `DELETE /api/history`, which has to say what it means. @throws OpenAiError 400 */
export function readForgotten(query: unknown): Forgotten {
  const { url, before } = parseRequest(forgotten, query);
  if (url !== undefined) return { url };
  return { visitedBefore: before ?? Number.MAX_SAFE_INTEGER };
}

const importRequest = z.strictObject({
  file: z
    .string()
    .max(255)
    .regex(/^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u, 'expected the name of a file in the import folder, without a path'),
});

/** Reads the body of `POST /api/history/import`. @throws OpenAiError 400 */
export function readImport(body: unknown): { readonly file: string } {
  return parseRequest(importRequest, body);
}
