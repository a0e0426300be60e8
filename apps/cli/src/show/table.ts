/** Rows as a table that fits the terminal: the widest texts are cut first, then the last columns go; numbers stand to the right. */
import Table from 'cli-table3';
import { textWidth } from './width.js';

export interface Column<T> {
  readonly title: string;
  readonly align?: 'right';
  readonly text: (item: T) => string;
}

/** The first column names the thing, mostly by its id; that and numbers mean something else when they are cut. */
const wholeWidth = 16;
const leastWidth = 8;
const gap = 2;

/** `width`: of the terminal; unbounded when the output is not one. */
export function renderTable<T>(columns: readonly Column<T>[], items: readonly T[], width: number): string {
  const texts = items.map((item) => columns.map(({ text }) => oneLine(text(item))));
  const natural = columns.map(({ title }, index) => Math.max(textWidth(title), ...texts.map((row) => textWidth(row[index]!))));
  const least = columns.map(({ title, align }, index) =>
    index === 0 || align === 'right' ? Math.min(wholeWidth, natural[index]!) : Math.min(leastWidth, textWidth(title)),
  );
  const count = fitting(least, width);
  const widths = fit(natural.slice(0, count), least, width - gap * (count - 1));
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.slice(0, count).map(({ align }) => align ?? 'left'),
  });
  const cut = (row: readonly string[]): string[] => widths.map((most, index) => shorten(row[index]!, most));
  table.push(cut(columns.map(({ title }) => title)), ...texts.map(cut));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** How many columns have their least width; the first one always stays. */
function fitting(least: readonly number[], width: number): number {
  let taken = -gap;
  const end = least.findIndex((one, index) => {
    taken += gap + one;
    return taken > width && index > 0;
  });
  return end === -1 ? least.length : end;
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Takes from the widest column, one character at a time, down to each one's least width. */
export function fit(natural: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...natural];
  let total = widths.reduce((sum, value) => sum + value, 0);
  while (total > room) {
    let widest = -1;
    widths.forEach((value, index) => {
      if (value > least[index]! && (widest === -1 || value > widths[widest]!)) widest = index;
    });
    if (widest === -1) return widths;
    widths[widest]!--;
    total--;
  }
  return widths;
}

/** Cut at the end, with `…`. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Control characters, colours among them, would break the lines or take over the terminal. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '');
