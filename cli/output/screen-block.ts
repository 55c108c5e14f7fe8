/** What a terminal is to a {@link ScreenBlock}. */
export interface Screen {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`);
const clearToEndOfLine = '\u001b[K';
const clearBelow = '\u001b[J';

/**
 * Lines at the bottom of a terminal that are rewritten in place. The cursor is never hidden and no mode is changed, so
 * however the program ends there is nothing to put back.
 */
export class ScreenBlock {
  readonly #screen: Screen;
  #height = 0;
  #shown = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows these lines in the place of the ones before. Lines that are too long are cut: a wrapped one would be left behind. */
  show(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.#screen;
    const fitting = lines.slice(-(rows - 1)).map((line) => cut(line, columns - 1));
    const text = fitting.map((line) => `${line}${clearToEndOfLine}\n`).join('');
    if (text === this.#shown) return;
    // In one piece, over what is there: nothing flickers.
    this.#screen.write(`${up(this.#height)}\r${text}${clearBelow}`);
    this.#height = fitting.length;
    this.#shown = text;
  }
}

function cut(line: string, width: number): string {
  const letters = [...line];
  return letters.length <= width ? line : `${letters.slice(0, width - 1).join('')}…`;
}
