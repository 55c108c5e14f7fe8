import { z } from 'zod';

/** One thing wrong with a JSON body. */
export interface Problem {
  /** Dotted path of the field, or `null` when the body as a whole is wrong. */
  readonly field: string | null;
  /** What was expected and what was received. */
  readonly message: string;
}

const SHOWN_INPUT_CHARACTERS = 60;

/** Every problem zod found, in the order of the schema. Parse with `reportInput` so that received values are shown. */
export function describeProblems(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => {
    const field = issue.path.length === 0 ? null : z.core.toDotPath(issue.path);
    const received = issue.input === undefined ? '' : ` (received ${shorten(JSON.stringify(issue.input))})`;
    return { field, message: `${field ?? 'body'}: ${issue.message}${received}` };
  });
}

function shorten(text: string): string {
  return text.length > SHOWN_INPUT_CHARACTERS ? `${text.slice(0, SHOWN_INPUT_CHARACTERS)}…` : text;
}
