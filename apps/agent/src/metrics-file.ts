/**
 * The file behind `SWEEP_METRICS`: one JSON object a line, read as it grows.
 *
 * Numbers are points, `step` is their step; everything else in a line is passed over. A line that is no JSON object is reported once.
 */
import { fileStart, type LinePosition, readLines } from './lines.js';
import type { Point } from './points.js';
import type { Source, SourceRead } from './source.js';

interface MetricsPosition extends LinePosition {
  /** Number of lines with points so far: the step of a line that names none. */
  readonly count: number;
}

const start: MetricsPosition = { ...fileStart, count: 0 };
const options = { maxLineBytes: 1024 * 1024, carriageReturns: false };

export interface MetricsFileOptions {
  readonly path: string;
  readonly now: () => number;
  /** Called once, with the first line that could not be read. */
  readonly onMalformed: (line: string) => void;
}

export function metricsFile({ path, now, onMalformed }: MetricsFileOptions): Source {
  let complained = false;
  return {
    name: 'metrics',
    async read(stored, last): Promise<SourceRead> {
      const from = (stored as MetricsPosition | undefined) ?? start;
      const { lines, position, more } = await readLines(path, from, options, last);
      const points: Point[] = [];
      // A file that was begun again counts from the start.
      let count = position.offset < from.offset ? 0 : from.count;
      const time = now();
      for (const line of lines) {
        if (line.trim() === '') continue;
        const record = parseRecord(line);
        if (record === null && !complained) {
          complained = true;
          onMalformed(line.slice(0, 200));
        }
        if (record !== null && addPoints(points, record, count, time)) count++;
      }
      return { points, position: { ...position, count } satisfies MetricsPosition, more };
    },
  };
}

/** True when the record held a point. */
function addPoints(points: Point[], record: Readonly<Record<string, unknown>>, count: number, time: number): boolean {
  const named = toValue(record['step']);
  const step = named !== null && Number.isFinite(named) ? named : count;
  const before = points.length;
  for (const [name, raw] of Object.entries(record)) {
    const value = name === 'step' ? null : toValue(raw);
    if (value !== null) points.push({ name, step, value, time });
  }
  return points.length > before;
}

const spelled: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Only the three names of the non-finite numbers are numbers as text: `"3"` is somebody's label. */
function toValue(raw: unknown): number | null {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && Object.hasOwn(spelled, raw) ? spelled[raw]! : null;
}

/** Texts in quotes are matched too, so that a bare word inside one is left alone. */
const bareWords = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parseRecord(line: string): Readonly<Record<string, unknown>> | null {
  const parsed = parse(line) ?? parse(line.replace(bareWords, (found) => (found.startsWith('"') ? found : `"${found}"`)));
  return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
