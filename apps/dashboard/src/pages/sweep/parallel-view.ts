/** How parallel coordinates are arranged, as a text in the address. Empty while nobody has changed anything. Pure. */
import type { ParallelColumn, ParallelView } from '../../charts/chart-data.js';

export function viewOf(columns: readonly ParallelColumn[]): ParallelView {
  return {
    order: columns.map(({ name }) => name),
    flipped: [],
    // A difference to what each column suggests.
    log: [],
    brushes: ranges([]),
  };
}

type Range = readonly [number, number];

/** Without a prototype: a param may be called `constructor`, and then has no range all the same. */
const ranges = (entries: readonly (readonly [string, Range])[]): Readonly<Record<string, Range>> =>
  Object.assign(Object.create(null), Object.fromEntries(entries)) as Readonly<Record<string, Range>>;

/** What the address says of axes that are there; all others as they are at first, at the end. */
export function readView(text: string, columns: readonly ParallelColumn[]): ParallelView {
  const usual = viewOf(columns);
  const said = parsed(text);
  if (said === null) return usual;
  const known = (names: unknown): readonly string[] =>
    Array.isArray(names) ? names.filter((name) => usual.order.includes(name as string)) : [];
  const order = known(said.order);
  return {
    order: [...order, ...usual.order.filter((name) => !order.includes(name))],
    flipped: known(said.flipped),
    log: said.log === undefined ? usual.log : known(said.log),
    brushes: ranges(Object.entries(said.brushes ?? {}).filter(([name, range]) => usual.order.includes(name) && isRange(range))),
  };
}

export function writeView(view: ParallelView, columns: readonly ParallelColumn[]): string | undefined {
  const usual = viewOf(columns);
  const changes = {
    ...(same(view.order, usual.order) ? {} : { order: view.order }),
    ...(view.flipped.length === 0 ? {} : { flipped: view.flipped }),
    ...(same(view.log, usual.log) ? {} : { log: view.log }),
    ...(Object.keys(view.brushes).length === 0 ? {} : { brushes: view.brushes }),
  };
  return Object.keys(changes).length === 0 ? undefined : JSON.stringify(changes);
}

/** What the brushes let pass, in the language of filters. @param objective whose column is not a param */
export function filterOf({ brushes }: ParallelView, columns: readonly ParallelColumn[], objective: string | null): string {
  return columns
    .flatMap((column) => {
      const range = brushes[column.name];
      // Nothing quotes a back quote.
      if (range === undefined || column.name.includes('`')) return [];
      const name = column.name === objective ? 'objective' : quoted(`params.${column.name}`);
      if (column.kind === 'number') return [`${name} >= ${shortened(range[0])} and ${name} <= ${shortened(range[1])}`];
      return [`${name} in (${column.levels.filter((_, place) => place >= range[0] && place <= range[1]).map(levelTexts)})`];
    })
    .join(' and ');
}

const quoted = (name: string): string => (/^[\w.]+$/.test(name) ? name : `\`${name}\``);

/** As fine as a brush can be moved. */
const shortened = (end: number): number => Number(end.toPrecision(6));

/** A level is a text, or the text of a number. */
const levelTexts = (level: string): string => {
  const text = JSON.stringify(level);
  return level.trim() !== '' && Number.isFinite(Number(level)) ? `${text}, ${Number(level)}` : text;
};

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, index) => name === b[index]);

const isRange = (range: unknown): boolean => Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === 'number');

function parsed(text: string): Partial<ParallelView> | null {
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    // An address that somebody has changed by hand: the usual arrangement.
    return null;
  }
}
