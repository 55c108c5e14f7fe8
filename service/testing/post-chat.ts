/** Posts a chat completion to `url` (`http://host:port`): the default body, with `fields` laid over it. */
export function postChat(
  url: string,
  fields: Readonly<Record<string, unknown>> = {},
  init: RequestInit = {},
): Promise<Response> {
  const body = { model: 'gauntlet-1', messages: [{ role: 'user', content: 'Why is it slow?' }], ...fields };
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body), ...init });
}
