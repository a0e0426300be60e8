import { describe, expect, it } from 'vitest';
import { writeJson } from '../http/json.js';
import { metricsView, packMetrics } from './metrics-view.js';

const series = (name: string, ...values: number[]) => ({
  name,
  steps: Float64Array.from(values.keys()),
  values: Float64Array.from(values),
  times: Float64Array.from(values, (_, index) => 1_000 + index),
});

/** Reads what the first comment of metrics-view.ts describes, as a browser would: with aligned views of the bytes. */
function unpack(bytes: Buffer) {
  const whole = new Uint8Array(bytes).buffer;
  const headLength = new DataView(whole).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, headLength))) as {
    downsampled: boolean;
    series: { name: string; points: number }[];
  };
  let at = 4 + headLength;
  const next = (points: number): number[] => {
    const column = [...new Float64Array(whole, at, points)];
    at += points * 8;
    return column;
  };
  const curves = head.series.map(({ name, points }) => ({ name, steps: next(points), values: next(points), times: next(points) }));
  return { downsampled: head.downsampled, curves, rest: whole.byteLength - at };
}

describe('curves', () => {
  it('are columns by name, in which numbers that are not finite leave as texts', () => {
    const view = metricsView({ series: [series('loss', 0.5, Number.NaN, Number.NEGATIVE_INFINITY)], downsampled: false });
    expect(writeJson(view)).toBe(
      '{"series":{"loss":{"steps":[0,1,2],"values":[0.5,"NaN","-Infinity"],"times":[1000,1001,1002]}},"downsampled":false}',
    );
  });

  it('unpack to the same numbers, whatever the length of the names', () => {
    for (const name of ['a', 'val/åcc', 'x'.repeat(13)]) {
      const packed = packMetrics({ series: [series(name, 0.1, Number.NaN), series('empty')], downsampled: true });
      expect(unpack(packed)).toEqual({
        downsampled: true,
        curves: [
          { name, steps: [0, 1], values: [0.1, Number.NaN], times: [1000, 1001] },
          { name: 'empty', steps: [], values: [], times: [] },
        ],
        rest: 0,
      });
    }
  });
});
