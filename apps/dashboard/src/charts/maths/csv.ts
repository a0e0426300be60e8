/**
 * CSV as RFC 4180 writes it, in which no cell is a formula. Spreadsheets run cells that begin with `=`, `+`, `-`, `@`, tab or carriage
 * return; an apostrophe before them makes them text (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay numbers. Pure.
 */
export function csvOf(columns: readonly string[], rows: Iterable<readonly unknown[]>): string {
  const lines = [columns.map(cellText).join(',')];
  for (const row of rows) lines.push(row.map(cellText).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  const inert = /^\s*[=+\-@\t\r]/.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** `-1.5` and `-Infinity` are numbers; `-1+cmd` is not. */
const isNumber = (text: string): boolean => text.trim() !== '' && !Number.isNaN(Number(text));
