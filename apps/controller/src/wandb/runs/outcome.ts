/** What lines mean for their run: the keys it logs, its points, its last system metrics. Pure. */
import type { Series } from '@sweep/domain';
import type { AddedLines, LineOutcome, RunRecord } from '@sweep/store';
import { HistoryKeys, type MeasuredLine, measuredLine, type RawObject, readRawObject } from '@sweep/wandb';

/** @param now for lines that do not say when they were written, milliseconds since the epoch */
export function linesOutcome(record: Pick<RunRecord, 'historyKeys'>, added: readonly AddedLines[], now: number): LineOutcome {
  const history = added.filter(({ stream }) => stream === 'history').map(parsed);
  const events = added.filter(({ stream }) => stream === 'events').map(parsed);
  const lastEvent = events.at(-1)?.objects.at(-1)?.text;
  return {
    change: {
      ...(history.length === 0 ? {} : { historyKeys: keysAfter(record.historyKeys, history) }),
      ...(lastEvent === undefined ? {} : { systemMetrics: lastEvent }),
    },
    series: [
      { stream: 'history', series: seriesOf(history, now) },
      { stream: 'events', series: seriesOf(events, now) },
    ],
  };
}

interface Parsed {
  readonly firstLine: number;
  readonly restarted: boolean;
  /** Undefined for a line that is no JSON object: it is kept as it is and means nothing. */
  readonly lines: readonly (RawObject | undefined)[];
  readonly objects: readonly RawObject[];
}

function parsed({ firstLine, restarted, lines }: AddedLines): Parsed {
  const read = lines.map((line) => readRawObject(line));
  return { firstLine, restarted, lines: read, objects: read.filter((line) => line !== undefined) };
}

function keysAfter(known: string | null, blocks: readonly Parsed[]): string | null {
  const keys = new HistoryKeys(blocks.some(({ restarted }) => restarted) ? null : known);
  for (const { objects } of blocks) for (const line of objects) keys.add(line);
  return keys.document();
}

interface Columns {
  readonly steps: number[];
  readonly values: number[];
  readonly times: number[];
}

function seriesOf(blocks: readonly Parsed[], now: number): readonly Series[] {
  const columns = new Map<string, Columns>();
  for (const { firstLine, lines } of blocks) {
    lines.forEach((line, index) => {
      if (line !== undefined) addPoints(columns, measuredLine(line), { step: firstLine + index, time: now });
    });
  }
  return [...columns].map(([name, { steps, values, times }]) => ({
    name,
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(times),
  }));
}

/** A line without a step of its own counts as its number. */
function addPoints(
  columns: Map<string, Columns>,
  { step, time, values }: MeasuredLine,
  otherwise: { readonly step: number; readonly time: number },
): void {
  for (const [name, value] of values) {
    const column = columns.get(name) ?? { steps: [], values: [], times: [] };
    columns.set(name, column);
    column.steps.push(step ?? otherwise.step);
    column.values.push(value);
    column.times.push(time === null ? otherwise.time : Math.round(time));
  }
}

/** The summary that these lines alone would have left: the last value of each key, as text. */
export function lastValues(lines: readonly string[]): string {
  const last = new Map<string, string>();
  for (const line of lines) for (const [key, { text }] of readRawObject(line)?.members ?? []) last.set(key, text);
  return `{${[...last].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}
