import { expect, test } from 'vitest';
import { embedJson } from './embed-json.js';

test('a hostile value neither ends the script nor starts a comment, and reads back unchanged', () => {
  const value = { text: '</script><!--<script>\u2028\u2029&amp;', list: [1, null] };
  const island = embedJson('data', value).text;
  const content = /^<script type="application\/json" id="data">(.*)<\/script>$/.exec(island)?.[1] ?? '';
  expect(content).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(content)).toEqual(value);
});
