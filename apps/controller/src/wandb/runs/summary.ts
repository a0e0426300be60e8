/** A run's summary: the client's own text, else the last values of what was measured. */
import type { RunRecord, Store } from '@sweep/store';

export async function summaryOf(store: Store, record: RunRecord): Promise<string> {
  if (record.summary !== null) return record.summary;
  const [last] = await store.metrics.last([{ run: record.id, attempt: await shownAttempt(store, record) }]);
  return `{${(last ?? []).map(({ name, value }) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

/** Agents write under the trial's attempt, whatever a client wrote before. */
export async function shownAttempt(store: Store, record: RunRecord): Promise<number> {
  if (record.trial === null) return record.attempt;
  const trial = await store.trials.find(record.trial);
  return Math.max(1, record.attempt, trial?.attempt ?? 1);
}
