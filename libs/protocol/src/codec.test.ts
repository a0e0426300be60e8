import { Invalid } from '@sweep/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSeries, unpackSeries } from './codec.js';
import { Points } from './gen/sweep/v1/agent.js';

const anySeries = fc
  .tuple(fc.string(), fc.array(fc.tuple(fc.double(), fc.double(), fc.double()), { maxLength: 50 }))
  .map(([name, rows]) => ({
    name,
    steps: Float64Array.from(rows, ([step]) => step),
    values: Float64Array.from(rows, ([, value]) => value),
    times: Float64Array.from(rows, ([, , time]) => time),
  }));

describe('a batch of series', () => {
  it('comes back bit for bit, NaN, infinities and -0 included', () => {
    fc.assert(
      fc.property(fc.array(anySeries, { maxLength: 5 }), (series) => {
        const message = Points.encode({ leaseId: 'l', sequence: 1, series: packSeries(series) }).finish();
        expect(unpackSeries(Points.decode(message).series)).toEqual(series);
      }),
    );
  });

  it('is refused when a column is short, by the name of its series', () => {
    expect(() => unpackSeries([{ name: 'loss', steps: [1, 2], values: [0.5], times: [1, 2] }])).toThrow(Invalid);
    expect(() => unpackSeries([{ name: 'loss', steps: [1, 2], values: [0.5], times: [1, 2] }])).toThrow(/`loss`/);
  });
});
