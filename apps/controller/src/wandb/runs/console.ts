/** Console lines of a run, as clients page through them. */
import type { LineKey, RunRecord, Store } from '@sweep/store';
import { consoleLine, type FieldArgs } from '@sweep/wandb';
import { connectionOf, placeOf } from '../connection.js';

const usualLines = 1_000;

/** Ascending, whether from the front or the last ones. */
export async function logConnection(store: Store, record: RunRecord, args: FieldArgs['Run.logLines']) {
  const count = record.logLines;
  const last = args.last ?? null;
  const { start, limit } = last === null ? placeOf(args, usualLines) : { start: Math.max(0, count - last), limit: Math.min(last, count) };
  const key: LineKey = { run: record.id, attempt: record.attempt, stream: 'log' };
  const lines = limit === 0 ? [] : await store.lines.read(key, start, limit);
  return connectionOf(
    lines.map((line, index) => ({ number: start + index, ...consoleLine(line) })),
    start,
    count,
  );
}
