/** Text that is HTML already. Only {@link html} and {@link rawHtml} make it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

/**
 * Template tag for HTML: strings put into it are escaped, for elements and for attributes in double quotes; HTML stays,
 * lists are joined. Nothing else reaches the page, so no text from a run can become markup.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    literals.map((literal, index) => (index === 0 ? literal : render(parts[index - 1]) + literal)).join(''),
  );
}

/** Takes `text` for HTML as it is. Only for text of our own: scripts, styles and embedded JSON. */
export function rawHtml(text: string): Html {
  return new Html(text);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(part: Part | undefined): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => references[character] ?? character);
  if (typeof part === 'number') return String(part);
  return part.map(render).join('');
}
