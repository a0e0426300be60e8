/** Measured values on their way from a source to the wire: one by one as they are read, columnar as they are sent. */

export interface Point {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface Column {
  readonly name: string;
  readonly steps: number[];
  readonly values: number[];
  readonly times: number[];
}

/** One series a name, in the order in which names appear; the order of a name's points is kept. */
export function toColumns(points: readonly Point[]): Column[] {
  const columns = new Map<string, Column>();
  for (const { name, step, value, time } of points) {
    const column = columns.get(name) ?? { name, steps: [], values: [], times: [] };
    columns.set(name, column);
    column.steps.push(step);
    column.values.push(value);
    column.times.push(time);
  }
  return [...columns.values()];
}

/** `NaN`, `nan`, `Infinity`, `inf`, `-inf` and ordinary numbers, as programs print them; null for anything else. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim();
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(trimmed);
  if (special !== null) {
    if (special[2] !== undefined) return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : null;
}
