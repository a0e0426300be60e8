/**
 * Curves as the API shows them: as JSON, or packed for readers that draw thousands of points.
 *
 * Packed, little endian: uint32 length of the head in bytes; the head, JSON text `{"downsampled":false,"series":[{"name":"loss",
 * "points":3}]}` padded with spaces so that what follows begins at a multiple of 8; then for each series its steps, values and times
 * (milliseconds since the epoch), each as `points` float64.
 */
import type { MetricsView } from '@sweep/api';
import type { Series } from '@sweep/domain';

export interface Curves {
  readonly series: readonly Series[];
  readonly downsampled: boolean;
}

export function metricsView({ series, downsampled }: Curves): MetricsView {
  const entries = series.map(({ name, steps, values, times }) => [name, { steps: [...steps], values: [...values], times: [...times] }]);
  return { series: Object.fromEntries(entries), downsampled };
}

export function packMetrics({ series, downsampled }: Curves): Buffer {
  const text = JSON.stringify({ downsampled, series: series.map(({ name, steps }) => ({ name, points: steps.length })) });
  const bare = Buffer.from(text, 'utf8');
  const head = Buffer.concat([bare, Buffer.alloc((8 - ((4 + bare.length) % 8)) % 8, ' ')]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, ...series.flatMap(({ steps, values, times }) => [steps, values, times].map(bytesOf))]);
}

function bytesOf(numbers: Float64Array): Buffer {
  const bytes = Buffer.alloc(numbers.length * 8);
  for (let i = 0; i < numbers.length; i++) bytes.writeDoubleLE(numbers[i]!, i * 8);
  return bytes;
}
