import { sweepId, Unavailable } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../testing/engine-fixture.js';
import { Soon } from './soon.js';

const [a, b] = [sweepId('aaaaaaaa'), sweepId('bbbbbbbb')];

describe('ticks after the ends of trials', () => {
  it('are one for all ends within a moment, and come again for later ones', async () => {
    const ticks: string[] = [];
    const soon = new Soon(async (sweep) => void ticks.push(sweep), expect.fail);
    for (let n = 0; n < 10; n++) soon.want(a);
    soon.want(b);
    expect(ticks).toEqual([]);
    await eventually(async () => (ticks.length >= 2 ? true : undefined), 'both ticks');
    expect(ticks.sort()).toEqual([a, b]);
    soon.want(a);
    await eventually(async () => (ticks.length >= 3 ? true : undefined), 'one more tick');
    expect(ticks).toEqual([a, b, a]);
  });

  it('come at once when the process ends, and not again', async () => {
    const ticks: string[] = [];
    const soon = new Soon(async (sweep) => void ticks.push(sweep), expect.fail);
    soon.want(a);
    await soon.flush();
    await soon.flush();
    expect(ticks).toEqual([a]);
  });

  it('that fail are told: somebody else wakes the sweep', async () => {
    const told: unknown[] = [];
    const soon = new Soon(
      () => Promise.reject(new Unavailable('the queue is away')),
      (error, sweep) => told.push([sweep, (error as Error).message]),
    );
    soon.want(a);
    await soon.flush();
    expect(told).toEqual([[a, 'the queue is away']]);
  });
});
