import { describeProblems } from '../errors/describe-problems.js';
import { OpenAiError } from '../errors/openai-error.js';
import { type ClientFrame, clientFrame } from './frames.js';

/**
 * Reads a message of a client.
 * @throws OpenAiError 400 when it is not JSON, or naming every field that is wrong.
 */
export function readFrame(text: string): ClientFrame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OpenAiError({ status: 400, message: `The message is not valid JSON: ${reason}`, code: 'invalid_json' });
  }
  const parsed = clientFrame.safeParse(json, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = describeProblems(parsed.error);
  throw new OpenAiError({
    status: 400,
    message: problems.map((problem) => problem.message).join('; '),
    param: problems[0]?.field ?? null,
    code: 'invalid_value',
  });
}
