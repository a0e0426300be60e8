/** Logged tables: read from their file, filtered and sorted. Cells are values, never markup. */
import { homeOfRun, type PlacedFile } from '../../data/file-queries.js';
import { formatAbsolute, formatValue } from '../../ui/format.js';
import { isObject, mediaItems } from './media-values.js';

export interface LoggedTable {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly id: string;
  readonly cells: readonly unknown[];
}

/** Where a logged table may be read, the best first: pictures and the like in its cells lie in its artifact, and only there. */
export function tablePlaces(run: string, value: unknown): readonly PlacedFile[] {
  const own = mediaItems(value).map(({ path }) => ({ home: homeOfRun(run), path }));
  const inArtifact = isObject(value) ? artifactPlace(value['artifact_path']) : null;
  return inArtifact === null ? own : [inArtifact, ...own];
}

/** `wandb-client-artifact://NAME/PATH` by what the client called it; `wandb-artifact://ID/PATH`, the bytes of its id in hex. */
function artifactPlace(address: unknown): PlacedFile | null {
  const [, ofClient, name = '', path = ''] = /^wandb-(client-)?artifact:\/\/([^/:]+)\/(.+)$/.exec(String(address)) ?? [];
  const id = ofClient === undefined ? idInHex(name) : name;
  return id === '' || path === '' ? null : { home: { of: 'artifact', id }, path };
}

function idInHex(hex: string): string {
  const bytes = hex.match(/[0-9a-f]{2}/gi) ?? [];
  return /^Artifact:(.+)$/.exec(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))?.[1] ?? '';
}

/** One table, which may be logged in parts. Null: the files hold no table. */
export function tableIn(documents: readonly unknown[]): LoggedTable | null {
  const parts = documents.flatMap((document) => partIn(document) ?? []);
  if (parts.length === 0) return null;
  const rows = parts.flatMap(({ rows }) => rows).map((cells, i) => ({ id: String(i), cells }));
  return { columns: parts.at(-1)!.columns, rows };
}

function partIn(document: unknown) {
  if (!isObject(document)) return null;
  const { columns, data, column_types: types } = document;
  if (!Array.isArray(columns) || !Array.isArray(data)) return null;
  const names = columns.map(String);
  const times = names.map((name) => holdsTimes(types, name));
  const shown = (cell: unknown, i: number): unknown => (times[i] === true && typeof cell === 'number' ? formatAbsolute(cell) : cell);
  return { columns: names, rows: data.flatMap((cells) => (Array.isArray(cells) ? [cells.map(shown)] : [])) };
}

/** Of dates the file holds milliseconds, and says so beside them. */
function holdsTimes(types: unknown, column: string): boolean {
  const columns = isObject(types) && isObject(types['params']) ? types['params']['type_map'] : null;
  const type = isObject(columns) && Object.hasOwn(columns, column) ? columns[column] : null;
  const allowed = isObject(type) && isObject(type['params']) ? type['params']['allowed_types'] : null;
  const words = (Array.isArray(allowed) ? allowed : [type]).map((one) => (isObject(one) ? one['wb_type'] : null));
  return words.includes('timestamp') && words.every((word) => word === 'timestamp' || word === 'none');
}

/** What is looked at, not read, by its caption or its name. */
export const cellText = (cell: unknown): string => {
  if (Array.isArray(cell) && cell.some(isObject)) return cell.map(cellText).join(', ');
  if (!isObject(cell)) return formatValue(cell);
  const { path, caption } = cell;
  if (typeof caption === 'string') return caption;
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
