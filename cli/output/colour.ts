import { styleText } from 'node:util';

/** Colours a text for standard output, where that is a terminal that shows colours. */
export function colour(name: 'green' | 'red' | 'yellow' | 'gray' | 'bold', text: string): string {
  const wanted = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  return wanted ? styleText(name, text) : text;
}
