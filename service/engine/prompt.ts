/** One message of a prompt, its parts joined. */
export interface PromptMessage {
  readonly role: string;
  readonly content: string;
}

/** A word or one other visible character is one token, as the simulated model counts. */
const TOKEN = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu;

/** The tokens of a text, without the space between them. */
export function tokensOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** Tokens of all messages; roles cost none. */
export function countPromptTokens(messages: readonly PromptMessage[]): number {
  return messages.reduce((sum, { content }) => sum + tokensOf(content).length, 0);
}
