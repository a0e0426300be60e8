/** Tables as CSV (RFC 4180) that no spreadsheet runs: a text that would be a formula is made a text again. Pure. */

/** What spreadsheets take for the beginning of a formula. */
const formula = /^[=+\-@\t\r]/;

export function csvOf(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = formula.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `-1.5` and `-Infinity` are numbers; `-1+cmd` is not. */
const isNumber = (text: string): boolean => text.trim() !== '' && !Number.isNaN(Number(text));

/** Has the browser save a file. */
export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
