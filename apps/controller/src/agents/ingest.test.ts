import { Invalid, runId, sweepId, Unavailable } from '@sweep/domain';
import { openMemory, type Store } from '@sweep/store';
import { describe, expect, it } from 'vitest';
import { Ingest } from './ingest.js';

const one = Float64Array.of(1);
const target = (run: string) => ({ run: runId(run), attempt: 1, sweep: sweepId('sweep') });
const batch = (name: string) => ({ sequence: 1, series: [{ name, steps: one, values: one, times: one }] });

/** Keeps nothing that is called bad, as PostgreSQL keeps no text with a NUL. */
function storeThatRefuses(bad: string, error: Error): Store {
  const store = openMemory();
  const append: Store['metrics']['append'] = async (items) => {
    if (items.some((item) => item.batch.series.some(({ name }) => name === bad))) throw error;
    return store.metrics.append(items);
  };
  return { ...store, metrics: Object.assign(Object.create(store.metrics) as Store['metrics'], { append }) };
}

describe('what agents stream', () => {
  it('is kept though something of another run in the same commit cannot be', async () => {
    const ingest = new Ingest(storeThatRefuses('bad', new Invalid('a NUL')), () => undefined);
    const answers = await Promise.allSettled(['good', 'bad', 'fine'].map((name) => ingest.points(target(name), batch(name))));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('is refused together while the database is away: nobody is asked one by one', async () => {
    let asked = 0;
    const store = storeThatRefuses('bad', new Unavailable('away'));
    const { append } = store.metrics;
    const counted: typeof append = (items) => {
      asked += 1;
      return append(items);
    };
    Object.assign(store.metrics, { append: counted });
    const ingest = new Ingest(store, () => undefined);
    const answers = await Promise.allSettled(['good', 'bad'].map((name) => ingest.points(target(name), batch(name))));
    expect([answers.map(({ status }) => status), asked]).toEqual([['rejected', 'rejected'], 1]);
  });
});
