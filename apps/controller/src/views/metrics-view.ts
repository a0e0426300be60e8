/** Curves as the API shows them: as JSON, or packed as `@sweep/api` describes for readers that draw thousands of points. */
import type { CurvesView, MetricsView } from '@sweep/api';
import type { Series } from '@sweep/domain';

export interface Curves {
  readonly series: readonly Series[];
  readonly downsampled: boolean;
}

/** Of several runs. */
export interface RunCurves extends Curves {
  readonly run: string;
}

export function metricsView({ series, downsampled }: Curves): MetricsView {
  const entries = series.map(({ name, steps, values, times }) => [name, { steps: [...steps], values: [...values], times: [...times] }]);
  return { series: Object.fromEntries(entries), downsampled };
}

export function curvesView(all: readonly RunCurves[]): CurvesView {
  const curves = all.flatMap(({ run, series }) =>
    series.map(({ name, steps, values, times }) => ({ run, name, steps: [...steps], values: [...values], times: [...times] })),
  );
  return { curves, downsampled: all.some(({ downsampled }) => downsampled) };
}

export function packMetrics({ series, downsampled }: Curves): Buffer {
  return pack(
    { downsampled, series: series.map(({ name, steps }) => ({ name, points: steps.length })) },
    series.flatMap(({ steps, values, times }) => [steps, values, times]),
  );
}

export function packCurves(all: readonly RunCurves[]): Buffer {
  const heads = all.flatMap(({ run, series }) => series.map(({ name, steps }) => ({ run, name, points: steps.length })));
  const columns = all.flatMap(({ series }) => series.flatMap(({ steps, values, times }) => [steps, values, times]));
  return pack({ downsampled: all.some(({ downsampled }) => downsampled), series: heads }, columns);
}

function pack(head: object, columns: readonly Float64Array[]): Buffer {
  const bare = Buffer.from(JSON.stringify(head), 'utf8');
  const padded = Buffer.concat([bare, Buffer.alloc((8 - ((4 + bare.length) % 8)) % 8, ' ')]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return Buffer.concat([length, padded, ...columns.map(bytesOf)]);
}

function bytesOf(numbers: Float64Array): Buffer {
  const bytes = Buffer.alloc(numbers.length * 8);
  for (let i = 0; i < numbers.length; i++) bytes.writeDoubleLE(numbers[i]!, i * 8);
  return bytes;
}
