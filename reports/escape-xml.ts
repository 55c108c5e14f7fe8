/** Everything that XML 1.0 has no way to write, not even as a character reference; lone surrogates are among it. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // An attribute would otherwise lose its line breaks: parsers turn them into blanks.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** `text` for an XML attribute in double quotes or for element content; unwritable characters are left out. */
export function escapeXml(text: string): string {
  return text.replace(unwritable, '').replace(/[&<>"\t\n\r]/g, (character) => references[character] ?? character);
}
