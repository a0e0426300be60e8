/** What an agent measured, as a client would have logged it: one line a step, and one line a moment of the machine. Pure. */
import type { Series } from '@sweep/domain';
import type { LastValue } from '@sweep/store';

/** Of the machine, not of the program. */
const ofMachine = /^system[/.]/;

interface Row {
  /** Milliseconds since the epoch. */
  time: number;
  readonly values: Map<string, number>;
}

/** By step; of several values of a metric at one step the last counts. */
export function historyOf(series: readonly Series[]): readonly string[] {
  const rows = rowsBy(
    series.filter(({ name }) => !ofMachine.test(name)),
    'steps',
  );
  return rows.map(([step, { time, values }]) => line([['_step', step], ['_timestamp', time / 1000], ...values]));
}

/** By time. */
export function eventsOf(series: readonly Series[]): readonly string[] {
  const rows = rowsBy(
    series.filter(({ name }) => ofMachine.test(name)),
    'times',
  );
  return rows.map(([time, { values }]) => {
    const named = [...values].map(([name, value]) => [name.replace(ofMachine, 'system.'), value] as const);
    return line([...named, ['_timestamp', time / 1000]]);
  });
}

function rowsBy(series: readonly Series[], key: 'steps' | 'times'): readonly (readonly [number, Row])[] {
  const rows = new Map<number, Row>();
  for (const one of series) {
    one[key].forEach((at, index) => {
      const row = rows.get(at) ?? { time: 0, values: new Map<string, number>() };
      rows.set(at, row);
      row.time = Math.max(row.time, one.times[index]!);
      row.values.set(one.name, one.values[index]!);
    });
  }
  return [...rows].sort(([a], [b]) => a - b);
}

/** JavaScript writes numbers that JSON lacks as Python does. */
const line = (members: Iterable<readonly [string, number]>): string =>
  `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;

/** As `Run.historyKeys`, of which only what is at hand without reading every point; null where nothing was measured. */
export function keysOfMeasured(last: readonly LastValue[]): string | null {
  const own = last.filter(({ name }) => !ofMachine.test(name));
  if (own.length === 0) return null;
  const step = Math.max(...own.map((one) => one.step));
  const count = lineCountOf(own);
  const entry = (name: string, n: number, value: number, monotonic: boolean): string => {
    const previous = Number.isFinite(value) ? String(value) : `"${value}"`;
    return `${JSON.stringify(name)}:{"typeCounts":[{"type":"number","count":${n}}],"monotonic":${monotonic},"previousValue":${previous}}`;
  };
  const keys = [...own.map((one) => entry(one.name, one.count, one.value, false)), entry('_step', count, step, true)];
  return `{"sets":[],"keys":{${keys.join(',')}},"lastStep":${step}}`;
}

/** At least so many lines, and so many where some metric was logged at every step. */
export const lineCountOf = (last: readonly LastValue[]): number =>
  Math.max(0, ...last.filter(({ name }) => !ofMachine.test(name)).map(({ count }) => count));
