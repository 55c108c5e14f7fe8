/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL writes it where it holds more than letters. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
