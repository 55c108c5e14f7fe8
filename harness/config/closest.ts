/** Shorter words are part of too many others. */
const leastPart = 3;

/** The known word that a person most likely meant, if one is near enough: a part of it, or it with a few slips. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const containing = typed.length < leastPart ? [] : known.filter((each) => each.includes(typed));
  if (containing.length === 1) return containing[0];
  const near = known
    .map((each) => ({ each, slips: slipsBetween(typed, each) }))
    .filter(({ each, slips }) => slips <= Math.max(1, Math.floor(each.length / 3)))
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.each;
}

/** How many letters have to be put in, taken out or changed to make one word of the other (Levenshtein). */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
