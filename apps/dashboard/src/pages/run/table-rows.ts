/** Logged tables: read from their file, filtered and sorted. Cells are values, never markup. */
import { formatValue } from '../../ui/format.js';
import { isObject } from './media-values.js';

export interface LoggedTable {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly id: string;
  readonly cells: readonly unknown[];
}

/** Null: the file holds no table. */
export function tableIn(document: unknown): LoggedTable | null {
  if (!isObject(document)) return null;
  const { columns, data } = document;
  if (!Array.isArray(columns) || !Array.isArray(data)) return null;
  const rows = data.flatMap((cells, i) => (Array.isArray(cells) ? [{ id: String(i), cells }] : []));
  return { columns: columns.map(String), rows };
}

export const cellText = (cell: unknown): string => {
  if (!isObject(cell)) return formatValue(cell);
  // Pictures and the like inside cells lie in the table's artifact; here they are named.
  const path = cell['path'];
  return typeof path === 'string' ? path.split('/').at(-1)! : JSON.stringify(cell);
};

export function filteredRows(rows: readonly TableRow[], search: string): readonly TableRow[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter(({ cells }) => {
    const text = cells.map(cellText).join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Numbers by size, texts by their letters and digits, numbers before texts, what is missing last either way. */
export function sortedRows(rows: readonly TableRow[], column: number, descending: boolean): readonly TableRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [a.cells[column] ?? null, b.cells[column] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compared(left, right);
  });
}

function compared(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return cellText(a).localeCompare(cellText(b), 'en', { numeric: true });
}
