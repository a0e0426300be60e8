/** The lines of a run, wherever they are kept: as a client sent them, or made of what an agent measured. Finding places among them. */
import type { LineKey, Store } from '@sweep/store';
import { readRawObject } from '@sweep/wandb';

export interface Lines {
  count(): Promise<number>;
  read(start: number, limit: number): Promise<readonly string[]>;
}

/** @param known how many there are, where that is known */
export function storedLines(store: Store, key: LineKey, known: number | null): Lines {
  return {
    count: async () => known ?? (await store.lines.count(key)),
    read: (start, limit) => store.lines.read(key, start, limit),
  };
}

/** @param make asked once, when they are needed */
export function madeLines(make: () => Promise<readonly string[]>): Lines {
  let made: Promise<readonly string[]> | null = null;
  const all = (): Promise<readonly string[]> => {
    made ??= make();
    return made;
  };
  return {
    count: async () => (await all()).length,
    read: async (start, limit) => (await all()).slice(start, start + limit),
  };
}

/** The first line whose step is not below; their number where there is none. */
export async function lineOfStep(lines: Lines, step: number): Promise<number> {
  let low = 0;
  let high = await lines.count();
  // Without gaps the line's number is its step.
  if (Number.isInteger(step) && step >= 0 && step < high && (await isFirst(lines, step))) return step;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await stepAt(lines, middle)) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function isFirst(lines: Lines, step: number): Promise<boolean> {
  const [before, at] = step === 0 ? [-1, await stepAt(lines, 0)] : await Promise.all([stepAt(lines, step - 1), stepAt(lines, step)]);
  return at === step && before < step;
}

/** A line without one counts as its number. */
async function stepAt(lines: Lines, line: number): Promise<number> {
  const [text = ''] = await lines.read(line, 1);
  const step = readRawObject(text)?.members.get('_step');
  return step?.kind === 'number' ? Number(step.text) : line;
}
