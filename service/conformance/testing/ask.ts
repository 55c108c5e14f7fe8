/** The request of most tests: four prompt tokens, which an engine in echo mode gives back. */
export const ASK = { model: 'gauntlet-1', messages: [{ role: 'user' as const, content: 'one two three four' }] };

/** All that a stream or a list of pages gives. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
