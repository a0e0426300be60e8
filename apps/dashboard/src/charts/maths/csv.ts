/**
 * CSV as RFC 4180 writes it, in which no cell is a formula. Spreadsheets run cells that begin with `=`, `+`, `-`, `@`, tab or carriage
 * return; an apostrophe before them makes them text (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay numbers.
 */
export type Cell = string | number | boolean | null | undefined;

export function csvOf(columns: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [columns.map(cellText).join(',')];
  for (const row of rows) lines.push(row.map(cellText).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const inert = /^[\s]*[=+\-@\t\r]/.test(cell) && !isNumber(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
